"""Building and stairwell heads, the “red stewards” (000-25): which houses have one, whose term ends.

A head is a holder of the post today whose account is active; who is away still is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from fieldwork.coverage import Share
from grids.enums import Level, PostKind
from grids.models import Appointment, Area, GridRole

HEADS: Final = {Level.BUILDING: PostKind.BUILDING_HEAD, Level.UNIT: PostKind.UNIT_HEAD}
SOON: Final = timedelta(days=60)
LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One area and how many of its buildings and stairwells have a head."""

    area: Area
    buildings: Share
    units: Share


@dataclass(frozen=True, slots=True)
class Term:
    """A head whose term ends on a day, or ended."""

    seat: Appointment
    ends_on: date


def _headed(on: date) -> Exists:
    seats = Appointment.objects.at(on).filter(post__area=OuterRef("pk"), user__is_active=True)
    return Exists(
        seats.filter(
            Q(post__kind=PostKind.BUILDING_HEAD, post__area__level=Level.BUILDING)
            | Q(post__kind=PostKind.UNIT_HEAD, post__area__level=Level.UNIT)
        )
    )


def houses(paths: Sequence[str], *, on: date) -> QuerySet[Area]:
    """Return the buildings and stairwells of today under these areas."""
    return Area.objects.served().at(on).filter(level__in=HEADS).under_any(paths)


def lines(area: Area, below: Sequence[Area], *, on: date) -> tuple[Line, list[Line]]:
    """Return how an area stands, and each of the areas below it; one query."""
    rows = list(houses([area.path], on=on).annotate(headed=_headed(on)).values_list("path", "level", "headed"))

    def line(one: Area) -> Line:
        here = [(level, headed) for path, level, headed in rows if path.startswith(one.path)]
        shares = [
            Share(sum(at == level for at, _headed in here), sum(at == level and headed for at, headed in here))
            for level in HEADS
        ]
        return Line(one, *shares)

    return line(area), [line(one) for one in below]


def vacant(area: Area, *, on: date) -> list[Area]:
    """Return the buildings and stairwells of an area that have no head, with what they lie in; one query."""
    rows = houses([area.path], on=on).exclude(_headed(on)).select_related("parent__parent")
    return list(rows.order_by("path")[: LISTED + 1])


def terms(area: Area, *, on: date) -> list[Term]:
    """Return the heads whose term is over or ends within sixty days, the earliest first; two queries.

    How long a term is, the register of roles says; without a number there is none.
    """
    years = {
        role.post_kind: role.term_years
        for role in GridRole.objects.filter(post_kind__in=HEADS.values(), term_years__isnull=False).order_by("position")
    }
    seats = Appointment.objects.at(on).filter(
        post__area__path__startswith=area.path, post__kind__in=years, user__is_active=True
    )
    found = []
    for seat in seats.select_related("post__area__parent", "user"):
        ends_on = seat.ends_on or _later(seat.starts_on, years[seat.post.kind] or 0)
        if ends_on <= on + SOON:
            found.append(Term(seat, ends_on))
    return sorted(found, key=lambda one: (one.ends_on, one.seat.pk))[:LISTED]


def _later(day: date, years: int) -> date:
    """Return the last day of a term that began on a day."""
    try:
        after = day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        after = day.replace(year=day.year + years, month=3, day=1)
    return after - timedelta(days=1)
