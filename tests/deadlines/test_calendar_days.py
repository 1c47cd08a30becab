"""Limits in days: every holiday block and make-up Saturday of two years, weekends, zones, year ends. Literals only."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from deadlines.calendar import CalendarError, Limit, WorkCalendar, counted, due, is_late, late_by
from tests.deadlines.beijing_calendar import at, calendar_2024_2026, exceptions, office

# (start, working days, last day), worked out by hand from the notices: 春节 2024 makes up on 4 and 18 February, …
HOLIDAY_BLOCKS = [
    # New Year 2024: Monday 1 January
    ("2023-12-29", 1, "2024-01-02"),
    ("2024-01-01", 1, "2024-01-02"),
    ("2024-01-01", 5, "2024-01-08"),
    # Spring Festival 2024: 10-17 February off; Sunday 4 and Sunday 18 February worked; New Year's Eve (9) worked
    ("2024-02-02", 1, "2024-02-04"),
    ("2024-02-02", 2, "2024-02-05"),
    ("2024-02-02", 6, "2024-02-09"),
    ("2024-02-02", 7, "2024-02-18"),
    ("2024-02-08", 1, "2024-02-09"),
    ("2024-02-09", 1, "2024-02-18"),
    ("2024-02-09", 2, "2024-02-19"),
    ("2024-02-11", 1, "2024-02-18"),
    ("2024-02-14", 3, "2024-02-20"),
    ("2024-02-17", 1, "2024-02-18"),
    ("2024-02-18", 1, "2024-02-19"),
    # Tomb-Sweeping 2024: 4-6 April off, Sunday 7 April worked
    ("2024-04-03", 1, "2024-04-07"),
    ("2024-04-03", 2, "2024-04-08"),
    ("2024-04-05", 1, "2024-04-07"),
    ("2024-04-06", 2, "2024-04-08"),
    ("2024-04-07", 1, "2024-04-08"),
    # Labour Day 2024: 1-5 May off; Sunday 28 April and Saturday 11 May worked
    ("2024-04-26", 1, "2024-04-28"),
    ("2024-04-26", 3, "2024-04-30"),
    ("2024-04-30", 1, "2024-05-06"),
    ("2024-05-01", 1, "2024-05-06"),
    ("2024-05-04", 6, "2024-05-11"),
    ("2024-05-06", 5, "2024-05-11"),
    ("2024-05-10", 1, "2024-05-11"),
    ("2024-05-10", 2, "2024-05-13"),
    # Dragon Boat 2024: Monday 10 June
    ("2024-06-07", 1, "2024-06-11"),
    ("2024-06-08", 1, "2024-06-11"),
    ("2024-06-10", 2, "2024-06-12"),
    # Mid-Autumn 2024: 15-17 September off, Saturday 14 September worked
    ("2024-09-13", 1, "2024-09-14"),
    ("2024-09-13", 2, "2024-09-18"),
    ("2024-09-14", 1, "2024-09-18"),
    ("2024-09-15", 2, "2024-09-19"),
    ("2024-09-16", 1, "2024-09-18"),
    # National Day 2024: 1-7 October off; Sunday 29 September and Saturday 12 October worked
    ("2024-09-27", 1, "2024-09-29"),
    ("2024-09-27", 2, "2024-09-30"),
    ("2024-09-27", 3, "2024-10-08"),
    ("2024-09-30", 1, "2024-10-08"),
    ("2024-10-01", 1, "2024-10-08"),
    ("2024-10-07", 5, "2024-10-12"),
    ("2024-10-11", 1, "2024-10-12"),
    ("2024-10-11", 2, "2024-10-14"),
    # New Year 2025: Wednesday 1 January alone
    ("2024-12-31", 1, "2025-01-02"),
    ("2025-01-01", 1, "2025-01-02"),
    ("2025-01-01", 2, "2025-01-03"),
    # Spring Festival 2025: 28 January - 4 February off; Sunday 26 January and Saturday 8 February worked
    ("2025-01-24", 1, "2025-01-26"),
    ("2025-01-24", 2, "2025-01-27"),
    ("2025-01-24", 3, "2025-02-05"),
    ("2025-01-27", 1, "2025-02-05"),
    ("2025-01-28", 1, "2025-02-05"),
    ("2025-02-01", 4, "2025-02-08"),
    ("2025-02-07", 1, "2025-02-08"),
    ("2025-02-07", 2, "2025-02-10"),
    # Tomb-Sweeping 2025: Friday 4 April
    ("2025-04-03", 1, "2025-04-07"),
    ("2025-04-04", 1, "2025-04-07"),
    # Labour Day 2025: 1-5 May off, Sunday 27 April worked
    ("2025-04-25", 1, "2025-04-27"),
    ("2025-04-25", 4, "2025-04-30"),
    ("2025-04-25", 5, "2025-05-06"),
    ("2025-04-30", 1, "2025-05-06"),
    ("2025-05-03", 1, "2025-05-06"),
    # Dragon Boat 2025: Monday 2 June
    ("2025-05-30", 1, "2025-06-03"),
    ("2025-05-31", 1, "2025-06-03"),
    # National Day and Mid-Autumn 2025: 1-8 October off; Sunday 28 September and Saturday 11 October worked
    ("2025-09-26", 1, "2025-09-28"),
    ("2025-09-26", 3, "2025-09-30"),
    ("2025-09-26", 4, "2025-10-09"),
    ("2025-09-30", 1, "2025-10-09"),
    ("2025-10-01", 1, "2025-10-09"),
    ("2025-10-06", 3, "2025-10-11"),
    ("2025-10-10", 1, "2025-10-11"),
    ("2025-10-10", 2, "2025-10-13"),
]


@pytest.mark.parametrize(("start", "limit", "last"), HOLIDAY_BLOCKS)
@pytest.mark.parametrize("clock", ["00:00", "10:15", "23:59"])
def test_working_days_around_every_holiday_of_two_years(start, limit, last, clock):
    """Case 1: every holiday block and make-up day of two real years."""
    found = due(at(f"{start} {clock}"), Limit(limit, "workday"), "working", calendar_2024_2026(), office())

    assert found.at == at(last) + timedelta(days=1)


def test_the_table_touches_every_exceptional_block_of_both_years():
    months = {(day.year, day.month) for day in exceptions() if day.year in (2024, 2025)}

    covered = {(int(text[:4]), int(text[5:7])) for start, _, last in HOLIDAY_BLOCKS for text in (start, last)}

    assert months <= covered


# Signalen's table in an ordinary March: day of the month on which the limit ends
ORDINARY_WEEKS = {
    3: {"workday": (4, 5, 6, 17, 18), "day": (4, 5, 6, 13, 14)},  # Monday
    4: {"workday": (5, 6, 7, 18, 19), "day": (5, 6, 7, 14, 15)},  # Tuesday
    7: {"workday": (10, 11, 12, 21, 24), "day": (8, 9, 10, 17, 18)},  # Friday
    8: {"workday": (10, 11, 12, 21, 24), "day": (9, 10, 11, 18, 19)},  # Saturday
    9: {"workday": (10, 11, 12, 21, 24), "day": (10, 11, 12, 19, 20)},  # Sunday
}


@pytest.mark.parametrize("unit", ["workday", "day"])
@pytest.mark.parametrize("start", ORDINARY_WEEKS)
def test_days_from_every_weekday_in_ordinary_weeks(start, unit):
    dues = [
        due(at(f"2025-03-{start:02} 09:30"), Limit(days, unit), "calendar_day", calendar_2024_2026()).at
        for days in (1, 2, 3, 10, 11)
    ]

    assert dues == [at(f"2025-03-{last + 1:02}") for last in ORDINARY_WEEKS[start][unit]]


@pytest.mark.parametrize("kind", ["natural", "working", "service_hours", "calendar_day"])
@pytest.mark.parametrize(("unit", "last"), [("workday", "2025-03-11"), ("day", "2025-03-10")])
def test_day_units_mean_the_same_on_every_kind_of_clock(kind, unit, last):
    found = due(at("2025-03-07 18:40"), Limit(2 if unit == "workday" else 3, unit), kind, calendar_2024_2026())

    assert found.at == at(last) + timedelta(days=1)


def test_it_is_not_late_on_the_last_day_but_from_midnight_on():
    due_at = due(at("2025-03-03 10:00"), Limit(1, "workday"), "working", calendar_2024_2026()).at

    assert not is_late(due_at, at("2025-03-04 23:59:59"))
    assert is_late(due_at, at("2025-03-05 00:00"))
    assert late_by(due_at, at("2025-03-04 22:00")) == timedelta(hours=-2)
    assert late_by(due_at, at("2025-03-05 22:00").astimezone(UTC)) == timedelta(hours=22)


@pytest.mark.parametrize("hour", range(16, 24))
def test_an_evening_in_utc_is_the_next_day_in_beijing(hour):
    """Case 2: a start in aware UTC that is another date in Beijing."""
    # Monday evening in Greenwich is Tuesday in Beijing: the day of receipt is Tuesday
    start = datetime(2025, 3, 3, hour, 59, 59, tzinfo=UTC)

    assert due(start, Limit(1, "workday"), "working", calendar_2024_2026()).at == at("2025-03-06")
    assert due(start, Limit(15, "day"), "natural", calendar_2024_2026()).at == at("2025-03-20")


def test_a_friday_evening_in_utc_is_a_beijing_saturday():
    start = datetime(2025, 3, 7, 16, 0, tzinfo=UTC)

    assert due(start, Limit(1, "workday"), "working", calendar_2024_2026()).at == at("2025-03-11")


@pytest.mark.parametrize(
    "zone", [UTC, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Kiritimati"), timezone(timedelta(hours=-11))]
)
def test_the_zone_that_a_moment_carries_changes_nothing(zone):
    start = at("2024-09-27 16:30")

    moved = [
        due(start.astimezone(zone), Limit(value, unit), kind, calendar_2024_2026(), office())
        for value, unit, kind in ((5, "workday", "working"), (4, "hour", "working"), (60, "day", "calendar_day"))
    ]

    assert [each.at for each in moved] == [at("2024-10-11"), at("2024-09-29 12:00"), at("2024-11-27")]
    assert {each.at.tzinfo for each in moved} == {start.tzinfo}


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Europe/Berlin", "Pacific/Auckland"])
def test_the_zone_of_the_server_changes_nothing(monkeypatch, zone):
    """Case 7: the server's time zone has no influence."""
    # both sides of the clock changes of those zones
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        dues = [
            due(start, Limit(value, unit), kind, calendar_2024_2026(), office()).at
            for start in (at("2025-03-08 23:30"), at("2025-03-29 23:30"), at("2025-10-25 23:30"))
            for value, unit, kind in ((24, "hour", "natural"), (1, "workday", "working"), (2, "hour", "working"))
        ]
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()

    assert dues == [
        at("2025-03-09 23:30"), at("2025-03-11"), at("2025-03-10 11:00"),
        at("2025-03-30 23:30"), at("2025-04-01"), at("2025-03-31 11:00"),
        at("2025-10-26 23:30"), at("2025-10-28"), at("2025-10-27 11:00"),
    ]  # fmt: skip


