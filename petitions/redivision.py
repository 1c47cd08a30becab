"""The petitions' part of a re-division: open matters follow their building to its new grid, what is over stays.

Whoever has a matter keeps it while a post of his covers the new grid; else it passes to who answers there
(``recipients_for``), its clocks with it. Status, dates and rungs stay. The areas are locked before the matters are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Case, Count, F, When
from django.utils.translation import gettext as _

from deadlines import redating
from deadlines.enums import OPEN_STATES
from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area
from grids.registry import Division, Tally
from grids.staff import Staff
from notifications.services import NewNotice, owe
from petitions import clocks
from petitions.enums import OPEN, EventCode
from petitions.models import Petition, PetitionClock, PetitionEvent, PetitionQuerySet, ReturnRequest
from petitions.rehoming import IN_HAND, loses_handler, takers_of

BUILDING: Final = Case(
    When(place__level=Level.BUILDING, then=F("place")), When(place__level=Level.UNIT, then=F("place__parent"))
)
CLOCKS: Final = """
    UPDATE petitions_petitionclock AS clock SET area_id = petition.area_id, holder_id = petition.handler_id
      FROM petitions_petition AS petition
     WHERE petition.id = clock.petition_id AND clock.petition_id = ANY(%s::bigint[]) AND clock.state = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class PetitionPart:
    """Open matters and their running clocks."""

    def preview(self, division: Division) -> Sequence[Tally]:
        """Return how many open matters and running clocks each line would have. Two queries."""
        matters = _affected(division).values_list("grid", BUILDING).annotate(n=Count("pk"))
        affected = _affected(division).order_by().values("pk")
        running = (
            PetitionClock.objects.filter(state__in=OPEN_STATES, petition__in=affected)
            .annotate(
                building=Case(
                    When(petition__place__level=Level.BUILDING, then=F("petition__place")),
                    When(petition__place__level=Level.UNIT, then=F("petition__place__parent")),
                )
            )
            .values_list("petition__grid", "building")
            .annotate(n=Count("pk"))
        )
        return [
            Tally(_("Open matters"), _by_line(division, matters.order_by())),
            Tally(_("Running clocks"), _by_line(division, running.order_by())),
        ]

    def carry_out(self, division: Division) -> int:
        """Bring the open matters to their new grids, each with an event; return how many changed grids."""
        rows = (
            _affected(division)
            .select_for_update(of=("self",), no_key=True)
            .select_related("place", "handler")
            .order_by("pk")
        )
        moving: dict[int, Area] = {}
        petitions = list(rows)
        for row in petitions:
            building = _building_of(row)
            line = division.line_of(row.grid_id or 0, building)
            if line is not None and division.areas[line].pk != row.grid_id:
                moving[row.pk] = division.areas[line]
        petitions = [row for row in petitions if row.pk in moving]
        if petitions:
            _bring(petitions, moving, division)
        return len(petitions)


def _affected(division: Division) -> PetitionQuerySet:
    return Petition.objects.filter(grid__in=division.grids, status__in=OPEN)


def _by_line(division: Division, rows: Iterable[tuple[Any, ...]]) -> dict[int, int]:
    found: Counter[int] = Counter()
    for grid_id, building_id, count in rows:
        line = division.line_of(grid_id, building_id)
        if line is not None:
            found[line] += count
    return dict(found)


def _building_of(petition: Petition) -> int | None:
    place = petition.place
    if place is None or place.level < Level.BUILDING:
        return None
    return place.pk if place.level == Level.BUILDING else place.parent_id


def _bring(petitions: Sequence[Petition], moving: dict[int, Area], division: Division) -> None:
    before = {row.pk: (row.grid_id, row.handler_id) for row in petitions}
    for row in petitions:
        grid = moving[row.pk]
        row.grid = row.area = grid
        row.area_path, row.version = grid.path, row.version + 1
    today = shanghai_date(division.at)
    known: dict[int, Staff] = {}
    lost = [row for row in petitions if row.status in IN_HAND and loses_handler(row, known, on=today)]
    takers = takers_of(lost, on=today)
    for row in lost:
        taker = takers[row.pk]
        if row.first_contact_owner_id == row.handler_id:
            row.first_contact_owner = taker
        row.handler = taker
    Petition.objects.bulk_update(
        petitions, ["grid", "area", "area_path", "version", "handler", "first_contact_owner"], batch_size=500
    )
    # whoever asked to be rid of it is rid of it
    ReturnRequest.objects.waiting().filter(petition__in=[row.pk for row in lost]).update(decided_at=division.at)
    PetitionEvent.objects.bulk_create(
        PetitionEvent(
            petition=row,
            code=EventCode.REDIVIDED,
            at=division.at,
            by=division.by,
            refs={
                "from": before[row.pk][0],
                "to": row.grid_id,
                "plan": division.number,
                **({"handler": row.handler_id} if row.handler_id != before[row.pk][1] else {}),
                **({"organisation": row.organisation_id} if row.organisation_id else {}),
            },
        )
        for row in petitions
    )
    ids = [row.pk for row in petitions]
    with connection.cursor() as cursor:
        cursor.execute(CLOCKS, [ids, [state.value for state in OPEN_STATES]])
    # a grid may have service hours of its own
    running = PetitionClock.objects.filter(petition__in=ids, state__in=OPEN_STATES).order_by("pk")
    redating.redate(clocks.FAMILY, list(running.values_list("pk", "petition_id")), redating.Walk(), at=division.at)
    _tell(petitions, before, division)


def _tell(petitions: Sequence[Petition], before: dict[int, tuple[int | None, int | None]], division: Division) -> None:
    """Tell each who got matters, and each who has them no longer, how many: one notice a person, not one a matter."""
    got: Counter[int] = Counter()
    gone: Counter[int] = Counter()
    for row in petitions:
        had = before[row.pk][1]
        if row.handler_id != had and row.handler_id is not None and had is not None:
            got[row.handler_id] += 1
            gone[had] += 1
    owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind=kind,
                about=f"redivision:{division.number}",
                url_path="/grid/",
                dedupe_key=f"redivision:{division.number}:{kind}:{user_id}",
                at=division.at,
                params={"first_on": division.on.isoformat(), "cases": number},
            )
            for kind, numbers in (("redivision_cases", got), ("redivision_gone", gone))
            for user_id, number in sorted(numbers.items())
        ]
    )
