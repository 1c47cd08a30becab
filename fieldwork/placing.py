"""How many stations of which kind there are, how many are wanted, and which grids lack one of the three points."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from fieldwork.coverage import Share
from fieldwork.enums import StationKind
from fieldwork.models import ServiceStation, StationTarget
from fieldwork.models.stations import THREE_POINTS
from grids.enums import Level
from grids.models import Area

LEVELS: Final = (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One kind at one level: how many stations there are, of how many areas one is wanted, how many have enough."""

    kind: StationKind
    level: Level
    there: int
    share: Share | None


@dataclass(frozen=True, slots=True)
class Lacking:
    """An area and what it lacks, kind by kind with how many."""

    area: Area
    kinds: tuple[tuple[StationKind, int], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """The figures of an area: kind by kind, the grids with all three points, what is lacking where."""

    stations: int
    rows: tuple[Wanted, ...]
    three_points: Share
    without_point: tuple[Lacking, ...]
    lacking: tuple[Lacking, ...]


def placed(area: Area, *, within: Sequence[str], on: date) -> Placed:
    """Count the stations at and under an area, as far as ``within`` reaches; three queries.

    A target of the nearest area counts; a home of a lead counts as a meeting point of its grid.
    """
    scope = Q(pk__in=())
    for path in within:
        scope |= Q(path__startswith=path)
    areas = list(
        Area.objects.served().at(on).filter(scope, path__startswith=area.path, level__in=LEVELS).order_by("path")
    )
    here = {one.pk for one in areas}
    there: Counter[tuple[int, str]] = Counter()
    for area_id, kind in ServiceStation.objects.at(on).filter(area__in=here).values_list("area", "kind"):
        there[area_id, kind] += 1
    wanted = _wanted(areas)
    by_case: dict[tuple[StationKind, Level], list[tuple[Area, int]]] = defaultdict(list)
    for (kind, level), asked in wanted.items():
        for one, least in asked:
            by_case[kind, level].append((one, max(0, least - _count(there, one, kind))))
    level_of = {one.pk: Level(one.level) for one in areas}
    kinds = Counter((StationKind(kind), level_of[area_id]) for area_id, kind in there.elements())
    cases = sorted(kinds.keys() | by_case.keys(), key=lambda case: (list(StationKind).index(case[0]), case[1]))
    rows = tuple(Wanted(kind, level, kinds[kind, level], _share(by_case.get((kind, level)))) for kind, level in cases)
    grids = [one for one in areas if one.level == Level.GRID]
    points = [_lacks(grid, ((kind, int(not there[grid.pk, kind])) for kind in THREE_POINTS)) for grid in grids]
    lacks = tuple(one for one in points if one.kinds)
    return Placed(
        stations=sum(there.values()),
        rows=rows,
        three_points=Share(len(grids), len(grids) - len(lacks)),
        without_point=lacks,
        lacking=_gather(by_case),
    )


def _count(there: Mapping[tuple[int, str], int], area: Area, kind: StationKind) -> int:
    found = there.get((area.pk, kind), 0)
    return found + (there.get((area.pk, StationKind.HOME), 0) if kind == StationKind.MEETING else 0)


def _wanted(areas: Sequence[Area]) -> dict[tuple[StationKind, Level], list[tuple[Area, int]]]:
    """Return for each kind and level the areas that are to have it, with how many; one query."""
    line = {pk for one in areas for pk in one.line_ids()}
    targets: dict[tuple[int, str, int], int] = {
        (row.area_id, row.kind, row.per): row.least for row in StationTarget.objects.filter(area__in=line)
    }
    found: dict[tuple[StationKind, Level], list[tuple[Area, int]]] = defaultdict(list)
    asked = {(StationKind(kind), Level(per)) for _area, kind, per in targets}
    for one in areas:
        for kind, level in asked:
            if level != one.level:
                continue
            near = (targets[pk, kind, level] for pk in reversed(one.line_ids()) if (pk, kind, level) in targets)
            least = next(near, 0)
            if least:
                found[kind, level].append((one, least))
    return found


def _share(rows: Sequence[tuple[Area, int]] | None) -> Share | None:
    return Share(len(rows), sum(not lack for _area, lack in rows)) if rows else None


def _lacks(area: Area, kinds: Iterable[tuple[StationKind, int]]) -> Lacking:
    return Lacking(area, tuple((kind, lack) for kind, lack in kinds if lack))


def _gather(cases: Mapping[tuple[StationKind, Level], Sequence[tuple[Area, int]]]) -> tuple[Lacking, ...]:
    by_area: dict[Area, list[tuple[StationKind, int]]] = defaultdict(list)
    for (kind, _level), rows in sorted(
        cases.items(), key=lambda case: (case[0][1], list(StationKind).index(case[0][0]))
    ):
        for area, lack in rows:
            if lack:
                by_area[area].append((kind, lack))
    return tuple(Lacking(area, tuple(kinds)) for area, kinds in sorted(by_area.items(), key=lambda one: one[0].path))
