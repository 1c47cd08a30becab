"""The moments of a ladder: ``80%``, ``-1wd``, ``overdue``, ``overdue+5min``. The rules are in ``deadlines.calendar``.

Pure: no database, no clock, no Django.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from deadlines.duedates import (
    OPEN_HOURS_KINDS,
    Limit,
    Unit,
    days_counted,
    measure_of,
    nth_counted,
)
from deadlines.hours import Hours
from deadlines.measures import NATURAL, Pauses, WorkedTime, advance, passed, paused_until, settle
from deadlines.workdays import DAY, WorkCalendar, beijing, since_midnight

FULL = 100  # per cent

_RUNG_AT = re.compile(
    r"(?:(?P<stage>[a-z][a-z0-9_]*):)?"
    r"(?:(?P<share>\d+)%|-(?P<before>\d+)(?P<before_unit>[a-z]+)|overdue(?:\+(?P<after>\d+)(?P<after_unit>[a-z]+))?)",
    re.ASCII,
)
_UNITS = {"min": Unit.MINUTE, "h": Unit.HOUR, "wd": Unit.WORKDAY, "d": Unit.DAY}


class RungAtError(ValueError):
    """The policy data names a moment that does not exist."""


class RungKind(StrEnum):
    """How a rung's moment is said."""

    SHARE = "share"  # amount: per cent of the limit
    BEFORE = "before"
    OVERDUE = "overdue"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class RungAt:
    """A rung's moment as the data says it. ``stage`` is '' where the data names none; ``unit`` '' where none counts."""

    stage: str
    kind: RungKind
    amount: int = 0
    unit: str = ""


def parse_rung_at(at: str) -> RungAt:
    """Read ``resolve:overdue+1wd``, ``-3d``, ``arrive:80%``; units are min, h, wd and d.

    :raises RungAtError: saying what is wrong
    """
    match = _RUNG_AT.fullmatch(at)
    if match is None:
        raise RungAtError(f"{at!r} is no moment: expected 80%, -1wd, overdue or overdue+1wd, after a stage and a colon")
    stage = match["stage"] or ""
    if match["share"]:
        share = int(match["share"])
        if not 1 <= share <= FULL:
            raise RungAtError(f"{at!r}: a share lies between 1% and 100%")
        return RungAt(stage, RungKind.SHARE, share)
    kind = RungKind.BEFORE if match["before"] else RungKind.AFTER if match["after"] else RungKind.OVERDUE
    if kind is RungKind.OVERDUE:
        return RungAt(stage, kind)
    amount, unit = int(match[kind.value]), match[f"{kind.value}_unit"]
    if unit not in _UNITS:
        raise RungAtError(f"{at!r}: unknown unit {unit!r}, known are min, h, wd and d")
    if amount == 0:
        raise RungAtError(f"{at!r}: nothing lies zero {unit} from the due date; say overdue")
    return RungAt(stage, kind, amount, _UNITS[unit])


def fire_at(
    at: str | RungAt,
    *,
    start: datetime,
    due: datetime,
    limit: Limit,
    kind: str,
    cal: WorkCalendar,
    hours: Hours | None = None,
    pauses: Pauses = (),
) -> datetime:
    """Return when a rung fires, in Asia/Shanghai: never inside a pause, never before ``start``.

    ``limit`` is the whole limit, extensions in its unit included (``Limit.plus``). What comes before the due date
    never fires after it.

    :raises RungAtError: if ``at`` names no moment
    :raises StillPaused: if the moment depends on a pause that is still open
    """
    rung = parse_rung_at(at) if isinstance(at, str) else at
    begun, due_at = beijing(start), beijing(due)
    if rung.kind is RungKind.OVERDUE:
        return due_at
    if rung.kind is RungKind.AFTER:
        return offset(due_at, 1, Limit(rung.amount, rung.unit), kind, cal, hours, pauses=pauses)
    stops = settle(pauses, begun) if pauses else ()
    if rung.kind is RungKind.BEFORE:
        moment = offset(due_at, -1, Limit(rung.amount, rung.unit), kind, cal, hours)
    else:
        moment = _share_reached(begun, due_at, rung.amount, limit=limit, kind=kind, cal=cal, hours=hours, stops=stops)
    if moment >= due_at:
        return due_at
    return min(paused_until(max(moment, begun), stops), due_at)


