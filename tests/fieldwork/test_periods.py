"""Weeks, months and longer: which days they hold, when they are nearly over, when they are counted for good."""

from datetime import date

import pytest

from fieldwork.enums import Cadence
from fieldwork.periods import Period, before, last_closed, period_of


@pytest.mark.parametrize(
    ("cadence", "day", "first", "last"),
    [
        ("week", "2026-06-09", "2026-06-08", "2026-06-14"),
        ("week", "2026-06-08", "2026-06-08", "2026-06-14"),
        ("week", "2027-01-01", "2026-12-28", "2027-01-03"),
        ("month", "2026-02-28", "2026-02-01", "2026-02-28"),
        ("month", "2028-02-10", "2028-02-01", "2028-02-29"),
        ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-06-09", "2026-04-01", "2026-06-30"),
        ("half_year", "2026-12-09", "2026-07-01", "2026-12-31"),
        ("year", "2026-06-09", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_is_one_of_the_calendar(cadence, day, first, last):
    found = period_of(Cadence(cadence), date.fromisoformat(day))

    assert found == Period(date.fromisoformat(first), date.fromisoformat(last))


def test_what_is_never_asked_for_has_no_period():
    assert period_of(Cadence.NEVER, date(2026, 6, 9)) is None
    assert last_closed(Cadence.NEVER, date(2026, 6, 9)) is None
    with pytest.raises(ValueError, match="no period"):
        before(Cadence.NEVER, Period(date(2026, 6, 1), date(2026, 6, 30)))


@pytest.mark.parametrize(
    ("cadence", "first", "expected"),
    [
        ("week", "2026-06-08", "2026-06-01"),
        ("month", "2026-03-01", "2026-02-01"),
        ("month", "2026-01-01", "2025-12-01"),
        ("half_year", "2026-01-01", "2025-07-01"),
    ],
)
def test_before_it_comes_the_one_right_before(cadence, first, expected):
    period = period_of(Cadence(cadence), date.fromisoformat(first))
    assert period is not None

    assert before(Cadence(cadence), period).first == date.fromisoformat(expected)


@pytest.mark.parametrize(("day", "nearly"), [("2026-06-24", False), ("2026-06-25", True), ("2026-06-30", True)])
def test_a_month_is_nearly_over_in_its_last_fifth(day, nearly):
    month = Period(date(2026, 6, 1), date(2026, 6, 30))

    assert month.is_nearly_over(date.fromisoformat(day)) is nearly


@pytest.mark.parametrize(("day", "nearly"), [("2026-06-12", False), ("2026-06-13", True)])
def test_a_week_is_nearly_over_in_its_last_two_days(day, nearly):
    week = Period(date(2026, 6, 8), date(2026, 6, 14))

    assert week.is_nearly_over(date.fromisoformat(day)) is nearly


@pytest.mark.parametrize(
    ("day", "first"), [("2026-07-01", "2026-05-01"), ("2026-07-02", "2026-05-01"), ("2026-07-03", "2026-06-01")]
)
def test_a_month_is_counted_for_good_on_the_third_day_after_it(day, first):
    found = last_closed(Cadence.MONTH, date.fromisoformat(day))

    assert found is not None
    assert found.first == date.fromisoformat(first)
