"""Weeks, months and longer spans in which a visit is asked for once. Pure; civil dates of Shanghai, ends included."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fieldwork.enums import Cadence

MONTHS: Final = {Cadence.MONTH: 1, Cadence.QUARTER: 3, Cadence.HALF_YEAR: 6, Cadence.YEAR: 12}
# What was done on the last days of a period may be written down so many days later; then it is counted for good.
GRACE_DAYS: Final = 2
_A_DAY: Final = timedelta(days=1)
_A_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One span; both days are in it."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day <= self.last

    def is_nearly_over(self, on: date) -> bool:
        """Whether its last fifth has come, and its last two days in any case: what is not done is due soon."""
        days = (self.last - self.first).days + 1
        return (self.last - on).days < max(2, days // 5)


def period_of(cadence: Cadence, day: date) -> Period | None:
    """Return the period a day lies in: a week from Monday on, a calendar month or more; None if nothing is asked."""
    if cadence == Cadence.NEVER:
        return None
    if cadence == Cadence.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + _A_WEEK - _A_DAY)
    months = MONTHS[cadence]
    begins = (day.month - 1) // months * months + 1
    ahead = begins + months
    after = date(day.year + 1, 1, 1) if ahead > 12 else date(day.year, ahead, 1)  # noqa: PLR2004 - months of a year
    return Period(date(day.year, begins, 1), after - _A_DAY)


def before(cadence: Cadence, period: Period) -> Period:
    """Return the period right before one.

    :raises ValueError: for a cadence without periods
    """
    found = period_of(cadence, period.first - _A_DAY)
    if found is None:
        msg = f"There is no period of {cadence}."
        raise ValueError(msg)
    return found


def last_closed(cadence: Cadence, on: date) -> Period | None:
    """Return the latest period whose days for writing down are over on a day; None if nothing is asked."""
    found = period_of(cadence, on)
    if found is None:
        return None
    while found.last + timedelta(days=GRACE_DAYS) >= on:
        found = before(cadence, found)
    return found
