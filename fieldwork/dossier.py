"""The dossier of a grid (一网一档, 002-30): its figures, those of any number of grids at once, and its versions.

Figures of houses, posts, stations, teams, rounds and visits; nothing of petitions, of care recipients or of anybody by
name. What is shown with them (posts, stations, routes) knows its own days and is read as of the day asked for.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import BigIntegerField, CharField, Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.timetable import shanghai_date
from fieldwork.enums import Cadence, HouseState, RoundState, Whom
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import (
    Dwelling,
    GridDossier,
    Household,
    PatrolDuty,
    PatrolRoute,
    PatrolTeam,
    ServiceStation,
    TeamMember,
    VisitCoverage,
)
from fieldwork.models.dwellings import HOMES
from fieldwork.periods import last_closed
from fieldwork.permissions import ARRANGES
from grids.enums import Level, PostKind
from grids.models import Appointment, Area, Compound, MicroGrid
from grids.staff import Staff
from people.prepared import in_one, put_together, rows_of

BATCH: Final = 500
# Every figure with its name, in the order of the page and of the file. The codes stand in the versions: they stay.
FIGURES: Final[Mapping[str, Promise]] = {
    "buildings": gettext_lazy("Buildings"),
    "units": gettext_lazy("Stairwells"),
    "compounds": gettext_lazy("Compounds"),
    "micro_grids": gettext_lazy("Micro-grids"),
    "houses": gettext_lazy("Houses"),
    "homes": gettext_lazy("Homes"),
    "homes_empty": gettext_lazy("Homes that stand empty"),
    "homes_collected": gettext_lazy("Homes with a household written down"),
    "homes_missing": gettext_lazy("Homes still to collect"),
    "households": gettext_lazy("Households"),
    "persons": gettext_lazy("Persons written down"),
    "posts": gettext_lazy("Posts of the grid that are filled"),
    "building_heads": gettext_lazy("Building heads"),
    "unit_heads": gettext_lazy("Stairwell heads"),
    "stations": gettext_lazy("Stations"),
    "teams": gettext_lazy("Patrol teams"),
    "team_members": gettext_lazy("Members of patrol teams"),
    "routes": gettext_lazy("Patrol routes"),
    "rounds_asked": gettext_lazy("Rounds asked for last month"),
    "rounds_walked": gettext_lazy("Rounds walked last month"),
    "visits_asked": gettext_lazy("Households to visit last month"),
    "visits_reached": gettext_lazy("Households visited last month"),
}
_NAME = CharField()


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a dossier."""

    code: str
    label: str
    number: int


def figures(grids: Collection[Area], *, on: date) -> dict[int, dict[str, int]]:
    """Return the figures of these grids as of now, with rounds and visits of the last month that is over. One query.

    :param on: today in Shanghai
    """
    found: dict[int, dict[str, int]] = {grid.pk: dict.fromkeys(FIGURES, 0) for grid in grids}
    keys = tuple(found)
    for code, grid_id, number in rows_of(in_one(*(put_together(rows) for rows in _parts(keys, on)))):
        found[grid_id][code] = int(number or 0)
    for one in found.values():
        one["homes_collected"] = one["homes"] - one["homes_empty"] - one["homes_missing"]
    return found


def lines(numbers: Mapping[str, int]) -> list[Figure]:
    """Return figures in the order of the page; those that a version of old does not know are left out."""
    return [Figure(code, str(label), numbers[code]) for code, label in FIGURES.items() if code in numbers]


# -- versions ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep(grid: Area, *, by: Staff, at: datetime) -> GridDossier:
    """Keep what the dossier says today as a version.

    :raises NotYours: if ``by`` neither leads the grid nor is the community's secretary
    :raises NotNow: if there is one of today
    """
    if not by.holds(*ARRANGES, path=grid.path):
        raise NotYours(_("The grid's lead or the community's secretary keeps a version."))
    on = shanghai_date(at)
    row, made = GridDossier.objects.get_or_create(
        grid=grid, on=on, defaults={"figures": figures([grid], on=on)[grid.pk], "at": at, "by": by.user}
    )
    if not made:
        raise NotNow(_("Today's version is kept already."))
    return row


def keep_months(*, at: datetime) -> int:
    """Keep a version of every grid that has none of this month yet; return how many. Once a month, caught up by day."""
    on = shanghai_date(at)
    had = GridDossier.objects.filter(on__gte=on.replace(day=1), by=None).values("grid")
    missing = list(Area.objects.served().at(on).filter(level=Level.GRID).exclude(pk__in=had).order_by("pk"))
    kept = 0
    for start in range(0, len(missing), BATCH):
        part = missing[start : start + BATCH]
        numbers = figures(part, on=on)
        rows = [GridDossier(grid=grid, on=on, figures=numbers[grid.pk], at=at) for grid in part]
        kept += len(GridDossier.objects.bulk_create(rows, ignore_conflicts=True))
    return kept


def version(grid: Area, *, on: date) -> GridDossier | None:
    """Return what the dossier said on a day: the youngest version up to it; None before the first."""
    return GridDossier.objects.filter(grid=grid, on__lte=on).order_by("-on").first()


