"""The petition's side of the deadline engine: which moments have come, who owes, what the ladder must know."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from deadlines import clocks as engine
from deadlines.enums import OPEN_STATES, ClockState, Nature
from deadlines.models import Clock
from deadlines.registry import ClockFamily, Fired, Subject
from deadlines.timetable import shanghai_date
from petitions.enums import Channel, EventCode, Status, Urgency
from petitions.models import Petition, PetitionClock, PetitionClockRung, PetitionEscalation
from petitions.moves import IMPLIED, MOMENTS

INTAKE = "intake"
SUPERVISION = "supervision"
OVER = (Status.CLOSED, Status.DECLINED)

# Two statements of the sweep, by hand as it is: arrays in, joined where the data lies.
DESCRIBE = """
SELECT clock.id, petition.number, petition.area_path, clock.organisation_id, clock.holder_id, petition.urgency
FROM petitions_petitionclock AS clock JOIN petitions_petition AS petition ON petition.id = clock.petition_id
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


def advance(petition: Petition, *, at: datetime, more: Sequence[int] = ()) -> None:
    """Bring the petition's clocks to what has happened: stop, start, cancel; store the next due date.

    ``more`` are policies beside intake and the chosen one.
    """
    running = engine.advance(
        FAMILY,
        petition.pk,
        policies=_intake(petition) + _chosen(petition) + list(more),
        moments=moments_of(petition.events.order_by("at", "id").values_list("code", "at")),
        facts=facts_of(petition),
        owes=owes(petition),
        at=at,
        over=petition.status in OVER,
    )
    store_next_due(petition, running)


def restart(petition: Petition, *, stopped_by: Collection[str], at: datetime) -> None:
    """Start a new generation of the clocks that those moments had stopped (rework, reopening)."""
    running = engine.restart(FAMILY, petition.pk, stopped_by=stopped_by, owes=owes(petition), at=at)
    store_next_due(petition, running)


def refresh(petition: Petition) -> None:
    """Store the next due date again after a pause, its end or an extension."""
    store_next_due(petition, list(petition.clocks.filter(state__in=OPEN_STATES).select_related("stage")))


def supervise(petition: Petition, *, at: datetime) -> datetime:
    """Start the clock of a supervision order, a new generation for every further order; return when it falls due."""
    [policy_id] = engine.policy_ids(SUPERVISION, on=shanghai_date(at))
    if petition.clocks.filter(stage__policy__key=SUPERVISION).exists():
        restart(petition, stopped_by=("supervision_answered",), at=at)
    else:
        advance(petition, at=at, more=[policy_id])
    running = petition.clocks.get(stage__policy__key=SUPERVISION, state=ClockState.RUNNING)
    return running.due_at


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
        )
        for pk, number, path, organisation_id, holder_id, urgency in rows
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