def test_leap_years():
    assert due(at("2024-02-28 12:00"), Limit(1, "day"), "calendar_day", calendar_2024_2026()).at == at("2024-03-01")
    assert due(at("2024-02-28 12:00"), Limit(2, "day"), "calendar_day", calendar_2024_2026()).at == at("2024-03-02")
    assert due(at("2025-02-28 12:00"), Limit(1, "day"), "calendar_day", calendar_2024_2026()).at == at("2025-03-02")
    assert due(at("2024-02-28 12:00"), Limit(1, "workday"), "working", calendar_2024_2026()).at == at("2024-03-01")


def test_a_last_day_on_a_holiday_stays_unless_the_rule_rolls_it():
    # 15 days from 20 September 2024 end on Saturday 5 October, inside the National Day block
    start, limit = at("2024-09-20 11:00"), Limit(15, "day")

    assert due(start, limit, "calendar_day", calendar_2024_2026()).at == at("2024-10-06")
    assert due(start, limit, "calendar_day", calendar_2024_2026(), roll=True).at == at("2024-10-09")
    assert due(start, Limit(9, "day"), "calendar_day", calendar_2024_2026(), roll=True).at == at("2024-09-30")


def test_zero_limits_are_lawful():
    start = at("2025-03-08 22:10:30")

    assert due(start, Limit(0, "minute"), "natural", calendar_2024_2026()).at == start
    assert due(start, Limit(0, "hour"), "working", calendar_2024_2026(), office()).at == start
    assert due(start, Limit(0, "workday"), "working", calendar_2024_2026()).at == at("2025-03-09")
    assert due(start, Limit(0, "day"), "natural", calendar_2024_2026()).at == at("2025-03-09")


