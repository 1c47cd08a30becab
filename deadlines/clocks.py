"""The life of clocks: started, stopped, restarted, cancelled from what has happened; dates stored, rungs stored.

``advance`` is derived from all moments so far and may be repeated: it starts what has its anchor and no clock yet,
stops what has its stop, and leaves the rest alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from deadlines.calendar import ClockKind, Limit, Unit, due, fire_at
from deadlines.enums import OPEN_STATES, ClockState, Nature
from deadlines.errors import NoPolicyInForce
from deadlines.loading import condition_holds
from deadlines.models import Clock, ClockRung, Policy, Rung, Stage
from deadlines.registry import ClockFamily
from deadlines.timetable import Timetable, timetable
from people.inserting import IN_ONE_TRIP, insert, update_of
from people.keeping import Stamp
from people.prepared import Prepared

Moments = Mapping[str, Sequence[datetime]]
# what changes on a clock that stops or is cancelled
STOPPING = ("state", "stopped_at", "met", "seconds_late", "next_action_at", "pause_ends_at", "life")


# Changes with every edit of a policy, of which each leaves an event, and with every one taken away.
POLICIES = Stamp("(SELECT max(pgh_id) FROM deadlines_policyevent)", "(SELECT count(*) FROM deadlines_policy)")
_POLICY_ON: Prepared[int] = Prepared(
    lambda on, key: Policy.objects.in_force(on).filter(key=key).values_list("pk", flat=True)[:1], date.max, "key"
)


@dataclass(frozen=True, slots=True)
class Owes:
    """Who answers for the subject now: its area (with path), the handling unit and the person, if any."""

    area_id: int
    area_path: str
    organisation_id: int | None = None
    holder_id: int | None = None


@dataclass(slots=True)
class Known:
    """What several steps on one subject need: its clocks, read once and locked, and the timetable.

    What stops and what starts is kept here until ``store`` writes all of it at once.
    """

    clocks: list[Clock]
    table: Timetable
    stopped: list[Clock] = field(default_factory=list)
    started: list[Clock] = field(default_factory=list)


def policy_ids(key: str, *, on: date) -> list[int]:
    """Return the id of the version of policy ``key`` in force on the civil date ``on``, as a list of one.

    :raises NoPolicyInForce: if there is none
    """
    found = _POLICY_ON(on, key)
    if not found:
        raise NoPolicyInForce(_("Policy “%(key)s” is not in force on %(on)s.") % {"key": key, "on": on.isoformat()})
    return found


def policy_kept(key: str, *, on: date) -> int:
    """Return the one of ``policy_ids``, kept in the process: one query while no policy changed, or none (``Stamp``).

    :raises NoPolicyInForce: if there is none
    """
    return _policy_kept(key, on, *POLICIES.now())


@lru_cache(maxsize=64)
def _policy_kept(key: str, on: date, *_policies: int) -> int:
    return policy_ids(key, on=on)[0]


@lru_cache(maxsize=256)
def stages_of(policy_id: int) -> tuple[Stage, ...]:
    """Return a policy version's stages with their rungs. Kept in the process: a version is never rewritten."""
    found = Stage.objects.filter(policy=policy_id).select_related("policy")
    return tuple(found.prefetch_related("rungs").order_by("position"))


def advance(
    family: ClockFamily,
    subject_id: int,
    *,
    policies: Sequence[int],
    moments: Moments,
    facts: Mapping[str, Any],
    owes: Owes,
    at: datetime,
    over: bool = False,
    spare: Collection[str] = (),
    known: Known | None = None,
) -> list[Clock]:
    """Bring one subject's clocks to what has happened; return those still open.

    A stage whose clock was cancelled starts anew if its anchor comes again after that. ``over`` cancels what is left
    open (declined, withdrawn, closed), but for the policies in ``spare``. ``known``: where all of it was read
    already; nothing is written then before ``store``.
    """
    clocks = clocks_of(family, subject_id) if known is None else [*known.clocks]
    stopped = [clock for clock in clocks if clock.state in OPEN_STATES and stop_clock(clock, moments)]
    last = latest(clocks)
    due_to_start = [
        (stage, anchor)
        for policy_id in policies
        for stage in stages_of(policy_id)
        if (anchor := _begins_at(stage, last.get(stage.pk), moments)) is not None
        and condition_holds(stage.applies_when, facts)
    ]
    table = (known.table if known is not None else timetable()) if due_to_start else None
    started = [
        start_clock(
            family,
            subject_id,
            stage,
            started_at=anchor,
            owes=owes,
            table=table,
            generation=last[stage.pk].generation + 1 if stage.pk in last else 1,
        )
        for stage, anchor in due_to_start
        if table is not None
    ]
    for clock in started:
        stop_clock(clock, moments)
    if over:
        cancelled = [
            clock for clock in (*clocks, *started) if clock.state in OPEN_STATES and clock.stage.policy.key not in spare
        ]
        for clock in cancelled:
            cancel_clock(clock, at=at)
        stopped += [clock for clock in cancelled if clock.pk is not None]
    keep(family, stopped, started, known, table=table, area_path=owes.area_path)
    _hand_over(family, [clock for clock in clocks if clock.state in OPEN_STATES], owes)
    return [clock for clock in (*clocks, *started) if clock.state in OPEN_STATES]


