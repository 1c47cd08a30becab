"""The register of volunteers: entered, decided on, one row for one human, minors with who agrees for them."""

import uuid
from datetime import date, datetime, timedelta
from itertools import product

import pytest

from notifications.models import Notice
from notifications.rendering import render
from people import expiry
from people.errors import BadInput
from people.models import Consent, Person
from people.notice import VERSION
from tests.factories import SHANGHAI, TUESDAY
from tests.petitions.test_afterwards_at_once import at_once
from tests.volunteers.world import NUMBER, OTHER, WARD, child, refused, register, taken_on
from volunteers import serving, transitions
from volunteers.enums import ServiceKind, State, Unfit
from volunteers.errors import HereAlready, NotNow, NotYours
from volunteers.models import Guardian, Qualification, Volunteer, VolunteerEvent
from volunteers.registering import Ward, of_age

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)
MOVES = {
    ("waiting", "active"), ("waiting", "refused"), ("waiting", "suspended"), ("waiting", "left"), ("waiting", "merged"),
    ("active", "suspended"), ("active", "left"), ("active", "merged"),
    ("refused", "waiting"), ("refused", "left"), ("refused", "merged"),
    ("suspended", "waiting"), ("suspended", "active"), ("suspended", "left"), ("suspended", "merged"),
}  # fmt: skip


def codes(row):
    return [*row.events.order_by("pk").values_list("code", flat=True)]


def secretary(district, at=TUESDAY):
    return district.as_staff(district.secretary, at.date())


# -- entering ----------------------------------------------------------------------------------------------------------


def test_who_registers_waits_sealed_with_consent_and_the_community_is_told(district):
    row = register(district, papers=[("first_aid", date(2027, 1, 1))])

    assert (row.state, row.person.name, row.person.phone, row.person.context) == (
        "waiting", "常帮忙", NUMBER, "volunteer",
    )  # fmt: skip
    assert [*Consent.objects.values_list("purpose", "version", "withdrawn_at")] == [("volunteer", VERSION, None)]
    assert [*row.qualifications.values_list("kind", "valid_until")] == [("first_aid", date(2027, 1, 1))]
    told = Notice.objects.filter(kind="volunteer_waiting")
    assert {one.recipient for one in told} == {district.secretary, district.window}
    assert all(NUMBER not in str(one.params) and "常帮忙" not in str(one.params) for one in told)
    assert codes(row) == ["registered"]


def test_the_same_form_twice_enters_once(district):
    row = register(district)

    assert register(district, client_key=row.client_key, phone=OTHER) == row
    assert Volunteer.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"agreed": False}, "agreed"),
        ({"name": "  "}, "name"),
        ({"phone": "123"}, "phone"),
        ({"free": (1, 74)}, "free"),
        ({"papers": [("driver", date(2026, 6, 8))]}, "until_1"),
    ],
)
def test_without_consent_name_or_what_can_be_offered_nobody_is_entered(district, facts, field):
    with pytest.raises(BadInput) as no:
        register(district, **facts)

    assert no.value.field == field
    assert not Volunteer.objects.exists()
    assert not Person.objects.exists()


def test_case_10_the_same_human_again_is_told_and_stays_one_row(district):
    row = register(district)

    no = refused(lambda: register(district, name="别名", home=district.other_community, phone="+86 139-0013-9000"))

    assert isinstance(no, HereAlready)
    assert [*Volunteer.objects.values_list("pk", "home")] == [(row.pk, district.community.pk)]
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_case_20_two_threads_register_one_human_once(district):
    ended = at_once(*[lambda: register(district)] * 5)

    assert (ended.count(None), ended.count(HereAlready)) == (1, 4)
    assert (Volunteer.objects.count(), Person.objects.count(), VolunteerEvent.objects.count()) == (1, 1, 1)


def test_staff_register_on_behalf_in_their_own_community(district):
    row = register(district, by=district.worker, phone="")

    assert (row.added_by, row.seat, codes(row)) == (district.worker, None, ["on_behalf"])
    for stranger in (district.other_secretary, district.dispatcher, district.handler):
        with pytest.raises(NotYours):
            register(district, by=stranger, phone=OTHER)
    assert Volunteer.objects.count() == 1


# -- deciding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("here", "there"), [*product(State.values, repeat=2)])
def test_a_registration_moves_only_as_the_table_says(here, there):
    assert (State(there) in transitions.LEADS_TO[State(here)]) == ((here, there) in MOVES)


