"""Clocks of things that happened elsewhere before we knew of them: written in bulk, their past rungs as history.

Nothing here sends anything: a rung whose moment has passed is recorded as a historic escalation, and the clocks that
still run enter the sweep with the rungs that lie ahead of them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from deadlines.clocks import Moments, Owes, cancel_clock, rung_moment, stages_of, start_clock, stop_clock
from deadlines.enums import OPEN_STATES, ClockState
from deadlines.loading import condition_holds
from deadlines.models import Clock, ClockRung, Escalation
from deadlines.registry import ClockFamily, Fired
from deadlines.timetable import Timetable, timetable
from grids.posts import Told


@dataclass(frozen=True, slots=True)
class Past:
    """One thing and all that is known of it; ``over_at`` is when it ended, None while it is open."""

    subject_id: int
    policy_id: int
    moments: Moments
    facts: Mapping[str, Any]
    owes: Owes
    over_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written: the clocks that still run, by subject, and how many rungs were past."""

    running: Mapping[int, list[Clock]]
    escalations: int


def record(family: ClockFamily, pasts: Sequence[Past], *, told: Told, at: datetime) -> Recorded:
    """Write the clocks, rungs and historic escalations of subjects that have no clocks yet; four statements.

    ``at`` is the moment of the import: what fell due before it is history, and ``told`` is whom the history names.
    """
    table = timetable()
    clocks = {past.subject_id: _clocks_of(family, past, table=table) for past in pasts}
    rungs = [
        (rung, clock)
        for past in pasts
        for clock in clocks[past.subject_id]
        for rung in _rungs_of(family, clock, past, table=table, at=at)
    ]
    fired = [(rung, clock) for rung, clock in rungs if rung.fired_at is not None]
    _store(family.clock, [clock for of_one in clocks.values() for clock in of_one])
    _store(family.rung, [rung for rung, _clock in rungs])
    _store(family.escalation, [_escalation(family, rung, clock, told=told, at=at) for rung, clock in fired])
    family.append_events([_fired(family, rung, clock) for rung, clock in fired])
    running = {
        subject_id: [clock for clock in of_one if clock.state in OPEN_STATES] for subject_id, of_one in clocks.items()
    }
    return Recorded(running=running, escalations=len(fired))


def let_pass(family: ClockFamily, subject_ids: Collection[int], *, told: Told, at: datetime) -> int:
    """Make the rungs of running clocks that lie before ``at`` history, as ``record`` does; return how many they were.

    For what was filed now and happened earlier: nobody is told of a step that was never awaited.
    """
    of_one = f"{family.subject_field}__in"
    running = family.clock._default_manager.filter(state=ClockState.RUNNING, **{of_one: subject_ids})  # noqa: SLF001
    clocks = {clock.pk: clock for clock in running.select_for_update().order_by("pk")}
    wanted: dict[str, Any] = {"clock__in": list(clocks), "fired_at": None}  # the concrete model has the key
    waiting = family.rung._default_manager.filter(**wanted)  # noqa: SLF001
    rungs = list(waiting.select_related("rung").order_by("fire_at", "pk"))
    current = [one for one in rungs if one.generation == clocks[one.clock_id].generation]  # type: ignore[attr-defined]
    past = [one for one in current if one.fire_at <= at]
    touched = {one.clock_id for one in past}  # type: ignore[attr-defined]
    for one in past:
        one.fired_at = at
    for key in touched:
        ahead = [one.fire_at for one in current if one.clock_id == key and one.fired_at is None]  # type: ignore[attr-defined]
        clocks[key].next_action_at = min(ahead, default=None)
    pairs = [(one, clocks[one.clock_id]) for one in past]  # type: ignore[attr-defined]
    family.rung._default_manager.bulk_update(past, ["fired_at"])  # noqa: SLF001
    family.clock._default_manager.bulk_update([clocks[key] for key in touched], ["next_action_at"])  # noqa: SLF001
    _store(family.escalation, [_escalation(family, one, clock, told=told, at=at) for one, clock in pairs])
    family.append_events([_fired(family, one, clock) for one, clock in pairs])
    return len(past)


def _clocks_of(family: ClockFamily, past: Past, *, table: Timetable) -> list[Clock]:
    clocks = [
        start_clock(
            family,
            past.subject_id,
            stage,
            started_at=past.moments[stage.anchor][0],
            owes=past.owes,
            table=table,
        )
        for stage in stages_of(past.policy_id)
        if stage.anchor in past.moments and condition_holds(stage.applies_when, past.facts)
    ]
    for clock in clocks:
        if not stop_clock(clock, past.moments) and past.over_at is not None:
            cancel_clock(clock, at=past.over_at)
    return clocks


def _rungs_of(family: ClockFamily, clock: Clock, past: Past, *, table: Timetable, at: datetime) -> list[ClockRung]:
    """Return the rungs the clock reached before it ended and, while it runs, those ahead; sets its next action."""
    ended = clock.stopped_at or past.over_at
    found: list[ClockRung] = []
    for rung in clock.stage.rungs.all():
        moment = rung_moment(rung, clock, table=table, area_path=past.owes.area_path)
        reached = moment < ended if ended else moment <= at
        if reached or not ended:
            found.append(
                family.rung(  # type: ignore[misc]  # the concrete model has the key
                    clock=clock,
                    generation=clock.generation,
                    rung=rung,
                    fire_at=moment,
                    fired_at=at if reached else None,
                )
            )
    if not ended:
        clock.next_action_at = min((rung.fire_at for rung in found if rung.fired_at is None), default=None)
    return found


def _store(model: type[Model], rows: Sequence[Model]) -> None:
    model._default_manager.bulk_create(rows)  # noqa: SLF001 - Django's public name for a manager one does not know


def _escalation(family: ClockFamily, rung: ClockRung, clock: Clock, *, told: Told, at: datetime) -> Escalation:
    return family.escalation(  # type: ignore[misc]  # as above
        clock=clock,
        generation=rung.generation,
        rung_id=rung.rung_id,
        fell_due_at=rung.fire_at,
        fired_at=at,
        level=rung.rung.level,
        told=list(told.user_ids),
        route=told.route,
        historic=True,
    )


def _fired(family: ClockFamily, rung: ClockRung, clock: Clock) -> Fired:
    return Fired(
        clock_id=clock.pk,
        subject_id=getattr(clock, f"{family.subject_field}_id"),
        rung_id=rung.rung_id,
        at=rung.fire_at.isoformat(),
        historic=True,
    )
