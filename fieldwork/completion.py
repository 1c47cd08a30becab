"""How many of the rounds asked for were walked: by area and month, by route and day. Of routes, never of people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from fieldwork.coverage import Share
from fieldwork.enums import RoundState
from fieldwork.models import PatrolDuty, PatrolRoute
from fieldwork.models.coverage import COUNTS
from fieldwork.periods import Period
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff

# A round that can still be walked is in no figure.
OVER: Final = (RoundState.DONE, RoundState.MISSED)
_BELOW: Final = {Level.COMMUNITY: Level.GRID, Level.STREET: Level.COMMUNITY}


@dataclass(frozen=True, slots=True)
class Figures:
    """Rounds of a span: walked of those asked for, in time of those walked, places confirmed, matters found."""

    rounds: Share
    in_time: Share
    places: Share
    found: int


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of the page and the rounds at and under it."""

    area: Area
    figures: Figures


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One route of an area and its rounds."""

    route: PatrolRoute
    figures: Figures


def of_routes(staff: Staff, area: Area, *, month: Period) -> list[RouteRow]:
    """Return the routes of an area itself and how they were walked in a month. Two queries."""
    rows = _sums(_over(staff, month).filter(route__area=area), "route")
    routes = PatrolRoute.objects.visible_to(staff).filter(pk__in=rows).order_by("name", "pk")
    return [RouteRow(route, _figures(rows[route.pk])) for route in routes]


def of_areas(staff: Staff, area: Area, *, month: Period) -> list[AreaRow]:
    """Return the areas right below one that have routes, and the rounds at and under each. Two queries."""
    rows = _sums(_over(staff, month).filter(route__area__path__startswith=area.path), "route__area__path")
    level = _BELOW.get(Level(area.level), Level.STREET)
    ids = {int(part) for path in rows for part in str(path).split("/") if part} - {area.pk}
    if not ids or area.level >= Level.GRID:
        return []
    found = []
    for one in Area.objects.filter(pk__in=ids, level=level).order_by("code"):
        total: dict[str, int] = defaultdict(int)
        for path, sums in rows.items():
            if str(path).startswith(one.path):
                for name, number in sums.items():
                    total[name] += number
        found.append(AreaRow(one, _figures(total)))
    return found


def days_of(route: PatrolRoute, *, month: Period) -> QuerySet[PatrolDuty]:
    """Return the rounds of a route in a month, the latest first: the list behind its figures."""
    return PatrolDuty.objects.filter(route=route, on__range=(month.first, month.last)).order_by("-on", "-due_by")


def reach_of(staff: Staff) -> tuple[str, ...]:
    """Return the paths of the areas whose figures this person sees."""
    return staff.reach(*COUNTS)


def unexplained(staff: Staff, *, since: date) -> QuerySet[PatrolDuty]:
    """Return the rounds not walked since a day for which nobody has said why, of routes this person sees."""
    rows = PatrolDuty.objects.visible_to(staff).filter(state=RoundState.MISSED, reason="", on__gte=since)
    return rows.select_related("route__area").order_by("-on", "route__area__code", "due_by")


def _over(staff: Staff, month: Period) -> QuerySet[PatrolDuty]:
    return PatrolDuty.objects.visible_to(staff).filter(on__range=(month.first, month.last), state__in=OVER)


def _sums(duties: QuerySet[PatrolDuty], by: str) -> dict[Any, dict[str, int]]:
    rows = (
        duties.order_by()
        .values(by)
        .annotate(
            rounds=Count("pk"),
            walked=Count("pk", filter=Q(state=RoundState.DONE)),
            punctual=Count("pk", filter=Q(in_time=True)),
            places=Sum("asked"),
            passed=Sum("confirmed"),
            matters=Sum("found"),
        )
    )
    return {row.pop(by): row for row in (dict(one) for one in rows)}


def _figures(sums: Mapping[str, int]) -> Figures:
    return Figures(
        rounds=Share(sums["rounds"], sums["walked"]),
        in_time=Share(sums["walked"], sums["punctual"]),
        places=Share(sums["places"], sums["passed"]),
        found=sums["matters"],
    )


def total_of(rows: Sequence[RouteRow | AreaRow]) -> Figures | None:
    """Return the sum of rows; None if there are none."""
    if not rows:
        return None
    figures = [row.figures for row in rows]
    return Figures(
        rounds=_total([one.rounds for one in figures]),
        in_time=_total([one.in_time for one in figures]),
        places=_total([one.places for one in figures]),
        found=sum(one.found for one in figures),
    )


def _total(shares: Sequence[Share]) -> Share:
    return Share(sum(one.asked for one in shares), sum(one.visited for one in shares))
