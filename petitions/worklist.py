"""My day of whoever handles: what is new, what waits on him, what is late, and what of it is due next. Reads only."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, F, Q, TextChoices
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deadlines.timetable import SHANGHAI, shanghai_date
from grids.enums import Level
from grids.staff import Holding, Staff
from people.models import User
from people.prepared import Prepared, Statement, put_together, rows_of
from petitions.cards import Card, after_cursor, cards_of, cursor_of, make_cards, place_of, read_cursor
from petitions.enums import UNANSWERED, Status, Verb
from petitions.models import Petition, PetitionQuerySet
from petitions.permissions import MAY

PAGE = 30
# As many of the most pressing are looked through at once: up to here the counts are exact.
LOOKED_AT: Final = 2000


class Section(TextChoices):
    """The piles of the day, in the order in which they are shown; "open" holds the first three."""

    OPEN = "open", _("To do")
    TAKE = "take", pgettext_lazy("pile of matters", "New")
    HANDS = "hands", _("Waiting on me")
    LATE = "late", _("Overdue")
    CHECK = "check", _("Resolved, waiting to be verified")
    FIRST = "first", _("First asked you, not answered yet")


TO_DO: Final = (Section.TAKE, Section.HANDS)
# Where what somebody has in hand stands.
IN_HAND: Final[dict[str, Section]] = {
    Status.DISPATCHED: Section.TAKE,
    Status.SIGNED: Section.HANDS,
    Status.IN_PROGRESS: Section.HANDS,
    Status.DEFERRED: Section.HANDS,
    Status.RESOLVED: Section.CHECK,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a worker has to do, in numbers; a matter resolved is no longer his to do. ``next_at``: what is due next."""

    of: dict[Section, int]
    due_today: int
    next_at: datetime | None

    @property
    def open(self) -> int:
        """How much there is to do."""
        return self.of[Section.OPEN]

    @property
    def late(self) -> int:
        """How much of it is late."""
        return self.of[Section.LATE]


@dataclass(frozen=True, slots=True)
class Page:
    """Cards of one section; ``after`` is the cursor of the next page, empty on the last one."""

    section: Section
    cards: list[Card]
    after: str


def belongs_to(section: Section, staff: Staff, *, at: datetime | None = None) -> Q:
    """Return which petitions stand in a section of this person's queue; what is late is so ``at`` an instant."""
    mine = held_by(staff)
    if section == Section.HANDS:
        return mine & Q(status__in=(Status.SIGNED, Status.IN_PROGRESS))
    if section == Section.CHECK:
        return mine & Q(status=Status.RESOLVED)
    grids, units = _takes(staff)
    nobody = Q(handler=None)
    take = (
        (mine & Q(status=Status.DISPATCHED))
        | (nobody & Q(status__in=(Status.ACCEPTED, Status.DISPATCHED), organisation__in=units))
        | (nobody & Q(status__in=(Status.ACCEPTED, Status.DISPATCHED), organisation=None, grid__in=grids))
    )
    if section == Section.TAKE:
        return take
    if section == Section.FIRST:
        # first-contact responsibility: whoever has it now, he answers until the reply
        return Q(first_contact_owner=staff.user.pk, status__in=UNANSWERED) & ~mine & ~take
    to_do = take | (mine & Q(status__in=(Status.SIGNED, Status.IN_PROGRESS)))
    return to_do & Q(next_due_at__lte=at) if section == Section.LATE else to_do


def _takes(staff: Staff) -> tuple[list[int], list[int]]:
    """Return the grids and the units from which a person takes what nobody has yet."""
    takes = [held for held in staff.holdings if Verb.SIGN in MAY.get(held.kind, ())]
    grids = [held.area_id for held in takes if held.level == Level.GRID]
    return grids, [held.organisation_id for held in takes if held.organisation_id is not None]


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


class Line(NamedTuple):
    """What decides where one matter stands in the day."""

    pk: int
    due_at: datetime | None
    section: Section


