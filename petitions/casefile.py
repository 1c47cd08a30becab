"""One case as staff read it: words, place, clocks, history, what may be done now. Reads only, always as many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deadlines.calendar import Hours, Limit, Unit, fire_at
from deadlines.clocks import stages_of
from deadlines.enums import OPEN_STATES, ClockState, LimitUnit, Nature
from deadlines.explain import explain_clock, limit_in_words
from deadlines.models import Clock, Stage
from deadlines.timetable import Timetable, timetable
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people import consents
from people.enums import ConsentPurpose
from people.models import Person
from petitions.enums import PhotoKind, Status, TextKind, Verb
from petitions.history import Entry, history_of
from petitions.models import Petition, PetitionClock, PetitionPhoto, PetitionQuerySet, PetitionText
from petitions.moves import LEADS_TO, MOMENTS, RECORDED_AS
from petitions.notices import is_silent
from petitions.permissions import MAY, covers, hides_reporter, is_own_work, may, may_place, may_see_reporter

QUICK_POLICY: Final = "rapid_1365"
YELLOW: Final = "-1wd"
IN_HOURS: Final = frozenset({LimitUnit.MINUTE, LimitUnit.HOUR})
# What is likeliest first, before the clocks have a say: for whoever handles, and for whoever steers.
HANDLING: Final = (
    Verb.SIGN, Verb.ARRIVE, Verb.PLAN, Verb.RESOLVE, Verb.CONTACT, Verb.ACCEPT, Verb.DISPATCH, Verb.VERIFY, Verb.CLOSE,
    Verb.REWORK, Verb.DECLINE, Verb.DESIGNATE, Verb.RECALL, Verb.TAKE_BACK, Verb.REGRID, Verb.RECUSE,
)  # fmt: skip
STEERING: Final = (
    Verb.ACCEPT, Verb.DISPATCH, Verb.VERIFY, Verb.CLOSE, Verb.REWORK, Verb.DECLINE, Verb.SIGN, Verb.CONTACT,
    Verb.RESOLVE, Verb.PLAN, Verb.ARRIVE, Verb.DESIGNATE, Verb.RECALL, Verb.TAKE_BACK, Verb.REGRID, Verb.RECUSE,
)  # fmt: skip
REPEATABLE: Final = frozenset({Verb.CONTACT, Verb.ARRIVE, Verb.PLAN})
# asks for nothing: the button itself sends it
ONE_TAP: Final = frozenset({Verb.SIGN, Verb.ARRIVE, Verb.CLOSE})
# what is written in these is read by the petitioner: in his language
READ_BY_PETITIONER: Final = frozenset({Verb.DECLINE, Verb.PLAN, Verb.RESOLVE, Verb.REWORK})
# forms of their own on the case page: a return is decided, a place corrected, an interest declared there
ASKED_ELSEWHERE: Final = frozenset(
    {Verb.DEFER, Verb.RESUME, Verb.TERMINATE, Verb.TAKE_BACK, Verb.REGRID, Verb.RECUSE, Verb.MERGE, Verb.SPLIT}
)
STEERERS: Final = frozenset(kind for kind, verbs in MAY.items() if verbs & {Verb.ACCEPT, Verb.VERIFY})


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One promise: what it is called, how it stands, from when it is yellow, why its date is what it is."""

    clock: Clock
    standing: str  # running | paused | kept | late | cancelled
    soon_at: datetime
    why: tuple[str, ...] = ()

    def state(self, at: datetime) -> str:
        """Return the colour's name ``at`` an instant: done, late, due (soon), news, or nothing."""
        if self.standing in {"kept", "late"}:
            return "done" if self.standing == "kept" else "late"
        if self.standing != "running" or not self.is_duty:
            return ""
        return "due" if at >= self.soon_at else "news"

    @property
    def is_open(self) -> bool:
        """Whether it still runs or stands still."""
        return self.clock.state in OPEN_STATES

    @property
    def is_duty(self) -> bool:
        """Whether it can be late at all."""
        return self.clock.stage.nature == Nature.DUTY


