"""The petition's side of the deadline engine: which moments have come, who owes, what the ladder must know."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import connection

from deadlines import clocks as engine
from deadlines import redating, rounds
from deadlines.clocks import Known
from deadlines.enums import OPEN_STATES, ClockState, Nature
from deadlines.models import Clock, Policy
from deadlines.registry import ClockFamily, Fired, Subject
from deadlines.timetable import shanghai_date
from petitions import beside as besides
from petitions.beside import FEEDBACK, VERIFICATION, Beside, History
from petitions.enums import Channel, EventCode, Status, Urgency
from petitions.models import Petition, PetitionClock, PetitionClockRung, PetitionEscalation
from petitions.moves import IMPLIED, MOMENTS, RESOLUTION

INTAKE = "intake"
SUPERVISION = "supervision"
BAD_RATING = "bad_rating"
PUBLIC_NOTICE = "public_notice"
DECLINE_APPEAL = "decline_appeal"
RULING = "ruling"
# how many days a matter may be put off at once, each a policy of its own
DEFERRALS: Mapping[int, str] = MappingProxyType({30: "deferral_30d", 60: "deferral_60d", 90: "deferral_90d"})
UNDER_WAY = (Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS)
OVER = (Status.CLOSED, Status.DECLINED, Status.WITHDRAWN, Status.MERGED, Status.TERMINATED)
STANDS_STILL = (*OVER, Status.DEFERRED)
# Owed also when the matter is over.
OUTLASTS = frozenset({BAD_RATING, PUBLIC_NOTICE, DECLINE_APPEAL})
# What was promised stands no more while a matter is put off; that it is looked at again is.
WHILE_DEFERRED = OUTLASTS | {SUPERVISION, *DEFERRALS.values()}
# After these the petitioner has word, and the interval of periodic feedback begins anew.
WORD_GIVEN = frozenset(
    {
        EventCode.ACCEPTED, EventCode.DISPATCHED, EventCode.CONTACTED, EventCode.PLANNED, EventCode.EXTENDED,
        EventCode.FEEDBACK, EventCode.RESOLVED, EventCode.REWORK, EventCode.REOPENED, EventCode.RECATEGORISED,
        EventCode.RESUMED,
    },
)  # fmt: skip
# After these it is triaged anew, and only what comes since counts.
TAKEN_IN_ANEW = frozenset({EventCode.SPLIT, EventCode.READMITTED})
BACK_AT_WORK = frozenset({EventCode.REWORK, EventCode.REOPENED})
# What is reported as done is checked, what is checked is closed: each has its date.
CHECKED_BY_SOMEBODY_ELSE: Mapping[EventCode, str] = MappingProxyType(
    {EventCode.RESOLVED: "resolved", EventCode.VERIFIED: "verified"}
)
# What 1365 measures stays measured when the matter turns out to be none (rules.md d.2).
STAYS_MEASURED: Mapping[str, frozenset[str]] = MappingProxyType({"rapid_1365": frozenset({"arrive", "plan"})})

# Two statements of the sweep, by hand as it is: arrays in, joined where the data lies.
DESCRIBE = """
SELECT clock.id, petition.number, petition.area_path, clock.organisation_id, clock.holder_id, petition.urgency,
    ARRAY(SELECT user_id FROM petitions_recusal AS recusal WHERE recusal.petition_id = petition.id),
    coalesce(category.silent, false) OR petition.barred_from IS NOT NULL
FROM petitions_petitionclock AS clock JOIN petitions_petition AS petition ON petition.id = clock.petition_id
LEFT JOIN petitions_category AS category ON category.id = petition.category_id
WHERE clock.id = ANY(%s::bigint[])
"""
APPEND_ESCALATED = """
INSERT INTO petitions_petitionevent (petition_id, code, at, recorded_at, from_status, to_status, refs)
SELECT fired.petition_id, %s, fired.at, now(), '', '', jsonb_build_object(
        'clock', fired.clock_id, 'rung', rung.id, 'stage', stage.code, 'action', rung.action, 'level', rung.level
    ) || CASE WHEN fired.historic THEN '{"historic": true}'::jsonb ELSE '{}' END
    || CASE WHEN fired.unseen THEN '{"unseen": true}'::jsonb ELSE '{}' END
FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[], %s::bigint[], %s::boolean[], %s::boolean[]) WITH ORDINALITY
    AS fired (petition_id, at, clock_id, rung_id, historic, unseen, place)
JOIN deadlines_rung AS rung ON rung.id = fired.rung_id
JOIN deadlines_stage AS stage ON stage.id = rung.stage_id
ORDER BY fired.place
"""


def advance(petition: Petition, *, at: datetime, known: Known | None = None, events: History | None = None) -> None:
    """Bring the petition's clocks to what has happened: stop, start, cancel; store the next due date.

    ``known``: the clocks where they were read already; who brings them stores the next due date himself. So everywhere.
    ``events``: the history, where it was read already.
    """
    running = engine.advance(
        FAMILY,
        petition.pk,
        policies=_intake(petition) + _chosen(petition),
        moments=moments_so_far(petition, events),
        facts=facts_of(petition),
        owes=owes(petition),
        at=at,
        over=petition.status in STANDS_STILL,
        spare=WHILE_DEFERRED if petition.status == Status.DEFERRED else OUTLASTS,
        known=known,
    )
    _keep(petition, running, known)


def begun(petition: Petition) -> Known:
    """Return what filing starts for a matter that is about to be written, unsaved; it learns its next due date."""
    known = engine.begun(
        FAMILY,
        petition.pk,
        policies=[engine.policy_kept(INTAKE, on=shanghai_date(petition.submitted_at))],
        moments=moments_of([(EventCode.SUBMITTED, petition.submitted_at)]),
        facts=facts_of(petition),
        owes=owes(petition),
    )
    set_next_due(petition, known.clocks)
    return known


def follow(petition: Petition, code: EventCode, *, at: datetime, beside: Beside | None = None) -> None:
    """Bring the clocks to one event that has just been appended; the next due date is stored.

    ``beside``: as it was before the event, where it was read.
    """
    before = (petition.next_due_at, petition.next_stage_id)
    events = None if beside is None else beside.with_event(code, at)
    stands = beside or besides.read(petition, at=at)
    bring(petition, code, at=at, beside=stands, events=events or stands.events)
    if (petition.next_due_at, petition.next_stage_id) != before:
        petition.save(update_fields=["next_due_at", "next_stage"])


def bring(
    petition: Petition, code: EventCode, *, at: datetime, beside: Beside, events: History, new: Known | None = None
) -> None:
    """Bring the clocks to one event: what it stops and starts, and what it begins anew.

    They are read once. ``events``: the history with this event. The next due date is set on the object alone.
    ``new``: the clocks of a matter that is about to be written; who writes it writes them.
    """
    known = new or Known(engine.clocks_of(FAMILY, petition.pk), beside.table)
    advance(petition, at=at, known=known, events=events)
    if code in BACK_AT_WORK:
        restart(petition, stopped_by=MOMENTS[EventCode.RESOLVED], at=at, known=known)
    elif code in TAKEN_IN_ANEW:
        _take_in_anew(petition, at=at, known=known)
    elif code in CHECKED_BY_SOMEBODY_ELSE:
        _begin(petition, beside.policy(VERIFICATION), anchor=CHECKED_BY_SOMEBODY_ELSE[code], at=at, known=known)
    if code in WORD_GIVEN:
        word_given(petition, policy=beside.policy(FEEDBACK), at=at, known=known)
    if new is None:
        engine.store(FAMILY, known, area_path=petition.area_path)


def restart(petition: Petition, *, stopped_by: Collection[str], at: datetime, known: Known | None = None) -> None:
    """Start a new generation of the clocks that those moments had stopped (rework, reopening)."""
    running = engine.restart(
        FAMILY,
        petition.pk,
        stopped_by=stopped_by,
        owes=owes(petition),
        at=at,
        policies=_chosen(petition),
        known=known,
    )
    _keep(petition, running, known)


def begin(petition: Petition, key: str, *, anchor: str, at: datetime) -> datetime:
    """Start the promise of one of our own policies, or its next round; return the first date it falls due."""
    [policy_id] = engine.policy_ids(key, on=shanghai_date(at))
    return _begin(petition, policy_id, anchor=anchor, at=at, known=None)


def _begin(petition: Petition, policy_id: int, *, anchor: str, at: datetime, known: Known | None) -> datetime:
    running = rounds.begin(
        FAMILY, petition.pk, policy=policy_id, anchor=anchor, owes=owes(petition), at=at, known=known
    )
    _keep(petition, running, known)
    return min(clock.due_at for clock in running if clock.stage.policy_id == policy_id)


def _take_in_anew(petition: Petition, *, at: datetime, known: Known) -> None:
    """Start triage's clock again for a matter that was separated from another, or readmitted after an appeal."""
    for policy_id in _intake(petition):
        running = rounds.begin(
            FAMILY, petition.pk, policy=policy_id, anchor="submitted", owes=owes(petition), at=at, known=known
        )
        set_next_due(petition, running)


