"""Duty shifts: planned from a pattern, given and taken, freed by an absence; who is on duty (000-37)."""

from datetime import date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from fieldwork import dayparts, shifts
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import DutyPattern, DutyShift
from fieldwork.shifts import Planned
from grids.models import Absence, Appointment
from notifications.models import Notice
from people.errors import BadInput
from people.models import User
from petitions import receptions
from petitions.registry import on_duty
from tests.factories import SHANGHAI, TUESDAY
from tests.fieldwork.places import station

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MONDAY = date(2026, 6, 15)


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


def shift(district, user, start: str = "2026-06-09 09:00", end: str = "2026-06-09 17:00", **facts) -> DutyShift:
    facts.setdefault("area", district.community)
    return DutyShift.objects.create(user=user, starts_at=moment(start), ends_at=moment(end), **facts)


def pattern(district, user, weekday: int, starts: int, ends: int, **facts) -> DutyPattern:
    facts.setdefault("area", district.community)
    return DutyPattern.objects.create(user=user, weekday=weekday, starts=time(starts), ends=time(ends), **facts)


def away(district, user, first: date, last: date) -> None:
    seat = Appointment.objects.get(user=user)
    Absence.objects.create(appointment=seat, starts_on=first, ends_on=last)


def plan(district, monday=MONDAY, by="secretary", area=None, at=TUESDAY):
    return shifts.plan_week(
        area or district.community, monday=monday, by=district.as_staff(getattr(district, by)), at=at
    )


def test_a_week_is_planned_from_the_pattern_once(district):
    """Mechanism 000-37."""
    pattern(district, district.window, 0, 9, 17)
    pattern(district, district.worker, 1, 20, 8)  # through the night
    pattern(district, district.worker, 2, 9, 17, area=district.grid)
    pattern(district, district.other_worker, 3, 9, 17, valid_to=date(2026, 6, 17))
    pattern(district, district.other_secretary, 4, 9, 17, area=district.other_community)

    assert plan(district) == Planned(3, 0)
    assert plan(district) == Planned(0, 0)

    rows = DutyShift.objects.order_by("starts_at")
    assert [(row.user, row.area, row.starts_at, row.ends_at) for row in rows] == [
        (district.window, district.community, moment("2026-06-15 09:00"), moment("2026-06-15 17:00")),
        (district.worker, district.community, moment("2026-06-16 20:00"), moment("2026-06-17 08:00")),
        (district.worker, district.grid, moment("2026-06-17 09:00"), moment("2026-06-17 17:00")),
    ]


def test_who_is_absent_or_sits_elsewhere_leaves_a_gap_and_the_past_is_not_planned(district):
    pattern(district, district.window, 0, 9, 17)
    pattern(district, district.worker, 1, 9, 17)
    away(district, district.window, date(2026, 6, 15), date(2026, 6, 15))
    shift(district, district.worker, "2026-06-16 08:00", "2026-06-16 10:00", area=district.grid)

    assert plan(district) == Planned(2, 2)
    assert set(DutyShift.objects.filter(user=None).values_list("was", flat=True)) == {
        district.window.pk, district.worker.pk,
    }  # fmt: skip
    assert plan(district, date(2026, 6, 1)) == Planned(0, 0)


def test_a_pattern_that_rests_on_holidays_is_not_planned_on_one(district):
    for holidays, user in ((False, district.window), (True, district.worker)):
        pattern(district, user, 3, 9, 17, on_holidays=holidays)

    assert plan(district, date(2026, 9, 28)) == Planned(1, 0)  # 1 October 2026 is that Thursday
    assert DutyShift.objects.get().user == district.worker


@pytest.mark.parametrize("by", ["worker", "window", "other_secretary", "handler", "supervisor"])
def test_nobody_else_plans(district, by):
    pattern(district, district.window, 0, 9, 17)

    with pytest.raises(NotYours):
        plan(district, by=by)
    with pytest.raises(BadInput):
        plan(district, date(2026, 6, 16))

    assert not DutyShift.objects.exists()


def test_nobody_sits_in_two_places_at_once(district):
    shift(district, district.worker)
    shift(district, None)
    shift(district, None)
    shift(district, district.worker, "2026-06-09 17:00", "2026-06-09 20:00")

    with pytest.raises(IntegrityError, match="shift_not_two_at_once"), transaction.atomic():
        shift(district, district.worker, "2026-06-09 16:59", "2026-06-09 18:00", area=district.grid)
    secretary = district.as_staff(district.secretary)
    hours = {"starts_at": moment("2026-06-09 16:00"), "ends_at": moment("2026-06-09 18:00")}
    with pytest.raises(NotNow):
        shifts.add(area=district.grid, station=None, user=district.worker, by=secretary, at=TUESDAY, **hours)

    assert DutyShift.objects.count() == 4


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"ends_at": moment("2026-06-10 09:00")}, "ends"),
        ({"ends_at": moment("2026-06-11 09:01")}, "ends"),
        ({"starts_at": moment("2026-06-09 08:00"), "ends_at": moment("2026-06-09 10:00")}, "day"),
        ({"user": "other_secretary"}, "user"),
        ({"user": "stranger"}, "user"),
    ],
)
def test_what_is_wrong_with_a_shift_adds_none(district, facts, field):
    given = {"starts_at": moment("2026-06-10 09:00"), "ends_at": moment("2026-06-10 12:00"), "user": "window"} | facts
    given["user"] = getattr(district, given["user"])

    with pytest.raises(BadInput) as refused:
        shifts.add(area=district.community, station=None, by=district.as_staff(district.secretary), at=TUESDAY, **given)

    assert refused.value.field == field
    assert not DutyShift.objects.exists()


