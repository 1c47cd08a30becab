"""Told is not seen: an urgent escalation that nobody acknowledged in time is told one level up, once.

The answer is the row itself: ``answer_by_at`` says until when, ``raised_at`` that it went up. Claimed with SKIP
LOCKED like the clocks, so that any number of sweeps raise each exactly once.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from deadlines import faults
from deadlines.firing import Round, array, ask, ids, run, tell_of
from deadlines.ladder import DueRung, requests_above
from deadlines.notices import unseen_notices
from deadlines.registry import ClockFamily, Fired, Subject
from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.posts import Told
from notifications.services import owe

logger = logging.getLogger(__name__)

CLAIM = """
SELECT escalation.id, escalation.told,
    clock.state IN ('running', 'paused') AND clock.generation = escalation.generation,
    clock.id, clock.generation, clock.kind, to_json(clock.due_at) #>> '{{}}', clock.{subject}_id, area.level,
    0, escalation.rung_id, to_json(escalation.fell_due_at) #>> '{{}}'
FROM {escalation} AS escalation
JOIN {clock} AS clock ON clock.id = escalation.clock_id
JOIN grids_area AS area ON area.id = clock.area_id
WHERE escalation.answer_by_at <= %s AND escalation.acknowledged_at IS NULL AND escalation.raised_at IS NULL
ORDER BY escalation.answer_by_at, escalation.id LIMIT %s FOR UPDATE OF escalation SKIP LOCKED
"""
# What was done meanwhile needs no answer any more.
SETTLE = "UPDATE {escalation} SET answer_by_at = NULL WHERE id = ANY(%s::bigint[])"
RAISE = """
UPDATE {escalation} AS escalation SET raised_at = %s, raised_to = up.told::bigint[]
FROM unnest(%s::bigint[], %s::text[]) AS up (id, told) WHERE escalation.id = up.id
"""


PUT_OFF = """
UPDATE {escalation} SET answer_by_at = %s WHERE answer_by_at <= %s AND acknowledged_at IS NULL AND raised_at IS NULL
"""


PUT_OFF_THESE = "UPDATE {escalation} SET answer_by_at = %s WHERE id = ANY(%s::bigint[])"


class Unseen(NamedTuple):
    """An escalation that nobody answered, and whom it told."""

    escalation_id: int
    told: Sequence[int]
    due: DueRung


def raise_unseen(family: ClockFamily, this_round: Round, *, batch: int) -> int:
    """Tell one level up what nobody answered; return how many were looked at. A constant number of statements."""
    with transaction.atomic():
        rows = ask(family, CLAIM, [this_round.at, batch])
        if not rows:
            return 0
        run(family, SETTLE, [ids(row[0] for row in rows if not row[2])])
        waiting = [Unseen(row[0], row[1], DueRung._make(row[3:])) for row in rows if row[2]]
        if waiting:
            _raise(family, waiting, this_round)
    return len(rows)


def _raise(family: ClockFamily, waiting: Sequence[Unseen], this_round: Round) -> None:
    if this_round.faults:
        faults.settle(family.name, {one.due.clock_id for one in waiting}, at=this_round.at)
    subjects = family.describe({one.due.clock_id for one in waiting})
    this_round.know_rungs(one.due.rung_id for one in waiting)
    answers = _one_level_up(waiting, subjects, this_round)
    lost = [one for one, answer in zip(waiting, answers, strict=True) if answer is None]
    if lost:
        logger.error("There is nobody to tell that %d escalations of %s were not seen.", len(lost), family.name)
        faults.record(family.name, {one.due.clock_id for one in lost}, faults.NOBODY, at=this_round.at)
        again = this_round.at + faults.RETRY_AFTER
        run(family, PUT_OFF_THESE, [again, ids(one.escalation_id for one in lost)])
    pairs = [(one, answer) for one, answer in zip(waiting, answers, strict=True) if answer]
    if not pairs:
        return
    waiting, told = [one for one, _answer in pairs], [answer for _one, answer in pairs]
    numbers = ids(one.escalation_id for one in waiting)
    run(family, RAISE, [this_round.at, numbers, array([f'"{ids(one.user_ids)}"' for one in told])])
    at = this_round.at.isoformat()
    family.append_events(
        [Fired(one.due.clock_id, one.due.subject_id, one.due.rung_id, at, unseen=True) for one in waiting]
    )
    owe(
        [
            notice
            for one, answer in zip(waiting, told, strict=True)
            for notice in unseen_notices(
                family.name,
                one.due,
                this_round.rungs[one.due.rung_id],
                subjects[one.due.clock_id],
                answer,
                escalation_id=one.escalation_id,
                at=this_round.at,
            )
        ]
    )


def _one_level_up(waiting: Sequence[Unseen], subjects: Mapping[int, Subject], this_round: Round) -> list[Told | None]:
    """Say for each who is told now: the nearest level above with somebody not told yet, None for nobody."""
    asked = {
        one.escalation_id: requests_above(
            one.escalation_id,
            this_round.rungs[one.due.rung_id],
            subjects[one.due.clock_id],
            Level(one.due.level),
        )
        for one in waiting
    }
    every = [request for requests in asked.values() for request in requests]
    found = tell_of(every, on=shanghai_date(this_round.at))

    def answer(one: Unseen) -> Told | None:
        answers = [found.get(request.key) for request in asked[one.escalation_id]]
        # at last the duty list, even if it was told before
        return next((told for told in answers if told and not set(told.user_ids) <= set(one.told)), answers[-1])

    return [answer(one) for one in waiting]


def put_off(family: ClockFamily, *, at: datetime, until: datetime) -> None:
    """Look again later at all that is unanswered ``at`` an instant: something in it cannot be raised."""
    run(family, PUT_OFF, [until, at])