def word_given(petition: Petition, *, policy: int, at: datetime, known: Known) -> None:
    """Begin the interval of periodic feedback (``policy``) anew, unless the solution is promised before its end."""

    def needed(due_at: datetime, others: Sequence[Clock]) -> bool:
        promised = [
            clock.due_at
            for clock in others
            if clock.stage.policy_id == petition.policy_id and clock.stage.stopped_by in RESOLUTION
        ]
        waits = petition.status in UNDER_WAY or (petition.status == Status.ACCEPTED and bool(promised))
        return waits and not any(at < date <= due_at for date in promised)

    running = rounds.renew(FAMILY, petition.pk, policy=policy, owes=owes(petition), at=at, needed=needed, known=known)
    _keep(petition, running, known)


def _keep(petition: Petition, running: Sequence[Clock], known: Known | None) -> None:
    if known is None:
        store_next_due(petition, running)
    else:
        set_next_due(petition, running)


def convert(petition: Petition, *, old: int, at: datetime, afresh: bool, dry: bool = False) -> rounds.Converted:
    """Bring the clocks from policy ``old`` (by id) to the one and the facts the petition carries now.

    ``dry`` only says what would be done.
    """
    left = Policy.objects.get(pk=old)
    moved = old != petition.policy_id
    done = rounds.convert(
        FAMILY,
        petition.pk,
        old=old,
        new=petition.policy_id or old,
        moments=moments_so_far(petition),
        facts=facts_of(petition),
        owes=owes(petition),
        at=at,
        afresh=afresh,
        kept=STAYS_MEASURED.get(left.key, frozenset()) if moved else frozenset(),
        dry=dry,
    )
    if not dry:
        store_next_due(petition, done.open)
    return done


def refresh(petition: Petition) -> None:
    """Store the next due date again after a pause, its end or an extension."""
    store_next_due(petition, list(petition.clocks.filter(state__in=OPEN_STATES).select_related("stage")))


def redate(petition: Petition, *, at: datetime) -> None:
    """Date the open clocks anew after the area that answers has changed: each community has its own opening hours."""
    pairs = list(petition.clocks.filter(state__in=OPEN_STATES).values_list("pk", "petition_id"))
    redating.redate(FAMILY, pairs, redating.Walk(), at=at)
    refresh(petition)


def supervise(petition: Petition, *, at: datetime) -> datetime:
    """Start the clock of a supervision order, a new generation for every further order; return when it falls due."""
    return begin(petition, SUPERVISION, anchor="supervised", at=at)


def store_next_due(petition: Petition, running: Sequence[Clock]) -> None:
    """Keep on the petition what its lists sort by: the earliest duty that still runs."""
    before = (petition.next_due_at, petition.next_stage_id)
    set_next_due(petition, running)
    if (petition.next_due_at, petition.next_stage_id) != before:
        petition.save(update_fields=["next_due_at", "next_stage"])


def set_next_due(petition: Petition, running: Sequence[Clock]) -> None:
    """As ``store_next_due``, on the object alone."""
    duties = [clock for clock in running if clock.stage.nature == Nature.DUTY and clock.state == ClockState.RUNNING]
    first = min(duties, key=lambda clock: (clock.due_at, clock.stage.position), default=None)
    petition.next_due_at = first.due_at if first else None
    petition.next_stage_id = first.stage_id if first else None


