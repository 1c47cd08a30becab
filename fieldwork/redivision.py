"""What follows when grids are drawn anew: households and houses their building, stations the heir of their grid.

Visits, and what was counted, keep the grid of then.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils.translation import gettext as _

from deadlines.timetable import SHANGHAI
from fieldwork.models import DutyPattern, DutyShift, Dwelling, Household, Liaison, ServiceStation
from fieldwork.models.households import HouseholdQuerySet
from grids.enums import Level
from grids.registry import Division, Tally


@dataclass(frozen=True, slots=True)
class HouseholdPart:
    """The households that are there on the first day of the new grids."""

    def preview(self, division: Division) -> Sequence[Tally]:
        """Return how many households each line would have. One query."""
        building = Case(
            When(place__level=Level.BUILDING, then=F("place")), When(place__level=Level.UNIT, then=F("place__parent"))
        )
        rows = _there(division).values_list("grid", building).annotate(n=Count("pk")).order_by()
        found: Counter[int] = Counter()
        for grid_id, building_id, count in rows:
            line = division.line_of(grid_id, building_id)
            if line is not None:
                found[line] += count
        return [Tally(_("Households"), dict(found))]

    def carry_out(self, division: Division) -> int:
        """Write the new grid on households and liaisons of every building that moves; return how many households.

        Two statements a grid. Who lives in no building goes with the heir of his grid.
        """
        changed = 0
        for line, grid in division.areas.items():
            houses = [building for building, to in division.buildings.items() if to == line]
            heirs = [old for old, to in division.grids.items() if to == line]
            here = Q(place__in=houses) | Q(place__parent__in=houses) | Q(place__in=heirs)
            changed += _there(division).filter(here).exclude(grid=grid).update(grid=grid)
            houses_there = Dwelling.objects.filter(Q(valid_to=None) | Q(valid_to__gte=division.on), here)
            houses_there.filter(grid__in=division.grids).exclude(grid=grid).update(grid=grid)
            Liaison.objects.filter(here, ends_on=None, grid__in=division.grids).exclude(grid=grid).update(grid=grid)
        return changed


@dataclass(frozen=True, slots=True)
class StationPart:
    """The stations of the grids that are drawn anew: each goes with the heir of its grid, and so does its duty."""

    def preview(self, division: Division) -> Sequence[Tally]:
        """Return how many stations each line would have. One query."""
        found = Counter(division.grids[grid] for grid in _stations(division).values_list("area", flat=True))
        return [Tally(_("Stations"), dict(found))]

    def carry_out(self, division: Division) -> int:
        """Write the new grid on each; return how many changed. A statement a grid."""
        changed = 0
        for line, grid in division.areas.items():
            heirs = [old for old, to in division.grids.items() if to == line]
            changed += _stations(division).filter(area__in=heirs).exclude(area=grid).update(area=grid)
            first = datetime.combine(division.on, time.min, tzinfo=SHANGHAI)
            DutyPattern.objects.filter(area__in=heirs).update(area=grid)
            DutyShift.objects.filter(area__in=heirs, ends_at__gt=first).update(area=grid)
        return changed


def _stations(division: Division) -> QuerySet[ServiceStation]:
    return ServiceStation.objects.filter(Q(valid_to=None) | Q(valid_to__gte=division.on), area__in=division.grids)


def _there(division: Division) -> HouseholdQuerySet:
    return Household.objects.filter(Q(valid_to=None) | Q(valid_to__gte=division.on), grid__in=division.grids)