def test_the_community_takes_on_and_the_volunteer_hears_of_it_in_his_language(district):
    row = register(district, language="en")

    transitions.approve(row, by=secretary(district), at=TUESDAY)

    row.refresh_from_db()
    assert (row.state, row.decided_by, codes(row)) == ("active", district.secretary, ["registered", "approved"])
    told = Notice.objects.get(person=row.person)
    assert (told.kind, told.url_path, told.params) == ("volunteer_decided", "/mine/volunteer/", {"agreed": True})
    assert render(told, row.person.language).subject == "You are registered as a volunteer"
    assert not Notice.objects.filter(kind="volunteer_waiting", read_at=None).exists()
    with pytest.raises(NotNow):
        transitions.refuse(row, why="晚了", by=secretary(district), at=TUESDAY)
    assert Notice.objects.filter(person=row.person).count() == 1


@pytest.mark.parametrize("who", ["worker", "lead", "other_secretary", "dispatcher", "supervisor", "command"])
def test_nobody_but_the_community_of_home_decides(district, who):
    row = register(district, work=district.other_community)

    for act in (transitions.approve, transitions.leave):
        with pytest.raises(NotYours):
            act(row, by=district.as_staff(getattr(district, who)), at=TUESDAY)
    with pytest.raises(NotYours):
        transitions.refuse(row, why="不", by=district.as_staff(getattr(district, who)), at=TUESDAY)
    assert Volunteer.objects.get().state == "waiting"


def test_a_refusal_has_a_reason_without_numbers_and_who_comes_again_gets_the_same_row(district):
    row = register(district)
    with pytest.raises(BadInput) as no:
        transitions.refuse(row, why="  ", by=secretary(district), at=TUESDAY)
    assert no.value.field == "why"

    transitions.refuse(row, why="请先到社区谈，电话13800138000", by=secretary(district), at=TUESDAY)

    row.refresh_from_db()
    assert (row.state, row.ends_on, "13800138000" in row.refusal) == ("refused", date(2026, 6, 9), False)
    again = register(district, name="常新名", home=district.other_community, at=TUESDAY + DAY)
    assert (again.pk, again.state, again.refusal, again.ends_on, again.decided_at) == (
        row.pk,
        "waiting",
        "",
        None,
        None,
    )
    again.refresh_from_db()
    assert (again.home, again.person.name) == (district.other_community, "常新名")
    assert codes(again) == ["registered", "refused", "again"]
    assert Volunteer.objects.count() == 1
    assert Notice.objects.filter(recipient=district.other_secretary, kind="volunteer_waiting").count() == 1


def test_case_65_who_leaves_is_gone_at_once_but_for_days_and_states(district):
    row = taken_on(district, papers=[("driver", None)])

    transitions.leave(row, by=None, at=TUESDAY + DAY)

    row.refresh_from_db()
    assert (row.state, row.ends_on, row.seat, row.skills, row.free) == ("left", date(2026, 6, 10), None, [], [])
    assert (row.person.name, row.person.phone, row.person.phone_index) == ("", "", None)
    assert not Qualification.objects.exists()
    assert not Consent.objects.in_force().exists()
    assert codes(row) == ["registered", "approved", "left"]
    with pytest.raises(NotNow):
        transitions.leave(row, by=None, at=TUESDAY + DAY)
    assert register(district, at=TUESDAY + 2 * DAY).pk != row.pk  # he may come back, as anybody


def test_who_was_refused_is_forgotten_after_half_a_year(district):
    row = register(district)
    transitions.refuse(row, why="请先来面谈", by=secretary(district), at=TUESDAY)
    rule = next(rule for rule in expiry.rules() if rule.name == "volunteers.refused")

    assert not rule.due(TUESDAY + 180 * DAY).exists()
    assert [rule.end(one.pk, TUESDAY + 185 * DAY) for one in rule.due(TUESDAY + 185 * DAY)] == [True]
    row.refresh_from_db()
    assert (row.state, row.refusal, row.person.name) == ("left", "", "")


# -- minors ------------------------------------------------------------------------------------------------------------


