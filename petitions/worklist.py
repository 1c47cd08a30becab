"""The queue of whoever handles: to take, in my hands, waiting to be verified. Reads only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice

from django.db.models import Case, CharField, Count, F, Q, TextChoices, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from deadlines.calendar import Hours
from deadlines.enums import OPEN_STATES, ClockState
from deadlines.timetable import SHANGHAI, office, shanghai_date
from grids.enums import Level
from grids.staff import Staff
from petitions.casefile import ONE_TAP, ClockLine, QuickClock, line_of, quick_clocks, verbs_for
from petitions.enums import UNANSWERED, Status, Verb
from petitions.models import Petition, PetitionClock, PetitionQuerySet
from petitions.moves import MOMENTS
from petitions.permissions import MAY

PAGE = 20


class Section(TextChoices):
    """The parts of the queue, in the order in which they are shown."""

    TAKE = "take", _("Waiting to be taken")
    HANDS = "hands", _("In my hands")
    CHECK = "check", _("Resolved, waiting to be verified")
    FIRST = "first", _("First asked you, not answered yet")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a worker has to do, in numbers; a matter resolved is no longer his to do."""

    open: int
    due_today: int
    late: int
    of: dict[Section, int]


@dataclass(frozen=True, slots=True)
class Card:
    """One matter of the queue: its running clock, the four times of 1365, what may be done."""

    petition: Petition
    line: ClockLine | None
    quick: tuple[QuickClock, ...]
    verbs: tuple[Verb, ...]
    state: str  # late, due (soon) or nothing: the colour of its edge

    @property
    def first_is_one_tap(self) -> bool:
        """Whether the likeliest verb asks for nothing more."""
        return bool(self.verbs) and self.verbs[0] in ONE_TAP


@dataclass(frozen=True, slots=True)
class Page:
    """Cards of one section; ``after`` is the cursor of the next page, empty on the last one."""

    section: Section
    cards: list[Card]
    after: str


def belongs_to(section: Section, staff: Staff) -> Q:
    """Return which petitions stand in a section of this person's queue."""
    mine = held_by(staff)
    if section == Section.HANDS:
        return mine & Q(status__in=(Status.SIGNED, Status.IN_PROGRESS))
    if section == Section.CHECK:
        return mine & Q(status=Status.RESOLVED)
    takes = [held for held in staff.holdings if Verb.SIGN in MAY.get(held.kind, ())]
    grids = [held.area_id for held in takes if held.level == Level.GRID]
    units = [held.organisation_id for held in takes if held.organisation_id is not None]
    nobody = Q(handler=None)
    take = (
        (mine & Q(status=Status.DISPATCHED))
        | (nobody & Q(status__in=(Status.ACCEPTED, Status.DISPATCHED), organisation__in=units))
        | (nobody & Q(status__in=(Status.ACCEPTED, Status.DISPATCHED), organisation=None, grid__in=grids))
    )
    if section == Section.TAKE:
        return take
    # first-contact responsibility: whoever has it now, he answers until the reply
    return Q(first_contact_owner=staff.user.pk, status__in=UNANSWERED) & ~mine & ~take


def held_by(staff: Staff) -> Q:
    """Return what this person has in hand: his own, and what those hold whose deputy he is, by the post he covers."""
    mine = Q(handler=staff.user.pk)
    for user_id, held in staff.stands_in:
        reach = PetitionQuerySet.reach_of(held)
        if reach is not None:
            mine |= Q(handler=user_id) & reach
    return mine


def queue(staff: Staff) -> PetitionQuerySet:
    """Return every open petition that this person may see, for the sections to choose from."""
    return Petition.objects.visible_to(staff).open()


def figures(staff: Staff, *, at: datetime) -> Figures:
    """Count the queue ``at`` an instant; one query.

    Due today ends with the day in Shanghai; late begins on the instant.
    """
    parts = {section: belongs_to(section, staff) for section in Section}
    mine = parts[Section.TAKE] | parts[Section.HANDS]
    midnight = datetime.combine(shanghai_date(at) + timedelta(days=1), time(), tzinfo=SHANGHAI)
    counts = (
        queue(staff)
        .filter(mine | parts[Section.CHECK] | parts[Section.FIRST])
        .aggregate(
            due_today=Count("pk", filter=mine & Q(next_due_at__gt=at, next_due_at__lte=midnight)),
            late=Count("pk", filter=mine & Q(next_due_at__lte=at)),
            **{section.value: Count("pk", filter=part) for section, part in parts.items()},
        )
    )
    of = {section: counts[section.value] for section in Section}
    return Figures(of[Section.TAKE] + of[Section.HANDS], counts["due_today"], counts["late"], of)


