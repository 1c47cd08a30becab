"""The sweep: every clock whose next rung has come is escalated, exactly once, whoever else sweeps beside us.

Set-based: per batch a constant number of statements, one transaction, rows claimed with SKIP LOCKED. The unique
constraint (clock, generation, rung) is the last word; the clock's ``next_action_at`` is advanced in the same
transaction, so a killed worker leaves the batch to the next sweep and nothing is doubled.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from deadlines import chats, faults, firing, heartbeat, unseen
from deadlines.firing import Round, Waiting
from deadlines.registry import ClockFamily, families
from notifications.services import close_digest

logger = logging.getLogger(__name__)

# measured: one batch of 1,000 is as fast per row as 5,000 and holds its locks a fifth as long
BATCH = 1000
# A backlog may take minutes: the heart beats on while it is worked off.
PULSE_SECONDS = 5


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


def sweep(*, at: datetime, batch: int = BATCH, beats: bool = True) -> Swept:
    """Escalate every clock of every kind whose next rung's moment is not later than ``at`` (aware).

    Missed rungs are fired oldest first, each dated at the moment it fell due. Repeating it does nothing more. With
    nothing due it costs one statement a kind and the heartbeat. Without ``beats`` it leaves no heartbeat: a moment
    that is not now proves nothing about the beat. A clock that nobody is left to be told of is set aside, alone.
    """
    total = Swept()
    pulse = _Pulse(at) if beats else None
    this_round: Round | None = None
    for family in families():
        waiting = firing.waiting(family, at=at)
        if any(waiting):
            this_round = this_round or Round(at)
            total += _sweep_family(family, this_round, waiting, batch=batch, pulse=pulse)
    if this_round and total.notices:
        close_digest(this_round.digest)
        if this_round.chats:
            chats.close(this_round.digest)
    if pulse:
        pulse.beat(total.escalations)
    return total


def _sweep_family(
    family: ClockFamily, this_round: Round, waiting: Waiting, *, batch: int, pulse: "_Pulse | None"
) -> Swept:
    total = Swept()
    if waiting.chats:
        chats.close_forgotten()
    this_round.faults = waiting.faults
    if waiting.faults:
        firing.wake(family, at=this_round.at)
        waiting = firing.waiting(family, at=this_round.at)
    while waiting.clocks or waiting.unseen:
        done = sweep_batch(family, this_round, batch=batch) if waiting.clocks else Swept()
        raised = _raise_unseen(family, this_round, batch=batch) if waiting.unseen else 0
        if not done.clocks and not raised:
            break  # others have all of it in hand
        total += done
        if pulse and pulse.is_due():
            pulse.beat(total.escalations)
        waiting = firing.waiting(family, at=this_round.at)
    return total


class _Pulse:
    """The heartbeat of one sweep for the moment ``at``, which beats on while a backlog is worked off."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._began = self._beaten = time.monotonic()

    def is_due(self) -> bool:
        return time.monotonic() - self._beaten > PULSE_SECONDS

    def beat(self, handled: int) -> None:
        self._beaten = time.monotonic()
        heartbeat.beat(heartbeat.SWEEP, at=self._at + timedelta(seconds=self._beaten - self._began), handled=handled)


def sweep_batch(family: ClockFamily, this_round: Round, *, batch: int = BATCH) -> Swept:
    """Handle one batch; if it fails, handle its clocks one by one and set the bad ones aside."""
    try:
        with transaction.atomic():
            return _fire(family, firing.claim(family, at=this_round.at, batch=batch), this_round)
    except Exception:
        logger.exception("sweep of %s failed as a batch; going clock by clock", family.name)
    return _one_by_one(family, this_round, batch=batch)


def _fire(family: ClockFamily, clock_ids: list[int], this_round: Round) -> Swept:
    if not clock_ids:
        return Swept()
    done = firing.fire(family, clock_ids, this_round)
    return Swept(clocks=len(clock_ids), escalations=done.escalations, notices=done.notices, faults=done.faults)


def _raise_unseen(family: ClockFamily, this_round: Round, *, batch: int) -> int:
    try:
        return unseen.raise_unseen(family, this_round, batch=batch)
    except Exception:
        logger.exception("unanswered escalations of %s could not be told one level up", family.name)
    unseen.put_off(family, at=this_round.at, until=this_round.at + faults.RETRY_AFTER)
    return 0


def _one_by_one(family: ClockFamily, this_round: Round, *, batch: int) -> Swept:
    total = Swept()
    ids = list(
        family.clock._default_manager.filter(next_action_at__lte=this_round.at)  # noqa: SLF001
        .order_by("next_action_at", "pk")
        .values_list("pk", flat=True)[:batch]
    )
    for clock_id in ids:
        try:
            with transaction.atomic():
                done = _fire(family, firing.claim_one(family, clock_id, at=this_round.at), this_round)
        except Exception as error:
            logger.exception("clock %s of %s could not be escalated", clock_id, family.name)
            with transaction.atomic():
                firing.set_aside(family, [clock_id], faults.named(error), at=this_round.at)
            done = Swept(clocks=1, faults=1)
        total += done
    return total
