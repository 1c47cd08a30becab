"""One batch of due clocks: claimed, its rungs fired, everybody told, every clock moved on. One transaction.

Hand-written SQL, because a sweep may find a hundred thousand: only ids and numbers travel, as array literals; what
the database knows it joins itself. Instants come and go as ISO text, since nothing is computed with them here.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from deadlines import chats, faults
from deadlines.chats import Chats, Heard
from deadlines.enums import ClockKind, RungAction
from deadlines.ladder import DueRung, request_for
from deadlines.models import Rung
from deadlines.notices import chat_notices, notices_for
from deadlines.registry import ClockFamily, Fired, Subject
from deadlines.timetable import office_opens_at, shanghai_date
from grids.enums import Level
from grids.errors import NobodyToTell
from grids.models import DutyMember
from grids.posts import Request, Told, recipients_for
from notifications.services import NewNotice, owe

logger = logging.getLogger(__name__)

Values = Sequence[Any] | Mapping[str, Any]
# Answers kept while a sweep runs, at most; a district has fewer.
MOST_ANSWERS = 50_000

IS_DUE = """
SELECT EXISTS (SELECT FROM {clock} WHERE next_action_at <= %s), EXISTS (
    SELECT FROM {escalation} WHERE answer_by_at <= %s AND acknowledged_at IS NULL AND raised_at IS NULL),
    EXISTS (SELECT FROM deadlines_sweepfault WHERE settled_at IS NULL),
    EXISTS (SELECT FROM deadlines_chatdigest)
"""

# A clock that is no longer open has no next action (constraint open_iff_action).
CLAIM = """
SELECT id FROM {clock} WHERE next_action_at <= %s ORDER BY next_action_at, id LIMIT %s FOR UPDATE SKIP LOCKED
"""
CLAIM_ONE = "SELECT id FROM {clock} WHERE next_action_at <= %s AND id = %s FOR UPDATE SKIP LOCKED"

# A statement of its own, after the lock: it sees the rungs as they are now.
DUE_RUNGS = """
SELECT clock.id, clock.generation, clock.kind, to_json(clock.due_at) #>> '{{}}', clock.{subject}_id, area.level,
    moment.id, moment.rung_id, to_json(moment.fire_at) #>> '{{}}'
FROM {clock} AS clock
JOIN grids_area AS area ON area.id = clock.area_id
JOIN {rung} AS moment
    ON moment.clock_id = clock.id AND moment.generation = clock.generation
    AND moment.fired_at IS NULL AND moment.fire_at <= %s
JOIN deadlines_rung AS rung ON rung.id = moment.rung_id
WHERE clock.id = ANY(%s::bigint[])
ORDER BY moment.fire_at, rung.position, moment.id
"""

ESCALATE = """
INSERT INTO {escalation} (
    clock_id, generation, rung_id, fell_due_at, fired_at, level, told, route, historic, answer_by_at, raised_to)
SELECT moment.clock_id, moment.generation, moment.rung_id, moment.fire_at, %s, rung.level, due.told::bigint[],
    due.route, false, CASE WHEN due.asks THEN %s::timestamptz END, '{{}}'
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::boolean[]) WITH ORDINALITY
    AS due (moment_id, told, route, asks, place)
JOIN {rung} AS moment ON moment.id = due.moment_id
JOIN deadlines_rung AS rung ON rung.id = moment.rung_id
ORDER BY due.place
ON CONFLICT (clock_id, generation, rung_id) DO NOTHING
RETURNING clock_id, rung_id, id
"""

WAKE = "UPDATE {clock} SET next_action_at = %s WHERE next_action_at > %s AND id = ANY(%s::bigint[])"

SETTLE_ENDED = """
UPDATE deadlines_sweepfault AS fault SET settled_at = %s WHERE fault.settled_at IS NULL AND fault.family = %s
    AND NOT EXISTS (SELECT FROM {clock} AS clock WHERE clock.id = fault.clock_id AND clock.next_action_at IS NOT NULL)
"""

MARK_FIRED = "UPDATE {rung} SET fired_at = %s WHERE id = ANY(%s::bigint[])"

MOVE_ON = """
UPDATE {clock} AS clock SET next_action_at = (
    SELECT min(moment.fire_at) FROM {rung} AS moment
    WHERE moment.clock_id = clock.id AND moment.generation = clock.generation AND moment.fired_at IS NULL)
