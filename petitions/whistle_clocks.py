"""The whistle's side of the deadline engine: each called unit has clocks of its own (policies ``whistle_*``)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from deadlines import clocks as engine
from deadlines import rounds
from deadlines.enums import OPEN_STATES
from deadlines.models import Clock, ClockRung
from deadlines.registry import ClockFamily, Fired, Subject
from petitions.call_enums import WhistleCode, WhistleKind
from petitions.models import (
    Recusal,
    Whistle,
    WhistleCall,
    WhistleClock,
    WhistleClockRung,
    WhistleEntry,
    WhistleEscalation,
)

POLICY_OF: Final[Mapping[WhistleKind, str]] = {
    WhistleKind.ROUTINE: "whistle_general",
    WhistleKind.JOINT: "whistle_general",
    WhistleKind.EMERGENCY: "whistle_emergency",
}
ENDED: Final = "whistle_closed"
SCORED: Final = "scored"


def advance(call: WhistleCall, *, at: datetime) -> None:
    """Bring a called unit's clocks to what has happened: blown, answered, reported (whistle and its area loaded)."""
    given = {
        "whistle_blown": call.whistle.blown_at,
        "department_responded": call.responded_at,
        "department_reported": call.reported_at,
    }
    engine.advance(
        FAMILY,
        call.pk,
        policies=[call.whistle.policy_id],
        moments={moment: [when] for moment, when in given.items() if when is not None},
        facts={},
        owes=_owes(call),
        at=at,
    )


def opening(call: WhistleCall, *, keys: Iterable[int]) -> list[Clock | ClockRung]:
    """Return the first clocks, with these keys, of a unit that is called as its whistle sounds, and their rungs.

    Unsaved: who writes the call writes them with it.
    """
    assert call.whistle.blown_at is not None  # noqa: S101 - it sounds
    return engine.opening(
        FAMILY,
        call.pk,
        keys=keys,
        policies=[call.whistle.policy_id],
        moments={"whistle_blown": [call.whistle.blown_at]},
        facts={},
        owes=_owes(call),
    )


def done(call: WhistleCall, *, at: datetime) -> None:
    """Stop the clock of the handling when the unit says its part is done: it does not wait for the caller's word."""
    _stop(call, ENDED, at=at)


def not_done(call: WhistleCall, *, at: datetime) -> None:
    """Start the handling anew, with a fresh clock, for a part that is not done, says the caller."""
    engine.restart(FAMILY, call.pk, stopped_by={ENDED}, owes=_owes(call), at=at, policies=[call.whistle.policy_id])


def end(call: WhistleCall, *, at: datetime) -> None:
    """End what still runs, as missed if it is late, else as no longer owed; begin the caller's promise to score."""
    ended = [clock for clock in engine.clocks_of(FAMILY, call.pk) if clock.state in OPEN_STATES]
    for clock in ended:
        if at >= clock.due_at:
            engine.stop_clock(clock, {clock.stage.stopped_by: [at]})
        else:
            engine.cancel_clock(clock, at=at)
    engine.save(FAMILY, ended, [], table=None, area_path="")
    whistle = call.whistle
    owes = engine.Owes(area_id=whistle.area_id, area_path=whistle.area.path, holder_id=whistle.by_id)
    rounds.begin(FAMILY, call.pk, policy=whistle.policy_id, anchor=ENDED, owes=owes, at=at)


def scored(call: WhistleCall, *, at: datetime) -> None:
    """Stop the caller's promise to score."""
    _stop(call, SCORED, at=at)


def _stop(call: WhistleCall, moment: str, *, at: datetime) -> None:
    stopped: list[Clock] = [
        clock
        for clock in engine.clocks_of(FAMILY, call.pk)
        if clock.state in OPEN_STATES and engine.stop_clock(clock, {moment: [at]})
    ]
    engine.save(FAMILY, stopped, [], table=None, area_path="")


def _owes(call: WhistleCall) -> engine.Owes:
    area = call.area if call.area is not None else call.whistle.area
    return engine.Owes(area_id=area.pk, area_path=area.path, organisation_id=call.organisation_id)


def url_of(whistle: Whistle) -> str:
    """Return the page of a whistle, as notices carry it."""
    return f"/whistles/{whistle.pk}/"


def _describe(clock_ids: Iterable[int]) -> Mapping[int, Subject]:
    out = Recusal.objects.filter(petition=OuterRef("call__whistle__petition")).order_by().values("user")
    clocks = (
        WhistleClock.objects.filter(pk__in=list(clock_ids))
        .select_related("area", "call__whistle__petition__category")
        .annotate(out=ArraySubquery(out))
    )
    return {
        clock.pk: Subject(
            number=clock.call.whistle.number,
            path=clock.area.path,
            url_path=url_of(clock.call.whistle),
            organisation_id=clock.organisation_id,
            holder_id=clock.holder_id,
            excluded=frozenset(clock.out),
            urgent=clock.call.whistle.kind == WhistleKind.EMERGENCY,
            silent=_is_silent(clock.call.whistle),
        )
        for clock in clocks
    }


def _is_silent(whistle: Whistle) -> bool:
    petition = whistle.petition
    if petition is None:
        return False
    return petition.barred_from is not None or (petition.category is not None and petition.category.silent)


def _append_events(fired: Sequence[Fired]) -> None:
    if not fired:
        return
    whistles = dict(WhistleCall.objects.filter(pk__in={one.subject_id for one in fired}).values_list("pk", "whistle"))
    WhistleEntry.objects.bulk_create(
        WhistleEntry(
            whistle_id=whistles[one.subject_id],
            call_id=one.subject_id,
            code=WhistleCode.ESCALATED,
            at=datetime.fromisoformat(one.at),
            refs={"clock": one.clock_id, "rung": one.rung_id, "unseen": one.unseen},
        )
        for one in fired
    )


FAMILY: Final = ClockFamily(
    name="whistle",
    clock=WhistleClock,
    rung=WhistleClockRung,
    escalation=WhistleEscalation,
    subject_field="call",
    describe=_describe,
    append_events=_append_events,
)
