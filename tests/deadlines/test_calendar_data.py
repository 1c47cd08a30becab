"""The work calendar's sources agree, but for one reviewed day; the coming year is provisional."""

from datetime import date

import pytest

from deadlines import calendar_data as source
from deadlines.calendar import DayKind
from tests.deadlines.beijing_calendar import exceptions


@pytest.fixture(scope="module")
def data():
    return source.calendar_data()


def test_the_packages_differ_on_one_day_only_and_it_is_decided():
    differing = [(each.date, each.chinesecalendar, each.holidays) for each in source.disagreements()]

    assert differing == [(date(2005, 12, 31), False, True)]
    assert [(each.date, each.worked) for each in source.decisions().values()] == [(date(2005, 12, 31), True)]


def test_the_decided_day_is_worked_and_says_where_that_comes_from(data):
    row = next(row for row in data.rows if row.date == date(2005, 12, 31))

    assert (row.kind, row.name_zh, row.source) == (DayKind.MAKEUP_WORKDAY, "元旦", "calendar_exceptions.csv")


def test_an_undecided_difference_stops_the_load(monkeypatch):
    monkeypatch.setattr(source, "decisions", dict)

    with pytest.raises(source.CalendarDataError, match=r"2005-12-31 \(chinesecalendar: rest, holidays: worked\)"):
        source.calendar_data()


def test_a_decision_against_both_packages_stops_the_load(monkeypatch):
    stale = source.Decision(date(2024, 10, 8), worked=False, code="national_day", reason="")
    monkeypatch.setattr(source, "decisions", lambda: {stale.date: stale})

    with pytest.raises(source.CalendarDataError, match="2024-10-08: the packages agree against the decision"):
        source.calendar_data()


def test_the_third_source_says_the_same_for_2024_to_2026(data):
    departures = {
        row.date: row.kind.value
        for row in data.rows
        if 2024 <= row.date.year <= 2026 and (row.kind == "makeup_workday" or row.date.weekday() < 5)
    }

    assert departures == {day: kind for day, (kind, _) in exceptions().items()}


def test_every_year_from_2004_is_confirmed_and_the_next_is_provisional(data):
    last = max(data.confirmed_years)

    assert data.confirmed_years == frozenset(range(2004, last + 1))
    assert last >= 2026
    assert data.provisional_years == {last + 1}
    assert {row.date.year for row in data.rows if not row.confirmed} == {last + 1}


def test_the_provisional_year_has_the_statutory_days_and_no_makeup_days(data):
    coming = [row for row in data.rows if not row.confirmed]

    assert {row.kind for row in coming} == {DayKind.HOLIDAY}
    assert {row.code for row in coming} == {
        "new_year", "spring_festival", "tomb_sweeping", "labour_day", "dragon_boat", "mid_autumn", "national_day",
    }  # fmt: skip


def test_rows_are_in_order_named_in_both_languages_and_makeup_days_are_weekend_days(data):
    days = [row.date for row in data.rows]

    assert days == sorted(set(days))
    assert all(row.name_en and row.name_zh and row.code for row in data.rows)
    assert all(row.date.weekday() >= 5 for row in data.rows if row.kind == DayKind.MAKEUP_WORKDAY)


def test_a_notice_that_only_one_package_knows_is_taken_but_stays_provisional(monkeypatch):
    monkeypatch.setattr(source, "known_years", lambda: range(2025, 2026))

    coming = [row for row in source.calendar_data().rows if not row.confirmed]

    assert {row.date.year for row in coming} == {2026}
    assert {row.date.isoformat(): row.code for row in coming if row.kind == DayKind.MAKEUP_WORKDAY} == {
        "2026-01-04": "new_year", "2026-02-14": "spring_festival", "2026-02-28": "spring_festival",
        "2026-05-09": "labour_day", "2026-09-20": "mid_autumn", "2026-10-10": "national_day",
    }  # fmt: skip
    assert next(row.code for row in coming if row.date == date(2026, 1, 2)) == "new_year"


def test_a_holiday_nobody_has_named_stops_the_load(monkeypatch):
    names = {code: name for code, name in source.holiday_names().items() if code != "labour_day"}
    monkeypatch.setattr(source, "holiday_names", lambda: names)
    monkeypatch.setattr(source, "known_years", lambda: range(2026, 2026))

    with pytest.raises(source.CalendarDataError, match=r"2026-05-01: no code in holiday_names.csv for 'Labor Day'"):
        source.calendar_data()
