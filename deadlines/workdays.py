"""The work calendar: Monday to Friday but for the days that a notice names.

Pure: no database, no clock, no Django. A ``WorkCalendar`` is prepared once (some milliseconds) and then answers
in constant time: a prefix count of working days for "how many", an index of working days for "which is the Nth".
"""

import calendar
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate, compress
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
REACH = (2000, 2060)  # first and last year that a calendar indexes unless told otherwise
WEEKDAYS = frozenset(range(5))  # Monday to Friday
# A New Year block belongs to the *next* year's notice and has reached back to 29 December (2007-12-29, 2018-12-29).
NEW_YEAR_BLOCK_FROM = (12, 26)
LAST_CLOCK_CHANGE = 1991  # China kept summer time in 1986-1991; our wall-clock arithmetic starts after it

MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000  # microseconds


class CalendarError(Exception):
    """The calendar cannot answer: it has no working day, no opening, or does not reach that far."""


class DayKind(StrEnum):
    """How a day departs from Monday to Friday."""

    HOLIDAY = "holiday"
    MAKEUP_WORKDAY = "makeup_workday"


def beijing(moment: datetime) -> datetime:
    """Return the aware ``moment`` on the clocks of Asia/Shanghai, whatever zone it carries.

    :raises ValueError: if ``moment`` is naive
    :raises CalendarError: before 1992, when China had summer time
    """
    if moment.tzinfo is None:
        raise ValueError(f"a naive datetime says nothing about the moment: {moment!r}")
    local = moment.astimezone(BEIJING)
    if local.year <= LAST_CLOCK_CHANGE:
        raise CalendarError(f"{local:%Y-%m-%d}: before 1992 China changed its clocks; not supported")
    return local


