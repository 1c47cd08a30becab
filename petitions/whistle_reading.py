"""Whistles as people read them: one with its units, clocks and history; my lists; how both sides were scored."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from deadlines.enums import OPEN_STATES, ClockState
from deadlines.timetable import timetable
from grids.models import Area, Organisation
from grids.staff import Staff
from people.models import User
from petitions import whistle_rights as rights
from petitions.call_enums import WhistleCode, WhistleState
from petitions.casefile import ClockLine, line_of
from petitions.models import Petition, Whistle, WhistleCall, WhistleClock, WhistleEntry, WhistleEscalation

PAGE = 30
# open ones are few; a list beyond this says "and more"
MOST = 200
REPORT = "report"


@dataclass(frozen=True, slots=True)
class Part:
    """One called unit on the page: its clocks, and what the person may do with it now."""

    call: WhistleCall
    clocks: tuple[ClockLine, ...]
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history: what, of which unit, who was told; ``escalation`` where one may ask for an answer."""

    entry: WhistleEntry
    detail: str = ""
    told: tuple[str, ...] = ()
    escalation: WhistleEscalation | None = None


@dataclass(frozen=True, slots=True)
class WhistleFile:
    """All that the page of a whistle shows."""

    whistle: Whistle
    parts: tuple[Part, ...]
    acts: tuple[str, ...]
    history: tuple[Line, ...]
    petition: Petition | None  # the matter, if the person may read it


@dataclass(frozen=True, slots=True)
class Row:
    """One whistle in a list: whom it calls, and when the next promise is due."""

    whistle: Whistle
    names: str
    due_at: datetime | None
    soon_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lists:
    """My whistles: to be checked by me, calling us, under way, to be scored by my side."""

    to_check: tuple[Row, ...]
    calling: tuple[Row, ...]
    under_way: tuple[Row, ...]
    to_score: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How one unit answered, or how one caller's calls were judged, in a year."""

    name: str
    calls: int
    in_time: int
    came: int
    solved: int
    scored: int
    justified: int
    judged: int


def read(whistle: Whistle, *, viewer: Staff, at: datetime) -> WhistleFile:
    """Return the page of a whistle that ``visible_to`` has admitted ``viewer`` to. A constant number of queries."""
    office = timetable().office
    calls = _with_clocks(whistle.calls.order_by("pk"))
    for call in calls:
        call.whistle = whistle
    parts = tuple(
        Part(
            call,
            tuple(line_of(clock, at=at, office=office) for clock in call.clocks.all()),
            tuple(_acts_on(call, viewer)),
        )
        for call in calls
    )
    seen = Petition.objects.visible_to(viewer).filter(pk=whistle.petition_id).first() if whistle.petition_id else None
    return WhistleFile(whistle, parts, tuple(_acts(whistle, calls, viewer)), _history(whistle, calls), seen)


def lists(viewer: Staff) -> Lists:
    """Return what is open of this person's whistles, and what his side has not scored. A constant number of queries."""
    office = timetable().office
    scored_later = Q(state=WhistleState.CLOSED) & (Q(calls__scored_at=None) | Q(calls__judged_at=None))
    found = _listed(
        Whistle.objects.visible_to(viewer).filter(
            Q(state__in=(WhistleState.WAITING, WhistleState.BLOWN)) | Q(pk__in=Whistle.objects.filter(scored_later))
        )
    ).order_by("-pk")[:MOST]
    sorted_into: dict[str, list[Row]] = defaultdict(list)
    for whistle in found:
        calls = whistle.calls.all()
        called = [call for call in calls if rights.is_called(viewer, call)]
        if whistle.state == WhistleState.CLOSED:
            owed = (rights.is_caller(viewer, whistle) and any(call.scored_at is None for call in calls)) or any(
                call.judged_at is None for call in called
            )
            where = "to_score" if owed else ""
        elif whistle.state == WhistleState.WAITING and rights.checks(viewer, whistle):
            where = "to_check"
        else:
            where = "calling" if called and whistle.state == WhistleState.BLOWN else "under_way"
        clocks = [clock for call in calls for clock in call.clocks.all() if clock.state == ClockState.RUNNING]
        first = min(clocks, key=lambda clock: clock.due_at, default=None)
        soon = line_of(first, at=first.started_at, office=office).soon_at if first else None
        names = "、".join(call.name for call in calls)
        sorted_into[where].append(Row(whistle, names, first.due_at if first else None, soon))
    return Lists(*(tuple(sorted_into[name]) for name in ("to_check", "calling", "under_way", "to_score")))


