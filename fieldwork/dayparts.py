"""What field work shows on the page of the worker's day."""

from datetime import datetime
from typing import Any, Final

from django.db.models import F

from deadlines.timetable import shanghai_date
from fieldwork import collecting, due, ownrounds
from fieldwork.handing import BACK
from fieldwork.models import DutyShift
from fieldwork.rounds import due_at
from grids.enums import DEPARTMENT_POSTS
from grids.staff import Staff
from people.prepared import in_one, rows_of

MOST_SHIFTS: Final = 200


def homes(staff: Staff, at: datetime) -> dict[str, Any] | None:
    """Return how many households wait for a visit, and how many homes have none written down; None for neither.

    Two queries: the rules of visits, and both counts in one.
    """
    asked = (due.counting(staff, on=shanghai_date(at)), collecting.counting(staff))
    statements = [one for one in asked if one is not None]
    if not statements:
        return None
    found = {name: values for name, *values in rows_of(in_one(*statements))}
    missing, _nothing = found.get("houses", (0, 0))
    return {"counts": due.Counts(*found["visits"]) if "visits" in found else None, "missing": missing}


def patrols(staff: Staff, at: datetime) -> dict[str, Any] | None:
    """Return this person's rounds of today, the one to walk next, and the emergency modes that reach him.

    None if there is nothing of either. One query; none for who works in a department alone.
    """
    if all(held.kind in DEPARTMENT_POSTS for held in staff.holdings):
        return None
    rounds, emergencies = ownrounds.day(staff, at=at)
    if not rounds and not emergencies:
        return None
    on = shanghai_date(at)
    following = next((one for one in rounds if one.opens_at is None or at >= due_at(on, one.opens_at)), None)
    late = sum(at > due_at(on, one.due_by) for one in rounds)
    return {"left": len(rounds), "late": late, "next": following, "emergencies": emergencies}


def duty(staff: Staff, at: datetime) -> dict[str, Any] | None:
    """Return how many are on duty now where somebody serves, whether he is, and what he still has to hand over.

    None where no shift is planned around now. One query.
    """
    seen = DutyShift.objects.visible_to(staff).filter(ends_at__gt=at - BACK, starts_at__lte=at, user__isnull=False)
    rows = seen.values_list("user", "ends_at", "handed_at").order_by(F("ends_at").desc())[:MOST_SHIFTS]
    if not rows:
        return None
    mine = [(ends_at, handed_at) for user_id, ends_at, handed_at in rows if user_id == staff.user.pk]
    until = next((ends_at for ends_at, _handed in mine if ends_at > at), None)
    return {
        "count": sum(ends_at > at for _user, ends_at, _handed in rows),
        "is_me": until is not None,
        "until": until,
        "owed": any(ends_at <= at and handed_at is None for ends_at, handed_at in mine),
    }
