"""What each grid of a plan would have: buildings, stairwells, people, vacant posts, and what other apps count there."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from grids.enums import Level, PostKind, RedivisionState
from grids.models import Area, Post, Redivision, RedivisionBuilding, RedivisionGrid, RedivisionSeat
from grids.redrawing import division
from grids.registry import Tally, redivision_parts
from people.models import User

# A grid without one of these has a vacant post, whether it was ever entered or not.
USUAL = (PostKind.GRID_WORKER, PostKind.GRID_LEAD)


@dataclass(frozen=True, slots=True)
class Column:
    """One grid of the plan as it would be."""

    line: RedivisionGrid
    buildings: Sequence[RedivisionBuilding]
    seats: Sequence[RedivisionSeat]
    counts: Sequence[int]
    vacant: Sequence[str]

    @property
    def arriving(self) -> list[RedivisionBuilding]:
        """The buildings that come from another grid."""
        return [row for row in self.buildings if row.from_grid_id != self.line.grid_id or self.line.is_new]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A plan's grids with their numbers under ``titles``, and the seats that end."""

    titles: Sequence[str]
    columns: Sequence[Column]
    ending: Sequence[RedivisionSeat]

    @property
    def totals(self) -> list[int]:
        """The sum of each number."""
        return [sum(column.counts[place] for column in self.columns) for place in range(len(self.titles))]


def outlook(plan: Redivision, *, by: User, at: datetime) -> Outlook:
    """Return what each new grid would have. The number of queries does not grow with the plan; changes nothing."""
    lines = list(plan.grids.select_related("grid", "heir").order_by("ends", "code"))
    buildings: dict[int, list[RedivisionBuilding]] = defaultdict(list)
    for row in plan.buildings.select_related("building", "from_grid").order_by("building__code"):
        buildings[row.to_id].append(row)
    seats: dict[int | None, list[RedivisionSeat]] = defaultdict(list)
    for seat in plan.seats.select_related("appointment__user", "appointment__post__area").order_by("pk"):
        seats[seat.to_id].append(seat)
    tallies = _tallies(plan, buildings, by=by, at=at)
    vacant = _vacant(lines, seats)
    return Outlook(
        titles=[tally.title for tally in tallies],
        columns=[
            Column(
                line=line,
                buildings=buildings[line.pk],
                seats=seats[line.pk],
                counts=[tally.by_line.get(line.pk, 0) for tally in tallies],
                vacant=vacant[line.pk],
            )
            for line in lines
        ],
        ending=seats[None],
    )


def _tallies(
    plan: Redivision, buildings: Mapping[int, Sequence[RedivisionBuilding]], *, by: User, at: datetime
) -> list[Tally]:
    line_of = {row.building_id: line for line, rows in buildings.items() for row in rows}
    units = Area.objects.filter(level=Level.UNIT, parent__in=line_of).at(plan.on).values_list("parent", flat=True)
    own = [
        Tally(_("Buildings"), {line: len(rows) for line, rows in buildings.items()}),
        Tally(_("Stairwells"), Counter(line_of[parent] for parent in units if parent is not None)),
    ]
    if plan.state == RedivisionState.APPLIED:
        return own
    drawn = division(plan, by=by, at=at)
    return own + [tally for part in redivision_parts().values() for tally in part.preview(drawn)]


def _vacant(
    lines: Sequence[RedivisionGrid], seats: Mapping[int | None, Sequence[RedivisionSeat]]
) -> dict[int, list[str]]:
    grids = {line.grid_id: line for line in lines if line.grid_id is not None}
    kept = Post.objects.filter(area__in=grids, organisation=None).values_list("area", "kind")
    wanted: dict[int, set[str]] = {line.pk: set() if line.ends else {*map(str, USUAL)} for line in lines}
    for area_id, kind in kept:
        if not grids[area_id].ends:
            wanted[grids[area_id].pk].add(kind)
    for line in lines:
        wanted[line.pk] -= {seat.appointment.post.kind for seat in seats[line.pk]}
    return {pk: [str(PostKind(kind).label) for kind in sorted(kinds)] for pk, kinds in wanted.items()}