def opening(
    family: ClockFamily,
    subject_id: int,
    *,
    keys: Iterable[int],
    policies: Sequence[int],
    moments: Moments,
    facts: Mapping[str, Any],
    owes: Owes,
) -> list[Clock | ClockRung]:
    """Return the first clocks of a subject that is about to be written, and their rungs: ``begun`` and ``rows_of``."""
    known = begun(family, subject_id, policies=policies, moments=moments, facts=facts, owes=owes)
    return rows_of(family, known, keys=keys, area_path=owes.area_path)


def begun(
    family: ClockFamily,
    subject_id: int,
    *,
    policies: Sequence[int],
    moments: Moments,
    facts: Mapping[str, Any],
    owes: Owes,
) -> Known:
    """Return the first clocks of a subject that is about to be written, unsaved: what ``advance`` would start."""
    table = timetable()
    started = [
        start_clock(family, subject_id, stage, started_at=anchor, owes=owes, table=table)
        for policy_id in policies
        for stage in stages_of(policy_id)
        if (anchor := _begins_at(stage, None, moments)) is not None and condition_holds(stage.applies_when, facts)
    ]
    for clock in started:
        stop_clock(clock, moments)
    return Known(started, table, started=[*started])


def rows_of(family: ClockFamily, known: Known, *, keys: Iterable[int], area_path: str) -> list[Clock | ClockRung]:
    """Return the rows of a subject's first clocks, and of their rungs, for whoever writes the subject with them.

    ``keys``: drawn before, at least as many as there are clocks; these take the first of them.
    """
    for clock, key in zip(known.started, keys, strict=False):
        clock.pk = key
    return [*known.started, *_rungs_of(family, known.started, table=known.table, area_path=area_path)]


def latest(clocks: Sequence[Clock]) -> dict[int, Clock]:
    """Return the last generation of each stage's clocks, by stage."""
    return {clock.stage_id: clock for clock in sorted(clocks, key=lambda clock: clock.generation)}


def _begins_at(stage: Stage, last: Clock | None, moments: Moments) -> datetime | None:
    """Return when a stage begins: at its first anchor, or at the first after its clock was cancelled."""
    anchors = moments.get(stage.anchor, ())
    if last is None:
        return next(iter(anchors), None)
    if last.state != ClockState.CANCELLED:
        return None
    cancelled_at = datetime.fromisoformat(last.life[-1]["at"])
    return next((at for at in anchors if at > cancelled_at), None)


def restart(
    family: ClockFamily,
    subject_id: int,
    *,
    stopped_by: Collection[str],
    owes: Owes,
    at: datetime,
    policies: Collection[int] = (),
    known: Known | None = None,
) -> list[Clock]:
    """Start a new generation, at ``at``, of the duties that one of those moments had stopped.

    Of these ``policies`` alone, if any are named. ``known`` as for ``advance``. Return all open clocks.
    """
    clocks = clocks_of(family, subject_id) if known is None else [*known.clocks]
    last = latest(clocks)
    table = timetable() if known is None else known.table
    again = [
        start_clock(
            family, subject_id, clock.stage, started_at=at, owes=owes, table=table, generation=clock.generation + 1
        )
        for clock in last.values()
        if clock.state == ClockState.STOPPED
        and clock.stage.stopped_by in stopped_by
        and clock.stage.nature == Nature.DUTY
        and clock.stage.policy.key != "intake"
        and (not policies or clock.stage.policy_id in policies)
    ]
    keep(family, [], again, known, table=table, area_path=owes.area_path)
    return [clock for clock in (*clocks, *again) if clock.state in OPEN_STATES]


def compute_due(stage: Stage, *, started_at: datetime, table: Timetable, area_path: str) -> tuple[datetime, bool]:
    """Return when a stage started at ``started_at`` falls due, and whether a missing notice may still change it."""
    found = due(
        started_at,
        Limit(stage.limit_value, Unit(stage.limit_unit)),
        ClockKind(stage.clock),
        table.calendar,
        table.hours_for(stage.clock, area_path),
    )
    return found.at, found.provisional


def rung_moment(rung: Rung, clock: Clock, *, table: Timetable, area_path: str) -> datetime:
    """Return when a rung of this clock fires."""
    return fire_at(
        rung.at,
        start=clock.started_at,
        due=clock.due_at,
        limit=Limit(clock.limit_value, Unit(clock.limit_unit)),
        kind=ClockKind(clock.kind),
        cal=table.calendar,
        hours=table.hours_for(clock.kind, area_path),
    )


def clocks_of(family: ClockFamily, subject_id: int) -> list[Clock]:
    """Return all clocks of one subject, locked, with stage, policy and area."""
    return list(
        family.clock._default_manager.filter(**{family.subject_field: subject_id})  # noqa: SLF001
        .select_related("stage__policy", "area")
        .order_by("pk")
        .select_for_update(of=("self",))
    )


