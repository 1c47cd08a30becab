"""Opening hours laid over a work calendar, prepared so that adding N hours costs O(log days), whatever N.

Two uses: the statutory office hours of the ``working`` clock (``office_hours``), and a community's own
``service_hours`` by season and weekday, which may open at weekends.
Pure: no database, no clock, no Django.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from itertools import accumulate

from deadlines.workdays import DAY, CalendarError, DayKind, WorkCalendar, since_midnight

Spans = tuple[tuple[int, int], ...]  # (opens, closes) in microseconds of the day, in order, apart from each other

LAST_WEEKDAY = 6
MONDAY, SUNDAY = 0, 6


@dataclass(frozen=True, slots=True)
class Opening:
    """Open from ``opens`` to ``closes`` on a weekday (0 = Monday) in the months from ``month_from`` to ``month_to``.

    A season may run over New Year (11 to 3). ``closes`` 00:00 means the end of the day. A lunch break is two
    openings. No opening runs over midnight.

    :raises ValueError: if a weekday or month does not exist or it closes before it opens
    """

    weekday: int
    opens: time
    closes: time
    month_from: int = 1
    month_to: int = 12

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not 0 <= self.weekday <= LAST_WEEKDAY:
            raise ValueError(f"weekday {self.weekday}: 0 is Monday, 6 is Sunday")
        if not (1 <= self.month_from <= 12 and 1 <= self.month_to <= 12):  # noqa: PLR2004 - months
            raise ValueError(f"months {self.month_from}-{self.month_to}: 1 to 12")
        if self.span[0] >= self.span[1]:
            raise ValueError(f"opens {self.opens} but closes {self.closes}")

    @property
    def span(self) -> tuple[int, int]:
        """Return the opening in microseconds of the day."""
        return _of_day(self.opens), _of_day(self.closes) or DAY

    def holds_in(self, month: int) -> bool:
        """Tell whether the season includes ``month``."""
        if self.month_from <= self.month_to:
            return self.month_from <= month <= self.month_to
        return month >= self.month_from or month <= self.month_to


class OnHoliday(StrEnum):
    """What a holiday does to the hours."""

    CLOSED = "closed"
    AS_WEEKDAY = "as_weekday"  # the hours of that day of the week, as if nothing were
    AS_SUNDAY = "as_sunday"


class OnMakeup(StrEnum):
    """What a make-up working day does to the hours."""

    AS_MONDAY = "as_monday"  # an ordinary working day
    AS_WEEKDAY = "as_weekday"  # a Saturday stays a Saturday


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """When a desk is open, day by day over the reach of ``cal``.

    ``total`` is the prepared index: open microseconds before day i. Positions on it measure open time.

    :raises CalendarError: if it never opens
    """

    cal: WorkCalendar
    openings: tuple[Opening, ...]
    on_holiday: OnHoliday = OnHoliday.CLOSED
    on_makeup: OnMakeup = OnMakeup.AS_MONDAY
    patterns: tuple[Spans, ...] = field(init=False, repr=False)
    pattern_of: bytearray = field(init=False, repr=False)  # index into patterns, by day number
    total: "array[int]" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the index."""
        table = {(month, day): _merged(self._spans(month, day)) for month in range(1, 13) for day in range(7)}
        patterns = tuple(dict.fromkeys([(), *table.values()]))
        number_of = {spans: number for number, spans in enumerate(patterns)}
        pattern_of = bytearray(len(self.cal.worked))
        for first, month, length in self.cal.months():
            weekday = self.cal.day(first).weekday()
            week = bytes(number_of[table[month, (weekday + i) % 7]] for i in range(7))
            pattern_of[first : first + length] = (week * 5)[:length]
        for day, kind in self.cal.days.items():
            like = self._weekday_on(day, DayKind(kind))
            pattern = () if like is None else table[day.month, like]
            pattern_of[self.cal.number(day)] = number_of[pattern]
        lengths = [sum(closes - opens for opens, closes in spans) for spans in patterns]
        total = array("q", accumulate(map(lengths.__getitem__, pattern_of), initial=0))
        if not total[-1]:
            raise CalendarError("these hours never open")
        object.__setattr__(self, "patterns", patterns)
        object.__setattr__(self, "pattern_of", pattern_of)
        object.__setattr__(self, "total", total)

    def _spans(self, month: int, weekday: int) -> Iterator[tuple[int, int]]:
        return (each.span for each in self.openings if each.weekday == weekday and each.holds_in(month))

    def _weekday_on(self, day: date, kind: DayKind) -> int | None:
        if kind is DayKind.MAKEUP_WORKDAY:
            return MONDAY if self.on_makeup == OnMakeup.AS_MONDAY else day.weekday()
        if self.on_holiday == OnHoliday.CLOSED:
            return None
        return SUNDAY if self.on_holiday == OnHoliday.AS_SUNDAY else day.weekday()

    def spans(self, number: int) -> Spans:
        """Return the openings of a day number."""
        return self.patterns[self.pattern_of[number]]

    def opens_at(self, number: int) -> datetime | None:
        """Return when a day first opens, None if it stays closed."""
        spans = self.spans(number)
        return self.cal.moment(number, spans[0][0]) if spans else None

    def open_time(self, number: int) -> int:
        """Return how long a day is open, in microseconds."""
        return self.total[number + 1] - self.total[number]

    def position(self, local: datetime) -> int:
        """Return the open microseconds from the beginning of the calendar to ``local`` (on Beijing clocks)."""
        number = self.cal.number(local)
        passed, clock = self.total[number], since_midnight(local)
        for opens, closes in self.patterns[self.pattern_of[number]]:
            if clock <= opens:
                break
            passed += min(clock, closes) - opens
        return passed

    def earliest(self, position: int) -> datetime:
        """Return the earliest moment that reaches ``position`` (> 0): closing time rather than the next opening.

        :raises CalendarError: if the calendar ends before it
        """
        number = bisect_left(self.total, position) - 1
        if not 0 <= number < len(self.pattern_of):
            raise CalendarError(f"the hours do not reach that far: {self.cal.reach[0]}-{self.cal.reach[1]}")
        rest = position - self.total[number]
        for opens, closes in self.patterns[self.pattern_of[number]]:
            if rest <= closes - opens:
                return self.cal.moment(number, opens + rest)
            rest -= closes - opens
        raise AssertionError  # pragma: no cover - the day's total is the sum of its spans

    def latest(self, position: int) -> datetime:
        """Return the latest moment at which ``position`` still holds: at the opening rather than the closing before.

        :raises CalendarError: if the calendar begins after it
        """
        number = bisect_right(self.total, position) - 1
        if not 0 <= number < len(self.pattern_of):
            raise CalendarError(f"the hours do not reach that far: {self.cal.reach[0]}-{self.cal.reach[1]}")
        rest = position - self.total[number]
        for opens, closes in self.patterns[self.pattern_of[number]]:
            if rest < closes - opens:
                return self.cal.moment(number, opens + rest)
            rest -= closes - opens
        raise AssertionError  # pragma: no cover - the day's total is the sum of its spans


OFFICE_TIMES = ((time(9), time(12)), (time(13, 30), time(17, 30)))  # ours until the district says otherwise


def office_hours(cal: WorkCalendar, times: Sequence[tuple[time, time]] = OFFICE_TIMES) -> Hours:
    """Return the statutory office hours: ``times`` on every working day, make-up days too, closed on holidays."""
    openings = tuple(Opening(day, opens, closes) for day in sorted(cal.weekdays) for opens, closes in times)
    return Hours(cal, openings)


def _of_day(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """Join what touches or overlaps."""
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return tuple(joined)
