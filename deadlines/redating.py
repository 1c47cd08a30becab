"""A batch of open clocks dated anew: claimed, computed as plain rows, written where something differs.

Hand-written SQL as in ``deadlines.firing``: a calendar change may concern a million clocks; instants come and go as
ISO text, which Python reads twenty times as fast as psycopg does. A limit in days that was
neither paused nor extended depends on its first day and not on the minute, so each such date is computed once a run.

A rung of the present generation that has not fired moves with its clock; one that has fired stays fired.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, NamedTuple

from django.db import transaction

from deadlines.calendar import ClockKind, Limit, Unit, beijing, due
from deadlines.enums import ClockState
from deadlines.firing import array, ask, ids, run
from deadlines.life import PAUSE_CAP
from deadlines.models import RecomputeBatch, RecomputeRun
from deadlines.registry import ClockFamily, refreshed
from deadlines.runs import Course, due_of, extensions_in, moment_of, pauses_in
from deadlines.timetable import SHANGHAI, Timetable, timetable

logger = logging.getLogger(__name__)

# Dates kept while a run goes on, at most; a year of days under every policy is fewer.
MOST_KEPT = 100_000
Limits = Mapping[str, tuple[int, str]]

# Which clocks a run is about. Those under a version of a policy:
OF_POLICY = """
SELECT clock.id, clock.{subject}_id FROM {clock} AS clock
JOIN deadlines_stage AS stage ON stage.id = clock.stage_id
JOIN deadlines_policy AS policy ON policy.id = stage.policy_id
WHERE clock.state IN ('running', 'paused') AND policy.key = %(key)s
"""
# Or those that reach the changed day and count by it: the clock itself, a rung in working days (also of a clock that
# counts every minute), the end of a pause, an extension in working days.
CROSSING = """
SELECT clock.id, clock.{subject}_id FROM {clock} AS clock
WHERE clock.state IN ('running', 'paused') AND (
    clock.pause_ends_at >= %(day)s
    OR (clock.due_at >= %(day)s OR clock.provisional) AND (
        clock.kind IN ('working', 'service_hours') OR clock.limit_unit = 'workday'
        OR clock.life @> '[{{"what": "extend", "unit": "workday"}}]')
    OR clock.next_action_at IS NOT NULL AND EXISTS (
        SELECT FROM {rung} AS moment JOIN deadlines_rung AS rung ON rung.id = moment.rung_id
        WHERE moment.clock_id = clock.id AND moment.generation = clock.generation AND moment.fired_at IS NULL
            AND greatest(moment.fire_at, clock.due_at) >= %(day)s
            AND (clock.kind IN ('working', 'service_hours') OR rung.at LIKE '%%wd')))
"""
PLAN = """
INSERT INTO deadlines_recomputebatch (run_id, family, first_pk, last_pk, held, tries, seen, changed, broken)
SELECT %(run)s, %(family)s, min(id), max(id), '{{}}', 0, 0, 0, '{{}}'
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(most)s AS batch FROM (WANTED) AS wanted) AS numbered
GROUP BY batch ORDER BY batch
"""
STRETCH = "SELECT * FROM (WANTED) AS wanted WHERE id BETWEEN %(first)s AND %(last)s ORDER BY id"
# Subjects before their clocks, as the verbs do, so that nobody waits in a circle.
HOLD = "SELECT id FROM {matter} WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
CLAIM = """
SELECT clock.id, clock.{subject}_id, clock.generation, clock.state, clock.kind, clock.limit_value, clock.limit_unit,
    to_json(clock.started_at) #>> '{{}}', to_json(clock.due_at) #>> '{{}}', clock.provisional,
    to_json(clock.next_action_at) #>> '{{}}', to_json(clock.pause_ends_at) #>> '{{}}',
    CASE WHEN jsonb_array_length(clock.life) > 1 THEN clock.life::text END, stage.code, area.path
FROM {clock} AS clock
JOIN deadlines_stage AS stage ON stage.id = clock.stage_id
JOIN grids_area AS area ON area.id = clock.area_id
WHERE clock.id = ANY(%s::bigint[]) AND clock.{subject}_id = ANY(%s::bigint[]) AND clock.state IN ('running', 'paused')
ORDER BY clock.id FOR UPDATE OF clock SKIP LOCKED
"""
GONE = "SELECT id FROM {clock} WHERE id = ANY(%s::bigint[]) AND state NOT IN ('running', 'paused')"
WAITING = """
SELECT moment.clock_id, moment.id, to_json(moment.fire_at) #>> '{{}}', rung.at
FROM {rung} AS moment
JOIN {clock} AS clock ON clock.id = moment.clock_id AND clock.generation = moment.generation
JOIN deadlines_rung AS rung ON rung.id = moment.rung_id
WHERE moment.clock_id = ANY(%s::bigint[]) AND moment.fired_at IS NULL
"""
CLOCKS = """
UPDATE {clock} AS clock SET due_at = new.due_at, provisional = new.provisional, next_action_at = new.next_action_at,
    pause_ends_at = new.pause_ends_at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::boolean[], %s::timestamptz[], %s::timestamptz[])
    AS new (id, due_at, provisional, next_action_at, pause_ends_at)
