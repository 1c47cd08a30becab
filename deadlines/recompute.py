"""Open clocks computed anew after the calendar, the opening hours or a policy changed.

A walk by primary key in batches, one transaction each: the batch's cursor is stored with what it changed, so a killed
worker goes on where it stopped and nothing is done twice. Rows that somebody else holds are not waited for; they are
done last, one by one. Subjects are locked before their clocks, as the verbs do, so nobody waits in a circle.

A rung of the present generation that has not fired moves with its clock; one that has fired stays fired.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from psycopg import sql

from deadlines.calendar import ClockKind, due
from deadlines.enums import OPEN_STATES, ClockState, LimitUnit, RecomputeReason
from deadlines.life import PAUSE_CAP, recompute, rung_moment_of
from deadlines.models import Clock, ClockRung, Policy, RecomputeRun, Stage
from deadlines.registry import ClockFamily, families, refreshed
from deadlines.runs import pauses_of
from deadlines.timetable import SHANGHAI, Timetable, timetable
from grids.models import Area
from notifications import queue

BATCH = 1000
# A run ends well before Celery's time limit; the next tick goes on where it stopped.
RUN_SECONDS = 120
# read of an unfired rung; as a name, since the concrete model has the key
_RUNG_NEEDS: list[str] = ["pk", "clock_id", "generation", "fire_at", "rung__at"]
Limits = dict[str, tuple[int, str]]


@dataclass(slots=True)
class _Waiting:
    """An unfired rung; a row is enough, a model instance costs more than its arithmetic."""

    pk: int
    fire_at: datetime
    at: str


def ask(
    *, reason: RecomputeReason, at: datetime, since: date | None = None, policy: Policy | None = None
) -> RecomputeRun | None:
    """Owe a recomputation of the open clocks whose span crosses ``since`` (Shanghai) or stand under ``policy``'s key.

    It begins after commit; if the broker is lost, with the next tick. None if no clock is open: nothing to do.
    A run that has not begun and reaches as far back serves as well.
    """
    if not any(_open(family).exists() for family in families()):
        return None
    run = None
    if since is not None:
        waiting = RecomputeRun.objects.filter(finished_at=None, family="", since__lte=since)
        run = waiting.select_for_update(skip_locked=True).first() if connection.in_atomic_block else None
    run = run or RecomputeRun.objects.create(reason=reason, since=since, policy=policy, asked_at=at)
    queue.on_commit("deadlines.recompute")
    return run


def run_all(*, at: datetime, seconds: float = RUN_SECONDS, batch: int = BATCH) -> int:
    """Go on with every unfinished run, oldest first, for at most ``seconds``; return how many clocks changed."""
    end, changed = monotonic() + seconds, 0
    for run_id in RecomputeRun.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True):
        while monotonic() < end:
            done = step(run_id, at=at, batch=batch)
            if done is None:
                break
            changed += done
    return changed


def step(run_id: int, *, at: datetime, batch: int = BATCH) -> int | None:
    """Do one batch of a run in one transaction; return how many clocks changed, None if there is nothing left to do.

    None as well while another worker does a batch of the same run: that worker goes on with it.
    """
    with transaction.atomic():
        run = (
            RecomputeRun.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=run_id, finished_at=None)
            .select_related("policy")
            .first()
        )
        return None if run is None else _batch(run, at=at, batch=batch)


def _batch(run: RecomputeRun, *, at: datetime, batch: int) -> int | None:
    kinds = [family.name for family in families()]
    if not kinds:
        return None
    run.family = run.family or kinds[0]
    family = next(one for one in families() if one.name == run.family)
    limits = _limits_of(run.policy)
    ids = list(
        _crossing(family, run)
        .filter(pk__gt=run.last_pk)
        .order_by("pk")
        .values_list("pk", f"{family.subject_field}_id")[:batch]
    )
    if ids:
        clocks = _claim(family, ids)
        run.waiting += sorted({pk for pk, _subject in ids} - {clock.pk for clock in clocks})
        run.last_pk = ids[-1][0]
    elif run.waiting:
        # the last ones: each waits for whoever holds it, alone
        pk = run.waiting.pop()
        rows = list(family.clock._default_manager.filter(pk=pk).values_list("pk", f"{family.subject_field}_id"))  # noqa: SLF001
        clocks = _claim(family, rows, wait=True)
    elif run.family != kinds[-1]:
        run.family, run.last_pk, clocks = kinds[kinds.index(run.family) + 1], 0, []
    else:
        run.finished_at = at
        run.save(update_fields=["finished_at", "family"])
        return None
    changed = _move(family, clocks, limits=limits, at=at)
    run.seen += len(clocks)
    run.changed += changed
    run.save(update_fields=["family", "last_pk", "waiting", "seen", "changed"])
    return changed


def _open(family: ClockFamily) -> QuerySet[Clock]:
    return family.clock._default_manager.filter(state__in=OPEN_STATES)  # noqa: SLF001


def _crossing(family: ClockFamily, run: RecomputeRun) -> QuerySet[Clock]:
    """The open clocks a run is about: those of a policy, or those that reach the changed day and count by it."""
    if run.policy is not None:
        return _open(family).filter(stage__policy__key=run.policy.key)
    if run.since is None:
        raise ValueError("a run is about a day or a policy")
    day = datetime.combine(run.since, time(), SHANGHAI)
    return _open(family).filter(
        Q(kind__in=(ClockKind.WORKING, ClockKind.SERVICE_HOURS)) | Q(limit_unit=LimitUnit.WORKDAY),
        Q(due_at__gte=day) | Q(provisional=True) | Q(next_action_at__gte=day),
    )


def _claim(family: ClockFamily, ids: Sequence[tuple[int, int]], *, wait: bool = False) -> list[Clock]:
    """Lock subjects, then clocks; return the clocks got, with their area."""
    subject = family.clock._meta.get_field(family.subject_field).related_model  # noqa: SLF001
    assert subject is not None and not isinstance(subject, str)  # noqa: S101, PT018 - a foreign key has one
    held = list(
        subject._default_manager.filter(pk__in={subject_id for _pk, subject_id in ids})  # noqa: SLF001
        .select_for_update(skip_locked=not wait, no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    clocks = list(
        family.clock._default_manager.filter(  # noqa: SLF001
            **{"pk__in": [pk for pk, _subject in ids], f"{family.subject_field}__in": held}
        )
        .select_for_update(skip_locked=not wait, of=("self",))
        .order_by("pk")
    )
    areas = Area.objects.in_bulk({clock.area_id for clock in clocks})
    for clock in clocks:
        clock.area = areas[clock.area_id]
    return clocks


def _limits_of(policy: Policy | None) -> Limits:
    if policy is None:
        return {}
    return {
        code: (value, unit)
        for code, value, unit in Stage.objects.filter(policy=policy).values_list("code", "limit_value", "limit_unit")
    }


def _move(family: ClockFamily, clocks: Sequence[Clock], *, limits: Limits, at: datetime) -> int:
    """Compute and store what differs; return how many clocks that is."""
    clocks = [clock for clock in clocks if clock.state in OPEN_STATES]
    if not clocks:
        return 0
    table = timetable()
    codes = dict(Stage.objects.filter(pk__in={clock.stage_id for clock in clocks}).values_list("pk", "code"))
    waiting = _waiting_rungs(family, clocks)
    moved: list[Clock] = []
    rungs: list[_Waiting] = []
    for clock in clocks:
        before = _facts(clock)
        if codes[clock.stage_id] in limits:
            _give_limit(clock, limits[codes[clock.stage_id]], at=at)
        later = _recomputed(clock, waiting.get(clock.pk, ()), table=table)
        rungs += later
        if later or _facts(clock) != before:
            moved.append(clock)
    _store(family, moved, rungs)
    if moved:
        refreshed(family.name)({getattr(clock, f"{family.subject_field}_id") for clock in moved})
    return len(moved)


def _give_limit(clock: Clock, limit: tuple[int, str], *, at: datetime) -> None:
    """Give a clock another limit, and say so in its life."""
    if (clock.limit_value, clock.limit_unit) != limit:
        clock.limit_value, clock.limit_unit = limit
        clock.life = [*clock.life, {"what": "policy", "at": at.isoformat(), "value": limit[0], "unit": limit[1]}]


def _recomputed(clock: Clock, waiting: Sequence[_Waiting], *, table: Timetable) -> list[_Waiting]:
    """Set the clock's dates by the table of now; return the unfired rungs whose moment changed.

    A clock that stands gets its date when it runs on; only the end of its pause is computed here.
    """
    if clock.state == ClockState.PAUSED:
        began = pauses_of(clock)[-1][0]
        clock.pause_ends_at = due(began, PAUSE_CAP, ClockKind.WORKING, table.calendar, table.office).at
        return []
    found = recompute(clock, table=table)
    clock.due_at, clock.provisional = found.at, found.provisional
    later: list[_Waiting] = []
    for rung in waiting:
        moment = rung_moment_of(rung.at, clock, table=table)
        if moment != rung.fire_at:
            rung.fire_at = moment
            later.append(rung)
    clock.next_action_at = min((rung.fire_at for rung in waiting), default=None)
    return later


def _facts(clock: Clock) -> tuple[Any, ...]:
    return (
        clock.due_at,
        clock.provisional,
        clock.next_action_at,
        clock.pause_ends_at,
        clock.limit_value,
        clock.limit_unit,
    )


def _waiting_rungs(family: ClockFamily, clocks: Sequence[Clock]) -> dict[int, list[_Waiting]]:
    """Return the unfired rungs of each clock's present generation."""
    generation = {clock.pk: clock.generation for clock in clocks}
    found: dict[int, list[_Waiting]] = {}
    rows = family.rung._default_manager.filter(clock_id__in=list(generation), fired_at=None)  # type: ignore[misc]  # noqa: SLF001
    for pk, clock_id, number, fire_at, at in rows.values_list(*_RUNG_NEEDS):
        if number == generation[clock_id]:
            found.setdefault(clock_id, []).append(_Waiting(pk, fire_at, at))
    return found