@dataclass(frozen=True, slots=True)
class QuickClock:
    """One of the four small clocks of 1365; without a line where it does not apply to this matter."""

    stage: Stage
    line: ClockLine | None

    @property
    def limit(self) -> str:
        """How long there is, as people say it."""
        return limit_in_words(Limit(self.stage.limit_value, Unit(self.stage.limit_unit)))


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who raised the matter, masked; ``fields`` can be revealed with a reason."""

    hidden: bool
    person: Person | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that the case page shows."""

    petition: Petition
    words: str
    place_words: str
    point: str  # on the map; not for whom the petitioner is hidden from
    about_words: str
    place: tuple[Area, ...]
    photos: tuple[PetitionPhoto, ...]
    clocks: tuple[ClockLine, ...]
    quick: tuple[QuickClock, ...]
    history: tuple[Entry, ...]
    reporter: Reporter
    confidential: bool
    hushed: bool  # who raised it is neither called nor written to
    agreed: bool | None  # separately, to the use of what is sensitive; None where nothing is, or nobody could
    verbs: tuple[Verb, ...]
    may_place: bool
    own_work: bool  # only the rule "who handled may not check" keeps this person from checking

    @property
    def next_line(self) -> ClockLine | None:
        """The promise that is due next."""
        due = (line for line in self.clocks if line.is_open and line.clock.stage_id == self.petition.next_stage_id)
        return next(due, None)


