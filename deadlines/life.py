"""A clock's life after its start: paused, resumed, extended, paused too long; dates and rungs follow its event list.

``Clock.life`` is the list; ``recompute`` is the one function that turns it into ``due_at``. Pause and resume stay in
the clock's generation, so no rung fires twice; an approved extension opens the next generation, in which a rung whose
new moment still lies ahead fires again (architecture.md 4, clock life).
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from deadlines.calendar import ClockKind, Due, Limit, Unit, due
from deadlines.clocks import clocks_of
from deadlines.enums import ClockState, Nature
from deadlines.models import Clock, ClockRung
from deadlines.registry import ClockFamily, families, pause_over
from deadlines.runs import course_of, due_of, moment_of
from deadlines.timetable import Timetable, timetable
from people.inserting import IN_ONE_TRIP, insert, update_of

logger = logging.getLogger(__name__)

# How long a matter may wait for its petitioner before it runs on by itself (project default; rules.md d.3 wants a cap).
PAUSE_CAP = Limit(10, Unit.WORKDAY)
# Promises among ourselves: no petitioner can hold them up.
OUR_OWN = frozenset({"intake", "supervision", "verification", "bad_rating", "public_notice", "decline_appeal"})


def recompute(clock: Clock, *, table: Timetable) -> Due:
    """Return when the clock falls due after all that happened to it.

    :raises StillPaused: while it stands
    """
    return due_of(course_of(clock, table=table), table=table)


def pause(
    family: ClockFamily, subject_id: int, *, at: datetime, reason: str, table: Timetable | None = None
) -> list[Clock]:
    """Let the running duties of one subject stand, within the caller's transaction; return all its open clocks.

    Natural clocks (1365, urgent, emergency) never stand still, nor does what is late already. Each pause ends by
    itself after ``PAUSE_CAP``. ``reason`` is a code, never a resident's words.
    """
    table = table or timetable()
    ends_at = due(at, PAUSE_CAP, ClockKind.WORKING, table.calendar, table.office).at
    clocks = clocks_of(family, subject_id)
    paused = [clock for clock in clocks if clock.state == ClockState.RUNNING and may_pause(clock, at=at)]
    for clock in paused:
        clock.state, clock.next_action_at, clock.pause_ends_at = ClockState.PAUSED, None, ends_at
        clock.life = [*clock.life, {"what": "pause", "at": at.isoformat(), "reason": reason}]
    changed = ("state", "next_action_at", "pause_ends_at", "life")
    insert([], before=[update_of(clock, changed) for clock in paused], most=IN_ONE_TRIP)
    return _open(clocks)


def may_pause(clock: Clock, *, at: datetime) -> bool:
    """Tell whether a clock may stand still: a duty in working time that is not late and waits for the petitioner."""
    own = clock.stage.policy.key in OUR_OWN
    return clock.kind != ClockKind.NATURAL and clock.stage.nature == Nature.DUTY and not own and at < clock.due_at


@transaction.atomic
def resume(family: ClockFamily, subject_id: int, *, at: datetime) -> list[Clock]:
    """Let the paused clocks of one subject run on; their dates move by what the pause cost. Return all open clocks."""
    table = timetable()
    clocks = clocks_of(family, subject_id)
    for clock in clocks:
        if clock.state == ClockState.PAUSED:
            clock.state, clock.pause_ends_at = ClockState.RUNNING, None
            clock.life = [*clock.life, {"what": "resume", "at": at.isoformat()}]
            _move(family, clock, table=table)
    return _open(clocks)


@transaction.atomic
def extend(family: ClockFamily, clock_id: int, *, amount: Limit, at: datetime) -> Clock:
    """Lengthen one running clock by ``amount``: a new generation with a later date.

    Whether it may be, and who approves, is the caller's to check.
    """
    clock = (
        family.clock._default_manager.select_for_update(of=("self",))  # noqa: SLF001
        .select_related("stage__policy", "area")
        .get(pk=clock_id)
    )
    clock.generation += 1
    clock.life = [
        *clock.life,
        {"what": "extend", "at": at.isoformat(), "value": amount.value, "unit": str(amount.unit)},
    ]
    table = timetable()
    found = recompute(clock, table=table)
    clock.due_at, clock.provisional = found.at, found.provisional
    rungs = [
        family.rung(  # type: ignore[misc]  # the concrete model has the key
            clock=clock, generation=clock.generation, rung=rung, fire_at=moment, fired_at=None if moment > at else at
        )
        for rung, moment in ((rung, rung_moment_of(rung.at, clock, table=table)) for rung in clock.stage.rungs.all())
    ]
    clock.next_action_at = min((rung.fire_at for rung in rungs if rung.fired_at is None), default=None)
    clock.save(update_fields=["generation", "life", "due_at", "provisional", "next_action_at"])
    family.rung._default_manager.bulk_create(rungs)  # noqa: SLF001
    return clock


def overlong_pauses(family: ClockFamily, *, at: datetime, limit: int = 500) -> list[int]:
    """Return the subjects whose pause has reached its cap by ``at``, oldest first."""
    rows = (
        family.clock._default_manager.filter(state=ClockState.PAUSED, pause_ends_at__lte=at)  # noqa: SLF001
        .order_by("pause_ends_at")
        .values_list(f"{family.subject_field}_id", flat=True)[:limit]
    )
    return list(dict.fromkeys(rows))


def end_pauses(*, at: datetime) -> int:
    """Let every subject whose pause is over run on, through what its family does then; return how many.

    Repeating it ends nothing twice: a subject that runs is no longer found.
    """
    ended = 0
    for family in families():
        for subject_id in overlong_pauses(family, at=at):
            try:
                pause_over(family.name)(subject_id, at)
            except Exception:
                # one that cannot must not keep the others standing; it is found again next time
                logger.exception("the pause of %s %s could not be ended", family.name, subject_id)
            else:
                ended += 1
    return ended


def _open(clocks: Sequence[Clock]) -> list[Clock]:
    return [clock for clock in clocks if clock.state in {ClockState.RUNNING, ClockState.PAUSED}]


def rung_moment_of(at: str, clock: Clock, *, table: Timetable) -> datetime:
    """Return when a rung fires on this clock after all that happened to it (``at`` as the policy writes it)."""
    return moment_of(at, course_of(clock, table=table), clock.due_at, table=table)


def _move(family: ClockFamily, clock: Clock, *, table: Timetable) -> None:
    """Store the new date of a resumed clock and of those of its rungs that have not fired."""
    found = recompute(clock, table=table)
    clock.due_at, clock.provisional = found.at, found.provisional
    waiting: list[ClockRung] = list(
        family.rung._default_manager.filter(  # type: ignore[misc]  # noqa: SLF001 - the concrete model has the key
            clock_id=clock.pk, generation=clock.generation, fired_at=None
        ).select_related("rung")
    )
    for rung in waiting:
        rung.fire_at = rung_moment_of(rung.rung.at, clock, table=table)
    family.rung._default_manager.bulk_update(waiting, ["fire_at"])  # noqa: SLF001
    clock.next_action_at = min((rung.fire_at for rung in waiting), default=None)
    clock.save(update_fields=["state", "pause_ends_at", "life", "due_at", "provisional", "next_action_at"])
