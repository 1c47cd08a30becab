"""Due dates: how much of a limit has counted, and when it is used up. The rules are in ``deadlines.calendar``.

Pure: no database, no clock, no Django.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from deadlines.hours import Hours
from deadlines.measures import NATURAL, Natural, Pause, Pauses, StillPaused, advance, passed, settle
from deadlines.workdays import DAY, MICROSECOND, WorkCalendar, beijing, since_midnight


class ClockKind(StrEnum):
    """What makes a clock run."""

    NATURAL = "natural"
    WORKING = "working"
    SERVICE_HOURS = "service_hours"
    CALENDAR_DAY = "calendar_day"


class Unit(StrEnum):
    """What a limit is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    WORKDAY = "workday"
    DAY = "day"


MICROSECONDS = {Unit.MINUTE: 60_000_000, Unit.HOUR: 3_600_000_000, Unit.WORKDAY: DAY, Unit.DAY: DAY}
OPEN_HOURS_KINDS = frozenset({ClockKind.WORKING, ClockKind.SERVICE_HOURS})
ALWAYS_KINDS = frozenset({ClockKind.NATURAL, ClockKind.CALENDAR_DAY})


@dataclass(frozen=True, slots=True)
class Limit:
    """So many minutes, hours, working days or days; zero is lawful.

    :raises ValueError: if the number is negative or the unit unknown
    """

    value: int
    unit: str

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.value < 0:
            raise ValueError(f"a limit of {self.value} cannot be")
        if self.unit not in MICROSECONDS:
            raise ValueError(f"unknown unit {self.unit!r}: minute, hour, workday or day")

    @property
    def in_days(self) -> bool:
        """Tell whether it counts days, not minutes."""
        return self.unit in (Unit.WORKDAY, Unit.DAY)

    @property
    def microseconds(self) -> int:
        """Return its length, a day being 24 hours."""
        return self.value * MICROSECONDS[Unit(self.unit)]

    def plus(self, other: "Limit") -> "Limit":
        """Return the sum of two limits in the same unit (an extended limit).

        :raises ValueError: if the units differ
        """
        if self.unit != other.unit:
            raise ValueError(f"{self} and {other} cannot be added up")
        return Limit(self.value + other.value, self.unit)


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit is used up (Asia/Shanghai), and whether a coming notice may still change that."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """What has counted: whole working days and calendar days after the day of receipt, and running time."""

    workdays: int
    days: int
    time: timedelta

    @property
    def seconds(self) -> float:
        """Return the running time in seconds."""
        return self.time.total_seconds()


def due(
    start: datetime,
    limit: Limit,
    kind: str,
    cal: WorkCalendar,
    hours: Hours | None = None,
    *,
    pauses: Pauses = (),
    extensions: Sequence[Limit] = (),
    roll: bool = False,
) -> Due:
    """Return when ``limit`` is used up, counted from ``start`` on a clock of ``kind``.

    ``hours`` are needed for minutes and hours on the kinds working and service_hours, and must lie over ``cal``.
    ``roll``: a limit in calendar days that ends on a rest day ends with the next working day.

    :raises ValueError: if a datetime is naive, the kind unknown, the hours missing or of another calendar
    :raises StillPaused: if an open pause begins before the limit is used up
    :raises CalendarError: if the calendar or the hours do not reach that far
    """
    local = beijing(start)
    stops = settle(pauses, local) if pauses else ()
    at, unsure = _used_up(local, limit, kind, cal, hours, stops=stops, roll=roll)
    if extensions:
        same = limit
        for extension in extensions:
            # An extension in the unit of the limit makes the limit longer; in another unit it counts from the due date.
            if extension.unit == same.unit:
                same = same.plus(extension)
                at, more = _used_up(local, same, kind, cal, hours, stops=stops, roll=roll)
            else:
                same, local = extension, at
                if extension.in_days and not since_midnight(at):
                    local -= MICROSECOND  # due at 00:00: the day that begins there is the first to count
                stops = settle(stops, local)
                at, more = _used_up(local, extension, kind, cal, hours, stops=stops, roll=roll)
            unsure = unsure or more
    return Due(at, unsure)


def _used_up(
    local: datetime,
    limit: Limit,
    kind: str,
    cal: WorkCalendar,
    hours: Hours | None,
    *,
    stops: Pauses,
    roll: bool,
) -> tuple[datetime, bool]:
    """Return the due moment and whether it is provisional."""
    unit = limit.unit
    if unit in ("minute", "hour"):
        if kind in ALWAYS_KINDS:
            if not stops:
                return local + timedelta(0, 0, limit.microseconds), False
            return advance(NATURAL, local, limit.microseconds, stops), False
        measure = open_hours(kind, cal, hours)
        at = advance(measure, local, limit.microseconds, stops)
        first, last = cal.number(local), cal.number(at)
    else:
        if kind not in ALWAYS_KINDS and kind not in OPEN_HOURS_KINDS:
            raise ValueError(f"unknown kind of clock {kind!r}")
        first = cal.number(local)
        last = last_day(first, limit, cal, stops, roll=roll)
        at = cal.moment(last + 1)
        if unit == "day" and not roll:
            return at, False
    return at, cal.unsure_before[last + 1] > cal.unsure_before[first]


def open_hours(kind: str, cal: WorkCalendar, hours: Hours | None) -> Hours:
    """Return the hours by which a clock of ``kind`` counts its minutes.

    :raises ValueError: if the kind is unknown, the hours are missing or lie over another calendar
    """
    if kind not in OPEN_HOURS_KINDS:
        raise ValueError(f"unknown kind of clock {kind!r}")
    if hours is None:
        raise ValueError(f"minutes and hours on a {kind} clock need the opening hours")
    if hours.cal is not cal:
        raise ValueError("these opening hours were prepared for another calendar")
    return hours


def measure_of(kind: str, cal: WorkCalendar, hours: Hours | None) -> Natural | Hours:
    """Return what counts minutes on a clock of ``kind``."""
    return NATURAL if kind in ALWAYS_KINDS else open_hours(kind, cal, hours)


# -- limits in days


def last_day(first: int, limit: Limit, cal: WorkCalendar, stops: Pauses = (), *, roll: bool = False) -> int:
    """Return the number of the day with whose end a limit in days is used up; ``first`` is the day of receipt.

    A counted day is one at whose 00:00 the clock runs. If the clock stands when the last day ends, that day is given
    again: the first counted day after the pause takes its place (under a limit of zero, the day of resumption). So no
    limit ends inside a pause.
    """
    last = _rolled(nth_counted(first, limit.value, limit.unit, cal, stops), cal, stops, roll=roll)
    for position, (begins, ends) in enumerate(stops):
        closing = cal.moment(last + 1)
        if begins < closing and (ends is None or closing <= ends):
            if ends is None:
                raise StillPaused(f"the clock has stood still since {begins:%Y-%m-%d %H:%M}")
            if limit.value:
                resumed = max(first, lost_days((begins, ends), cal)[1])
                last = nth_counted(resumed, 1, limit.unit, cal, stops[position + 1 :])
            else:
                last = cal.number(ends)
            last = _rolled(last, cal, stops, roll=roll)
    return last


def _rolled(number: int, cal: WorkCalendar, stops: Pauses, *, roll: bool) -> int:
    return number if not roll or cal.worked[number] else nth_counted(number, 1, Unit.WORKDAY, cal, stops)


def nth_counted(first: int, count: int, unit: str, cal: WorkCalendar, stops: Pauses = ()) -> int:
    """Return the number of the ``count``-th counted day after day ``first``; ``first`` itself for 0."""
    at, rest = first, count
    for stop in stops:
        begin, end = lost_days(stop, cal)
        ready = _days_between(at, begin - 1, unit, cal)
        if ready >= rest:
            break
        if stop[1] is None:
            raise StillPaused(f"the clock has stood still since {stop[0]:%Y-%m-%d %H:%M}")
        at, rest = max(at, end), rest - ready
    if not rest:
        return at
    return cal.nth_after(at, rest) if unit == "workday" else at + rest


def lost_days(stop: Pause, cal: WorkCalendar) -> tuple[int, int]:
    """Return the first and last day number whose 00:00 lies in a pause (first > last if there is none)."""
    begins, ends = stop
    first = cal.number(begins) + (since_midnight(begins) > 0)
    if ends is None:
        return first, len(cal.worked) - 1
    return first, cal.number(ends) - (since_midnight(ends) == 0)


def _days_between(after: int, last: int, unit: str, cal: WorkCalendar) -> int:
    """Count the days from ``after`` (not included) to ``last`` (included)."""
    if last <= after:
        return 0
    return cal.before[last + 1] - cal.before[after + 1] if unit == "workday" else last - after


def days_counted(first: int, last: int, unit: str, cal: WorkCalendar, stops: Pauses = ()) -> int:
    """Count the counted days after day ``first`` up to day ``last`` (included), days lost to pauses taken out."""
    total = _days_between(first, last, unit, cal)
    for stop in stops:
        begin, end = lost_days(stop, cal)
        total -= _days_between(max(begin - 1, first), min(end, last), unit, cal)
    return total


# -- looking back


def counted(
    start: datetime,
    end: datetime,
    kind: str,
    cal: WorkCalendar,
    hours: Hours | None = None,
    *,
    pauses: Pauses = (),
) -> Counted:
    """Return what has counted on a clock from ``start`` to ``end``. An open pause lasts until ``end``.

    Days are whole ones that have ended by ``end``; time is open time on the kinds working and service_hours.

    :raises ValueError: if ``end`` lies before ``start``, or as ``due``
    """
    begun, ended = beijing(start), beijing(end)
    if ended < begun:
        raise ValueError(f"{end} lies before {start}")
    stops = settle(pauses, begun) if pauses else ()
    first, last = cal.number(begun), cal.number(ended) - 1
    return Counted(
        workdays=days_counted(first, last, Unit.WORKDAY, cal, stops),
        days=days_counted(first, last, Unit.DAY, cal, stops),
        time=timedelta(0, 0, passed(measure_of(kind, cal, hours), begun, ended, stops)),
    )


def is_late(due_at: datetime, at: datetime, *, start: datetime | None = None) -> bool:
    """Tell whether what happened ``at`` a moment was late: from ``due_at`` on. What ends as it starts is not late."""
    return at >= due_at and at != start


def late_by(due_at: datetime, at: datetime) -> timedelta:
    """Return how late ``at`` is, negative if early."""
    return beijing(at) - beijing(due_at)
