"""From November on the duty list hears every week that next year's holiday notice is missing."""

from datetime import datetime

import pytest

from deadlines import alarms
from deadlines.models import CalendarYear
from notifications.models import Notice
from notifications.rendering import render
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-10-31 23:59", 0),
        ("2026-11-01 00:00", 1),  # already November in Shanghai, still October in UTC
        ("2026-12-31 23:59", 1),
        ("2027-01-01 00:00", 0),
    ],
)
def test_the_alarm_begins_with_november_in_shanghai(district, moment, told):
    assert alarms.missing_notice(at=at(moment)) == told


def test_the_duty_list_is_told_once_a_week(district):
    """Case 48: once in the period, and again after it."""
    days = ("2026-11-02", "2026-11-03", "2026-11-08", "2026-11-09")  # Monday, Tuesday, Sunday; the next Monday

    assert [alarms.missing_notice(at=at(f"{day} 09:00")) for day in days] == [1, 0, 0, 1]
    assert set(Notice.objects.values_list("recipient", flat=True)) == {district.duty.pk}


def test_a_confirmed_year_ends_it(district):
    CalendarYear.objects.filter(year=2027).update(confirmed=True)

    assert alarms.missing_notice(at=at("2026-11-20 09:00")) == 0
    assert alarms.missing_year(at=at("2026-11-20 09:00")) is None


def test_it_reads_in_english(district):
    alarms.missing_notice(at=at("2026-11-20 09:00"))

    rendered = render(Notice.objects.get(), "en")

    assert rendered.subject == "The holiday notice for 2027 is missing"
    assert "provisional" in rendered.body


@pytest.mark.parametrize(("missing", "shown"), [(2027, True), (None, False)])
def test_the_desk_says_so(client, district, monkeypatch, missing, shown):
    monkeypatch.setattr(alarms, "missing_year", lambda **_at: missing)
    client.force_login(district.command)

    page = client.get("/admin/", headers={"accept-language": "en"}).text

    assert ("2027" in page and "calendaryear" in page.split("2027")[0].split("l-message")[-1]) is shown
