"""The emergency mode of an area: who orders it, that it ends by itself, and what rounds and people hear of it."""

import threading
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from fieldwork import emergencies, rounds, walking
from fieldwork.enums import EmergencyKind
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import Emergency, PatrolDuty
from grids.enums import PostKind
from notifications.models import Notice
from people.errors import BadInput
from people.models import AuditEntry
from tests.factories import TUESDAY
from tests.fieldwork.homes import at
from tests.fieldwork.walks import DAY, points, route

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def order(district, *, by=None, area=None, when=TUESDAY, last_on=DAY, **facts):
    given = {"kind": EmergencyKind.FLOOD, "reason": "暴雨红色预警"} | facts
    staff = district.as_staff(by or district.leader)
    return emergencies.order(area=area or district.community, last_on=last_on, by=staff, at=when, **given)


def todays():
    rows = PatrolDuty.objects.order_by("on", "due_by").values_list("on", "due_by", "in_emergency", "state")
    return [(f"{on}", f"{due:%H:%M}", urgent, state) for on, due, urgent, state in rows]


def test_only_the_streets_leader_and_the_command_order_it(district):
    """Mechanism 002-41: emergency mode on street, community and grid."""
    for who in ("worker", "lead", "secretary", "window", "dispatcher", "supervisor", "handler", "other_secretary"):
        with pytest.raises(NotYours):
            order(district, by=getattr(district, who))
    with pytest.raises(NotYours):
        order(district, area=district.other_street)
    assert not Emergency.objects.exists()

    order(district, area=district.grid)
    order(district, area=district.street)
    order(district, area=district.other_street, by=district.command)

    assert Emergency.objects.running(TUESDAY).count() == 3


def test_it_ends_by_itself_and_stays_in_the_history(district):
    one = order(district)

    assert list(Emergency.objects.running(at("2026-06-09", 23))) == [one]
    assert list(Emergency.objects.running(at("2026-06-10", 0))) == []
    with pytest.raises(NotNow):
        emergencies.end(one, by=district.as_staff(district.leader), at=at("2026-06-10", 0))
    assert Emergency.objects.get() == one


def test_ordering_and_ending_stand_in_the_audit_log(district):
    one = order(district)
    emergencies.end(one, by=district.as_staff(district.command), at=TUESDAY + timedelta(hours=1))

    about = AuditEntry.objects.filter(about=f"fieldwork.emergency:{one.pk}").order_by("pk")
    assert [(entry.actor, entry.details["what"], entry.details["kind"]) for entry in about] == [
        (district.leader, "ordered", "flood"), (district.command, "ended", "flood"),
    ]  # fmt: skip
    one.refresh_from_db()
    assert (one.ended_by, one.ends_at) == (district.command, TUESDAY + timedelta(hours=1))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"last_on": date(2026, 6, 8)}, "last_on"),
        ({"last_on": date(2026, 7, 10)}, "last_on"),
    ],
)
def test_an_order_without_a_reason_or_end_is_refused(district, wrong, field):
    with pytest.raises(BadInput) as refused:
        order(district, **wrong)

    assert refused.value.field == field
    with pytest.raises(BadInput):
        order(district, area=district.building)
    assert not Emergency.objects.exists()


def test_the_same_kind_twice_in_one_area_is_refused_and_another_kind_is_not(district):
    order(district)
    with pytest.raises(NotNow):
        order(district)
    order(district, kind=EmergencyKind.EPIDEMIC)

    assert Emergency.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_order_at_once_order_one(district):
    start, refused = threading.Barrier(2), []

    def run():
        try:
            start.wait()
            order(district)
        except NotNow as no:
            refused.append(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Emergency.objects.count(), len(refused)) == (1, 1)


def test_everybody_at_a_post_there_is_told_once(district):
    order(district)

    told = Notice.objects.filter(kind="emergency_ordered").values_list("recipient__display_name", flat=True)
    assert sorted(told) == ["lead", "other_worker", "secretary", "window", "worker"]


