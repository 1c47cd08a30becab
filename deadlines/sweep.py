"""The sweep: every clock whose next rung has come is escalated, exactly once, whoever else sweeps beside us.

Set-based: per batch a constant number of statements, one transaction, rows claimed with SKIP LOCKED. The unique
constraint (clock, generation, rung) is the last word; the clock's ``next_action_at`` is advanced in the same
transaction, so a killed worker leaves the batch to the next sweep and nothing is doubled.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F

from deadlines import firing, heartbeat, unseen
from deadlines.firing import Round
from deadlines.models import SweepFault
from deadlines.registry import ClockFamily, families
from grids.errors import NobodyToTell
from notifications.services import close_digest

logger = logging.getLogger(__name__)

# measured: one batch of 1,000 is as fast per row as 5,000 and holds its locks a fifth as long
BATCH = 1000
RETRY_AFTER = timedelta(minutes=10)
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


def sweep(*, at: datetime, batch: int = BATCH) -> Swept:
    """Escalate every clock of every kind whose next rung's moment is not later than ``at`` (aware).

    Missed rungs are fired oldest first, each dated at the moment it fell due. Repeating it does nothing more. With
    nothing due it costs one statement a kind and the heartbeat.
    """
    total = Swept()
    this_round = Round(at)
    began = beaten = time.monotonic()
    for family in families():
        while any(waiting := firing.waiting(family, at=at)):
            done = sweep_batch(family, this_round, batch=batch) if waiting.clocks else Swept()
            raised = _raise_unseen(family, this_round, batch=batch) if waiting.unseen else 0
            if not done.clocks and not raised:
                break  # others have all of it in hand
            total += done
            if time.monotonic() - beaten > PULSE_SECONDS:
                beaten = time.monotonic()
                heartbeat.beat(heartbeat.SWEEP, at=at + timedelta(seconds=beaten - began), handled=total.escalations)
    if total.notices:
        close_digest(this_round.digest)
    heartbeat.beat(heartbeat.SWEEP, at=at + timedelta(seconds=time.monotonic() - began), handled=total.escalations)
    return total


def sweep_batch(family: ClockFamily, this_round: Round, *, batch: int = BATCH) -> Swept:
    """Handle one batch; if it fails, handle its clocks one by one and set the bad ones aside."""
    try:
        with transaction.atomic():
            return _fire(family, firing.claim(family, at=this_round.at, batch=batch), this_round)
    except NobodyToTell:
        raise
    except Exception:
        logger.exception("sweep of %s failed as a batch; going clock by clock", family.name)
    return _one_by_one(family, this_round, batch=batch)


def _fire(family: ClockFamily, clock_ids: list[int], this_round: Round) -> Swept:
    if not clock_ids:
        return Swept()
    done = firing.fire(family, clock_ids, this_round)
    return Swept(clocks=len(clock_ids), escalations=done.escalations, notices=done.notices)


def _raise_unseen(family: ClockFamily, this_round: Round, *, batch: int) -> int:
    try:
        return unseen.raise_unseen(family, this_round, batch=batch)
    except NobodyToTell:
        raise
    except Exception:
        logger.exception("unanswered escalations of %s could not be told one level up", family.name)
    unseen.put_off(family, at=this_round.at, until=this_round.at + RETRY_AFTER)
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
        except NobodyToTell:
            raise
        except Exception as error:
            logger.exception("clock %s of %s could not be escalated", clock_id, family.name)
            _set_aside(family, clock_id, error, at=this_round.at)
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