def ended(viewer: Staff, *, before: int | None) -> list[Whistle]:
    """Return a page of what is over, newest first, and one more to say that there are more; ``before`` a key."""
    over = Whistle.objects.visible_to(viewer).exclude(state__in=(WhistleState.WAITING, WhistleState.BLOWN))
    if before is not None:
        over = over.filter(pk__lt=before)
    return list(over.select_related("area", "by").order_by("-pk")[: PAGE + 1])


def on_case(petition: Petition, viewer: Staff) -> list[Whistle]:
    """Return the whistles about a matter that this person may read, newest first; one query."""
    return list(Whistle.objects.visible_to(viewer).filter(petition=petition).order_by("-pk")[:PAGE])


def scores(viewer: Staff, *, year: int) -> tuple[list[Score], list[Score]]:
    """Return how units answered, and how callers were judged, over the whistles of a civil year in my areas.

    Of units and areas, never of persons. Who stands in a department reads the line of his own unit alone.
    """
    mine = Whistle.objects.visible_to(viewer.only(*rights.READS_SCORES)).filter(blown_at__year=year)
    calls = WhistleCall.objects.filter(whistle__in=mine.values("pk"))
    areas = any(held.organisation_id is None for held in viewer.holdings if held.kind in rights.READS_SCORES)
    bodies = [held.organisation_id for held in viewer.holdings if held.organisation_id is not None]
    if not areas:
        calls = calls.filter(organisation__in=bodies)
    in_time = WhistleClock.objects.filter(stage__code=REPORT, met=True, generation=1)
    tallies = {
        "calls": Count("pk", distinct=True),
        "in_time": Count("pk", distinct=True, filter=Q(clocks__in=in_time)),
        "came": Count("pk", distinct=True, filter=Q(came=True)),
        "solved": Count("pk", distinct=True, filter=Q(solved=True)),
        "scored": Count("pk", distinct=True, filter=Q(scored_at__isnull=False)),
        "justified": Count("pk", distinct=True, filter=Q(justified=True)),
        "judged": Count("pk", distinct=True, filter=Q(judged_at__isnull=False)),
    }
    of_units = calls.filter(organisation__isnull=False).order_by().values_list("organisation")
    of_callers = calls.order_by().values_list("whistle__area")
    by_unit = {pk: numbers for pk, *numbers in of_units.annotate(**tallies)}
    by_area = {pk: numbers for pk, *numbers in of_callers.annotate(**tallies)} if areas else {}
    units, callers = Organisation.objects.in_bulk(list(by_unit)), Area.objects.in_bulk(list(by_area))
    return (
        _tallied((units[pk].name, numbers) for pk, numbers in by_unit.items()),
        _tallied((str(callers[pk].label), numbers) for pk, numbers in by_area.items()),
    )


def years(viewer: Staff, *, today: date) -> list[int]:
    """Return the civil years that can be asked for, this one first."""
    first = Whistle.objects.visible_to(viewer).filter(blown_at__isnull=False).order_by("pk").first()
    since = first.blown_at.year if first is not None and first.blown_at is not None else today.year
    return list(range(today.year, since - 1, -1))


