"""Matters as cards of a list: the running clock, the four times of 1365, whom to call, what may be done. Reads only.

A page of cards is one query: clocks and the calendar's version come along with the rows, stages from the process.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from deadlines.calendar import Hours
from deadlines.clocks import stages_of
from deadlines.enums import OPEN_STATES, ClockState
from deadlines.models import Stage
from deadlines.timetable import office_of, with_version
from grids.staff import Staff
from petitions.casefile import ONE_TAP, ClockLine, QuickClock, line_of, quick_clocks, verbs_for
from petitions.enums import Verb
from petitions.models import Petition, PetitionClock, PetitionQuerySet
from petitions.moves import MOMENTS
from petitions.permissions import may_see_reporter

COLUMNS: Final = (
    "id", "stage_id", "state", "met", "generation", "kind", "limit_value", "limit_unit", "started_at", "due_at",
)  # fmt: skip
MOMENTS_OF: Final = ("started_at", "due_at")
Place = tuple[bool, datetime, int]
EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
LONGEST_KEY: Final = 18  # digits of a key


@dataclass(frozen=True, slots=True)
class Card:
    """One matter of a list: its running clock, the four times of 1365, what may be done.

    ``reporter``: who raised it, masked, where this person may know and call.
    """

    petition: Petition
    line: ClockLine | None
    quick: tuple[QuickClock, ...]
    verbs: tuple[Verb, ...]
    state: str  # late, due (soon) or nothing: the colour of its edge
    reporter: str

    @property
    def verb(self) -> Verb | None:
        """The likeliest thing to do."""
        return self.verbs[0] if self.verbs else None

    @property
    def is_one_tap(self) -> bool:
        """Whether the likeliest verb asks for nothing more."""
        return self.verb in ONE_TAP


def cards_of(petitions: PetitionQuerySet, *also: str) -> PetitionQuerySet:
    """Load what a card names, its clocks and what they are reckoned by, most pressing first; ``also`` other rows."""
    wanted = Q(state__in=OPEN_STATES) | Q(stage__policy=OuterRef("policy"))
    clocks = PetitionClock.objects.filter(wanted, petition=OuterRef("pk")).order_by("pk")
    found = clocks.values(row=JSONObject(policy="stage__policy", **{name: name for name in COLUMNS}))
    return (
        petitions.select_related("place__parent", "category", "handler", *also)
        .defer("category__keywords")
        .annotate(clock_rows=ArraySubquery(found), **with_version())
        .order_by(F("next_due_at").asc(nulls_last=True), "pk")
    )


def make_cards(petitions: Sequence[Petition], staff: Staff, *, at: datetime, calls: bool = False) -> list[Card]:
    """Return the cards of petitions loaded by ``cards_of``; no query once the policies are known to the process.

    ``calls``: with whom to call, which asks for the petitioner beside them.
    """
    if not petitions:
        return []
    maker = _Maker(staff, at, office_of(petitions[0]), calls=calls)
    return [maker.card(petition) for petition in petitions]


class _Maker:
    """Makes the cards of one page: what many of them have in common is worked out once."""

    def __init__(self, staff: Staff, at: datetime, hours: Hours, *, calls: bool) -> None:
        self.staff, self.at, self.hours, self.calls = staff, at, hours, calls
        self._verbs: dict[tuple[object, ...], tuple[Verb, ...]] = {}

    def card(self, petition: Petition) -> Card:
        """Return one card."""
        clocks = _clocks(petition)
        line = next((line_of(one, at=self.at, office=self.hours) for one in clocks if _is_next(one, petition)), None)
        stopped = {one.stage.stopped_by for one in clocks if one.state == ClockState.STOPPED}
        state = line.state(self.at) if line else ""
        return Card(
            petition,
            line,
            quick_clocks(petition, clocks, at=self.at, office=self.hours),
            self._verbs_of(petition, frozenset(stopped)),
            state if state != "news" else "",
            self._reporter(petition) if self.calls else "",
        )

    def _verbs_of(self, petition: Petition, stopped: frozenset[str]) -> tuple[Verb, ...]:
        # all that the permissions and the order of the verbs ask of a petition
        key = (
            petition.status, petition.tier, petition.grid_id, petition.area_path, petition.organisation_id,
            petition.handler_id, petition.resolved_by_id, petition.barred_from,
            petition.next_stage.stopped_by if petition.next_stage else "", stopped,
        )  # fmt: skip
        if key not in self._verbs:
            happened = {code for code, moments in MOMENTS.items() if stopped.intersection(moments)}
            self._verbs[key] = verbs_for(petition, self.staff, happened=happened)
        return self._verbs[key]

    def _reporter(self, petition: Petition) -> str:
        person, category = petition.petitioner, petition.category
        # before triage the words may say that nobody must be called: the case page finds out
        if person is None or category is None or category.silent or not person.phone_sealed:
            return ""
        if not may_see_reporter(self.staff, petition):
            return ""
        return f"{person.name_masked} {person.phone_masked}".strip()


def _is_next(clock: PetitionClock, petition: Petition) -> bool:
    return clock.stage_id == petition.next_stage_id and clock.state in OPEN_STATES


def _clocks(petition: Petition) -> list[PetitionClock]:
    """Return the clocks that came with a petition, each with its stage; give it its policy and next stage, too."""
    rows: Iterable[dict[str, Any]] = petition.clock_rows  # type: ignore[attr-defined]  # annotated by cards_of
    clocks = []
    for row in rows:
        stage = _stage(row["policy"], row["stage_id"])
        values = {name: row[name] for name in COLUMNS} | {name: _moment(row[name]) for name in MOMENTS_OF}
        clock = PetitionClock(**values)
        clock.stage = stage
        clocks.append(clock)
    stages = stages_of(petition.policy_id) if petition.policy_id is not None else ()
    if stages:
        petition.policy = stages[0].policy
    for stage in (*stages, *(clock.stage for clock in clocks)):
        if stage.pk == petition.next_stage_id:
            petition.next_stage = stage
            break
    return clocks


def _stage(policy_id: int, stage_id: int) -> Stage:
    return next(stage for stage in stages_of(policy_id) if stage.pk == stage_id)


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


# -- pages by key: the list may grow while it is read ------------------------------------------------------------


def cursor_of(petition: Petition) -> str:
    """Return where a page that ends with this petition goes on."""
    return f"{petition.next_due_at.isoformat() if petition.next_due_at else ''}~{petition.pk}"


def read_cursor(cursor: str) -> Place | None:
    """Return the place in the order due date, number that a cursor names; None if it is none."""
    moment, mark, pk = cursor.rpartition("~")
    if not mark or not pk.isdecimal() or len(pk) > LONGEST_KEY:
        return None
    if not moment:
        return place_of(None, int(pk))
    try:
        due = parse_datetime(moment)
    except ValueError:
        return None
    return None if due is None or due.tzinfo is None else place_of(due, int(pk))


def place_of(due_at: datetime | None, pk: int) -> Place:
    """Return where a matter stands in the order of the lists: what has no date comes last."""
    return due_at is None, due_at or EARLIEST, pk


def after_cursor(cursor: str) -> Q:
    """Return what stands after a cursor in the order due date, number; everything if it is none."""
    place = read_cursor(cursor)
    if place is None:
        return Q()
    undated, due, pk = place
    if undated:
        return Q(next_due_at=None, pk__gt=pk)
    return Q(next_due_at__gt=due) | Q(next_due_at=due, pk__gt=pk) | Q(next_due_at=None)
