"""Posts, appointments and absences: what the tables refuse, who holds what on a day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grids.enums import Level, PostKind
from grids.errors import AlreadyHeld, SeatsTaken
from grids.models import Absence, Appointment, DutyMember, Organisation, Post, ServiceHours
from grids.posts import Holding, holders, staff_for
from grids.services import appoint, end_appointment, record_absence
from people.errors import BadInput
from tests.factories import District, make_user

pytestmark = pytest.mark.django_db
JUNE = [date(2026, 6, day) for day in range(1, 31)]


def term(district: District, user) -> Appointment:
    return Appointment.objects.get(user=user)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "refused"),
    [
        (date(2024, 3, 31), None, True),  # one day in common
        (date(2023, 1, 1), date(2024, 1, 1), True),
        (date(2024, 2, 1), date(2024, 2, 2), True),
        (date(2024, 4, 1), None, False),
        (date(2023, 1, 1), date(2023, 12, 31), False),
    ],
)
def test_nobody_holds_one_post_twice_at_once(district: District, starts_on, ends_on, refused):
    post = Post.objects.create(area=district.other_grid, kind=PostKind.GRID_LEAD, seats=2)
    user = make_user("li")
    Appointment.objects.create(post=post, user=user, starts_on=date(2024, 1, 1), ends_on=date(2024, 3, 31))

    if refused:
        with pytest.raises(IntegrityError, match="appointment_not_twice_at_once"), transaction.atomic():
            Appointment.objects.create(post=post, user=user, starts_on=starts_on, ends_on=ends_on)
    else:
        Appointment.objects.create(post=post, user=user, starts_on=starts_on, ends_on=ends_on)

    assert Appointment.objects.filter(post=post).count() == (1 if refused else 2)


def test_two_absences_of_one_appointment_do_not_overlap(district: District):
    mine = term(district, district.worker)
    Absence.objects.create(appointment=mine, starts_on=JUNE[0], ends_on=JUNE[4])

    with pytest.raises(IntegrityError, match="absence_not_twice_at_once"), transaction.atomic():
        Absence.objects.create(appointment=mine, starts_on=JUNE[4], ends_on=JUNE[6])
    Absence.objects.create(appointment=mine, starts_on=JUNE[5], ends_on=JUNE[6])

    assert mine.absences.count() == 2


def test_an_area_has_a_post_once_even_without_an_organisation(district: District):
    with pytest.raises(IntegrityError, match="post_once_per_area"), transaction.atomic():
        Post.objects.create(area=district.grid, kind=PostKind.GRID_WORKER)


@pytest.mark.parametrize(
    ("model", "facts", "constraint"),
    [
        (Post, {"kind": "grid_lead", "seats": 0}, "post_has_a_seat"),
        (Post, {"kind": "king"}, "post_kind_known"),
        (Post, {"kind": "department_head"}, "post_of_department_has_organisation"),
        (Post, {"kind": "grid_lead", "valid_from": JUNE[1], "valid_to": JUNE[0]}, "post_valid_from_before_to"),
        (Organisation, {"kind": "club", "name": "x", "code": "x"}, "organisation_kind_known"),
        (Organisation, {"kind": "utility", "name": "", "code": "x"}, "organisation_name_and_code_given"),
        (Organisation, {"kind": "utility", "name": "x", "code": "HW-001"}, "organisation_code_unique"),
        (ServiceHours, {"weekday": 7, "opens": "09:00", "closes": "12:00"}, "servicehours_weekday_known"),
        (ServiceHours, {"weekday": 1, "opens": "12:00", "closes": "12:00"}, "servicehours_open_before_close"),
        (
            ServiceHours,
            {"weekday": 1, "opens": "09:00", "closes": "12:00", "month_from": 0},
            "servicehours_months_known",
        ),
    ],
)
def test_the_tables_refuse_what_cannot_be(district: District, model, facts, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(area=district.other_grid, **facts)


def test_default_hours_are_given_once():
    ServiceHours.objects.create(weekday=0, opens="09:00", closes="12:00")
    ServiceHours.objects.create(weekday=0, opens="13:30", closes="17:30")

    with pytest.raises(IntegrityError, match="servicehours_once"), transaction.atomic():
        ServiceHours.objects.create(weekday=0, opens="09:00", closes="11:00")


def test_nobody_is_on_the_duty_list_twice(district: District):
    with pytest.raises(IntegrityError, match="dutymember_not_twice_at_once"), transaction.atomic():
        DutyMember.objects.create(user=district.duty, position=2)


def test_a_post_stands_only_where_its_duties_are_looked_for(district: District):
    with pytest.raises(ValidationError):
        Post(area=district.street, kind=PostKind.GRID_WORKER).full_clean()


def test_an_appointment_takes_a_seat_from_its_first_to_its_last_day(district: District):
    post = Post.objects.create(area=district.other_grid, kind=PostKind.GRID_LEAD)
    first, second = make_user("one"), make_user("two")
    appoint(post=post, user=first, starts_on=JUNE[0], ends_on=JUNE[9])

    with pytest.raises(SeatsTaken, match="2026-06-10"):
        appoint(post=post, user=second, starts_on=JUNE[9])
    appoint(post=post, user=second, starts_on=JUNE[10])

    assert [user for day in (8, 9, 10) for user in holders(district.other_grid, PostKind.GRID_LEAD, JUNE[day])] == [
        first, first, second,
    ]  # fmt: skip


def test_a_seat_taken_later_in_the_term_is_taken(district: District):
    post = Post.objects.create(area=district.other_grid, kind=PostKind.GRID_LEAD)
    appoint(post=post, user=make_user("later"), starts_on=JUNE[20])

    with pytest.raises(SeatsTaken, match="2026-06-21"):
        appoint(post=post, user=make_user("now"), starts_on=JUNE[0])

    assert post.appointments.count() == 1


def test_a_person_is_not_appointed_to_a_held_post_again(district: District):
    post = Post.objects.create(area=district.other_grid, kind=PostKind.GRID_LEAD, seats=2)
    user = make_user("li")
    appoint(post=post, user=user, starts_on=JUNE[0])

    with pytest.raises(AlreadyHeld):
        appoint(post=post, user=user, starts_on=JUNE[5], ends_on=JUNE[6])


def test_the_register_form_counts_seats_as_the_service_does(district: District):
    post = Post.objects.get(area=district.grid, kind=PostKind.GRID_WORKER)

    with pytest.raises(ValidationError):
        Appointment(post=post, user=make_user("second"), starts_on=JUNE[0]).full_clean()


def test_an_ended_appointment_cuts_off_its_absences(district: District):
    mine = term(district, district.worker)
    record_absence(appointment=mine, starts_on=JUNE[0], ends_on=JUNE[9])
    record_absence(appointment=mine, starts_on=JUNE[20], ends_on=JUNE[25])

    end_appointment(appointment=mine, ends_on=JUNE[4])

    assert list(mine.absences.values_list("starts_on", "ends_on")) == [(JUNE[0], JUNE[4])]
    assert holders(district.grid, PostKind.GRID_WORKER, JUNE[4]) == []
    assert holders(district.grid, PostKind.GRID_WORKER, JUNE[5]) == []


def test_nobody_stands_in_for_himself(district: District):
    with pytest.raises(BadInput):
        record_absence(
            appointment=term(district, district.worker), starts_on=JUNE[0], ends_on=JUNE[0], deputy=district.worker
        )

    assert not Absence.objects.exists()


def test_an_absence_is_refused_where_another_lies(district: District):
    mine = term(district, district.worker)
    record_absence(appointment=mine, starts_on=JUNE[0], ends_on=JUNE[9])

    with pytest.raises(AlreadyHeld):
        record_absence(appointment=mine, starts_on=JUNE[9], ends_on=JUNE[12])


def test_the_deputy_answers_while_the_holder_is_away_and_not_a_day_longer(district: District):
    record_absence(
        appointment=term(district, district.worker), starts_on=JUNE[4], ends_on=JUNE[5], deputy=district.other_worker
    )

    answering = [holders(district.grid, PostKind.GRID_WORKER, JUNE[day]) for day in (3, 4, 5, 6)]

    assert answering == [[district.worker], [district.other_worker], [district.other_worker], [district.worker]]


def test_a_closed_account_a_closed_post_and_a_vacant_post_have_no_holder(district: District):
    district.lead.is_active = False
    district.lead.save(update_fields=["is_active"])
    Post.objects.filter(area=district.grid, kind=PostKind.GRID_WORKER).update(valid_to=JUNE[0])

    assert holders(district.grid, PostKind.GRID_LEAD, JUNE[0]) == []
    assert holders(district.grid, PostKind.GRID_WORKER, JUNE[0]) == [district.worker]
    assert holders(district.grid, PostKind.GRID_WORKER, JUNE[1]) == []
    assert holders(district.other_grid, PostKind.GRID_LEAD, JUNE[0]) == []


def test_staff_holds_what_was_given_and_what_is_deputised_that_day(district: District, django_assert_num_queries):
    record_absence(
        appointment=term(district, district.secretary), starts_on=JUNE[4], ends_on=JUNE[5], deputy=district.window
    )
    own = Holding(PostKind.COMMUNITY_WORKER, district.community.pk, Level.COMMUNITY, district.community.path, None)
    stood_in = Holding(
        PostKind.COMMUNITY_SECRETARY, district.community.pk, Level.COMMUNITY, district.community.path, None
    )

    with django_assert_num_queries(2):
        that_day = staff_for(district.window, JUNE[4])

    assert that_day.holdings == (own, stood_in)
    assert staff_for(district.window, JUNE[6]).holdings == (own,)


def test_a_department_post_names_its_organisation(district: District):
    (holding,) = staff_for(district.handler, JUNE[0]).holdings

    assert (holding.kind, holding.organisation_id) == (PostKind.DEPARTMENT_HANDLER, district.sanitation.pk)


def test_a_closed_account_holds_nothing(district: District, django_assert_num_queries):
    district.worker.is_active = False

    with django_assert_num_queries(0):
        staff = staff_for(district.worker, JUNE[0])

    assert staff.holdings == ()
    assert not staff.is_administrator


def test_a_system_administrator_is_one_by_appointment(district: District):
    user = make_user("admin")
    appoint(
        post=Post.objects.create(area=district.district, kind=PostKind.SYSTEM_ADMINISTRATOR),
        user=user,
        starts_on=JUNE[5],
    )

    assert [staff_for(user, JUNE[day]).is_administrator for day in (4, 5)] == [False, True]


def test_holds_asks_for_the_post_and_for_the_reach(district: District):
    staff = district.as_staff(district.secretary)

    assert staff.holds(PostKind.COMMUNITY_SECRETARY)
    assert staff.holds(PostKind.COMMUNITY_SECRETARY, path=district.unit.path)
    assert not staff.holds(PostKind.COMMUNITY_SECRETARY, path=district.other_community.path)
    assert not staff.holds(PostKind.STREET_LEADER)
    assert staff.paths == (district.community.path,)