_NEXT_DUE = """
    UPDATE petitions_petition AS petition SET next_due_at = first.due_at, next_stage_id = first.stage_id
      FROM unnest(%s::bigint[]) AS subject (id)
      LEFT JOIN LATERAL (
           SELECT clock.due_at, clock.stage_id
             FROM petitions_petitionclock AS clock JOIN deadlines_stage AS stage ON stage.id = clock.stage_id
            WHERE clock.petition_id = subject.id AND clock.state = %s AND stage.nature = %s
            ORDER BY clock.due_at, stage.position LIMIT 1
           ) AS first ON TRUE
     WHERE petition.id = subject.id
       AND (petition.next_due_at, petition.next_stage_id) IS DISTINCT FROM (first.due_at, first.stage_id)
"""


def refreshed(petition_ids: Collection[int]) -> None:
    """Store the next due dates of many petitions anew, in one statement; the same rule as ``set_next_due``."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_DUE, [sorted(petition_ids), ClockState.RUNNING, Nature.DUTY])


def moments_so_far(petition: Petition, events: History | None = None) -> dict[str, list[datetime]]:
    """Return the instants of every moment that has come; of a matter triaged anew, since then."""
    if events is None:
        events = list(petition.events.order_by("at", "id").values_list("code", "at"))
    codes = [code for code, _at in events]
    last = max((place for place, code in enumerate(codes) if code in TAKEN_IN_ANEW), default=0)
    return moments_of(events[last:])


def moments_of(events: Iterable[tuple[str, datetime]]) -> dict[str, list[datetime]]:
    """Return the instants of every moment the events stand for, oldest first."""
    moments: dict[str, list[datetime]] = {}
    for code, at in events:
        for moment in (*MOMENTS.get(EventCode(code), ()), *IMPLIED.get(EventCode(code), ())):
            moments.setdefault(moment, []).append(at)
    return moments


def facts_of(petition: Petition) -> dict[str, Any]:
    """Return what the policies' conditions may ask."""
    return {
        "issue_kind": petition.issue_kind,
        "needs_deliberation": petition.needs_deliberation,
        "needs_public_notice": petition.needs_public_notice,
    }


def owes(petition: Petition) -> engine.Owes:
    """Return who answers for the petition now."""
    return engine.Owes(
        area_id=petition.area_id,
        area_path=petition.area_path,
        organisation_id=petition.organisation_id,
        holder_id=petition.handler_id,
    )


def _intake(petition: Petition) -> list[int]:
    """Return the policy that filing starts. An import was taken in elsewhere, we promised nothing then."""
    if petition.channel == Channel.IMPORT or petition.status != Status.SUBMITTED:
        return []
    return engine.policy_ids(INTAKE, on=shanghai_date(petition.submitted_at))


def _chosen(petition: Petition) -> list[int]:
    return [petition.policy_id] if petition.policy_id else []


def _describe(clock_ids: Iterable[int]) -> Mapping[int, Subject]:
    with connection.cursor() as cursor:
        cursor.execute(DESCRIBE, [_array(map(str, clock_ids))])
        rows = cursor.fetchall()
    return {
        pk: Subject(
            number=number,
            path=path,
            url_path=f"/cases/{number}/",
            organisation_id=organisation_id,
            holder_id=holder_id,
            urgent=urgency != Urgency.NORMAL,
            excluded=frozenset(excluded),
            silent=silent,
        )
        for pk, number, path, organisation_id, holder_id, urgency, excluded, silent in rows
    }


def _append_events(fired: Sequence[Fired]) -> None:
    if not fired:
        return
    rows = [
        (str(one.subject_id), one.at, str(one.clock_id), str(one.rung_id), str(one.historic), str(one.unseen))
        for one in fired
    ]
    with connection.cursor() as cursor:
        cursor.execute(APPEND_ESCALATED, [EventCode.ESCALATED, *map(_array, zip(*rows, strict=True))])


def _array(values: Iterable[str]) -> str:
    """An array as PostgreSQL writes it; none of these values needs quotes."""
    return "{" + ",".join(values) + "}"


FAMILY = ClockFamily(
    name="petition",
    clock=PetitionClock,
    rung=PetitionClockRung,
    escalation=PetitionEscalation,
    subject_field="petition",
    describe=_describe,
    append_events=_append_events,
)
