"""Limits in minutes and hours: every minute, office hours with a lunch break, a community's own hours."""

from datetime import UTC, date, time, timedelta

import pytest

from deadlines.calendar import (
    CalendarError,
    Hours,
    Limit,
    OnHoliday,
    OnMakeup,
    Opening,
    WorkCalendar,
    counted,
    due,
    office_hours,
)
from tests.deadlines.beijing_calendar import at, calendar_2024_2026, office

# Luancheng's kind of hours: weekdays 8:30-21:00, from October to March to 20:00; Saturday and Sunday all day
LONG_DAYS = tuple(
    Opening(day, time(8, 30), closes, *season)
    for day in range(5)
    for closes, season in ((time(21), (4, 9)), (time(20), (10, 3)))
)
WEEKENDS = (Opening(5, time(0), time(0)), Opening(6, time(0), time(0)))


def service(**rules) -> Hours:
    return Hours(calendar_2024_2026(), LONG_DAYS + WEEKENDS, **rules)


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        # inside the morning, over lunch, over the evening
        ("2025-03-03 09:30", Limit(2, "hour"), "2025-03-03 11:30"),
        ("2025-03-03 11:30", Limit(1, "hour"), "2025-03-03 14:00"),
        ("2025-03-03 16:30", Limit(2, "hour"), "2025-03-04 10:00"),
        # used up at closing time, not at the next opening
        ("2025-03-03 11:00", Limit(1, "hour"), "2025-03-03 12:00"),
        ("2025-03-03 15:30", Limit(2, "hour"), "2025-03-03 17:30"),
        ("2025-03-03 09:00", Limit(7, "hour"), "2025-03-03 17:30"),
        # outside the hours it counts from the next opening
        ("2025-03-03 12:30", Limit(30, "minute"), "2025-03-03 14:00"),
        ("2025-03-03 12:00", Limit(30, "minute"), "2025-03-03 14:00"),
        ("2025-03-03 06:00", Limit(30, "minute"), "2025-03-03 09:30"),
        ("2025-03-03 23:59", Limit(30, "minute"), "2025-03-04 09:30"),
        ("2025-03-08 10:00", Limit(4, "hour"), "2025-03-10 14:30"),
        # 国庆 2024: Sunday 29 September and Saturday 12 October are worked, 1-7 October not
        ("2024-09-27 16:30", Limit(4, "hour"), "2024-09-29 12:00"),
        ("2024-09-30 16:00", Limit(4, "hour"), "2024-10-08 11:30"),
        ("2024-10-05 10:00", Limit(30, "minute"), "2024-10-08 09:30"),
        ("2024-10-11 17:00", Limit(1, "hour"), "2024-10-12 09:30"),
        # 春节 2024: New Year's Eve is worked, the next working day is Sunday 18 February
        ("2024-02-09 17:00", Limit(4, "hour"), "2024-02-18 14:00"),
        # many days: 70 hours are ten working days
        ("2024-09-27 17:30", Limit(70, "hour"), "2024-10-16 17:30"),
    ],
)
def test_office_hours_count_only_while_the_office_is_open(start, limit, expected):
    assert due(at(start), limit, "working", calendar_2024_2026(), office()).at == at(expected)


@pytest.mark.parametrize("kind", ["natural", "calendar_day"])
@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit(10, "minute"), "2024-10-01 00:05:30"),
        (Limit(5, "hour"), "2024-10-01 04:55:30"),
        (Limit(24, "hour"), "2024-10-01 23:55:30"),
        (Limit(1440, "minute"), "2024-10-01 23:55:30"),
    ],
)
def test_every_minute_counts_on_a_natural_clock_night_and_holiday_alike(kind, limit, expected):
    assert due(at("2024-09-30 23:55:30"), limit, kind, calendar_2024_2026()).at == at(expected)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2025-03-03 19:00", 2, "2025-03-04 09:30"),  # winter: closed at 20:00
        ("2025-06-03 19:00", 2, "2025-06-03 21:00"),  # summer: open to 21:00
        ("2025-09-29 20:00", 2, "2025-09-30 09:30"),  # summer's last evening but one
        ("2025-10-09 20:00", 2, "2025-10-10 10:30"),  # winter again: closed at 20:00
        ("2025-03-07 19:00", 4, "2025-03-08 03:00"),  # Saturday is open from 00:00
        ("2025-03-08 23:00", 2, "2025-03-09 01:00"),  # Saturday runs on into Sunday
        ("2025-03-09 23:00", 2, "2025-03-10 09:30"),
        ("2024-04-07 19:00", 2, "2024-04-07 21:00"),  # a worked Sunday has the hours of a Monday
        ("2024-04-07 07:00", 1, "2024-04-07 09:30"),
    ],
)
def test_service_hours_follow_season_and_weekday(start, hours, expected):
    found = due(at(start), Limit(hours, "hour"), "service_hours", calendar_2024_2026(), service())

    assert found.at == at(expected)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(OnHoliday.CLOSED, "2024-06-11 09:30"), (OnHoliday.AS_WEEKDAY, "2024-06-10 11:00"),
     (OnHoliday.AS_SUNDAY, "2024-06-10 11:00")],
)  # fmt: skip
def test_what_a_holiday_does_to_service_hours_is_a_rule(rule, expected):
    # Monday 10 June 2024 is Dragon Boat; on Monday 10:00 one hour is wanted
    found = due(
        at("2024-06-10 10:00"), Limit(1, "hour"), "service_hours", calendar_2024_2026(), service(on_holiday=rule)
    )

    assert found.at == at(expected)


