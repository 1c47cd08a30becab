"""The sweep: every clock whose next rung has come is escalated, exactly once, whoever else sweeps beside us.

Set-based: per batch a constant number of statements, one transaction, rows claimed with SKIP LOCKED. The unique
constraint (clock, generation, rung) is the last word; the clock's ``next_action_at`` is advanced in the same
transaction, so a killed worker leaves the batch to the next sweep and nothing is doubled.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


from django.db import DatabaseError, connection, transaction
from django.db.models import F, Min, OuterRef, Subquery

from deadlines.enums import ClockState
from deadlines.ladder import request_for
from deadlines.models import Clock, ClockRung, Heartbeat, SweepFault
from deadlines.notices import notices_for
from deadlines.registry import ClockFamily, Fired, Subject, families
from deadlines.timetable import office_opens_at, shanghai_date
from grids.enums import Level
from grids.posts import NobodyToTell, Told, recipients_for
from notifications.services import owe

logger = logging.getLogger(__name__)

# measured: one batch of 1,000 is as fast per row as 5,000 and holds its locks a fifth as long
BATCH = 1000
RETRY_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    clocks: int = 0
    escalations: int = 0
    notices: int = 0
    faults: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.clocks + other.clocks,
            self.escalations + other.escalations,
            self.notices + other.notices,
            self.faults + other.faults,
        )


def sweep(*, at: datetime, batch: int = BATCH) -> Swept:
    """Escalate every clock of every kind whose next rung's moment is not later than ``at`` (aware).

    Missed rungs are fired oldest first, each dated at the moment it fell due. Repeating it does nothing more.
    """
    total = Swept()
    for family in families():
        while True:
            done = sweep_batch(family, at=at, batch=batch)
            if not done.clocks:
                break
            total += done
    Heartbeat.objects.update_or_create(
        name="deadlines.sweep", defaults={"last_run_at": at, "handled": min(total.escalations, 2**31 - 1)}
    )
    return total


def sweep_batch(family: ClockFamily, *, at: datetime, batch: int = BATCH) -> Swept:
    """Handle one batch; if it fails, handle its clocks one by one and set the bad ones aside."""
    try:
        with transaction.atomic():
            return _escalate(family, _claim(family, at=at, batch=batch), at=at)
    except NobodyToTell:
        raise
    except Exception:
        logger.exception("sweep of %s failed as a batch; going clock by clock", family.name)
    return _one_by_one(family, at=at, batch=batch)


def _claim(family: ClockFamily, *, at: datetime, batch: int, only: int | None = None) -> list[Clock]:
    due = family.clock._default_manager.select_for_update(skip_locked=True, of=("self",)).filter(  # noqa: SLF001
        next_action_at__lte=at, state__in=(ClockState.RUNNING, ClockState.PAUSED)
    )
    if only is not None:
        due = due.filter(pk=only)
    return list(due.select_related("area").order_by("next_action_at", "pk")[:batch])


def _escalate(family: ClockFamily, clocks: Sequence[Clock], *, at: datetime) -> Swept:
    if not clocks:
        return Swept()
    by_id = {clock.pk: clock for clock in clocks}
    rungs = _due_rungs(family, by_id, at=at)
    subjects = family.describe(by_id)
    told = _recipients(rungs, by_id, subjects, at=at)
    fired = _insert(family, rungs, by_id, told, at=at)
    events = [_event(family, rung, by_id[_clock_id(rung)]) for rung in fired]
    family.append_events(events)
    opens = office_opens_at(at)
    notices = owe(
        [
            notice
            for rung in fired
            for notice in notices_for(
                family.name,
                rung,
                by_id[_clock_id(rung)],
                subjects[_clock_id(rung)],
                told[rung.pk],
                at=at,
                office_opens_at=opens,
            )
        ]
    )
    _advance(family, by_id, rungs, at=at)
    return Swept(clocks=len(clocks), escalations=len(fired), notices=notices)


def _clock_id(rung: ClockRung) -> int:
    return rung.clock_id  # type: ignore[attr-defined, no-any-return]  # the concrete model has the key


def _due_rungs(family: ClockFamily, by_id: Mapping[int, Clock], *, at: datetime) -> list[ClockRung]:
    due = (
        family.rung._default_manager.filter(  # noqa: SLF001
            clock_id__in=list(by_id), fire_at__lte=at, fired_at=None, generation=F("clock__generation")
        )
        .select_related("rung__stage")
        .order_by("fire_at", "rung__position", "pk")
    )
    return list(due)


def _recipients(
    rungs: Sequence[ClockRung], by_id: Mapping[int, Clock], subjects: Mapping[int, Subject], *, at: datetime
) -> dict[int, Told]:
    requests = [
        request_for(rung.pk, rung.rung, subjects[_clock_id(rung)], Level(by_id[_clock_id(rung)].area.level))
        for rung in rungs
    ]
    return dict(recipients_for(requests, on=shanghai_date(at))) if requests else {}


def _insert(
    family: ClockFamily, rungs: Sequence[ClockRung], by_id: Mapping[int, Clock], told: Mapping[int, Told], *, at: datetime
) -> list[ClockRung]:
    """Insert one escalation per rung; return the rungs that were not escalated before."""
    if not rungs:
        return []
    table = connection.ops.quote_name(family.escalation._meta.db_table)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (clock_id, generation, rung_id, fell_due_at, fired_at, level, told, route, historic)"  # noqa: S608 - a model's own table
            " SELECT clock, generation, rung, fell_due, %s, level, told::bigint[], route, false"
            " FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::timestamptz[], %s::text[], %s::text[],"
            " %s::text[]) AS row(clock, generation, rung, fell_due, level, told, route)"
            " ON CONFLICT (clock_id, generation, rung_id) DO NOTHING RETURNING clock_id, rung_id",
            [
                at,
                [_clock_id(rung) for rung in rungs],
                [rung.generation for rung in rungs],
                [rung.rung_id for rung in rungs],
                [rung.fire_at for rung in rungs],
                [rung.rung.level for rung in rungs],
                ["{" + ",".join(map(str, told[rung.pk].user_ids)) + "}" for rung in rungs],
                [told[rung.pk].route for rung in rungs],
            ],
        )
        new = set(cursor.fetchall())
    return [rung for rung in rungs if (_clock_id(rung), rung.rung_id) in new]


def _event(family: ClockFamily, rung: ClockRung, clock: Clock) -> Fired:
    return Fired(
        clock_id=clock.pk,
        subject_id=getattr(clock, f"{family.subject_field}_id"),
        rung_id=rung.rung_id,
        stage_code=rung.rung.stage.code,
        action=rung.rung.action,
        level=rung.rung.level,
        at=rung.fire_at,
    )


def _advance(family: ClockFamily, by_id: Mapping[int, Clock], rungs: Sequence[ClockRung], *, at: datetime) -> None:
    """Mark the rungs fired and move each clock to its next rung, or out of the sweep's sight for good."""
    family.rung._default_manager.filter(pk__in=[rung.pk for rung in rungs]).update(fired_at=at)  # noqa: SLF001
    set_next_action(family, by_id)


