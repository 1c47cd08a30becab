"""The calendar and the hours as the database has them: seasons, the nearest area's own hours, a change seen at once."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from deadlines.calendar_loading import load_calendar
from deadlines.models import CalendarDay, CalendarYear
from deadlines.timetable import office_opens_at, timetable
from grids.models import ServiceHours
from petitions.models import PetitionClock
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def luancheng(area):
    """Weekdays to 21:00, to 20:00 in autumn and winter, all day at weekends (003b-16)."""
    for day in range(5):
        ServiceHours.objects.create(area=area, weekday=day, month_from=3, month_to=8, opens=time(8), closes=time(21))
        ServiceHours.objects.create(area=area, weekday=day, month_from=9, month_to=2, opens=time(8), closes=time(20))
    for day in (5, 6):
        ServiceHours.objects.create(area=area, weekday=day, opens=time(8), closes=time(21))


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        ("2026-06-09 20:45", "2026-06-10 08:15"),  # summer: a quarter of an hour before closing at 21:00
        ("2026-11-10 19:45", "2026-11-11 08:15"),  # winter: before closing at 20:00
        ("2026-06-13 12:00", "2026-06-13 12:30"),  # Saturday, open all day
    ],
)
def test_a_communitys_own_hours_count_by_season_and_weekday(district, filed, due):
    luancheng(district.community)

    district.petition(at(filed))

    assert PetitionClock.objects.get().due_at == at(due)


def test_another_community_keeps_the_default_hours(district):
    luancheng(district.other_community)

    district.petition(at("2026-06-09 20:45"))

    assert PetitionClock.objects.get().due_at == at("2026-06-10 09:00")


def test_a_day_entered_in_the_calendar_counts_at_once():
    assert timetable().calendar.is_worked(date(2026, 6, 10))

    year = CalendarYear.objects.get(year=2026)
    CalendarDay.objects.create(
        date=date(2026, 6, 10), kind="holiday", code="local", name_zh="本地节日", name_en="Local holiday", year=year
    )
    year.save()

    assert not timetable().calendar.is_worked(date(2026, 6, 10))
    assert timetable().holiday_name("local") in {"本地节日", "Local holiday"}


def test_the_years_of_the_packages_are_confirmed_and_the_next_is_provisional():
    years = dict(CalendarYear.objects.values_list("year", "confirmed"))

    assert years[2004] is True
    assert years[2026] is True
    assert years[2027] is False
    assert load_calendar(at=timezone.now()).added == 0


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-06-09 10:00", None),
        ("2026-06-09 12:30", "2026-06-09 13:30"),
        ("2026-06-09 18:00", "2026-06-10 09:00"),
        ("2026-09-30 18:00", "2026-10-08 09:00"),  # over the National Day week
        ("2026-10-10 08:00", "2026-10-10 09:00"),  # a Saturday worked to make up for it
    ],
)
def test_the_offices_open_next(moment, opens):
    assert office_opens_at(at(moment)) == (at(opens) if opens else None)