WHERE clock.id = new.id
"""
LIMITS = """
UPDATE {clock} AS clock SET limit_value = new.value, limit_unit = new.unit, life = clock.life || jsonb_build_array(
    jsonb_build_object('what', 'policy', 'at', %s::text, 'value', new.value, 'unit', new.unit))
FROM unnest(%s::bigint[], %s::int[], %s::text[]) AS new (id, value, unit)
WHERE clock.id = new.id
"""
RUNGS = """
UPDATE {rung} AS moment SET fire_at = new.fire_at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (id, fire_at)
WHERE moment.id = new.id
"""


class Row(NamedTuple):
    """A clock as its dates need it; a row is enough, a model instance costs more than its arithmetic."""

    pk: int
    subject_id: int
    generation: int
    state: str
    kind: str
    limit_value: int
    limit_unit: str
    started_at: str
    due_at: str
    provisional: bool
    next_action_at: str | None
    pause_ends_at: str | None
    life: str | None  # only where more than its start is in it
    stage: str
    path: str


class Moment(NamedTuple):
    """A rung that has not fired."""

    clock_id: int
    pk: int
    fire_at: str
    at: str


class Dates(NamedTuple):
    """What a clock's row says about time."""

    due_at: datetime
    provisional: bool
    next_action_at: datetime | None
    pause_ends_at: datetime | None


@dataclass(slots=True)
class Walk:
    """One run in one process: the timetable as it was at its beginning, the new limits, dates computed already.

    A change that comes while it runs owes a run of its own.
    """

    table: Timetable = field(default_factory=timetable)
    limits: Limits = field(default_factory=dict)
    kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    _courses: dict[tuple[int, str, str, str], tuple[Limit, ClockKind, Any]] = field(default_factory=dict)

    def course(self, row: Row, life: Sequence[dict[str, Any]], limit: tuple[int, str]) -> Course:
        """Return the course of a row under a limit."""
        key = (*limit, row.kind, row.path)
        if key not in self._courses:
            hours = self.table.hours_for(row.kind, row.path)
            self._courses[key] = (Limit(limit[0], Unit(limit[1])), ClockKind(row.kind), hours)
        started_at = beijing(datetime.fromisoformat(row.started_at))
        if not life:
            return Course(started_at, *self._courses[key])
        return Course(started_at, *self._courses[key], pauses_in(life), extensions_in(life))

    def dates(self, course: Course, rungs: Iterable[str]) -> tuple[datetime, bool, dict[str, datetime]]:
        """Return due date, whether it is provisional, and when each of these rungs fires."""
        if not course.limit.in_days or course.pauses or course.extensions:
            found = due_of(course, table=self.table)
            return found.at, found.provisional, {at: self._moment(at, course, found.at) for at in rungs}
        day = course.started_at.toordinal()
        about = (day, course.limit.value, course.limit.unit, course.kind, id(course.hours))
        at_due = self.kept.get(about)
        if at_due is None:
            if len(self.kept) > MOST_KEPT:
                self.kept.clear()
            at_due = self.kept[about] = due_of(course, table=self.table)
        moments = {}
        for at in rungs:
            moment = self.kept.get((about, at))
            if moment is None:
                moment = self._moment(at, course, at_due.at)
                # one on the first day itself may lie at the very start
                if moment.toordinal() > day:
                    self.kept[about, at] = moment
            moments[at] = moment
        return at_due.at, at_due.provisional, moments

    def _moment(self, at: str, course: Course, due_at: datetime) -> datetime:
        return moment_of(at, course, due_at, table=self.table)


@dataclass(slots=True)
class Redated:
    """What a batch came to: clocks ``seen``, ``changed``, ``held`` by others, ``broken``."""

    seen: int = 0
    changed: int = 0
    held: list[int] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)


class _Change(NamedTuple):
    """What differs on one clock, its rungs included."""

    pk: int
    subject_id: int
    dates: Dates
    limit: tuple[int, str] | None  # None: it keeps its own
    rungs: list[tuple[int, datetime]]


def plan(family: ClockFamily, of_run: RecomputeRun, *, most: int) -> None:
    """Cut the clocks that a run is about into batches of at most ``most``. One statement; no clock is locked."""
    wanted, values = _wanted(of_run)
    run(family, PLAN.replace("WANTED", wanted), {**values, "run": of_run.pk, "family": family.name, "most": most})


def stretch(family: ClockFamily, batch: RecomputeBatch) -> list[tuple[int, int]]:
    """Return (clock, subject) of what a batch of a run still has to do."""
    if batch.held:
        clocks = family.clock._default_manager.filter(pk__in=batch.held)  # noqa: SLF001
        return list(clocks.order_by("pk").values_list("pk", f"{family.subject_field}_id"))
    wanted, values = _wanted(batch.run)
    stretch_of = {**values, "first": batch.first_pk, "last": batch.last_pk}
    rows = ask(family, STRETCH.replace("WANTED", wanted), stretch_of)
    return [(pk, subject_id) for pk, subject_id in rows]