def set_next_action(family: ClockFamily, clock_ids: Iterable[int]) -> None:
    """Store the earliest unfired rung of each clock's generation as its next action; one statement."""
    waiting = (
        family.rung._default_manager.filter(  # noqa: SLF001
            clock_id=OuterRef("pk"), generation=OuterRef("generation"), fired_at=None
        )
        .order_by()
        .values("clock_id")
        .annotate(first=Min("fire_at"))
        .values("first")
    )
    family.clock._default_manager.filter(pk__in=list(clock_ids)).update(next_action_at=Subquery(waiting))  # noqa: SLF001


def _one_by_one(family: ClockFamily, *, at: datetime, batch: int) -> Swept:
    total = Swept()
    ids = list(
        family.clock._default_manager.filter(next_action_at__lte=at)  # noqa: SLF001
        .order_by("next_action_at", "pk")
        .values_list("pk", flat=True)[:batch]
    )
    for clock_id in ids:
        try:
            with transaction.atomic():
                done = _escalate(family, _claim(family, at=at, batch=1, only=clock_id), at=at)
        except NobodyToTell:
            raise
        except Exception as error:
            logger.exception("clock %s of %s could not be escalated", clock_id, family.name)
            _set_aside(family, clock_id, error, at=at)
            done = Swept(clocks=1, faults=1)
        total += done
    return total


def _set_aside(family: ClockFamily, clock_id: int, error: Exception, *, at: datetime) -> None:
    """Record what went wrong and look at the clock again later: skipped, never forgotten."""
    kind = type(error).__name__ if not isinstance(error, DatabaseError) else f"{type(error).__name__} (database)"
    with transaction.atomic():
        fault, created = SweepFault.objects.get_or_create(
            family=family.name,
            clock_id=clock_id,
            defaults={"first_seen_at": at, "last_seen_at": at, "error": kind[:200]},
        )
        if not created:
            SweepFault.objects.filter(pk=fault.pk).update(
                last_seen_at=at, times=F("times") + 1, error=kind[:200], settled_at=None
            )
        family.clock._default_manager.filter(pk=clock_id, next_action_at__lte=at).update(  # noqa: SLF001
            next_action_at=at + RETRY_AFTER
        )