def _tallied(rows: Iterable[tuple[str, list[int]]]) -> list[Score]:
    return sorted((Score(name, *numbers) for name, numbers in rows), key=lambda score: (-score.calls, score.name))


def _with_clocks(calls: QuerySet[WhistleCall]) -> list[WhistleCall]:
    clocks = WhistleClock.objects.select_related("stage").order_by("started_at", "stage__position", "pk")
    return list(
        calls.select_related("organisation", "area", "responded_by").prefetch_related(Prefetch("clocks", clocks))
    )


def _listed(whistles: QuerySet[Whistle]) -> QuerySet[Whistle]:
    running = WhistleClock.objects.filter(state__in=OPEN_STATES).select_related("stage")
    calls = WhistleCall.objects.select_related("organisation", "area").prefetch_related(Prefetch("clocks", running))
    return whistles.select_related("area", "by").prefetch_related(Prefetch("calls", calls.order_by("pk")))


def _acts(whistle: Whistle, calls: Sequence[WhistleCall], viewer: Staff) -> list[str]:
    """Return what the person may do with the whistle itself now."""
    if whistle.state == WhistleState.WAITING:
        found = ["check"] if rights.checks(viewer, whistle) else []
        return [*found, "withdraw"] if rights.is_caller(viewer, whistle) else found
    if whistle.state != WhistleState.BLOWN:
        return []
    found = ["note"] if rights.takes_part(viewer, whistle, calls) else []
    return [*found, "close"] if rights.is_caller(viewer, whistle) else found


def _acts_on(call: WhistleCall, viewer: Staff) -> list[str]:
    """Return what the person may do with a called unit now, likeliest first."""
    called, caller = rights.is_called(viewer, call), rights.is_caller(viewer, call.whistle)
    if call.whistle.state == WhistleState.CLOSED:
        found = ["score"] if caller and call.scored_at is None else []
        return [*found, "judge"] if called and call.judged_at is None else found
    if call.whistle.state != WhistleState.BLOWN:
        return []
    if call.done_at is not None:
        return ["not-done"] if caller else []
    if not called:
        return []
    found = ["respond"] if call.responded_at is None else []
    found += ["report"] if call.reported_at is None else []
    return [*found, "finish"]


def _history(whistle: Whistle, calls: Sequence[WhistleCall]) -> tuple[Line, ...]:
    names = {call.pk: call.name for call in calls}
    fired = {
        (row.clock_id, row.rung_id): row
        for row in WhistleEscalation.objects.filter(clock__call__whistle=whistle).select_related(
            "rung__stage", "acknowledged_by"
        )
    }
    people = User.objects.in_bulk({one for row in fired.values() for one in (*row.told, *row.raised_to)})
    lines = []
    for entry in whistle.entries.select_related("by").order_by("-at", "-pk"):
        detail = [names[entry.call_id]] if entry.call_id in names else []
        told: tuple[str, ...] = ()
        escalation = None
        if entry.code == WhistleCode.ESCALATED:
            row = fired.get((entry.refs.get("clock", 0), entry.refs.get("rung", 0)))
            if row is not None:
                unseen = bool(entry.refs.get("unseen"))
                told = tuple(people[one].get_full_name() for one in (row.raised_to if unseen else row.told))
                detail.append(row.rung.stage.name)
                escalation = None if unseen else row
                if unseen:
                    detail.append(_("Nobody answered: one level up told"))
        detail += _scored(entry)
        lines.append(Line(entry, " · ".join(detail), told, escalation))
    return tuple(lines)


def _scored(entry: WhistleEntry) -> list[str]:
    said = []
    if "came" in entry.refs:
        said.append(_("came in time") if entry.refs["came"] else _("did not come in time"))
        said.append(_("solved its part") if entry.refs["solved"] else _("did not solve its part"))
    if "justified" in entry.refs:
        said.append(_("the call was justified") if entry.refs["justified"] else _("the call was not justified"))
    return said
