"""Who is at his post today where somebody works: colleagues of the grid, who heads it, who stands in for whom."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from grids.enums import DEPARTMENT_POSTS, Level, PostKind
from grids.models import Absence, Appointment
from grids.staff import Staff
from people.prepared import Statement, put_together, rows_of

# Those of a community and its grids whom a resident's matter may need today.
SHOWN: Final = (
    PostKind.GRID_LEAD, PostKind.GRID_WORKER, PostKind.COMMUNITY_SECRETARY, PostKind.COMMUNITY_WORKER,
)  # fmt: skip
MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of a post today: ``name`` is who answers, nobody if it is empty; ``away``: whom he stands in for."""

    kind: PostKind
    where: str
    phone: str
    name: str
    away: str
    is_me: bool

    @property
    def has_nobody(self) -> bool:
        """Whether its holder is away and nobody stands in."""
        return not self.name


class _Row(NamedTuple):
    """One appointment of the day: who holds it, and who stands in if he is away."""

    kind: str
    short_name: str
    area: str
    phone: str
    user_id: int
    name: str
    username: str
    active: bool
    absence_id: int | None
    deputy_id: int | None
    deputy: str | None
    deputy_username: str | None
    deputy_active: bool | None
    deputy_away: bool


def present(staff: Staff, on: date) -> tuple[Seat, ...]:
    """Return who is at his post on a day in the grids, communities and units of a person's posts; one query.

    The grid's own first, then the community's. Nobody sees why a colleague is away.
    """
    areas: set[int] = set()
    units: set[int] = set()
    for held in staff.holdings:
        if held.kind in DEPARTMENT_POSTS and held.organisation_id is not None:
            units.add(held.organisation_id)
        elif held.level >= Level.COMMUNITY:
            # a path names the levels from the top: the community of a grid, a building, an entrance is its fifth
            line = [int(part) for part in held.path.split("/") if part]
            areas.update(line[-(held.level - Level.COMMUNITY + 1) :][:2])
    if not areas and not units:
        return ()
    rows = rows_of(_asking(frozenset(areas), frozenset(units), on))
    return tuple(_seat(staff.user.pk, _Row(*row)) for row in rows)


@lru_cache(maxsize=512)
def _asking(areas: frozenset[int], units: frozenset[int], on: date) -> Statement:
    """Return the statement; everybody of a grid asks the same all day long."""
    away = FilteredRelation("absences", condition=Q(absences__starts_on__lte=on, absences__ends_on__gte=on))
    elsewhere = Absence.objects.at(on).filter(appointment__user_id=OuterRef("away__deputy_id"))
    here = Q(post__area__in=areas, post__kind__in=SHOWN) | Q(post__organisation__in=units)
    rows = (
        Appointment.objects.at(on)
        .filter(here)
        .annotate(away=away, deputy_away=Exists(elsewhere))
        .order_by("-post__area__level", "post__area__path", "post__kind", "starts_on", "pk")
        .values_list(
            "post__kind", "post__area__short_name", "post__area__name", "post__office_phone", "user_id",
            "user__display_name", "user__username", "user__is_active", "away__id", "away__deputy_id",
            "away__deputy__display_name", "away__deputy__username", "away__deputy__is_active", "deputy_away",
        )[:MOST]
    )  # fmt: skip
    return put_together(rows)


def _seat(me: int, row: _Row) -> Seat:
    where, holder = row.short_name or row.area, row.name or row.username
    if row.absence_id is None:
        return Seat(PostKind(row.kind), where, row.phone, holder if row.active else "", "", row.user_id == me)
    stands_in = row.deputy_id is not None and bool(row.deputy_active) and not row.deputy_away
    answers = (row.deputy or row.deputy_username or "") if stands_in else ""
    return Seat(PostKind(row.kind), where, row.phone, answers, holder, stands_in and row.deputy_id == me)