def since_midnight(local: datetime) -> int:
    """Return the microseconds from 00:00 of its own day to ``local``."""
    return ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """Which days are worked.

    ``days`` holds the exceptions, ``names`` the name (or name code) of the holiday an exception belongs to,
    ``confirmed_years`` the years whose notice is out: every other day is provisional, and so are the last days
    of a year until the next year's notice is out. ``weekdays`` are the ordinary working days (0 = Monday).
    The rest is the prepared index over the years ``reach``; days are counted from ``base`` (1 January of its first).

    :raises CalendarError: if no day at all is worked, or an exception lies outside ``reach``
    """

    days: Mapping[date, DayKind]
    names: Mapping[date, str] = field(default_factory=dict)
    confirmed_years: frozenset[int] = frozenset()
    weekdays: frozenset[int] = WEEKDAYS
    reach: tuple[int, int] = REACH
    base: int = field(init=False, repr=False)
    midnight: datetime = field(init=False, repr=False)
    worked: bytearray = field(init=False, repr=False)  # 1 for a working day
    before: "array[int]" = field(init=False, repr=False)  # working days before day i
    nth: "array[int]" = field(init=False, repr=False)  # the day number of the k-th working day
    unsure_before: "array[int]" = field(init=False, repr=False)  # provisional days before day i

    def __post_init__(self) -> None:
        """Prepare the index."""
        first, last = date(self.reach[0], 1, 1), date(self.reach[1], 12, 31)
        base, count = first.toordinal(), last.toordinal() - first.toordinal() + 1
        week = bytes((first.weekday() + i) % 7 in self.weekdays for i in range(7))
        worked = bytearray(week * (count // 7 + 1))[:count]
        for day, kind in self.days.items():
            if not first <= day <= last:
                raise CalendarError(f"{day} lies outside the calendar's reach {self.reach[0]}-{self.reach[1]}")
            worked[day.toordinal() - base] = DayKind(kind) is DayKind.MAKEUP_WORKDAY
        nth = array("i", compress(range(count), worked))
        if not nth:
            raise CalendarError("this calendar has no working day at all")
        prepared = {
            "base": base,
            "midnight": datetime(first.year, 1, 1, tzinfo=BEIJING),
            "worked": worked,
            "before": array("i", accumulate(worked, initial=0)),
            "nth": nth,
            "unsure_before": array("i", accumulate(self._unsure(base, count), initial=0)),
        }
        for name, value in prepared.items():
            object.__setattr__(self, name, value)

    def _unsure(self, base: int, count: int) -> bytearray:
        unsure = bytearray(count)
        for year in range(self.reach[0], self.reach[1] + 1):
            start, stop = date(year, 1, 1).toordinal() - base, date(year, 12, 31).toordinal() - base + 1
            if year not in self.confirmed_years:
                unsure[start:stop] = b"\1" * (stop - start)
            elif year + 1 not in self.confirmed_years:
                block = date(year, *NEW_YEAR_BLOCK_FROM).toordinal() - base
                unsure[block:stop] = b"\1" * (stop - block)
        return unsure

    # -- day numbers, the currency of the arithmetic

    def number(self, day: date) -> int:
        """Return the day number of ``day`` (a date, or a datetime on Beijing clocks).

        :raises CalendarError: outside the reach of the calendar
        """
        number = day.toordinal() - self.base
        if 0 <= number < len(self.worked):
            return number
        raise CalendarError(f"{day:%Y-%m-%d} lies outside the calendar's reach {self.reach[0]}-{self.reach[1]}")

    def day(self, number: int) -> date:
        """Return the date of a day number."""
        return date.fromordinal(self.base + number)

    def moment(self, number: int, microseconds: int = 0) -> datetime:
        """Return 00:00 (Asia/Shanghai) of a day number, plus ``microseconds``."""
        return self.midnight + timedelta(number, 0, microseconds)

    def nth_after(self, number: int, count: int) -> int:
        """Return the number of the ``count``-th working day after day ``number`` (count >= 1).

        :raises CalendarError: if the calendar ends before it
        """
        try:
            return self.nth[self.before[number + 1] + count - 1]
        except IndexError:
            raise CalendarError(f"no {count} working days between {self.day(number)} and {self.reach[1]}") from None

    def nth_before(self, number: int, count: int) -> int:
        """Return the number of the ``count``-th working day before day ``number`` (count >= 1).

        :raises CalendarError: if the calendar begins after it
        """
        k = self.before[number] - count
        if k < 0:
            raise CalendarError(f"no {count} working days between {self.reach[0]} and {self.day(number)}")
        return self.nth[k]

    # -- the same in dates

    def is_worked(self, day: date) -> bool:
        """Tell whether ``day`` is a working day."""
        return bool(self.worked[self.number(day)])

    def kind_of(self, day: date) -> DayKind | None:
        """Return how ``day`` departs from Monday to Friday; None if it does not."""
        kind = self.days.get(day)
        return None if kind is None else DayKind(kind)

    def name_of(self, day: date) -> str:
        """Return the name of the holiday that ``day`` belongs to, '' if none."""
        return self.names.get(day, "")

    def is_provisional(self, first: date, last: date | None = None) -> bool:
        """Tell whether a notice that is not out yet may change a day from ``first`` to ``last``, both included."""
        end = self.number(last or first) + 1
        return self.unsure_before[end] > self.unsure_before[self.number(first)]

    def working_days(self, first: date, last: date) -> int:
        """Count the working days from ``first`` to ``last``, both included."""
        return max(0, self.before[self.number(last) + 1] - self.before[self.number(first)])

    def add(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day`` (before it if negative); ``day`` itself for 0."""
        if count == 0:
            return day
        number = self.number(day)
        return self.day(self.nth_after(number, count) if count > 0 else self.nth_before(number, -count))

    def months(self) -> "list[tuple[int, int, int]]":
        """Return (day number of the 1st, month, days in the month) for every month within reach."""
        found, number = [], 0
        for year in range(self.reach[0], self.reach[1] + 1):
            for month in range(1, 13):
                length = calendar.monthrange(year, month)[1]
                found.append((number, month, length))
                number += length
        return found