def test_what_ends_in_the_moment_it_starts_is_never_late():
    start = at("2025-03-08 22:10:30")

    assert not is_late(start, start, start=start)
    assert is_late(start, start + timedelta(microseconds=1), start=start)
    assert is_late(start, start, start=start - timedelta(minutes=1))


def test_naive_moments_are_refused():
    naive = datetime(2025, 3, 3, 10, 0)

    with pytest.raises(ValueError, match="naive"):
        due(naive, Limit(1, "workday"), "working", calendar_2024_2026())
    with pytest.raises(ValueError, match="naive"):
        counted(at("2025-03-03"), naive, "natural", calendar_2024_2026())


@pytest.mark.parametrize(("value", "unit"), [(-1, "day"), (1, "week"), (1, "")])
def test_limits_that_cannot_be_are_refused(value, unit):
    with pytest.raises(ValueError, match=r"limit of -1|unknown unit"):
        Limit(value, unit)


def test_an_unknown_kind_of_clock_is_refused():
    for unit in ("day", "workday", "hour"):
        with pytest.raises(ValueError, match="unknown kind of clock 'lunar'"):
            due(at("2025-03-03"), Limit(1, unit), "lunar", calendar_2024_2026(), office())


def test_minutes_on_a_working_clock_need_hours_of_the_same_calendar():
    with pytest.raises(ValueError, match="need the opening hours"):
        due(at("2025-03-03"), Limit(1, "hour"), "working", calendar_2024_2026())
    with pytest.raises(ValueError, match="another calendar"):
        due(at("2025-03-03"), Limit(1, "hour"), "working", WorkCalendar({}), office())