def offset(  # noqa: PLR0917 - in the order of ``due``
    due_at: datetime,
    sign: int,
    amount: Limit,
    kind: str,
    cal: WorkCalendar,
    hours: Hours | None = None,
    *,
    pauses: Pauses = (),
) -> datetime:
    """Return the moment ``amount`` after (``sign`` 1) or before (``sign`` -1) a due date, in Asia/Shanghai.

    Minutes and hours count as the kind counts them, days are 24 hours. N working days after: N times 24 hours of
    working days have passed. N working days before: the opening of the N-th working day before the day of the due
    date (its 00:00 where no hours are given or it stays closed). Pauses after the due date do not count.
    """
    local = beijing(due_at)
    if sign < 0:
        return _earlier(local, amount, kind, cal, hours)
    stops = settle(pauses, local) if pauses else ()
    if amount.unit == Unit.WORKDAY:
        return advance(WorkedTime(cal), local, amount.microseconds, stops)
    measure = NATURAL if amount.unit == Unit.DAY else measure_of(kind, cal, hours)
    return advance(measure, local, amount.microseconds, stops)


def _earlier(local: datetime, amount: Limit, kind: str, cal: WorkCalendar, hours: Hours | None) -> datetime:
    if not amount.value:
        return local
    if amount.unit == Unit.WORKDAY:
        number = cal.nth_before(cal.number(local), amount.value)
        return (hours.opens_at(number) if hours else None) or cal.moment(number)
    measure = NATURAL if amount.unit == Unit.DAY else measure_of(kind, cal, hours)
    return measure.latest(measure.position(local) - amount.microseconds)


# -- shares of the limit: of its counted time, or of its counted days and then of the open time of the day begun


def _share_reached(
    begun: datetime,
    due_at: datetime,
    share: int,
    *,
    limit: Limit,
    kind: str,
    cal: WorkCalendar,
    hours: Hours | None,
    stops: Pauses,
) -> datetime:
    if not limit.in_days:
        return advance(measure_of(kind, cal, hours), begun, -(-limit.microseconds * share // FULL), stops)
    if not limit.value:
        return due_at
    whole, part = divmod(limit.value * share, FULL)
    if not part:
        whole, part = whole - 1, FULL  # the end of a counted day, not the beginning of the next
    number = nth_counted(cal.number(begun), whole + 1, limit.unit, cal, stops)
    open_time = _open_time(number, kind, hours)
    if open_time and hours:
        return hours.earliest(hours.total[number] - (-open_time * part // FULL))
    return cal.moment(number, -(-DAY * part // FULL))


def elapsed_share(  # noqa: PLR0917 - in the order of ``due``
    start: datetime,
    at: datetime,
    limit: Limit,
    kind: str,
    cal: WorkCalendar,
    hours: Hours | None = None,
    *,
    pauses: Pauses = (),
) -> float:
    """Return how much of ``limit`` has been used ``at`` a moment: 0.8 is 80 %, above 1 it is late.

    The inverse of a rung's ``80%``. A limit of zero is used up at once. While the clock stands, so does the share.

    :raises ValueError: if ``at`` lies before ``start``
    """
    begun, now = beijing(start), beijing(at)
    if now < begun:
        raise ValueError(f"{at} lies before {start}")
    if not limit.value:
        return 1.0
    stops = settle(pauses, begun) if pauses else ()
    if not limit.in_days:
        return passed(measure_of(kind, cal, hours), begun, now, stops) / limit.microseconds
    for begins, ends in stops:
        if begins <= now and (ends is None or now < ends):
            now = begins
            break
    first, today = cal.number(begun), cal.number(now)
    days = days_counted(first, today - 1, limit.unit, cal, stops)
    if days_counted(max(first, today - 1), today, limit.unit, cal, stops) > 0:
        return (days + _share_of_day(now, today, kind, hours)) / limit.value
    return days / limit.value


def _share_of_day(now: datetime, number: int, kind: str, hours: Hours | None) -> float:
    open_time = _open_time(number, kind, hours)
    if open_time and hours:
        return (hours.position(now) - hours.total[number]) / open_time
    return since_midnight(now) / DAY


def _open_time(number: int, kind: str, hours: Hours | None) -> int:
    return hours.open_time(number) if hours and kind in OPEN_HOURS_KINDS else 0