def test_a_holiday_with_sunday_hours_is_open_when_a_sunday_is():
    found = due(
        at("2024-06-10 01:00"), Limit(1, "hour"), "service_hours", calendar_2024_2026(),
        service(on_holiday=OnHoliday.AS_SUNDAY),
    )  # fmt: skip

    assert found.at == at("2024-06-10 02:00")


def test_the_weekend_inside_a_holiday_block_is_closed_where_the_calendar_names_it():
    # the notice gives 1-8 October 2025 off, 4 and 5 October are a weekend
    block = {date(2025, 10, day): "holiday" for day in range(1, 9)}
    named = WorkCalendar(block, {}, frozenset({2025}))
    start, limit = at("2025-09-30 20:00"), Limit(2, "hour")

    whole = due(start, limit, "service_hours", named, Hours(named, LONG_DAYS + WEEKENDS))
    weekdays_only = due(start, limit, "service_hours", calendar_2024_2026(), service())

    assert (whole.at, weekdays_only.at) == (at("2025-10-09 09:30"), at("2025-10-04 01:00"))


def test_a_makeup_saturday_may_keep_its_saturday_hours():
    start, limit = at("2024-05-11 05:00"), Limit(1, "hour")

    monday = due(start, limit, "service_hours", calendar_2024_2026(), service())
    saturday = due(start, limit, "service_hours", calendar_2024_2026(), service(on_makeup=OnMakeup.AS_WEEKDAY))

    assert (monday.at, saturday.at) == (at("2024-05-11 09:30"), at("2024-05-11 06:00"))


def test_working_days_on_a_service_clock_follow_the_calendar_not_the_hours():
    friday = at("2025-03-07 10:00")

    assert due(friday, Limit(1, "workday"), "service_hours", calendar_2024_2026(), service()).at == at("2025-03-11")


def test_openings_that_touch_or_overlap_are_one():
    split = Hours(
        calendar_2024_2026(),
        (Opening(0, time(9), time(12)), Opening(0, time(12), time(15)), Opening(0, time(14), time(17))),
    )

    assert split.spans(calendar_2024_2026().number(date(2025, 3, 3))) == ((9 * 3_600_000_000, 17 * 3_600_000_000),)
    assert split.opens_at(calendar_2024_2026().number(date(2025, 3, 3))) == at("2025-03-03 09:00")
    assert split.opens_at(calendar_2024_2026().number(date(2025, 3, 4))) is None


def test_the_district_may_set_its_own_office_hours():
    early = office_hours(calendar_2024_2026(), ((time(8), time(12)), (time(14), time(18))))

    assert due(at("2025-03-03 11:30"), Limit(1, "hour"), "working", calendar_2024_2026(), early).at == at(
        "2025-03-03 14:30"
    )


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ((7, time(9), time(12)), "weekday 7"),
        ((0, time(12), time(9)), "opens 12:00:00 but closes 09:00:00"),
        ((0, time(9), time(9)), "opens 09:00:00 but closes 09:00:00"),
        ((0, time(9), time(12), 0, 3), "months 0-3"),
        ((0, time(9), time(12), 1, 13), "months 1-13"),
    ],
)
def test_openings_that_cannot_be_are_refused(broken, message):
    with pytest.raises(ValueError, match=message):
        Opening(*broken)


def test_hours_that_never_open_are_an_error_not_a_loop():
    with pytest.raises(CalendarError, match="never open"):
        Hours(calendar_2024_2026(), ())


def test_hours_that_run_out_are_an_error():
    cal = WorkCalendar({}, reach=(2025, 2025))

    with pytest.raises(CalendarError, match="do not reach that far: 2025-2025"):
        due(at("2025-12-31 16:00"), Limit(2, "hour"), "working", cal, office_hours(cal))
    with pytest.raises(CalendarError, match="do not reach that far: 2025-2025"):
        office_hours(cal).latest(-1)


def test_seconds_and_microseconds_are_kept():
    start = at("2025-03-03 11:59:59.250000")

    found = due(start, Limit(1, "minute"), "working", calendar_2024_2026(), office())

    assert found.at == at("2025-03-03 13:30:59.250000")


def test_counted_says_days_and_open_time():
    # Friday 27 September 16:30 to Wednesday 9 October 10:00: worked are 29, 30 September and 8 October
    found = counted(
        at("2024-09-27 16:30").astimezone(UTC), at("2024-10-09 10:00"), "working", calendar_2024_2026(), office()
    )

    assert (found.workdays, found.days) == (3, 11)
    assert found.time == timedelta(hours=1 + 3 * 7 + 1)
    assert found.seconds == 23 * 3600


def test_counted_on_a_natural_clock_is_the_time_that_passed():
    found = counted(at("2024-09-27 16:30"), at("2024-09-29 10:00"), "natural", calendar_2024_2026())

    assert (found.workdays, found.days, found.time) == (0, 1, timedelta(hours=41, minutes=30))


def test_nothing_counts_backwards():
    with pytest.raises(ValueError, match="lies before"):
        counted(at("2025-03-04"), at("2025-03-03"), "natural", calendar_2024_2026())