def test_a_calendar_without_working_days_is_an_error_not_a_loop():
    """Case 5: a calendar with no working day at all."""
    with pytest.raises(CalendarError, match="no working day at all"):
        WorkCalendar({}, weekdays=frozenset())


def test_a_calendar_that_runs_out_is_an_error():
    worked_once = WorkCalendar({date(2025, 3, 5): "makeup_workday"}, weekdays=frozenset(), reach=(2025, 2025))

    assert due(at("2025-03-03 10:00"), Limit(1, "workday"), "working", worked_once).at == at("2025-03-06")
    with pytest.raises(CalendarError, match="no 2 working days between 2025-03-03 and 2025"):
        due(at("2025-03-03 10:00"), Limit(2, "workday"), "working", worked_once)
    with pytest.raises(CalendarError, match="outside the calendar's reach"):
        due(at("2024-03-03 10:00"), Limit(1, "workday"), "working", worked_once)
    with pytest.raises(CalendarError, match="before 1992"):
        due(at("1991-09-01"), Limit(1, "hour"), "natural", worked_once)
    with pytest.raises(CalendarError, match="outside the calendar's reach"):
        WorkCalendar({date(1999, 1, 1): "holiday"})


def test_the_calendar_answers_in_dates_too():
    cal = calendar_2024_2026()

    assert cal.add(date(2024, 9, 27), 3) == date(2024, 10, 8)
    assert cal.add(date(2024, 10, 8), -1) == date(2024, 9, 30)
    assert cal.add(date(2024, 10, 5), 0) == date(2024, 10, 5)
    assert cal.working_days(date(2024, 9, 28), date(2024, 10, 12)) == 7
    assert cal.working_days(date(2024, 10, 1), date(2024, 9, 30)) == 0
    assert cal.is_worked(date(2024, 10, 12))
    assert not cal.is_worked(date(2024, 10, 1))
    assert (cal.kind_of(date(2024, 10, 1)), cal.name_of(date(2024, 10, 1))) == ("holiday", "National Day")
    assert (cal.kind_of(date(2024, 10, 13)), cal.name_of(date(2024, 10, 13))) == (None, "")
    assert cal.is_provisional(date(2026, 12, 26))
    assert cal.is_provisional(date(2026, 12, 1), date(2027, 1, 1))
    assert not cal.is_provisional(date(2024, 1, 1), date(2026, 12, 25))
    with pytest.raises(CalendarError, match="no 30 working days between 2000"):
        cal.add(date(2000, 1, 10), -30)


