"""What field work shows on the page of the worker's day."""

from datetime import datetime
from typing import Any

from deadlines.timetable import shanghai_date
from fieldwork import due
from grids.staff import Staff


def visits(staff: Staff, at: datetime) -> dict[str, Any] | None:
    """Return how many households wait for a visit; None if none are this person's to visit. Three queries."""
    counts = due.counts(staff, on=shanghai_date(at))
    return None if counts is None else {"counts": counts}
