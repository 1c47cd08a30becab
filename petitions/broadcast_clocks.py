"""The clock of a call for help (policy ``call_for_help``): not taken in time, it climbs to community and street."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from deadlines import clocks as engine
from deadlines.models import Clock, ClockRung
from deadlines.registry import ClockFamily, Fired, Subject
from petitions.call_enums import HELP_OPEN
from petitions.models import Broadcast, BroadcastClock, BroadcastClockRung, BroadcastEscalation, Recusal

POLICY: Final = "call_for_help"

# Whom the ladder told may take it, as everybody who was called at first: one statement, however many fired.
_CALL_THEM_TOO = """
UPDATE petitions_broadcast AS broadcast SET told = (
    SELECT array_agg(DISTINCT one) FROM unnest(broadcast.told || more.told) AS one)
FROM (
    SELECT clock.broadcast_id AS id, array_agg(one) AS told
    FROM petitions_broadcastescalation AS escalation
    JOIN petitions_broadcastclock AS clock ON clock.id = escalation.clock_id
    CROSS JOIN unnest(escalation.told || escalation.raised_to) AS one
    WHERE clock.broadcast_id = ANY(%s) GROUP BY clock.broadcast_id
) AS more
WHERE broadcast.id = more.id
"""


def advance(broadcast: Broadcast, *, at: datetime) -> None:
    """Bring the clock to what has happened: called, taken, over (its area loaded)."""
    moments = {"help_called": [broadcast.called_at]}
    if broadcast.taken_at is not None:
        moments["help_taken"] = [broadcast.taken_at]
    engine.advance(
        FAMILY,
        broadcast.pk,
        policies=[broadcast.policy_id],
        moments=moments,
        facts={},
        owes=engine.Owes(area_id=broadcast.area_id, area_path=broadcast.area.path),
        at=at,
        over=broadcast.state not in HELP_OPEN,
    )


def opening(broadcast: Broadcast, *, keys: Iterable[int]) -> list[Clock | ClockRung]:
    """Return the clock of a call that is about to be written, with one of these keys, and its rungs: unsaved."""
    return engine.opening(
        FAMILY,
        broadcast.pk,
        keys=keys,
        policies=[broadcast.policy_id],
        moments={"help_called": [broadcast.called_at]},
        facts={},
        owes=engine.Owes(area_id=broadcast.area_id, area_path=broadcast.area.path),
    )


def again(broadcast: Broadcast, *, at: datetime) -> None:
    """Let a call that was given back wait and climb anew, from ``at`` on (its area loaded)."""
    engine.restart(
        FAMILY,
        broadcast.pk,
        stopped_by={"help_taken"},
        owes=engine.Owes(area_id=broadcast.area_id, area_path=broadcast.area.path),
        at=at,
    )


def url_of(broadcast: Broadcast) -> str:
    """Return the page of a call for help, as notices carry it."""
    return f"/help/{broadcast.pk}/"


def _describe(clock_ids: Iterable[int]) -> Mapping[int, Subject]:
    out = Recusal.objects.filter(petition=OuterRef("broadcast__petition")).order_by().values("user")
    clocks = (
        BroadcastClock.objects.filter(pk__in=list(clock_ids))
        .select_related("area", "broadcast")
        .annotate(out=ArraySubquery(out))
    )
    # silent: a group chat has no word of it, whoever is called is told by name
    return {
        clock.pk: Subject(
            number=clock.broadcast.number,
            path=clock.area.path,
            url_path=url_of(clock.broadcast),
            excluded=frozenset(clock.out),
            silent=clock.broadcast.petition_id is not None,
        )
        for clock in clocks
    }


def _append_events(fired: Sequence[Fired]) -> None:
    if fired:
        with connection.cursor() as cursor:
            cursor.execute(_CALL_THEM_TOO, [sorted({one.subject_id for one in fired})])


FAMILY: Final = ClockFamily(
    name="broadcast",
    clock=BroadcastClock,
    rung=BroadcastClockRung,
    escalation=BroadcastEscalation,
    subject_field="broadcast",
    describe=_describe,
    append_events=_append_events,
)
