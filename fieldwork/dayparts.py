"""What field work shows on the page of the worker's day."""

from datetime import datetime
from typing import Any

from deadlines.timetable import shanghai_date
from fieldwork import due, ownrounds
from fieldwork.models.rounds import TO_WALK
from grids.staff import Staff


def visits(staff: Staff, at: datetime) -> dict[str, Any] | None:
    """Return how many households wait for a visit; None if none are this person's to visit. Three queries."""
    counts = due.counts(staff, on=shanghai_date(at))
    return None if counts is None else {"counts": counts}


def patrols(staff: Staff, at: datetime) -> dict[str, Any] | None:
    """Return this person's rounds of today and the one to walk next; None if there are none. One query at most."""
    rounds = ownrounds.today(staff, at=at)
    if not rounds:
        return None
    left = [one for one in rounds if one.duty.state in TO_WALK]
    following = next((one for one in left if one.may_begin), None)
    return {"left": len(left), "late": sum(one.is_late for one in left), "next": following}
