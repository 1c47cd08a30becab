"""Promises that come round again, and a matter that comes under other rules.

``clocks.advance`` derives a clock from what has happened once. Here is what begins because somebody says so: the next
round of a promise (word every few working days, a check after every resolution), and the change from one policy to
another.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deadlines.clocks import (
    Known,
    Moments,
    Owes,
    cancel_clock,
    clocks_of,
    compute_due,
    keep,
    latest,
    save,
    stages_of,
    start_clock,
    stop_clock,
)
from deadlines.enums import OPEN_STATES, ClockState
from deadlines.loading import condition_holds
from deadlines.models import Clock, Stage
from deadlines.registry import ClockFamily
from deadlines.timetable import timetable


def begin(
    family: ClockFamily,
    subject_id: int,
    *,
    policy: int,
    anchor: str,
    owes: Owes,
    at: datetime,
    known: Known | None = None,
) -> list[Clock]:
    """Start, ``at`` an instant, the stages of a policy that wait for ``anchor``: the first time, or the next one.

    What still runs is left alone. ``known`` as for ``clocks.advance``. Return all open clocks of the subject.
    """
    clocks = clocks_of(family, subject_id) if known is None else [*known.clocks]
    last = latest(clocks)
    table = timetable() if known is None else known.table
    started = [
        start_clock(
            family,
            subject_id,
            stage,
            started_at=at,
            owes=owes,
            table=table,
            generation=last[stage.pk].generation + 1 if stage.pk in last else 1,
        )
        for stage in stages_of(policy)
        if stage.anchor == anchor and not (stage.pk in last and last[stage.pk].state in OPEN_STATES)
    ]
    keep(family, [], started, known, table=table, area_path=owes.area_path)
    return [clock for clock in (*clocks, *started) if clock.state in OPEN_STATES]


def renew(
    family: ClockFamily,
    subject_id: int,
    *,
    policy: int,
    owes: Owes,
    at: datetime,
    needed: Callable[[datetime, Sequence[Clock]], bool],
    known: Known | None = None,
) -> list[Clock]:
    """Stop, ``at`` an instant, what runs of a policy, kept or late as it is, and start its next round if ``needed``.

    ``needed`` is asked with the next round's due date and the other clocks still open. ``known`` as for
    ``clocks.advance``. Return all open clocks.
    """
    clocks = clocks_of(family, subject_id) if known is None else [*known.clocks]
    last = latest(clocks)
    still_open = [clock for clock in clocks if clock.state in OPEN_STATES]
    ending = [clock for clock in still_open if clock.stage.policy_id == policy]
    others = [clock for clock in still_open if clock not in ending]
    for clock in ending:
        stop_clock(clock, {clock.stage.stopped_by: [max(at, clock.started_at)]})
    table = timetable() if known is None else known.table
    next_round = [
        start_clock(
            family,
            subject_id,
            stage,
            started_at=at,
            owes=owes,
            table=table,
            generation=last[stage.pk].generation + 1 if stage.pk in last else 1,
        )
        for stage in stages_of(policy)
    ]
    started = [clock for clock in next_round if needed(clock.due_at, others)]
    keep(family, ending, started, known, table=table, area_path=owes.area_path)
    return [*others, *started]


@dataclass(slots=True)
class Converted:
    """What a change of the rules did: stages by their code."""

    open: list[Clock] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    anew: list[str] = field(default_factory=list)


def convert(
    family: ClockFamily,
    subject_id: int,
    *,
    old: int,
    new: int,
    moments: Moments,
    facts: Mapping[str, Any],
    owes: Owes,
    at: datetime,
    afresh: bool = False,
    kept: Collection[str] = (),
    dry: bool = False,
) -> Converted:
    """Bring a subject from policy ``old`` under policy ``new`` (or to other facts under the same one).

    Clocks of the old rules are removed; one that is late by then is frozen as missed, so that no change hides a
    breach; those of the stages ``kept`` run on. Stages of the new rules that are not done yet count from their own
    moments; with ``afresh``, or where the date would lie behind us, from the change. So a change never makes anything
    late. ``dry`` only says what would be done.
    """
    clocks = clocks_of(family, subject_id)
    known = latest(clocks)
    done = Converted()
    table = timetable()
    ended: list[Clock] = []
    for clock in clocks:
        if clock.stage.policy_id != old or clock.state not in OPEN_STATES or clock.stage.code in kept:
            continue
        if old == new and condition_holds(clock.stage.applies_when, facts) and not afresh:
            continue
        late = clock.state == ClockState.RUNNING and at >= clock.due_at
        if late:
            stop_clock(clock, {clock.stage.stopped_by: [at]})
            done.missed.append(clock.stage.code)
        else:
            cancel_clock(clock, at=at)
            done.removed.append(clock.stage.code)
        ended.append(clock)
    started: list[Clock] = []
    for stage in stages_of(new):
        last = known.get(stage.pk)
        gone = last is not None and last.state != ClockState.CANCELLED and last not in ended
        if gone or stage.anchor not in moments or not condition_holds(stage.applies_when, facts):
            continue
        anchor = moments[stage.anchor][0]
        is_done = _is_done(stage, anchor, moments)
        begins = at if afresh else anchor
        if not is_done and compute_due(stage, started_at=begins, table=table, area_path=owes.area_path)[0] <= at:
            begins = at
        clock = start_clock(
            family,
            subject_id,
            stage,
            started_at=begins,
            owes=owes,
            table=table,
            generation=last.generation + 1 if last is not None else 1,
        )
        if is_done:
            # done under the old rules and judged by them: nothing is promised here
            cancel_clock(clock, at=at)
        else:
            (done.anew if begins == at else done.started).append(stage.code)
        started.append(clock)
    if not dry:
        save(family, ended, started, table=table, area_path=owes.area_path)
    done.open = [clock for clock in (*clocks, *started) if clock.state in OPEN_STATES]
    return done


def _is_done(stage: Stage, anchor: datetime, moments: Moments) -> bool:
    return any(stop >= anchor for stop in moments.get(stage.stopped_by, ()))
