"""How far the houses of an area are written down: homes known, households and persons collected (003b-14)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Sum, Value

from fieldwork.enums import HouseState
from fieldwork.models import Dwelling, Household
from fieldwork.models.coverage import COUNTS
from fieldwork.models.dwellings import HOMES
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.prepared import Statement, put_together


@dataclass(frozen=True, slots=True)
class Progress:
    """Homes known, those that stand empty, those still to collect; persons written down."""

    homes: int = 0
    empty: int = 0
    missing: int = 0
    persons: int = 0

    @property
    def collected(self) -> int:
        """Homes with a household written down."""
        return self.homes - self.empty - self.missing

    @property
    def percent(self) -> float | None:
        """Collected, of what can be collected, in percent; None where there is nothing to collect."""
        asked = self.homes - self.empty
        return round(100 * self.collected / asked, 1) if asked else None

    def __add__(self, other: "Progress") -> "Progress":
        """Add the counts of another area."""
        return Progress(
            self.homes + other.homes,
            self.empty + other.empty,
            self.missing + other.missing,
            self.persons + other.persons,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One area of the page and how far it is."""

    area: Area
    progress: Progress


def reach_of(staff: Staff) -> tuple[str, ...]:
    """Return the paths of the areas whose counts this person sees."""
    return staff.reach(*COUNTS)


def by_grid(grids: Collection[int]) -> dict[int, Progress]:
    """Return how far each grid is as of now; two queries. A grid without a house has none."""
    there = Household.objects.filter(place=OuterRef("place"), door=OuterRef("number"), valid_to=None)
    empty = Q(state=HouseState.EMPTY)
    rows = (
        Dwelling.objects.filter(grid__in=grids, valid_to=None, use__in=HOMES)
        .order_by()
        .values("grid")
        .annotate(
            homes=Count("pk"),
            none=Count("pk", filter=empty),
            missing=Count("pk", filter=~empty & ~Q(Exists(there))),
        )
    )
    households = Household.objects.filter(grid__in=grids, valid_to=None).order_by().values("grid")
    persons = {row["grid"]: row["n"] for row in households.annotate(n=Sum("people"))}
    found = {row["grid"]: Progress(row["homes"], row["none"], row["missing"], 0) for row in rows}
    return {grid: found.get(grid, Progress()) + Progress(persons=persons.get(grid) or 0) for grid in {*found, *persons}}


def of_area(staff: Staff, area: Area) -> tuple[list[Row], Progress]:
    """Return how far the areas right below one are, and their sum. Four queries.

    :param area: it lies in ``reach_of``; of a community its grids are listed, of what lies above it the next level
    """
    paths = reach_of(staff)
    inside = Area.objects.filter(path__startswith=area.path, level=Level.GRID, served=True)
    grids = {pk: path for pk, path in inside.values_list("pk", "path") if path.startswith(paths)}
    below = _below(area, grids.values())
    sums: dict[int, Progress] = defaultdict(Progress)
    for grid_id, progress in by_grid(grids).items():
        part = next((one.pk for one in below if grids[grid_id].startswith(one.path)), None)
        if part is not None:
            sums[part] += progress
    rows = [Row(one, sums[one.pk]) for one in below]
    return rows, sum((row.progress for row in rows), Progress())


def missing_of(staff: Staff) -> int | None:
    """Count the homes still to collect in the grids of this person; None if he keeps none. One query."""
    grids = [held.area_id for held in staff.holdings if held.level == Level.GRID]
    if not grids:
        return None
    return Dwelling.objects.visible_to(staff).filter(grid__in=grids, valid_to=None).to_collect().count()


def counting(staff: Staff) -> Statement | None:
    """Return the statement of ``missing_of``, whose row is "houses", the homes to collect and nothing; no query."""
    grids = [held.area_id for held in staff.holdings if held.level == Level.GRID]
    if not grids:
        return None
    rows = Dwelling.objects.visible_to(staff).filter(grid__in=grids, valid_to=None).to_collect().order_by()
    counted = rows.values(name=Value("houses")).annotate(missing=Count("pk"), nothing=Value(0))
    return put_together(counted.values_list("name", "missing", "nothing"))


def missing(staff: Staff, grid: Area, *, on: date) -> Sequence[Dwelling]:
    """Return the homes of a grid still to collect, as far as the person sees them, in no order. One query."""
    rows = Dwelling.objects.visible_to(staff).at(on).filter(grid=grid, valid_to=None).to_collect()
    return list(rows.select_related("place__parent"))


def by_place(grid: Area) -> Mapping[int, Progress]:
    """Return how far each place (building or stairwell) of a grid is, by its id; persons are left out. One query."""
    there = Household.objects.filter(place=OuterRef("place"), door=OuterRef("number"), valid_to=None)
    empty = Q(state=HouseState.EMPTY)
    rows = (
        Dwelling.objects.filter(grid=grid, valid_to=None, use__in=HOMES)
        .order_by()
        .values("place")
        .annotate(
            homes=Count("pk"), none=Count("pk", filter=empty), missing=Count("pk", filter=~empty & ~Q(Exists(there)))
        )
    )
    return {row["place"]: Progress(row["homes"], row["none"], row["missing"]) for row in rows}


def _below(area: Area, paths: Collection[str]) -> list[Area]:
    """Return the areas listed under one: the grid itself, a community's grids, else the next level below."""
    if area.level >= Level.GRID:
        return [area]
    level = {Level.COMMUNITY: Level.GRID, Level.STREET: Level.COMMUNITY}.get(Level(area.level), Level.STREET)
    ids = {int(part) for path in paths for part in path.split("/") if part}
    return list(Area.objects.filter(pk__in=ids, level=level).order_by("code"))
