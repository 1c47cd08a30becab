"""Why a due date is what it is, as facts; words are found where it is shown.

Pure: no database, no clock, no Django.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from deadlines.duedates import ALWAYS_KINDS, Limit, Unit, due, open_hours
from deadlines.hours import Hours
from deadlines.measures import Pause, Pauses, StillPaused, settle
from deadlines.workdays import MICROSECOND, DayKind, WorkCalendar, beijing


class Rule(StrEnum):
    """How the limit counts."""

    EVERY_MINUTE = "every_minute"
    OPEN_HOURS = "open_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class SkipReason(StrEnum):
    """Why a day does not count."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"  # not open on that day of the week
    PAUSED = "paused"  # began while the clock stood, or is given again because it ended so


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that does not count, why, and the name of its holiday ('' if none)."""

    day: date
    reason: SkipReason
    name: str


@dataclass(frozen=True, slots=True)
class MakeupDay:
    """A weekend day that counts because it is worked, and the holiday it makes up for."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that leads from ``start`` to ``due`` (Asia/Shanghai).

    ``counts_from`` is the first moment that counts: the start, the next opening, or 00:00 of the first counted day
    (under the day rules the day of receipt does not count); None if no day has counted. ``last_day`` is the day with
    whose end a limit in days is used up. It and ``due`` are None while an open pause leaves them open; the days are
    then those so far.
    """

    start: datetime
    limit: Limit
    kind: str
    rule: Rule
    counts_from: datetime | None
    skipped: tuple[SkippedDay, ...]
    makeup: tuple[MakeupDay, ...]
    pauses: tuple[Pause, ...]
    extensions: tuple[Limit, ...]
    last_day: date | None
    due: datetime | None
    provisional: bool


def explain(
    start: datetime,
    limit: Limit,
    kind: str,
    cal: WorkCalendar,
    hours: Hours | None = None,
    *,
    pauses: Pauses = (),
    extensions: Sequence[Limit] = (),
    roll: bool = False,
) -> Explanation:
    """Say why ``due`` with the same arguments answers what it does. Costs O(days): for a page, not for a list.

    :raises ValueError: as ``due``
    """
    begun = beijing(start)
    stops = settle(pauses, begun)
    rule = _rule(limit, kind)
    try:
        found = due(start, limit, kind, cal, hours, pauses=pauses, extensions=extensions, roll=roll)
        at, end = found.at, found.at
    except StillPaused:
        found, at, end = None, None, stops[-1][0]
    first, last = cal.number(begun), cal.number(max(end - MICROSECOND, begun))
    counts_from: datetime | None = begun
    skipped: list[SkippedDay] = []
    makeup: list[MakeupDay] = []
    if rule is Rule.OPEN_HOURS:
        desk = open_hours(kind, cal, hours)
        skipped, makeup = _closed_days(first, last, cal, desk)
        counts_from = desk.latest(desk.position(begun))
    elif rule is not Rule.EVERY_MINUTE:
        skipped, makeup, begins = _uncounted_days(
            first, last, _wanted(limit, extensions), rule=rule, cal=cal, stops=stops, at=at
        )
        counts_from = None if begins is None else cal.moment(begins)
    return Explanation(
        start=begun,
        limit=limit,
        kind=str(kind),
        rule=rule,
        counts_from=counts_from,
        skipped=tuple(skipped),
        makeup=tuple(makeup),
        pauses=tuple(stops),
        extensions=tuple(extensions),
        last_day=cal.day(last) if at is not None and [limit, *extensions][-1].in_days else None,
        due=at,
        provisional=found is not None and found.provisional,
    )


def _rule(limit: Limit, kind: str) -> Rule:
    if limit.unit == Unit.WORKDAY:
        return Rule.WORKING_DAYS
    if limit.unit == Unit.DAY:
        return Rule.CALENDAR_DAYS
    return Rule.EVERY_MINUTE if kind in ALWAYS_KINDS else Rule.OPEN_HOURS


def _wanted(limit: Limit, extensions: Sequence[Limit]) -> int | None:
    """Return how many days must count in all; None if the extensions come in another unit."""
    if any(extension.unit != limit.unit for extension in extensions):
        return None
    return limit.value + sum(extension.value for extension in extensions)


def _closed_days(first: int, last: int, cal: WorkCalendar, hours: Hours) -> tuple[list[SkippedDay], list[MakeupDay]]:
    skipped, makeup = [], []
    for number in range(first, last + 1):
        day = cal.day(number)
        if not hours.open_time(number):
            skipped.append(SkippedDay(day, _rest(number, cal) or SkipReason.CLOSED, cal.name_of(day)))
        elif cal.kind_of(day) is DayKind.MAKEUP_WORKDAY:
            makeup.append(MakeupDay(day, cal.name_of(day)))
    return skipped, makeup


def _uncounted_days(
    first: int,
    last: int,
    wanted: int | None,
    *,
    rule: Rule,
    cal: WorkCalendar,
    stops: Pauses,
    at: datetime | None,
) -> tuple[list[SkippedDay], list[MakeupDay], int | None]:
    skipped, makeup, counts, begins = [], [], 0, None
    for number in range(first + 1, last + 1):
        day, rest = cal.day(number), _rest(number, cal)
        reason = rest if rule is Rule.WORKING_DAYS else None
        if reason is None and _stands_at(cal.moment(number), stops):
            reason = SkipReason.PAUSED
        if reason is None and wanted is not None and counts + 1 >= wanted and at is not None and number < last:
            # The limit could have ended here: on to a working day, or this day was spent in a pause.
            reason = rest or SkipReason.PAUSED
        if reason is not None:
            skipped.append(SkippedDay(day, reason, cal.name_of(day)))
            continue
        counts += 1
        begins = number if begins is None else begins
        if rule is Rule.WORKING_DAYS and cal.kind_of(day) is DayKind.MAKEUP_WORKDAY:
            makeup.append(MakeupDay(day, cal.name_of(day)))
    return skipped, makeup, begins


def _rest(number: int, cal: WorkCalendar) -> SkipReason | None:
    """Return why a day is not worked; None if it is."""
    if cal.worked[number]:
        return None
    return SkipReason.HOLIDAY if cal.kind_of(cal.day(number)) is DayKind.HOLIDAY else SkipReason.WEEKEND


def _stands_at(moment: datetime, stops: Pauses) -> bool:
    return any(begins <= moment and (ends is None or moment < ends) for begins, ends in stops)