def _wanted(of_run: RecomputeRun) -> tuple[str, dict[str, Any]]:
    if of_run.policy is not None:
        return OF_POLICY, {"key": of_run.policy.key}
    if of_run.since is None:
        raise ValueError("a run is about a day or a policy")
    return CROSSING, {"day": datetime.combine(of_run.since, time(), SHANGHAI)}


def redate(family: ClockFamily, wanted: Sequence[tuple[int, int]], walk: Walk, *, at: datetime) -> Redated:
    """Date these clocks anew, inside the caller's transaction. A constant number of statements.

    Who is held by others is not waited for. What cannot be computed or stored is said and left as it was.
    """
    numbers = ids(pk for pk, _subject in wanted)
    held_subjects = ids(pk for (pk,) in ask(family, HOLD, [ids(sorted({subject for _pk, subject in wanted}))]))
    rows = [Row._make(row) for row in ask(family, CLAIM, [numbers, held_subjects])]
    missing = {pk for pk, _subject in wanted} - {row.pk for row in rows}
    if missing:
        missing -= {pk for (pk,) in ask(family, GONE, [ids(missing)])}
    done = Redated(seen=len(rows), held=sorted(missing))
    changes = _changes(family, rows, walk, done)
    try:
        with transaction.atomic():
            _store(family, changes, at=at)
    except Exception:
        logger.exception("%d clocks of %s cannot be stored together; going one by one", len(changes), family.name)
        _store_singly(family, changes, done, at=at)
    done.changed = len({change.pk for change in changes} - done.broken.keys())
    return done


def _changes(family: ClockFamily, rows: Sequence[Row], walk: Walk, done: Redated) -> list[_Change]:
    waiting: dict[int, list[Moment]] = {}
    for found in ask(family, WAITING, [ids(row.pk for row in rows)]) if rows else ():
        waiting.setdefault(found[0], []).append(Moment._make(found))
    changes = []
    for row in rows:
        try:
            change = _compared(row, waiting.get(row.pk, ()), walk)
        except Exception as error:
            logger.exception("clock %s of %s cannot be dated anew", row.pk, family.name)
            done.broken[row.pk] = type(error).__name__
        else:
            changes += [change] if change else []
    return changes


def _compared(row: Row, waiting: Sequence[Moment], walk: Walk) -> _Change | None:
    """Return what differs by the timetable of now, None for nothing.

    A clock that stands gets its date when it runs on; only the end of its pause is computed here.
    """
    old = (row.limit_value, row.limit_unit)
    limit = walk.limits.get(row.stage, old)
    life = json.loads(row.life) if row.life else ()
    before = Dates(_at(row.due_at), row.provisional, _maybe(row.next_action_at), _maybe(row.pause_ends_at))
    rungs: list[tuple[int, datetime]] = []
    if row.state == ClockState.PAUSED:
        began = pauses_in(life)[-1][0]
        ends = due(began, PAUSE_CAP, ClockKind.WORKING, walk.table.calendar, walk.table.office).at
        dates = before._replace(pause_ends_at=ends)
    else:
        course = walk.course(row, life, limit)
        due_at, provisional, moments = walk.dates(course, [rung.at for rung in waiting])
        rungs = [(rung.pk, moments[rung.at]) for rung in waiting if moments[rung.at] != _at(rung.fire_at)]
        dates = Dates(due_at, provisional, min(moments.values(), default=None), before.pause_ends_at)
    if dates == before and limit == old and not rungs:
        return None
    return _Change(row.pk, row.subject_id, dates, None if limit == old else limit, rungs)


def _store(family: ClockFamily, changes: Sequence[_Change], *, at: datetime) -> None:
    """Write clocks, their limits and their rungs, a statement each."""
    if not changes:
        return
    columns = [
        ids(change.pk for change in changes),
        array(_text(change.dates.due_at) for change in changes),
        array(str(change.dates.provisional) for change in changes),
        array(_text(change.dates.next_action_at) for change in changes),
        array(_text(change.dates.pause_ends_at) for change in changes),
    ]
    run(family, CLOCKS, columns)
    limits = [(change.pk, *change.limit) for change in changes if change.limit]
    if limits:
        pks, values, units = zip(*limits, strict=True)
        run(family, LIMITS, [at.isoformat(), ids(pks), ids(values), array(units)])
    rungs = [rung for change in changes for rung in change.rungs]
    if rungs:
        run(family, RUNGS, [ids(pk for pk, _moment in rungs), array(_text(moment) for _pk, moment in rungs)])
    refreshed(family.name)({change.subject_id for change in changes})


def _store_singly(family: ClockFamily, changes: Iterable[_Change], done: Redated, *, at: datetime) -> None:
    for change in changes:
        try:
            with transaction.atomic():
                _store(family, [change], at=at)
        except Exception as error:
            logger.exception("clock %s of %s cannot be stored", change.pk, family.name)
            done.broken[change.pk] = type(error).__name__


_at = datetime.fromisoformat


def _maybe(text: str | None) -> datetime | None:
    return None if text is None else _at(text)


def _text(moment: datetime | None) -> str:
    return "NULL" if moment is None else f'"{moment.isoformat()}"'