# -- what stands beside the figures ------------------------------------------------------------------------------------


def seats(grid: Area, *, on: date) -> QuerySet[Appointment]:
    """Return who held which post of the grid on a day, and the secretary above it; of active accounts."""
    here = Q(post__area=grid) | Q(post__area=grid.parent_id, post__kind=PostKind.COMMUNITY_SECRETARY)
    rows = Appointment.objects.at(on).filter(here, post__organisation=None, user__is_active=True)
    return rows.select_related("post__area", "user").order_by("post__area__level", "post__kind", "pk")


def stations(grid: Area, *, on: date) -> QuerySet[ServiceStation]:
    """Return the stations of a grid on a day."""
    return ServiceStation.objects.at(on).filter(area=grid).order_by("kind", "code")


def teams(grid: Area, *, on: date) -> QuerySet[PatrolTeam]:
    """Return the patrol teams of a grid on a day."""
    return PatrolTeam.objects.at(on).filter(area=grid).order_by("name", "pk")


def routes(grid: Area, *, on: date) -> QuerySet[PatrolRoute]:
    """Return the patrol routes of a grid on a day."""
    return PatrolRoute.objects.at(on).filter(area=grid).order_by("name", "pk")


# -- the statements ----------------------------------------------------------------------------------------------------


def _parts(grids: Sequence[int], on: date) -> list[QuerySet[Any, Any]]:
    """Return the querysets whose rows are code, grid and number."""
    areas = Area.objects.at(on)
    units = areas.filter(level=Level.UNIT)
    houses = Dwelling.objects.filter(grid__in=grids, valid_to=None)
    homes = houses.filter(use__in=HOMES)
    households = Household.objects.filter(grid__in=grids, valid_to=None)
    heads = Appointment.objects.at(on).filter(user__is_active=True)
    building, unit = heads.filter(post__kind=PostKind.BUILDING_HEAD), heads.filter(post__kind=PostKind.UNIT_HEAD)
    members = TeamMember.objects.serving().filter(Q(team__valid_to=None) | Q(team__valid_to__gte=on))
    compounds = Compound.objects.at(on)
    return [
        _count("buildings", areas.filter(level=Level.BUILDING, parent__in=grids), "parent"),
        _count("units", units.filter(parent__parent__in=grids), "parent__parent"),
        _count("compounds", compounds.filter(buildings__parent__in=grids), "buildings__parent", distinct=True),
        _count("micro_grids", MicroGrid.objects.at(on).filter(grid__in=grids), "grid"),
        _count("houses", houses, "grid"),
        _count("homes", homes, "grid"),
        _count("homes_empty", homes.filter(state=HouseState.EMPTY), "grid"),
        _count("homes_missing", homes.to_collect(), "grid"),
        _count("households", households, "grid"),
        _sum("persons", households, "grid", "people"),
        _count("posts", heads.filter(post__area__in=grids, post__organisation=None), "post__area"),
        _count("building_heads", building.filter(post__area__parent__in=grids), "post__area__parent"),
        _count("unit_heads", unit.filter(post__area__parent__parent__in=grids), "post__area__parent__parent"),
        _count("stations", ServiceStation.objects.at(on).filter(area__in=grids), "area"),
        _count("teams", PatrolTeam.objects.at(on).filter(area__in=grids), "area"),
        _count("team_members", members.filter(team__area__in=grids), "team__area"),
        _count("routes", PatrolRoute.objects.at(on).filter(area__in=grids), "area"),
        *_last_month(grids, on),
    ]


def _last_month(grids: Sequence[int], on: date) -> list[QuerySet[Any, Any]]:
    month = last_closed(Cadence.MONTH, on)
    if month is None:
        return []
    days = (month.first, month.last)
    rounds = PatrolDuty.objects.filter(
        route__area__in=grids, on__range=days, state__in=(RoundState.DONE, RoundState.MISSED)
    )
    visits = VisitCoverage.objects.filter(
        grid__in=grids, last_on__range=days, duty__whom=Whom.EVERY, first_on=month.first
    )
    return [
        _count("rounds_asked", rounds, "route__area"),
        _count("rounds_walked", rounds.filter(state=RoundState.DONE), "route__area"),
        _sum("visits_asked", visits, "grid", "asked"),
        _sum("visits_reached", visits, "grid", "visited"),
    ]


def _count(code: str, rows: QuerySet[Any], grid: str, *, distinct: bool = False) -> QuerySet[Any, Any]:
    return _row(code, rows, grid, Count("pk", distinct=distinct))


def _sum(code: str, rows: QuerySet[Any], grid: str, field: str) -> QuerySet[Any, Any]:
    return _row(code, rows, grid, Cast(Sum(field), BigIntegerField()))


def _row(code: str, rows: QuerySet[Any], grid: str, number: Any) -> QuerySet[Any, Any]:
    counted = rows.order_by().values(at_grid=F(grid)).annotate(figure=Value(code, output_field=_NAME), n=number)
    named: QuerySet[Any, Any] = counted.values_list("figure", "at_grid", "n")
    return named
