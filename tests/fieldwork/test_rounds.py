"""The rounds of a day: made once, on the days the route asks for, closed once, and who is told."""

import threading
from datetime import date, time, timedelta

import pytest
from django.db import connection

from deadlines.timetable import timetable
from fieldwork import rounds, routes, tasks, walking
from fieldwork.enums import Rhythm, RoundReason
from fieldwork.models import PatrolDuty
from grids.enums import PostKind
from notifications.models import Notice
from tests.factories import TUESDAY
from tests.fieldwork.homes import at
from tests.fieldwork.walks import DAY, MONDAY, made, plan, points, route

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HOLIDAY = date(2026, 6, 19)  # a Friday, Dragon Boat Festival
MAKEUP = date(2026, 9, 20)  # a Sunday worked for the National Day
SUNDAY = date(2026, 6, 14)


def rows():
    found = PatrolDuty.objects.order_by("on", "due_by").values_list("on", "opens_at", "due_by", "asked", "state")
    return [
        (on.isoformat(), opens and f"{opens:%H:%M}", f"{due:%H:%M}", asked, state)
        for on, opens, due, asked, state in found
    ]


def told(kind):
    found = Notice.objects.filter(kind=kind).select_related("recipient").order_by("recipient__display_name")
    return [(one.recipient.display_name, one.params["due_on"], one.params["count"]) for one in found]