_CLOCKS = sql.SQL("""
    UPDATE {table} AS clock
       SET due_at = new.due_at, provisional = new.provisional, next_action_at = new.next_action_at,
           pause_ends_at = new.pause_ends_at, limit_value = new.limit_value, limit_unit = new.limit_unit,
           life = new.life
      FROM unnest(%s::bigint[], %s::timestamptz[], %s::boolean[], %s::timestamptz[], %s::timestamptz[], %s::int[],
                  %s::text[], %s::jsonb[])
           AS new (id, due_at, provisional, next_action_at, pause_ends_at, limit_value, limit_unit, life)
     WHERE clock.id = new.id
""")
_RUNGS = sql.SQL("""
    UPDATE {table} AS rung SET fire_at = new.fire_at
      FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (id, fire_at)
     WHERE rung.id = new.id
""")


def _store(family: ClockFamily, moved: Collection[Clock], rungs: Collection[_Waiting]) -> None:
    """Write clocks and rungs, one statement each."""
    with connection.cursor() as cursor:
        if moved:
            columns = zip(
                *(
                    (
                        clock.pk,
                        clock.due_at,
                        clock.provisional,
                        clock.next_action_at,
                        clock.pause_ends_at,
                        clock.limit_value,
                        clock.limit_unit,
                        json.dumps(clock.life),
                    )
                    for clock in moved
                ),
                strict=True,
            )
            cursor.execute(_CLOCKS.format(table=_table(family.clock)), [list(column) for column in columns])
        if rungs:
            cursor.execute(
                _RUNGS.format(table=_table(family.rung)),
                [[rung.pk for rung in rungs], [rung.fire_at.astimezone(UTC) for rung in rungs]],
            )


def _table(model: type[Clock] | type[ClockRung]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)  # noqa: SLF001