@dataclass(frozen=True, slots=True)
class Day:
    """The most pressing matters of a person's day in their order, each with its section; ``at``: the instant."""

    staff: Staff
    at: datetime
    lines: tuple[Line, ...]

    @property
    def is_whole(self) -> bool:
        """Whether these are all."""
        return len(self.lines) < LOOKED_AT

    def of(self, section: Section) -> list[Line]:
        """Return the lines of a section."""
        match section:
            case Section.OPEN:
                return [line for line in self.lines if line.section in TO_DO]
            case Section.LATE:
                return [line for line in self.of(Section.OPEN) if line.due_at is not None and line.due_at <= self.at]
            case _:
                return [line for line in self.lines if line.section == section]


def day_of(staff: Staff, *, at: datetime) -> Day:
    """Return a person's day ``at`` an instant; one query, as short for three hundred matters as for one."""
    grids, units = _takes(staff)
    found = []
    rows = rows_of(_asking(staff.user.pk, staff.holdings, staff.stands_in, LOOKED_AT))
    for pk, due_at, mine, status, handler, organisation, grid in rows:
        # as ``belongs_to`` says it to the database
        if mine:
            section = IN_HAND.get(status)
        elif handler is None and (organisation in units if organisation is not None else grid in grids):
            section = Section.TAKE
        else:
            section = Section.FIRST
        if section is not None:
            found.append(Line(pk, due_at, section))
    return Day(staff, at, tuple(found))


@lru_cache(maxsize=512)
def _asking(
    user_id: int, holdings: tuple[Holding, ...], stands_in: tuple[tuple[int, Holding], ...], most: int
) -> Statement:
    """Return the statement for the most pressing matters of somebody with these posts, each with what decides it."""
    staff = Staff(User(pk=user_id), holdings, stands_in)
    anywhere = belongs_to(Section.OPEN, staff) | belongs_to(Section.CHECK, staff) | belongs_to(Section.FIRST, staff)
    is_mine = ExpressionWrapper(held_by(staff), output_field=BooleanField())
    rows = queue(staff).filter(anywhere).annotate(is_mine=is_mine)
    columns = ("pk", "next_due_at", "is_mine", "status", "handler", "organisation", "grid")
    return put_together(rows.order_by(F("next_due_at").asc(nulls_last=True), "pk").values_list(*columns)[:most])


def figures(day: Day) -> Figures:
    """Count the day; no query. Due today ends with the day in Shanghai; late begins on the instant."""
    midnight = datetime.combine(shanghai_date(day.at) + timedelta(days=1), time(), tzinfo=SHANGHAI)
    ahead = [due for line in day.of(Section.OPEN) if (due := line.due_at) is not None and due > day.at]
    return Figures(
        of={section: len(day.of(section)) for section in Section},
        due_today=sum(due <= midnight for due in ahead),
        next_at=min(ahead, default=None),
    )


# The rows of a page of cards: one array, so that the SQL is the same for everybody.
_CARDS: Prepared[Petition] = Prepared(
    lambda shown: cards_of(
        Petition.objects.filter(RawSQL("petitions_petition.id = ANY(%s)", [shown], output_field=BooleanField())),
        "petitioner",
    ),
    [-1],
)


def page_of(section: Section, day: Day, *, after: str = "") -> Page:
    """Return one page of a section, most pressing first, from a cursor on; one query, one more in a very long list."""
    if day.is_whole:
        cursor = read_cursor(after)
        lines = [line for line in day.of(section) if cursor is None or place_of(line.due_at, line.pk) > cursor]
    else:
        found = queue(day.staff).filter(belongs_to(section, day.staff, at=day.at), after_cursor(after))
        rows = found.order_by(F("next_due_at").asc(nulls_last=True), "pk").values_list("pk", "next_due_at")
        lines = [Line(pk, due_at, section) for pk, due_at in rows[: PAGE + 1]]
    shown = [line.pk for line in lines[:PAGE]]
    # whoever sees them was asked when their keys were found
    petitions = _CARDS(shown) if shown else []
    cards = make_cards(petitions, day.staff, at=day.at, calls=True)
    return Page(section, cards, cursor_of(petitions[-1]) if len(lines) > PAGE else "")
