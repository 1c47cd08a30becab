"""Where the work calendar comes from: the packages ``holidays`` and ``chinesecalendar``, compared day by day.

For the load command only; nothing asks these packages at run time. A year counts as confirmed when both know it and
they agree; where they differ, ``data/calendar_exceptions.csv`` holds a reviewed decision with its notice. The year
after the last is provisional: what ``holidays`` computes from the statute, without the notice's make-up days.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
from chinese_calendar import constants

from deadlines.workdays import CalendarError, DayKind

DATA = Path(__file__).parent / "data"
EXCEPTIONS_FILE = DATA / "calendar_exceptions.csv"
NAMES_FILE = DATA / "holiday_names.csv"

FIRST_YEAR = 2004  # chinesecalendar begins here
SATURDAY = 5
SUBSTITUTED = "Day off"  # how holidays names a day exchanged for a worked weekend day


class CalendarDataError(CalendarError):
    """The sources contradict each other, or themselves."""


@dataclass(frozen=True, slots=True)
class HolidayName:
    """A holiday's code, its names, and the words by which each package is recognised to mean it."""

    code: str
    name_en: str
    name_zh: str
    chinesecalendar: str
    holidays: str


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One day of the work calendar. Rest days of a holiday block that are weekend days are rows too."""

    date: date
    kind: DayKind
    code: str
    name_en: str
    name_zh: str
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class CalendarData:
    """All rows in order of date, the confirmed years and the provisional ones."""

    rows: tuple[CalendarRow, ...]
    confirmed_years: frozenset[int]
    provisional_years: frozenset[int]


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewed answer where the packages differ."""

    date: date
    worked: bool
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A day on which the packages differ on whether it is worked."""

    date: date
    chinesecalendar: bool
    holidays: bool


def holiday_names() -> dict[str, HolidayName]:
    """Return the holidays by code, from ``data/holiday_names.csv``."""
    with NAMES_FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: HolidayName(**row) for row in csv.DictReader(file)}


def decisions() -> dict[date, Decision]:
    """Return the reviewed exceptions by date, from ``data/calendar_exceptions.csv``."""
    with EXCEPTIONS_FILE.open(encoding="utf-8", newline="") as file:
        read = [
            Decision(date.fromisoformat(row["date"]), row["decided"] == "worked", row["code"], row["reason"])
            for row in csv.DictReader(file)
        ]
    return {decision.date: decision for decision in read}


def known_years() -> range:
    """Return the years both packages know."""
    return range(FIRST_YEAR, max(constants.holidays).year + 1)


def disagreements() -> list[Disagreement]:
    """Return every day of the known years on which the packages differ, decided or not."""
    found = []
    for year in known_years():
        theirs = holidays.country_holidays("CN", years=year)
        for day in _days_of(year):
            one, other = chinese_calendar.is_workday(day), theirs.is_working_day(day)
            if one != other:
                found.append(Disagreement(day, one, other))
    return found


def calendar_data() -> CalendarData:
    """Return the work calendar of every known year and the provisional year after them.

    :raises CalendarDataError: naming the days on which the packages differ and no decision has been reviewed, or on
        which a decision stands against both
    """
    decided, differing = decisions(), disagreements()
    for day in decided.keys() - {each.date for each in differing}:
        if day.year in known_years() and chinese_calendar.is_workday(day) != decided[day].worked:
            raise CalendarDataError(
                f"{day}: the packages agree against the decision in {EXCEPTIONS_FILE.name}; review it"
            )
    open_questions = [each for each in differing if each.date not in decided]
    if open_questions:
        days = ", ".join(
            f"{each.date} (chinesecalendar: {_word(worked=each.chinesecalendar)}, "
            f"holidays: {_word(worked=each.holidays)})"
            for each in open_questions
        )
        raise CalendarDataError(f"the calendar packages differ; decide in {EXCEPTIONS_FILE.name}: {days}")
    names, years = holiday_names(), known_years()
    rows = [*_confirmed_rows(years, names, decided), *_provisional_rows(years.stop, names)]
    return CalendarData(tuple(rows), frozenset(years), frozenset({years.stop}))


def _confirmed_rows(
    years: range,
    names: Mapping[str, HolidayName],
    decided: Mapping[date, Decision],
) -> Iterator[CalendarRow]:
    called = {name.chinesecalendar: name for name in names.values()}
    words = constants.in_lieu_days | constants.holidays | constants.workdays
    for day in (day for year in years for day in _days_of(year)):
        decision = decided.get(day)
        worked = decision.worked if decision else chinese_calendar.is_workday(day)
        is_weekend = day.weekday() >= SATURDAY
        if worked != is_weekend and not (is_weekend and day in constants.holidays):
            continue  # an ordinary working day or an ordinary weekend
        name = names[decision.code] if decision else called[words[day]]
        source = EXCEPTIONS_FILE.name if decision else "chinesecalendar, holidays"
        yield _row(day, name, source, worked=worked, confirmed=True)


def _provisional_rows(year: int, names: Mapping[str, HolidayName]) -> Iterator[CalendarRow]:
    theirs = holidays.country_holidays("CN", years=year, language="en_US")
    named = {day: _recognised(day, theirs[day], names) for day in theirs if not theirs[day].startswith(SUBSTITUTED)}
    # Once the package knows the notice before its twin does, its exchanged days are taken along, still provisional.
    off, worked = theirs.keys(), theirs.weekend_workdays
    for day in sorted(each for each in off | worked if each.year == year):
        name = named.get(day) or named[min(named, key=lambda each: (abs(each - day), each))]
        yield _row(day, name, "holidays", worked=day in worked, confirmed=False)


def _recognised(day: date, words: str, names: Mapping[str, HolidayName]) -> HolidayName:
    for name in names.values():
        if words.startswith(name.holidays):
            return name
    raise CalendarDataError(f"{day}: no code in {NAMES_FILE.name} for {words!r}")


def _row(day: date, name: HolidayName, source: str, *, worked: bool, confirmed: bool) -> CalendarRow:
    kind = DayKind.MAKEUP_WORKDAY if worked else DayKind.HOLIDAY
    return CalendarRow(day, kind, name.code, name.name_en, name.name_zh, source, confirmed)


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _word(*, worked: bool) -> str:
    return "worked" if worked else "rest"
