"""When a station is open: its hours by weekday and season, holidays, make-up working days, other hours of some days.

Pure over loaded rows and a prepared calendar; civil times of Shanghai. The rules of holidays are those of
``deadlines.hours``.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from deadlines.hours import Hours, Opening
from deadlines.timetable import Timetable
from deadlines.workdays import DAY, DayKind, WorkCalendar, beijing, since_midnight
from fieldwork.enums import HolidayHours, HoursBy, MakeupHours
from fieldwork.models import ServiceStation, StationDays, StationHours

# How far ahead the next opening is looked for: longer than the longest holiday.
AHEAD: Final = 62
MONDAY, SUNDAY = 0, 6
Spans = tuple[tuple[int, int], ...]  # (opens, closes) in microseconds of the day, in order


@dataclass(frozen=True, slots=True)
class Now:
    """How a station stands at an instant: open until when, or when it opens next, and what people are told.

    ``until`` is None while it is open day and night, ``until_today`` the same time as people write it on that day;
    ``opens`` is None if it is open, or if people call first.
    """

    is_open: bool
    by_call: bool = False
    until: datetime | None = None
    until_today: str = ""
    opens: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """The opening times of one station, prepared."""

    by: HoursBy
    openings: tuple[Opening, ...]
    on_holiday: str
    on_makeup: str
    days: tuple[StationDays, ...]
    hall: Hours | None
    calendar: WorkCalendar

    @classmethod
    def of(
        cls,
        station: ServiceStation,
        hours: Collection[StationHours],
        days: Collection[StationDays],
        table: Timetable,
    ) -> "Times":
        """Prepare them; ``station`` comes with its area."""
        return cls(
            by=HoursBy(station.hours_by),
            openings=tuple(Opening(one.weekday, one.opens, one.closes, one.month_from, one.month_to) for one in hours),
            on_holiday=station.on_holiday,
            on_makeup=station.on_makeup,
            days=tuple(days),
            hall=table.hours_for("service_hours", station.area.path) if station.hours_by == HoursBy.HALL else None,
            calendar=table.calendar,
        )

    def other(self, day: date) -> StationDays | None:
        """Return the other hours that hold on a day."""
        return next((one for one in self.days if one.starts_on <= day <= one.ends_on), None)

    def spans(self, day: date) -> Spans:
        """Return when it is open on a day."""
        other = self.other(day)
        if other is not None:
            if other.opens is None or other.closes is None:
                return ()
            return (Opening(0, other.opens, other.closes).span,)
        match self.by:
            case HoursBy.ALWAYS:
                return ((0, DAY),)
            case HoursBy.HALL if self.hall is not None:
                return self.hall.spans(self.calendar.number(day))
            case HoursBy.OWN:
                weekday = self._weekday_on(day)
                found = (one.span for one in self.openings if one.weekday == weekday and one.holds_in(day.month))
                return () if weekday is None else tuple(sorted(found))
            case _:
                return ()

    def now(self, at: datetime) -> Now:
        """Return how it stands at an instant."""
        local = beijing(at)
        today, clock = local.date(), since_midnight(local)
        other = self.other(today)
        words = other.words if other else ""
        if self.by == HoursBy.CALL and other is None:
            return Now(is_open=False, by_call=True)
        current = next((span for span in self.spans(today) if span[0] <= clock < span[1]), None)
        if current is not None:
            until = self._until(today, current[1])
            passed = until - self._moment(today, 0) if until else None
            said = _clock(passed // timedelta(microseconds=1)) if passed and passed <= timedelta(days=1) else ""
            return Now(is_open=True, until=until, until_today=said, words=words)
        return Now(is_open=False, opens=self._opens(today, clock), words=words)

    def _weekday_on(self, day: date) -> int | None:
        kind = self.calendar.kind_of(day)
        if kind is None:
            return day.weekday()
        if kind is DayKind.MAKEUP_WORKDAY:
            return MONDAY if self.on_makeup == MakeupHours.AS_MONDAY else day.weekday()
        if self.on_holiday == HolidayHours.CLOSED:
            return None
        return SUNDAY if self.on_holiday == HolidayHours.AS_SUNDAY else day.weekday()

    def _until(self, day: date, closes: int) -> datetime | None:
        """Return when it closes next; what is open until midnight goes on if the next day begins open."""
        for _day in range(AHEAD):
            for opens, end in self.spans(day):
                closes = end if opens <= closes < end else closes
            if closes < DAY:
                return self._moment(day, closes)
            following = self.spans(day + timedelta(days=1))
            if not following or following[0][0] > 0:
                return self._moment(day, DAY)
            day, closes = day + timedelta(days=1), 0
        return None

    def _opens(self, today: date, clock: int) -> datetime | None:
        for ahead in range(AHEAD):
            day = today + timedelta(days=ahead)
            for opens, _closes in self.spans(day):
                if ahead or opens > clock:
                    return self._moment(day, opens)
        return None

    def _moment(self, day: date, microseconds: int) -> datetime:
        return self.calendar.moment(self.calendar.number(day), microseconds)


@dataclass(frozen=True, slots=True)
class Week:
    """One day of the page of a station: the day and its hours in words, empty if closed."""

    day: date
    times: str
    words: str


def week(times: Times, first: date) -> list[Week]:
    """Return seven days from ``first`` on, with their hours."""
    found = []
    for ahead in range(7):
        day = first + timedelta(days=ahead)
        other = times.other(day)
        found.append(Week(day, in_words(times.spans(day)), other.words if other else ""))
    return found


def in_words(spans: Sequence[tuple[int, int]]) -> str:
    """Return spans of a day as people write them: 09:00–12:00, 14:00–24:00."""
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in spans)


def _clock(microseconds: int) -> str:
    minutes = microseconds // 60_000_000
    return f"{minutes // 60:02}:{minutes % 60:02}"
