"""Reading the register: the list of a community, page by page, and what waits in the morning."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from people.enums import Context
from people.models import Person
from volunteers.enums import LIVE, DayPart, Skill, State
from volunteers.models import Volunteer, VolunteerQuerySet
from volunteers.permissions import KEEPS_VOLUNTEERS

PAGE: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list is narrowed to; empty means everybody who stands in the register."""

    state: str = ""
    skill: str = ""
    free: int | None = None
    name: str = field(default="", repr=False)
    minors: bool = False

    @classmethod
    def of(cls, given: Any) -> "Wanted":
        """Read it from the query of a page; what is not in the lists asks for nothing."""
        free = given.get("free", "")
        known = {str(10 * weekday + part) for weekday in range(7) for part in DayPart}
        return cls(
            state=given.get("state", "") if given.get("state") in State.values else "",
            skill=given.get("skill", "") if given.get("skill") in Skill.values else "",
            free=int(free) if free in known else None,
            name=given.get("name", "").replace("\0", "")[:60].strip(),
            minors=given.get("minors") == "1",
        )

    def query(self) -> str:
        """Return it as the query of a page, the name apart: a name stands in no address."""
        pairs = [("state", self.state), ("skill", self.skill), ("free", self.free), ("minors", "1" * self.minors)]
        return urlencode([(name, value) for name, value in pairs if value not in ("", None)])


def listed(staff: Staff, wanted: Wanted, *, at: datetime) -> VolunteerQuerySet:
    """Return the registrations in scope that fit, the newest application first. A name is found only whole."""
    found = Volunteer.objects.visible_to(staff)
    found = found.filter(state=wanted.state) if wanted.state else found.filter(state__in=LIVE)
    if wanted.skill:
        found = found.filter(skills__contains=[wanted.skill])
    if wanted.free is not None:
        found = found.filter(free__contains=[wanted.free])
    if wanted.minors:
        found = found.filter(of_age_on__gt=shanghai_date(at))
    if wanted.name:
        found = found.filter(person__name_index=Person.index_of_name(wanted.name, context=Context.VOLUNTEER))
    return found.select_related("person", "home", "work").order_by("-applied_at", "-pk")


def after(cursor: str) -> Q:
    """Return the condition of the page after a cursor; everything for one that is none."""
    moment, _dash, key = cursor.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        return Q(applied_at__lt=at) | Q(applied_at=at, pk__lt=UUID(key))
    except ValueError:
        return Q()


def cursor_of(row: Volunteer) -> str:
    """Return the cursor of the page after this row."""
    return f"{row.applied_at.isoformat()}_{row.pk.hex}"


def morning(staff: Staff, _at: datetime) -> dict[str, Any] | None:
    """Return how many applications wait for this person's community; None for who decides on none. One query."""
    if not staff.holds(*KEEPS_VOLUNTEERS):
        return None
    return {"waiting": Volunteer.objects.waiting_for(staff).count()}