# -- provisional dates: 2027 has no notice yet


@pytest.mark.parametrize(
    ("start", "limit", "last", "provisional"),
    [
        ("2026-12-18 10:00", 5, "2026-12-25", False),
        ("2026-12-21 10:00", 5, "2026-12-28", True),  # 26 and 27 December may still become make-up days
        ("2026-12-24 10:00", 5, "2026-12-31", True),
        ("2026-12-25 10:00", 5, "2027-01-01", True),
        ("2027-03-01 10:00", 1, "2027-03-02", True),
        ("2025-12-24 10:00", 5, "2025-12-31", False),  # the notice for 2026 is out
        ("2023-12-20 10:00", 1, "2023-12-21", True),
    ],
)
def test_working_days_over_days_that_a_coming_notice_may_change_are_provisional(start, limit, last, provisional):
    found = due(at(start), Limit(limit, "workday"), "working", calendar_2024_2026())

    assert found.at == at(last) + timedelta(days=1)
    assert found.provisional is provisional


def test_what_no_notice_can_change_is_never_provisional():
    start = at("2026-12-30 10:00")

    natural = due(start, Limit(48, "hour"), "natural", calendar_2024_2026())
    days = due(start, Limit(15, "day"), "calendar_day", calendar_2024_2026())
    rolled = due(start, Limit(15, "day"), "calendar_day", calendar_2024_2026(), roll=True)
    hours = due(start, Limit(4, "hour"), "working", calendar_2024_2026(), office())

    assert [each.provisional for each in (natural, days, rolled, hours)] == [False, False, True, True]


def test_a_loaded_year_makes_the_date_certain_and_right():
    # 2027 as people will know it one day: New Year 1-3 January, nothing made up
    known = exceptions() | {date(2027, 1, 1): ("holiday", "New Years Day")}
    loaded = WorkCalendar({day: kind for day, (kind, _) in known.items()}, {}, frozenset({2024, 2025, 2026, 2027}))
    start, limit = at("2026-12-25 10:00"), Limit(5, "workday")

    before, after = due(start, limit, "working", calendar_2024_2026()), due(start, limit, "working", loaded)

    assert (before.at, before.provisional) == (at("2027-01-02"), True)
    assert (after.at, after.provisional) == (at("2027-01-05"), False)