def start_clock(
    family: ClockFamily,
    subject_id: int,
    stage: Stage,
    *,
    started_at: datetime,
    owes: Owes,
    table: Timetable,
    generation: int = 1,
) -> Clock:
    """Return the unsaved clock of a stage that started at ``started_at``, with its due date."""
    due_at, provisional = compute_due(stage, started_at=started_at, table=table, area_path=owes.area_path)
    return family.clock(
        **{f"{family.subject_field}_id": subject_id},
        stage=stage,
        generation=generation,
        kind=stage.clock,
        limit_value=stage.limit_value,
        limit_unit=stage.limit_unit,
        started_at=started_at,
        due_at=due_at,
        provisional=provisional,
        life=[{"what": "start" if generation == 1 else "restart", "at": started_at.isoformat()}],
        area_id=owes.area_id,
        organisation_id=owes.organisation_id,
        holder_id=owes.holder_id,
    )


def stop_clock(clock: Clock, moments: Moments) -> bool:
    """Stop the clock if its stop has come since it started; its facts are frozen."""
    stop = next((at for at in moments.get(clock.stage.stopped_by, ()) if at >= clock.started_at), None)
    if stop is None:
        return False
    # a paused clock was not late when it began to stand, and cannot become late while it stands
    clock.met = clock.state == ClockState.PAUSED or stop < clock.due_at or clock.due_at == clock.started_at == stop
    clock.state = ClockState.STOPPED
    clock.stopped_at = stop
    clock.seconds_late = 0 if clock.met else int((stop - clock.due_at).total_seconds())
    clock.next_action_at = clock.pause_ends_at = None
    clock.life = [*clock.life, {"what": "stop", "at": stop.isoformat()}]
    return True


def cancel_clock(clock: Clock, *, at: datetime) -> None:
    """End a clock whose promise no longer stands (unsaved): neither kept nor broken."""
    clock.state, clock.next_action_at, clock.pause_ends_at = ClockState.CANCELLED, None, None
    clock.life = [*clock.life, {"what": "cancel", "at": at.isoformat()}]


def keep(
    family: ClockFamily,
    stopped: Sequence[Clock],
    started: Sequence[Clock],
    known: Known | None,
    *,
    table: Timetable | None,
    area_path: str,
) -> None:
    """Store clocks as ``save``, or keep them with ``known`` for ``store``."""
    if known is None:
        save(family, stopped, started, table=table, area_path=area_path)
        return
    known.stopped += [clock for clock in stopped if not any(clock is one for one in (*known.stopped, *known.started))]
    known.started += started
    known.clocks += started


def store(family: ClockFamily, known: Known, *, area_path: str) -> None:
    """Write what several steps stopped and started."""
    save(family, known.stopped, known.started, table=known.table, area_path=area_path)


def save(
    family: ClockFamily,
    stopped: Sequence[Clock],
    started: Sequence[Clock],
    *,
    table: Timetable | None,
    area_path: str,
) -> None:
    """Store clocks that changed and clocks that are new, these with the moments of their rungs; two trips."""
    rungs = [] if table is None else _rungs_of(family, started, table=table, area_path=area_path)
    insert(started, before=[update_of(clock, STOPPING) for clock in stopped], most=IN_ONE_TRIP)
    family.rung._default_manager.bulk_create(rungs)  # noqa: SLF001


def _rungs_of(family: ClockFamily, started: Sequence[Clock], *, table: Timetable, area_path: str) -> list[ClockRung]:
    """Return the rungs of clocks that start, with their moments (unsaved); each clock learns the first of them."""
    rungs: list[ClockRung] = []
    for clock in started:
        if clock.state not in OPEN_STATES:
            continue
        coming = [
            family.rung(  # type: ignore[misc]  # the concrete model has the key
                clock=clock,
                generation=clock.generation,
                rung=rung,
                fire_at=rung_moment(rung, clock, table=table, area_path=area_path),
            )
            for rung in clock.stage.rungs.all()
        ]
        clock.next_action_at = min((rung.fire_at for rung in coming), default=None)
        rungs += coming
    return rungs


def _hand_over(family: ClockFamily, clocks: Sequence[Clock], owes: Owes) -> None:
    """Write on the open clocks who answers now, where that changed; one statement."""
    changed = [
        clock
        for clock in clocks
        if (clock.area_id, clock.organisation_id, clock.holder_id)
        != (owes.area_id, owes.organisation_id, owes.holder_id)
    ]
    for clock in changed:
        clock.area_id, clock.organisation_id, clock.holder_id = owes.area_id, owes.organisation_id, owes.holder_id
    written = [clock.pk for clock in changed if not clock._state.adding]  # noqa: SLF001 - Django's own, documented
    if written:
        family.clock._default_manager.filter(pk__in=written).update(  # noqa: SLF001
            area_id=owes.area_id, organisation_id=owes.organisation_id, holder_id=owes.holder_id
        )