def test_a_child_is_registered_by_who_agrees_for_it_and_he_hears_the_answer(district):
    row = taken_on(district, make=child)

    guardian = Guardian.objects.get()
    assert (row.of_age_on, row.is_minor(date(2032, 5, 31)), row.is_minor(date(2032, 6, 1))) == (
        date(2032, 6, 1), True, False,
    )  # fmt: skip
    assert (guardian.person.name, guardian.person.phone, guardian.is_proved) == ("林小红", NUMBER, True)
    assert {(one.person_id, one.purpose) for one in Consent.objects.all()} == {
        (row.person.pk, "volunteer"), (guardian.person.pk, "guardian"),
    }  # fmt: skip
    assert Notice.objects.filter(person=guardian.person, kind="volunteer_decided").count() == 1


def test_two_children_of_one_parent_are_two_and_one_child_twice_is_one(district):
    child(district)
    child(district, name="常小妹")

    assert isinstance(refused(lambda: child(district)), HereAlready)
    assert Volunteer.objects.count() == 2
    register(district)  # the parent himself
    assert Volunteer.objects.count() == 3


@pytest.mark.parametrize(
    ("born", "adult"),
    [("2023-06-01", "2041-07-01"), ("2008-06-01", "2026-07-01"), ("2014-12-01", "2033-01-01")],
)
def test_of_age_counts_from_the_month_after_the_birthday(born, adult):
    assert of_age(date.fromisoformat(born), on=date(2026, 6, 9)) == date.fromisoformat(adult)


@pytest.mark.parametrize("born", ["2023-07-01", "2026-07-01", "2008-05-01", "1990-01-01"])
def test_who_is_under_three_or_an_adult_is_no_child_here(district, born):
    with pytest.raises(BadInput) as no:
        child(district, ward=Ward(name="林小红", phone=NUMBER, born_on=date.fromisoformat(born)))

    assert no.value.field == "born_year"
    assert not Volunteer.objects.exists()


@pytest.mark.parametrize(
    ("kind", "hour", "why"),
    [
        (ServiceKind.AT_HOME, 10, Unfit.MINOR_AT_HOME),
        (ServiceKind.AT_PLACE, 22, Unfit.MINOR_AT_NIGHT),
        (ServiceKind.REMOTE, 5, Unfit.MINOR_AT_NIGHT),
        (ServiceKind.AT_PLACE, 21, None),
        (ServiceKind.AT_PLACE, 6, None),
    ],
)
def test_a_minor_visits_no_homes_and_serves_at_no_hour_of_the_night(district, kind, hour, why):
    row, grown = taken_on(district, make=child), taken_on(district, phone=OTHER)
    at = datetime(2026, 6, 10, hour, 0, tzinfo=SHANGHAI)

    assert serving.why_not(row, kind, at=at) == why
    assert serving.may_serve(grown, kind, at=at)
    assert serving.may_serve(row, kind, at=datetime(2032, 6, 1, hour, 0, tzinfo=SHANGHAI))


def test_who_is_not_taken_on_serves_nowhere(district):
    assert serving.why_not(register(district), ServiceKind.REMOTE, at=TUESDAY) == Unfit.NOT_REGISTERED


def test_coming_of_age_ends_the_guardian_for_who_has_a_number_of_his_own(district):
    alone, row = taken_on(district, make=child), taken_on(district, make=child, name="常大明", phone=OTHER)
    rule = next(rule for rule in expiry.rules() if rule.name == "volunteers.of_age")
    at = datetime(2032, 6, 1, 3, 0, tzinfo=SHANGHAI)

    assert not rule.due(at - DAY).exists()
    assert [rule.end(one.pk, at) for one in rule.due(at)] == [True]

    row.refresh_from_db()
    guardian = Guardian.objects.select_related("person").get(volunteer=row)
    assert (row.of_age_on, row.state, guardian.ends_on, guardian.person.name) == (None, "active", date(2032, 6, 1), "")
    assert Guardian.objects.get(volunteer=alone).ends_on is None  # else nobody could reach him


def test_more_than_six_children_of_one_number_are_refused(district):
    for place in range(6):
        child(district, name=f"常{place}")

    assert isinstance(refused(lambda: child(district, name="常七")), NotNow)
    assert (Volunteer.objects.count(), Guardian.objects.count()) == (6, 6)
    assert WARD.phone not in repr(WARD)


def test_the_client_key_of_a_child_and_its_parent_is_their_own(district):
    key = uuid.uuid4()

    assert child(district, client_key=key) == child(district, client_key=key)
    assert Guardian.objects.count() == 1