WHERE clock.id = ANY(%s::bigint[])
"""
SET_ASIDE = "UPDATE {clock} SET next_action_at = %s WHERE next_action_at <= %s AND id = ANY(%s::bigint[])"


@dataclass(slots=True)
class Round:
    """One run of the sweep: its moment, and what it has looked up already."""

    at: datetime
    digest: UUID = field(default_factory=uuid4)
    rungs: dict[int, Rung] = field(default_factory=dict)
    answers: dict[tuple[object, ...], Told] = field(default_factory=dict)
    chats: Chats = field(default_factory=chats.load)
    faults: bool = False  # whether some clock was set aside and may be settled now
    _opens: tuple[datetime | None, ...] = ()

    def opens_at(self) -> datetime | None:
        """When the offices open next, None while they are open."""
        if not self._opens:
            self._opens = (office_opens_at(self.at),)
        return self._opens[0]

    def know_rungs(self, ids: Iterable[int]) -> None:
        """Load the policy's words of rungs not met before; a version of a policy is never rewritten."""
        new = set(ids) - self.rungs.keys()
        if new:
            self.rungs.update(Rung.objects.select_related("stage").in_bulk(new))


@dataclass(frozen=True, slots=True)
class Done:
    """What a batch did."""

    escalations: int = 0
    notices: int = 0
    faults: int = 0


class Waiting(NamedTuple):
    """What a kind of clock has to do."""

    clocks: bool
    unseen: bool
    faults: bool
    chats: bool


def waiting(family: ClockFamily, *, at: datetime) -> Waiting:
    """Tell what there is to do: due clocks, unanswered escalations, clocks set aside, digests. One statement."""
    return Waiting._make(ask(family, IS_DUE, [at, at])[0])


def claim(family: ClockFamily, *, at: datetime, batch: int) -> list[int]:
    """Lock the most pressing due clocks that nobody else has in hand; return their ids."""
    return [pk for (pk,) in ask(family, CLAIM, [at, batch])]


def claim_one(family: ClockFamily, clock_id: int, *, at: datetime) -> list[int]:
    """As ``claim``, for one clock."""
    return [pk for (pk,) in ask(family, CLAIM_ONE, [at, clock_id])]


def fire(family: ClockFamily, clock_ids: Sequence[int], this_round: Round) -> Done:
    """Fire the due rungs of claimed clocks, oldest first, and move the clocks on. A constant number of statements."""
    clocks = ids(clock_ids)
    rungs = [DueRung._make(row) for row in ask(family, DUE_RUNGS, [this_round.at, clocks])]
    subjects = family.describe(clock_ids)
    this_round.know_rungs(rung.rung_id for rung in rungs)
    answers = _tell(rungs, subjects, this_round)
    lost = {due.clock_id for due, answer in zip(rungs, answers, strict=True) if answer is None}
    pairs = [(due, answer) for due, answer in zip(rungs, answers, strict=True) if answer and due.clock_id not in lost]
    rungs, told = [due for due, _answer in pairs], [answer for _due, answer in pairs]
    if lost:
        logger.error("There is nobody to tell of %d clocks of %s: fill the duty list.", len(lost), family.name)
        set_aside(family, lost, faults.NOBODY, at=this_round.at)
        clocks = ids(pk for pk in clock_ids if pk not in lost)
    fired = _escalate(family, rungs, told, subjects, this_round)
    family.append_events([Fired(due.clock_id, due.subject_id, due.rung_id, due.fire_at) for due, *_rest in fired])
    heard = Heard()
    notices = owe(list(_notices(family, fired, subjects, this_round, heard)))
    chats.keep(heard, this_round.digest, at=this_round.at, not_before=this_round.opens_at() if heard.matters else None)
    run(family, MARK_FIRED, [this_round.at, ids(rung.moment_id for rung in rungs)])
    run(family, MOVE_ON, [clocks])
    if this_round.faults:
        faults.settle(family.name, [pk for pk in clock_ids if pk not in lost], at=this_round.at)
    return Done(escalations=len(fired), notices=notices, faults=len(lost))


def _tell(rungs: Sequence[DueRung], subjects: Mapping[int, Subject], this_round: Round) -> list[Told | None]:
    """Say for each rung who is told, None for nobody at all; the same question is asked once a sweep."""
    keys: list[tuple[object, ...]] = []
    requests = {}
    answers = this_round.answers
    if len(answers) > MOST_ANSWERS:
        answers.clear()
    for due in rungs:
        subject = subjects[due.clock_id]
        key = (subject.path, due.rung_id, subject.organisation_id, subject.excluded)
        keys.append(key)
        if key not in answers and key not in requests:
            requests[key] = request_for(key, this_round.rungs[due.rung_id], subject, Level(due.level))
    if requests:
        answers.update(tell_of(list(requests.values()), on=shanghai_date(this_round.at)))
    return [answers.get(key) for key in keys]


def tell_of(requests: Sequence[Request], *, on: date) -> dict[Any, Told]:
    """Answer those of these requests that have an answer: while the duty list is empty, some may have none."""
    try:
        return recipients_for(requests, on)
    except NobodyToTell as nobody:
        return nobody.told