def test_rounds_follow_the_times_for_emergencies_from_the_order_on_and_are_the_ordinary_ones_after_it(district):
    route(district, times=(time(9), time(17)), emergency_times=(time(8), time(13), time(20)))
    route(district, name="平常", times=(time(17),))
    rounds.make_day(at=at("2026-06-09", 0))
    begun = PatrolDuty.objects.select_related("route__area").get(due_by=time(9))
    walking.confirm(begun, point=points(begun)[0], by=district.as_staff(district.worker), at=at("2026-06-09", 8))

    order(district, area=district.street, last_on=date(2026, 6, 10))
    for day in ("2026-06-10", "2026-06-11"):
        rounds.close_days(at=at(day, 0))
        rounds.make_day(at=at(day, 0))

    assert todays() == [
        # begun before the order, and so kept; what was to come at 17:00 made room; of the three what still lies ahead
        ("2026-06-09", "09:00", False, "missed"), ("2026-06-09", "13:00", True, "missed"),
        ("2026-06-09", "17:00", False, "missed"), ("2026-06-09", "20:00", True, "missed"),
        ("2026-06-10", "08:00", True, "missed"), ("2026-06-10", "13:00", True, "missed"),
        ("2026-06-10", "17:00", False, "missed"), ("2026-06-10", "20:00", True, "missed"),
        ("2026-06-11", "09:00", False, "open"), ("2026-06-11", "17:00", False, "open"),
        ("2026-06-11", "17:00", False, "open"),
    ]  # fmt: skip


def test_in_an_emergency_a_route_is_walked_also_on_days_it_rests(district):
    route(district, rhythm="workdays", emergency_times=(time(8),))
    order(district, last_on=date(2026, 6, 14))

    assert rounds.make_day(at=at("2026-06-14", 0)) == 1  # a Sunday
    assert rounds.make_day(at=at("2026-06-21", 0)) == 0  # the next one


# -- pages --------------------------------------------------------------------------------------------------------


def test_it_is_ordered_shown_on_the_day_and_ended_on_its_page(client, district):
    client.force_login(district.leader)
    today = timezone.localdate().isoformat()
    sent = {"area": district.community.code, "kind": "typhoon", "reason": "台风蓝色预警", "last_on": today}
    for wrong in ({"last_on": "2020-01-01"}, {"reason": ""}, {"area": district.other_street.code}):
        assert client.post("/emergencies/", sent | wrong).status_code == 422
    assert client.post("/emergencies/", sent).url == "/emergencies/"
    assert client.post("/emergencies/", sent).status_code == 409
    one = Emergency.objects.get()

    for who, seen in (("worker", True), ("other_worker", True), ("other_secretary", False), ("stranger", False)):
        client.force_login(getattr(district, who))
        assert ("台风蓝色预警" in client.get("/emergencies/").content.decode()) is seen
        assert client.post("/emergencies/", sent).status_code == 403
        assert client.post(f"/emergencies/{one.pk}/end/").status_code == (403 if seen else 404)
    client.force_login(district.worker)
    assert "Typhoon" in client.get("/grid/").content.decode()
    client.force_login(district.leader)
    assert client.post(f"/emergencies/{one.pk}/end/").url == "/emergencies/"
    client.force_login(district.worker)
    assert "Typhoon" not in client.get("/grid/").content.decode()
    assert "台风蓝色预警" in client.get("/emergencies/").content.decode()


@pytest.mark.parametrize("number", [1, 4])
def test_the_page_costs_the_same_however_many_there_are(client, district, django_assert_num_queries, number):
    for kind in list(EmergencyKind)[:number]:
        order(district, kind=kind, when=timezone.now(), last_on=timezone.localdate())
    client.force_login(district.worker)

    # session, user, posts held, stood in for, running, over, unread
    with django_assert_num_queries(7):
        client.get("/emergencies/")


def test_a_route_of_another_post_is_refused(district):
    with pytest.raises(BadInput):
        route(district, post=PostKind.COMMUNITY_WORKER)
