"""Routes of patrols when grids are drawn anew: those of a grid that ends go on in its heir, rounds stay."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fieldwork.enums import RoundState
from fieldwork.models import PatrolDuty, PatrolPoint, PatrolRoute
from grids.models import Area
from grids.registry import Division, Tally


@dataclass(frozen=True, slots=True)
class RoutePart:
    """The routes of patrols: those of a grid that ends go on in its heir, as routes of their own from that day."""

    def preview(self, division: Division) -> Sequence[Tally]:
        """Return how many routes each line would have. One query."""
        found: Counter[int] = Counter()
        for grid_id in _routes(division).values_list("area", flat=True):
            line = division.line_of(grid_id, None)
            if line is not None:
                found[line] += 1
        return [Tally(_("Routes of patrols"), dict(found))]

    def carry_out(self, division: Division) -> int:
        """End the routes of grids that end and begin them anew in the heir; return how many. Rounds stay with the old.

        What was made this morning for the old route and nobody has begun is made again for the new one.
        """
        changed = 0
        for route in _routes(division).select_related("area").select_for_update(of=("self",)).order_by("pk"):
            heir = division.areas[division.grids[route.area_id]]
            if heir.pk != route.area_id:
                _go_on(route, heir, division)
                changed += 1
        return changed


def _routes(division: Division) -> QuerySet[PatrolRoute]:
    return PatrolRoute.objects.filter(valid_to=None, area__in=division.grids)


def _go_on(route: PatrolRoute, heir: Area, division: Division) -> None:
    points = list(PatrolPoint.objects.filter(route=route, ends_on=None))
    PatrolDuty.objects.filter(route=route, on=division.on, state=RoundState.OPEN).delete()
    route.valid_to = max(division.on - timedelta(days=1), route.valid_from)
    route.save(update_fields=["valid_to"])
    taken = PatrolRoute.objects.filter(area=heir, name=route.name, valid_to=None).exists()
    name = f"{route.name[:40]} {route.area.label}"[:60] if taken else route.name
    new = PatrolRoute.objects.create(
        area=heir,
        name=name,
        post=route.post,
        team=route.team,
        rhythm=route.rhythm,
        weekdays=route.weekdays,
        on_holidays=route.on_holidays,
        times=route.times,
        emergency_times=route.emergency_times,
        valid_from=max(division.on, route.valid_from),
        made_by=division.by,
        set_at=route.set_at,
    )
    for point in points:
        point.pk, point.route, point.starts_on = None, new, new.valid_from
        point._state.adding = True  # noqa: SLF001 - Django's documented way to copy a row
        point.save(force_insert=True)