def asks_for_an_answer(kind: str, action: str, *, urgent: bool) -> bool:
    """Tell whether told is not enough: an urgent matter, or a clock of minutes that turned red."""
    return urgent or (kind == ClockKind.NATURAL and action in {RungAction.RED, RungAction.SUPERVISE})


def _escalate(
    family: ClockFamily,
    rungs: Sequence[DueRung],
    told: Sequence[Told],
    subjects: Mapping[int, Subject],
    this_round: Round,
) -> list[tuple[DueRung, Told, int | None]]:
    """Insert one escalation per rung; return the rungs that were not escalated before, and whom they tell.

    The number is that of the escalation, if it asks for an answer.
    """
    asks = [
        asks_for_an_answer(due.kind, this_round.rungs[due.rung_id].action, urgent=subjects[due.clock_id].urgent)
        for due in rungs
    ]
    values = [
        this_round.at,
        this_round.at + timedelta(minutes=settings.ANSWER_MINUTES),
        ids(rung.moment_id for rung in rungs),
        array([f'"{ids(answer.user_ids)}"' for answer in told]),
        array([answer.route for answer in told]),
        array([str(one) for one in asks]),
    ]
    new = {(clock_id, rung_id): pk for clock_id, rung_id, pk in ask(family, ESCALATE, values)}
    return [
        (due, answer, pk if asked else None)
        for due, answer, asked in zip(rungs, told, asks, strict=True)
        if (pk := new.get((due.clock_id, due.rung_id))) is not None
    ]


def _notices(
    family: ClockFamily,
    fired: Sequence[tuple[DueRung, Told, int | None]],
    subjects: Mapping[int, Subject],
    this_round: Round,
    heard: Heard,
) -> Iterator[NewNotice]:
    """What people are told, and chats at once; what chats are told later is added to ``heard``."""
    if not fired:
        return
    at, digest, opens_at = this_round.at, this_round.digest, this_round.opens_at()
    for due, told, answer_to in fired:
        if this_round.chats:
            yield from chat_notices(
                family.name,
                due,
                this_round.rungs[due.rung_id],
                subjects[due.clock_id],
                this_round.chats.hear(this_round.rungs[due.rung_id], subjects[due.clock_id], Level(due.level)),
                at=at,
                heard=heard,
            )
        yield from notices_for(
            family.name,
            due,
            this_round.rungs[due.rung_id],
            subjects[due.clock_id],
            told,
            at=at,
            office_opens_at=opens_at,
            digest=digest,
            answer_to=answer_to,
        )


def set_aside(family: ClockFamily, clock_ids: Collection[int], error: str, *, at: datetime) -> None:
    """Record what went wrong and look at these clocks again later: skipped, never forgotten."""
    faults.record(family.name, clock_ids, error, at=at)
    run(family, SET_ASIDE, [at + faults.RETRY_AFTER, at, ids(clock_ids)])


def wake(family: ClockFamily, *, at: datetime) -> None:
    """Look at once at what was set aside for want of anybody to tell, if somebody is on the duty list again.

    What has ended since it was set aside is settled.
    """
    run(family, SETTLE_ENDED, [at, family.name])
    waiting = faults.without_anybody(family.name)
    if waiting and DutyMember.objects.at(shanghai_date(at)).exists():
        run(family, WAKE, [at, at, ids(waiting)])


def ids(values: Iterable[int]) -> str:
    """An array of numbers as PostgreSQL writes it."""
    return array(map(str, values))


def array(codes: Iterable[str]) -> str:
    """An array as PostgreSQL writes it, of what needs no quotes; five times as fast as a list of parameters."""
    return "{" + ",".join(codes) + "}"


@cache
def _sql(statement: str, family: ClockFamily) -> str:
    quote = connection.ops.quote_name
    return statement.format(
        clock=quote(family.clock._meta.db_table),  # noqa: SLF001 - Django's public name
        rung=quote(family.rung._meta.db_table),  # noqa: SLF001
        escalation=quote(family.escalation._meta.db_table),  # noqa: SLF001
        subject=family.subject_field,
        matter=quote(family.matter._meta.db_table),  # noqa: SLF001
    )


def ask(family: ClockFamily, statement: str, values: Values) -> list[tuple[Any, ...]]:
    """Return the rows of a statement on this kind's tables."""
    with connection.cursor() as cursor:
        cursor.execute(_sql(statement, family), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def run(family: ClockFamily, statement: str, values: Values) -> None:
    """Run a statement on this kind's tables."""
    with connection.cursor() as cursor:
        cursor.execute(_sql(statement, family), values)