def with_everything(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Load with a petition what its page names, in the same query."""
    return petitions.select_related(
        "area", "place", "street", "community", "grid", "category__parent", "policy", "petitioner", "handler",
        "organisation", "filed_by", "first_contact_owner", "next_stage", "master",
        "service_item",
    )  # fmt: skip


def read(petition: Petition, *, viewer: Staff, at: datetime) -> CaseFile:
    """Return the case of a petition that ``visible_to`` has admitted ``viewer`` to, as it stands ``at`` an instant."""
    written = PetitionText.objects.filter(petition=petition).order_by("created_at", "pk")  # the first words come first
    texts = {text.pk: text for text in written.defer("original_sealed", "salt")}
    photos = tuple(PetitionPhoto.objects.filter(petition=petition).order_by("added_at", "pk"))
    table = timetable()
    clocks = clock_lines(petition, at=at, table=table)
    events = list(petition.events.select_related("by").order_by("at", "id"))
    reporter = reporter_of(petition, viewer)
    return CaseFile(
        petition=petition,
        words=next((text.masked for text in texts.values() if text.kind == TextKind.BODY), ""),
        place_words=next((text.masked for text in texts.values() if text.kind == TextKind.PLACE), ""),
        point=next((text.masked for text in texts.values() if text.kind == TextKind.POINT and not reporter.hidden), ""),
        about_words=_about_words(petition, texts.values()),
        place=_line(petition.place),
        photos=tuple(photo for photo in photos if photo.kind == PhotoKind.FILED),
        clocks=clocks,
        quick=quick_clocks(petition, [line.clock for line in clocks], at=at, office=table.office),
        history=history_of(petition, events, texts, photos),
        reporter=reporter,
        confidential=hides_reporter(petition),
        hushed=is_silent(petition, at=at),
        agreed=_agreed(petition),
        verbs=verbs_for(petition, viewer, happened={event.code for event in events}),
        may_place=may_place(viewer, petition),
        own_work=is_own_work(viewer, petition) and petition.status in {Status.RESOLVED, Status.VERIFIED},
    )


def _about_words(petition: Petition, texts: Iterable[PetitionText]) -> str:
    """Return whom of the staff the petitioner meant; not once those meant may read it again."""
    if petition.barred_from is None:
        return ""
    return next((text.masked for text in texts if text.kind == TextKind.ABOUT), "")


def words_of(petition: Petition) -> str:
    """Return the petitioner's first words, masked."""
    words = PetitionText.objects.filter(petition=petition, kind=TextKind.BODY).order_by("created_at", "pk")
    return words.values_list("masked", flat=True).first() or ""


# -- what may be done ------------------------------------------------------------------------------------------


def verbs_for(petition: Petition, viewer: Staff, *, happened: Iterable[str] = ()) -> tuple[Verb, ...]:
    """Return the verbs lawful now and permitted to ``viewer``, likeliest first.

    First what stops the clock that is due next, last what has been done once already.
    """
    done = set(happened)
    due = petition.next_stage.stopped_by if petition.next_stage else ""
    steers = any(held.kind in STEERERS and covers(held, petition) for held in viewer.holdings)
    handles = petition.handler_id == viewer.user.pk or not steers
    order = HANDLING if handles else STEERING

    def rank(verb: Verb) -> tuple[bool, bool, int]:
        code = RECORDED_AS[verb]
        again = verb in REPEATABLE and code in done
        return (again, not (handles and due in MOMENTS.get(code, ())), order.index(verb))

    return tuple(
        sorted(
            (
                verb
                for verb in Verb
                if (Status(petition.status), verb) in LEADS_TO
                and verb not in ASKED_ELSEWHERE
                and may(viewer, verb, petition)
            ),
            key=rank,
        )
    )


def reporter_of(petition: Petition, viewer: Staff) -> Reporter:
    """Return who raised the matter as ``viewer`` may see it."""
    person = petition.petitioner
    if person is None:
        return Reporter(hidden=False, person=None)
    if not may_see_reporter(viewer, petition):
        return Reporter(hidden=True, person=None)
    sealed = (("name", person.name_sealed), ("phone", person.phone_sealed), ("email", person.email_sealed))
    return Reporter(hidden=False, person=person, fields=tuple(field for field, blob in sealed if blob))


def _agreed(petition: Petition) -> bool | None:
    """Return whether the petitioner agrees to the use of what is sensitive in his words (PIPL art. 29)."""
    if petition.category is None or not petition.category.sensitive or petition.petitioner is None:
        return None
    return consents.holds(petition.petitioner, ConsentPurpose.SENSITIVE)


# -- clocks ----------------------------------------------------------------------------------------------------


def soon_at(clock: Clock, *, office: Hours) -> datetime:
    """Return from when a running clock is yellow: one working day before it is due (rules.md b.3), as offices open.

    What is limited in minutes or hours has no such day: it is yellow in the last fifth of its time.
    """
    if clock.limit_unit in IN_HOURS:
        return clock.due_at - (clock.due_at - clock.started_at) / 5
    limit = Limit(clock.limit_value, Unit(clock.limit_unit))
    return fire_at(
        YELLOW, start=clock.started_at, due=clock.due_at, limit=limit, kind=clock.kind, cal=office.cal, hours=office
    )


def line_of(clock: Clock, *, at: datetime, office: Hours, why: tuple[str, ...] = ()) -> ClockLine:
    """Return how a clock stands ``at`` an instant; ``office`` from ``deadlines.timetable``."""
    match clock.state:
        case ClockState.STOPPED:
            standing = "kept" if clock.met else "late"
        case ClockState.RUNNING:
            standing = "running" if at < clock.due_at or clock.stage.nature != Nature.DUTY else "late"
        case other:
            standing = str(other)
    return ClockLine(clock, standing, soon_at(clock, office=office), why)


def clock_lines(petition: Petition, *, at: datetime, table: Timetable) -> tuple[ClockLine, ...]:
    """Return the petition's clocks, the open ones first by due date, each with the reasons of its date."""
    clocks = PetitionClock.objects.filter(petition=petition).select_related("stage__policy", "area")
    lines = [
        line_of(clock, at=at, office=table.office, why=explain_clock(clock, table=table).staff) for clock in clocks
    ]
    return tuple(sorted(lines, key=lambda line: (line.clock.stopped_at is not None, line.clock.due_at, line.clock.pk)))


def quick_clocks(petition: Petition, clocks: Iterable[Clock], *, at: datetime, office: Hours) -> tuple[QuickClock, ...]:
    """Return the four times of a 1365 case in their order; nothing for any other policy.

    ``petition`` comes with its policy, ``clocks`` with their stages; no query.
    """
    if petition.policy is None or petition.policy.key != QUICK_POLICY:
        return ()
    latest = {clock.stage_id: clock for clock in sorted(clocks, key=lambda clock: clock.generation)}
    return tuple(
        QuickClock(stage, line_of(latest[stage.pk], at=at, office=office) if stage.pk in latest else None)
        for stage in stages_of(petition.policy.pk)
    )


# -- place -----------------------------------------------------------------------------------------------------


def _line(place: Area | None) -> tuple[Area, ...]:
    """Return the areas from the subdistrict down to the place."""
    if place is None:
        return ()
    return tuple(Area.objects.filter(pk__in=place.line_ids(), level__gte=Level.STREET).order_by("level"))