def test_a_day_is_made_once_however_often_and_late_it_is_made(district):
    """Mechanism 002-36: daily patrol of lanes and compounds."""
    route(district, times=(time(10, 30), time(17)))

    assert rounds.make_day(at=at("2026-06-09", 0)) == 2
    assert rounds.make_day(at=at("2026-06-09", 0)) == 0
    assert rounds.make_day(at=at("2026-06-09", 16)) == 0
    assert rounds.make_day(at=at("2026-06-11", 15)) == 2  # Wednesday passed without a run: nobody was asked

    assert rows() == [
        ("2026-06-09", None, "10:30", 3, "open"), ("2026-06-09", "10:30", "17:00", 3, "open"),
        ("2026-06-11", None, "10:30", 3, "open"), ("2026-06-11", "10:30", "17:00", 3, "open"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_and_close_a_day_once(district):
    route(district, times=(time(10, 30), time(17)))
    start, failures = threading.Barrier(2), []

    def run(when):
        try:
            start.wait()
            rounds.close_days(at=when)
            rounds.make_day(at=when)
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)
        finally:
            connection.close()

    for when in (TUESDAY, TUESDAY + timedelta(days=1)):
        threads = [threading.Thread(target=run, args=(when,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert failures == []
    assert [(on, state) for on, *_middle, state in rows()] == [
        ("2026-06-09", "missed"), ("2026-06-09", "missed"), ("2026-06-10", "open"), ("2026-06-10", "open"),
    ]  # fmt: skip
    assert told("patrol_missed") == [("lead", "2026-06-09", 2)]


@pytest.mark.parametrize(
    ("facts", "walked"),
    [
        ({"rhythm": Rhythm.DAILY, "on_holidays": True}, (True, True, True, True)),
        ({"rhythm": Rhythm.DAILY, "on_holidays": False}, (True, True, False, True)),
        ({"rhythm": Rhythm.WORKDAYS}, (True, False, False, True)),
        ({"rhythm": Rhythm.WEEKDAYS, "weekdays": (1, 4), "on_holidays": True}, (True, False, True, False)),
        ({"rhythm": Rhythm.WEEKDAYS, "weekdays": (1, 4), "on_holidays": False}, (True, False, False, False)),
    ],
)
def test_rest_days_follow_the_work_calendar(district, facts, walked):
    one = route(district, **facts)
    calendar = timetable().calendar

    assert tuple(rounds.walks_on(one, on, calendar) for on in (DAY, SUNDAY, HOLIDAY, MAKEUP)) == walked


def test_a_route_of_this_noon_is_asked_for_this_evening_and_one_of_tomorrow_not_today(district):
    route(district, since=at("2026-06-09", 12), times=(time(9), time(17)))
    route(district, name="明日", starts_on=date(2026, 6, 10))

    assert rounds.make_day(at=at("2026-06-09", 13)) == 1
    assert rows() == [("2026-06-09", "09:00", "17:00", 3, "open")]


def test_a_change_holds_from_the_next_round(district):
    duty = made(district)
    lead = district.as_staff(district.lead)

    routes.change(duty.route, plan=plan(times=(time(8),), places=(*plan().places[1:], routes.Place("西门"))), by=lead,
                  at=TUESDAY)  # fmt: skip
    rounds.make_day(at=TUESDAY)
    assert [stop.point.name for stop in walking.sheet(duty)] == ["东门", "车棚", "3号楼楼道"]
    rounds.make_day(at=at("2026-06-10", 0))

    assert rows() == [("2026-06-09", None, "10:30", 3, "open"), ("2026-06-10", None, "08:00", 3, "open")]
    following = PatrolDuty.objects.get(on=date(2026, 6, 10))
    assert [stop.point.name for stop in walking.sheet(following)] == ["车棚", "3号楼楼道", "西门"]


def test_an_ended_route_is_walked_no_more(district):
    one = route(district)
    routes.end(one, by=district.as_staff(district.lead), at=MONDAY)

    assert rounds.make_day(at=TUESDAY) == 0


def test_the_lead_hears_the_next_morning_and_the_secretary_a_day_later(district):
    made(district, times=(time(10, 30), time(17)))
    rounds.close_days(at=at("2026-06-09", 23))
    assert (told("patrol_missed"), told("patrol_unexplained")) == ([], [])

    for _twice in range(2):
        rounds.close_days(at=at("2026-06-10", 0))
    assert (told("patrol_missed"), told("patrol_unexplained")) == ([("lead", "2026-06-09", 2)], [])
    for _twice in range(2):
        rounds.close_days(at=at("2026-06-11", 0))

    assert told("patrol_missed") == [("lead", "2026-06-09", 2)]
    assert told("patrol_unexplained") == [("secretary", "2026-06-09", 2)]
    assert Notice.objects.get(kind="patrol_missed").url_path == "/patrols/?area=620302001001001"


def test_who_says_why_ends_it(district):
    duty = made(district)
    lead = district.as_staff(district.lead)
    rounds.close_days(at=at("2026-06-10", 0))

    walking.say_why(duty, reason=RoundReason.WEATHER, by=lead, at=at("2026-06-10", 9))
    rounds.close_days(at=at("2026-06-11", 0))

    assert told("patrol_unexplained") == []


@pytest.mark.parametrize(
    ("area", "post", "lead", "above"),
    [
        ("community", PostKind.COMMUNITY_WORKER, "secretary", "dispatcher"),
        ("street", PostKind.DISPATCHER, "dispatcher", "leader"),
    ],
)
def test_a_round_of_a_community_or_street_is_told_one_step_up(district, area, post, lead, above):
    made(district, area=getattr(district, area), post=post, by=district.leader)

    rounds.close_days(at=at("2026-06-10", 0))
    rounds.close_days(at=at("2026-06-11", 0))

    assert told("patrol_missed") == [(lead, "2026-06-09", 1)]
    assert told("patrol_unexplained") == [(above, "2026-06-09", 1)]


def test_a_walked_round_is_told_to_nobody(district):
    duty = made(district)
    for point in points(duty):
        walking.confirm(duty, point=point, by=district.as_staff(district.worker), at=TUESDAY)

    rounds.close_days(at=at("2026-06-12", 0))

    assert not Notice.objects.filter(kind__startswith="patrol").exists()


def test_after_a_long_silence_old_rounds_are_closed_and_told_to_nobody(district):
    made(district)

    rounds.close_days(at=at("2026-07-09", 0))

    assert rows() == [("2026-06-09", None, "10:30", 3, "missed")]
    assert not Notice.objects.filter(kind__startswith="patrol").exists()


def test_the_task_closes_yesterday_and_makes_today(district, monkeypatch):
    route(district)
    for day in ("2026-06-09", "2026-06-10"):
        monkeypatch.setattr("fieldwork.tasks.timezone.now", lambda day=day: at(day, 0))
        tasks.patrol_rounds()

    assert [(on, state) for on, *_middle, state in rows()] == [("2026-06-09", "missed"), ("2026-06-10", "open")]


@pytest.mark.parametrize("number", [1, 30])
def test_making_and_closing_cost_the_same_however_many_routes_there_are(district, django_assert_num_queries, number):
    for one in range(number):
        route(district, name=f"路线{one}")
    timetable()
    # savepoint twice, lock, calendar, routes, emergencies, insert
    with django_assert_num_queries(7):
        assert rounds.make_day(at=TUESDAY) == number
    # savepoint twice, lock, rounds, closing, who is told, notices, those a day older, closing
    with django_assert_num_queries(9):
        assert rounds.close_days(at=at("2026-06-10", 0)) == number
