"""The spans that figures are asked for: a month, a quarter, a year, or from one civil day to another (Shanghai)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.utils.translation import gettext as _

from petitions.errors import BadPeriod

MONTHS_BACK, QUARTERS_BACK, YEARS_BACK, HALVES_BACK = 12, 8, 5, 5
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_HALF = re.compile(r"(\d{4})-H([12])")
_YEAR = re.compile(r"\d{4}")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``start`` to ``end``, both included; ``code`` names a whole month, quarter or year in addresses."""

    start: date
    end: date
    code: str = ""

    @property
    def label(self) -> str:
        """Its name, empty for days somebody chose."""
        if found := _QUARTER.fullmatch(self.code):
            return _("%(year)s, quarter %(quarter)s") % {"year": found[1], "quarter": found[2]}
        if found := _HALF.fullmatch(self.code):
            words = _("%(year)s, first half") if found[2] == "1" else _("%(year)s, second half")
            return words % {"year": found[1]}
        if found := _MONTH.fullmatch(self.code):
            return _("%(year)s, month %(month)s") % {"year": found[1], "month": int(found[2])}
        return _("Year %(year)s") % {"year": self.code} if self.code else ""

    @property
    def query(self) -> str:
        """How an address says it."""
        return f"period={self.code}" if self.code else f"from={self.start.isoformat()}&to={self.end.isoformat()}"

    @property
    def month(self) -> date | None:
        """Its first day if it is one whole month, or the running one so far."""
        return self.start if _MONTH.fullmatch(self.code) else None

    def months(self) -> list[date]:
        """Return the first days of the months that lie wholly within."""
        first = self.start if self.start.day == 1 else next_month(self.start)
        found = []
        while next_month(first) - _DAY <= self.end:
            found.append(first)
            first = next_month(first)
        return found

    def edges(self) -> list["Period"]:
        """Return the days before and after those months: at most two spans, each within one month."""
        whole = self.months()
        if not whole:
            split = next_month(self.start)
            if self.end < split:
                return [self]
            return [Period(self.start, split - _DAY), Period(split, self.end)]
        before, after = Period(self.start, whole[0] - _DAY), Period(next_month(whole[-1]), self.end)
        return [edge for edge in (before, after) if edge.start <= edge.end]


def next_month(day: date) -> date:
    """Return the first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(day: date) -> date:
    """Return the first day of the month before."""
    return (day.replace(day=1) - _DAY).replace(day=1)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a chooser offers, the newest first."""

    months: list[Period]
    quarters: list[Period]
    years: list[Period]
    halves: list[Period]

    @classmethod
    def of(cls, today: date) -> Self:
        """Return the running month, quarter and year, so far, and those before."""
        months, first = [], today.replace(day=1)
        for _each in range(MONTHS_BACK):
            months.append(read_period(first.strftime("%Y-%m"), today=today))
            first = month_before(first)
        quarters, year, quarter = [], today.year, (today.month + 2) // 3
        for _each in range(QUARTERS_BACK):
            quarters.append(read_period(f"{year}-Q{quarter}", today=today))
            year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
        years = [read_period(str(today.year - back), today=today) for back in range(YEARS_BACK)]
        halves, year, half = [], today.year, (today.month + 5) // 6
        for _each in range(HALVES_BACK):
            halves.append(read_period(f"{year}-H{half}", today=today))
            year, half = (year, 1) if half > 1 else (year - 1, 2)
        return cls(months, quarters, years, halves)


def read_period(code: str = "", start: str = "", end: str = "", *, today: date) -> Period:
    """Read ``2026-11``, ``2026-Q4``, ``2026-H2`` or ``2026``, else two days; nothing at all is this month.

    None ends after today.

    :raises BadPeriod: in a sentence for whoever typed it
    """
    if code:
        return _named(code, today)
    if not start and not end:
        return _named(today.strftime("%Y-%m"), today)
    try:
        first, last = date.fromisoformat(start), min(date.fromisoformat(end), today)
    except ValueError:
        raise BadPeriod(_("Give both days, like 2026-11-22.")) from None
    if first > last:
        raise BadPeriod(_("The first day lies after the last, or in the future."))
    return Period(first, last)


def _named(code: str, today: date) -> Period:
    try:
        if found := _QUARTER.fullmatch(code):
            start = date(int(found[1]), int(found[2]) * 3 - 2, 1)
            after = next_month(next_month(next_month(start)))
        elif found := _HALF.fullmatch(code):
            start = date(int(found[1]), int(found[2]) * 6 - 5, 1)
            after = date(start.year, 7, 1) if start.month == 1 else date(start.year + 1, 1, 1)
        elif found := _MONTH.fullmatch(code):
            start = date(int(found[1]), int(found[2]), 1)
            after = next_month(start)
        elif _YEAR.fullmatch(code):
            start = date(int(code), 1, 1)
            after = date(int(code) + 1, 1, 1)
        else:
            raise ValueError(code)  # noqa: TRY301 - one sentence for everything that is no period
    except (ValueError, OverflowError):
        raise BadPeriod(_("There is no such month, quarter or year.")) from None
    if start > today:
        raise BadPeriod(_("This period lies in the future."))
    return Period(start, min(after - _DAY, today), code)