def test_a_colleague_takes_what_was_offered_and_a_gap_but_nothing_else(district):
    mine = shift(district, district.worker, "2026-06-10 09:00", "2026-06-10 17:00")
    gap = shift(district, None, "2026-06-11 09:00", "2026-06-11 17:00")
    worker, window, lead = (district.as_staff(one) for one in (district.worker, district.window, district.lead))
    with pytest.raises(NotNow):
        shifts.take(mine, by=window, at=TUESDAY)
    with pytest.raises(NotYours):
        shifts.offer(mine, to=district.lead, by=window, at=TUESDAY)

    shifts.offer(mine, to=district.window, by=worker, at=TUESDAY)
    with pytest.raises(NotNow):
        shifts.take(mine, by=lead, at=TUESDAY)
    shifts.take(mine, by=window, at=TUESDAY)
    shifts.take(gap, by=lead, at=TUESDAY)
    with pytest.raises(NotYours):
        shifts.take(gap, by=district.as_staff(district.other_secretary), at=TUESDAY)

    assert list(DutyShift.objects.order_by("starts_at").values_list("user", "was", "offered_to")) == [
        (district.window.pk, district.worker.pk, None), (district.lead.pk, None, None),
    ]  # fmt: skip
    assert Notice.objects.filter(kind="shift_offered").values_list("recipient", flat=True).get() == district.window.pk


def test_an_absence_frees_the_shifts_of_those_days_and_the_secretary_is_told_once(district):
    free = shift(district, district.worker, "2026-06-10 00:30", "2026-06-10 08:00")  # still the 9th in London
    kept = shift(district, district.worker, "2026-06-12 09:00", "2026-06-12 17:00")
    gone = shift(district, district.other_worker, "2026-06-12 09:00", "2026-06-12 17:00", area=district.other_grid)
    Appointment.objects.filter(user=district.other_worker).update(ends_on=date(2026, 6, 11))
    away(district, district.worker, date(2026, 6, 10), date(2026, 6, 11))

    assert (shifts.free_absent(at=TUESDAY), shifts.free_absent(at=TUESDAY)) == (2, 0)

    rows = {row.pk: (row.user_id, row.was_id) for row in DutyShift.objects.all()}
    assert rows == {
        free.pk: (None, district.worker.pk),
        kept.pk: (district.worker.pk, None),
        gone.pk: (None, district.other_worker.pk),
    }
    told = Notice.objects.filter(kind="shift_free").values_list("about", "recipient")
    assert set(told) == {(f"shift:{free.pk}", district.secretary.pk), (f"shift:{gone.pk}", district.secretary.pk)}


def test_who_is_on_duty_in_a_grid_is_whoever_sits_there_or_above_it(district):
    shift(district, district.window)
    shift(district, district.worker, area=district.grid)
    shift(district, district.other_worker, area=district.other_grid)
    shift(district, district.lead, "2026-06-09 17:00", "2026-06-09 20:00", area=district.grid)
    shift(district, None, area=district.grid)

    assert shifts.people_on_duty(district.grid, TUESDAY) == [district.worker, district.window]
    assert shifts.people_on_duty(district.grid, moment("2026-06-09 17:00")) == [district.lead]
    assert shifts.people_on_duty(district.other_community, TUESDAY) == []
    assert on_duty(district.grid, at=TUESDAY) == (district.worker.pk, district.window.pk)
    assert receptions.on_shift(district.community, at=TUESDAY) == [district.window]


@pytest.mark.django_db(transaction=True)
def test_two_who_reach_for_one_gap_at_once_do_not_both_have_it(district):
    gap = shift(district, None, "2026-06-11 09:00", "2026-06-11 17:00")
    both, outcomes = Barrier(2), []

    def reaches(user: User) -> None:
        both.wait()
        try:
            shifts.take(gap, by=district.as_staff(user), at=TUESDAY)
            outcomes.append("has it")
        except NotNow:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [Thread(target=reaches, args=(user,)) for user in (district.worker, district.window)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["has it", "told"]


def test_residents_read_the_post_of_who_is_on_duty_never_the_name(client, district):
    one = station(district, hours_by="always")
    User.objects.filter(pk=district.window.pk).update(display_name="张岗")
    now = datetime.now(tz=SHANGHAI)
    DutyShift.objects.create(
        area=district.community, station=one, user=district.window,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1),
    )  # fmt: skip

    page = client.get(reverse("station", args=[one.pk]))

    assert page.context["on_duty"] == ["community worker"]
    assert "张岗" not in page.content.decode()


def test_the_worker_sees_on_his_day_who_is_on_duty_and_what_he_owes(district, django_assert_num_queries):
    worker = district.as_staff(district.worker)
    assert dayparts.duty(worker, TUESDAY) is None
    shift(district, district.worker)
    shift(district, district.window)

    with django_assert_num_queries(1):
        part = dayparts.duty(worker, TUESDAY)

    assert part == {"count": 2, "is_me": True, "until": moment("2026-06-09 17:00"), "owed": False}
    assert dayparts.duty(worker, moment("2026-06-09 18:00")) == {
        "count": 0, "is_me": False, "until": None, "owed": True,
    }  # fmt: skip
    assert dayparts.duty(district.as_staff(district.other_secretary), TUESDAY) is None