def pages(sections: Sequence[Section], staff: Staff, *, at: datetime, after: str = "") -> list[Page]:
    """Return one page of each section, most pressing first: one query for all of them and one for their clocks."""
    rows: dict[Section, list[Petition]] = {section: [] for section in sections}
    for row in cards_of(_first_of_each(sections, staff, after=after)):
        rows[Section(row.section)].append(row)  # type: ignore[attr-defined]  # annotated
    cards = iter(make_cards([row for found in rows.values() for row in found[:PAGE]], staff, at=at))
    return [
        Page(
            section,
            cards=list(islice(cards, min(len(found), PAGE))),
            after=cursor_of(found[PAGE - 1]) if len(found) > PAGE else "",
        )
        for section, found in rows.items()
    ]


def _first_of_each(sections: Sequence[Section], staff: Staff, *, after: str) -> PetitionQuerySet:
    """Return a page of each section and one more, each with its section's name. No petition stands in two of them."""
    parts = [(section, belongs_to(section, staff)) for section in sections]
    anywhere = Q()
    for _section, part in parts:
        anywhere |= part
    section = Case(*(When(part, then=Value(section.value)) for section, part in parts), output_field=CharField())
    place = Window(RowNumber(), partition_by=F("section"), order_by=[F("next_due_at").asc(nulls_last=True), F("pk")])
    found = queue(staff).filter(anywhere, after_cursor(after)).annotate(section=section)
    return found.annotate(place_in_section=place).filter(place_in_section__lte=PAGE + 1)


def cards_of(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Load what a card names."""
    return petitions.for_list().select_related(
        "place__parent", "community", "grid", "category", "handler", "organisation", "policy", "next_stage"
    )


def make_cards(petitions: Sequence[Petition], staff: Staff, *, at: datetime) -> list[Card]:
    """Return the cards of petitions loaded by ``cards_of``: one query for their clocks, one for the office hours."""
    shown = [petition.pk for petition in petitions]
    clocks: dict[int, list[PetitionClock]] = defaultdict(list)
    wanted = Q(state__in=OPEN_STATES) | Q(stage__policy=F("petition__policy"))
    for clock in PetitionClock.objects.filter(wanted, petition__in=shown).select_related("stage"):
        clocks[clock.petition_id].append(clock)
    hours = office()
    return [_card(petition, clocks[petition.pk], staff, at=at, hours=hours) for petition in petitions]


def _card(petition: Petition, clocks: Sequence[PetitionClock], staff: Staff, *, at: datetime, hours: Hours) -> Card:
    running = [clock for clock in clocks if clock.stage_id == petition.next_stage_id and clock.state in OPEN_STATES]
    line = line_of(running[0], at=at, office=hours) if running else None
    stopped = {clock.stage.stopped_by for clock in clocks if clock.state == ClockState.STOPPED}
    happened = {code for code, moments in MOMENTS.items() if stopped.intersection(moments)}
    verbs = verbs_for(petition, staff, happened=happened)
    state = line.state(at) if line else ""
    return Card(
        petition, line, quick_clocks(petition, clocks, at=at, office=hours), verbs, state if state != "news" else ""
    )


# -- pages by key: the list may grow while it is read ------------------------------------------------------------


def cursor_of(petition: Petition) -> str:
    """Return where a page that ends with this petition goes on."""
    return f"{petition.next_due_at.isoformat() if petition.next_due_at else ''}~{petition.pk}"


def after_cursor(cursor: str) -> Q:
    """Return what stands after a cursor in the order due date, number; everything if it is none."""
    moment, mark, pk = cursor.rpartition("~")
    if not mark or not pk.isdecimal():
        return Q()
    if not moment:
        return Q(next_due_at=None, pk__gt=int(pk))
    try:
        due = parse_datetime(moment)
    except ValueError:
        return Q()
    if due is None or due.tzinfo is None:
        return Q()
    return Q(next_due_at__gt=due) | Q(next_due_at=due, pk__gt=int(pk)) | Q(next_due_at=None)
