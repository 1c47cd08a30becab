"""Doors, who may be asked there, reasons and links: who writes them down, and how they end."""

from datetime import date, timedelta

import pytest

from fieldwork import households
from fieldwork.errors import NotNow, NotYours, Nowhere
from fieldwork.models import Household, HouseholdLink, NotedHousehold, Visit
from grids.models import Area
from people import expiry
from people.errors import BadInput
from people.models import Person, RevealLog
from tests.factories import TUESDAY
from tests.fieldwork.homes import JANUARY, duty, homes, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize(
    ("typed", "doors"),
    [
        ("101", ["101"]),
        ("101 102，201、101", ["101", "102", "201"]),
        ("１０１－１０３", ["101", "102", "103"]),
        ("098-101", ["098", "099", "100", "101"]),
        ("201至202", ["201", "202"]),
        ("东一户 5-2", ["东一户", "5-2"]),
    ],
)
def test_doors_are_read_as_people_write_them(typed, doors):
    assert households.doors_in(typed) == doors


@pytest.mark.parametrize("typed", ["", " ，、 ", "1-500 1-199 201-280", "一" * 21])
def test_what_are_no_doors_is_refused(typed):
    with pytest.raises(BadInput):
        households.doors_in(typed)


def test_a_door_is_written_down_once_and_its_grid_follows_from_the_house(district):
    homes(district, "101 102")
    again = homes(district, "102 103")

    assert [home.door for home in again] == ["103"]
    assert set(Household.objects.values_list("door", "grid")) == {
        ("101", district.grid.pk), ("102", district.grid.pk), ("103", district.grid.pk),
    }  # fmt: skip


@pytest.mark.parametrize("who", ["other_worker", "dispatcher", "leader", "command", "handler", "stranger"])
def test_only_posts_of_the_grid_and_its_community_write_down_doors(district, who):
    with pytest.raises(NotYours):
        households.add(place=district.unit, doors=["101"], by=district.as_staff(getattr(district, who)), at=TUESDAY)

    assert not Household.objects.exists()


def test_nobody_lives_in_a_community_as_a_whole(district):
    with pytest.raises(Nowhere):
        households.add(place=district.community, doors=["1"], by=district.as_staff(district.secretary), at=TUESDAY)


def test_who_may_be_asked_is_sealed_and_belongs_to_one_door(district):
    (home,) = homes(district, "101", name="常小红", phone="138 0013 8000")

    stored = Person.objects.get()
    assert (stored.context, home.contact.name_masked, home.contact.phone_masked) == ("household", "常**", "138****8000")
    assert "常小红".encode() not in bytes(stored.name_sealed)
    with pytest.raises(BadInput):
        homes(district, "102 103", name="常小红")
    with pytest.raises(NotNow):
        homes(district, "101", name="李四")
    assert Household.objects.count() == 1


def test_another_contact_makes_the_one_before_forgotten(district):
    (home,) = homes(district, "101", name="常小红", phone="13800138000")
    first = home.contact

    households.say_contact(home, name="李四", phone="", by=district.as_staff(district.worker), at=TUESDAY)

    first.refresh_from_db()
    assert (first.name, first.phone, first.phone_index) == ("", "", None)
    assert Household.objects.get().contact.name == "李四"


def test_a_look_at_a_number_is_written_down_with_its_reason(district):
    (home,) = homes(district, "101", phone="13800138000")

    seen = households.look(home, field="phone", reason="约走访时间", by=district.as_staff(district.worker), at=TUESDAY)

    assert seen.value == "13800138000"
    log = RevealLog.objects.get()
    assert (log.by, log.reason, log.about) == (district.worker, "约走访时间", f"household:{home.pk}")
    with pytest.raises(NotYours):
        households.look(
            home, field="phone", reason="约走访时间", by=district.as_staff(district.other_worker), at=TUESDAY
        )
    assert RevealLog.objects.count() == 1


def test_who_sees_households(district):
    (home,) = homes(district)

    def sees(who):
        return Household.objects.visible_to(district.as_staff(getattr(district, who))).filter(pk=home.pk).exists()

    names = (
        "worker", "lead", "secretary", "window", "other_worker", "other_secretary", "dispatcher", "leader", "handler",
        "supervisor", "command", "stranger",
    )  # fmt: skip
    assert [name for name in names if sees(name)] == ["worker", "lead", "secretary", "window"]


def test_a_reason_is_noted_by_the_lead_with_consent_once_and_ends(district):
    (home,) = homes(district)
    lead = district.as_staff(district.lead)
    with pytest.raises(BadInput, match="only if they agree"):
        households.note(home, duty=duty("must_alone"), agreed=False, by=lead, at=TUESDAY)
    with pytest.raises(BadInput):
        households.note(home, duty=duty("household_monthly"), agreed=True, by=lead, at=TUESDAY)
    with pytest.raises(NotYours):
        households.note(home, duty=duty("must_alone"), agreed=True, by=district.as_staff(district.worker), at=TUESDAY)
    noted = households.note(home, duty=duty("must_alone"), agreed=True, by=lead, at=TUESDAY)
    with pytest.raises(NotNow):
        households.note(home, duty=duty("must_alone"), agreed=True, by=lead, at=TUESDAY)
    assert (noted.agreed_on, noted.noted_by) == (date(2026, 6, 9), district.lead)

    households.end_note(home, duty_id=duty("must_alone").pk, by=lead, at=TUESDAY + timedelta(days=3))

    assert NotedHousehold.objects.get().ends_on == date(2026, 6, 12)
    with pytest.raises(NotNow):
        households.end_note(home, duty_id=duty("must_alone").pk, by=lead, at=TUESDAY)


def test_somebody_of_the_community_is_linked_and_then_sees_the_household(district):
    (home,) = homes(district, place=district.building)
    lead = district.as_staff(district.lead)
    with pytest.raises(BadInput):
        households.link(home, user=district.stranger, by=lead, at=TUESDAY)
    with pytest.raises(NotYours):
        households.link(home, user=district.other_worker, by=district.as_staff(district.worker), at=TUESDAY)

    households.link(home, user=district.other_worker, by=lead, at=TUESDAY)

    linked = district.as_staff(district.other_worker)
    assert Household.objects.visible_to(linked).get() == home
    visit(district, home, by=district.other_worker)
    with pytest.raises(NotNow):
        households.link(home, user=district.other_worker, by=lead, at=TUESDAY)
    households.unlink(home, user_id=district.other_worker.pk, by=lead, at=TUESDAY)
    assert not Household.objects.visible_to(linked).exists()
    with pytest.raises(NotNow):
        households.unlink(home, user_id=district.other_worker.pk, by=lead, at=TUESDAY)


def test_closing_ends_reasons_and_links_and_frees_the_door(district):
    (home,) = homes(district)
    lead = district.as_staff(district.lead)
    households.note(home, duty=duty("must_new"), agreed=True, by=lead, at=TUESDAY)
    households.link(home, user=district.window, by=lead, at=TUESDAY)

    households.close(home, by=lead, at=TUESDAY)

    assert NotedHousehold.objects.get().ends_on == HouseholdLink.objects.get().ends_on == date(2026, 6, 9)
    with pytest.raises(NotNow):
        households.close(home, by=lead, at=TUESDAY)
    with pytest.raises(NotNow):
        households.note(home, duty=duty("must_help"), agreed=True, by=lead, at=TUESDAY)
    assert [new.door for new in homes(district, since=TUESDAY)] == ["101"]


def test_households_follow_a_house_that_was_moved_to_another_grid(district):
    homes(district, "101 102")
    assert households.follow_grids() == 0
    Area.objects.filter(pk=district.building.pk).update(
        parent=district.other_grid, path=f"{district.other_grid.path}{district.building.pk}/"
    )
    Area.objects.filter(pk=district.unit.pk).update(
        path=f"{district.other_grid.path}{district.building.pk}/{district.unit.pk}/"
    )

    assert households.follow_grids() == 2

    assert set(Household.objects.values_list("grid", flat=True)) == {district.other_grid.pk}


def test_what_is_kept_of_households_ends(district):
    (home,) = homes(district, "101", name="常小红", phone="13800138000")
    (other,) = homes(district, "102", name="李四")
    lead = district.as_staff(district.lead)
    households.note(home, duty=duty("must_new"), agreed=True, by=lead, at=JANUARY)
    households.link(home, user=district.window, by=lead, at=JANUARY)
    visit(district, home, JANUARY, words="问了暖气。")
    households.close(home, by=lead, at=JANUARY)
    names = ("fieldwork.households", "fieldwork.links", "fieldwork.noted", "fieldwork.visits")

    def ended(year):
        return {run.rule: run.ended for run in expiry.run(at=JANUARY.replace(year=year, day=8), only=names)}

    assert ended(2026) == dict.fromkeys(names, 0)
    assert ended(2027) == {**dict.fromkeys(names, 1), "fieldwork.households": 0}
    assert ended(2029) == {**dict.fromkeys(names, 0), "fieldwork.households": 1}
    home.refresh_from_db()
    assert (home.door, home.contact.name, home.contact.phone) == ("", "", "")
    assert ended(2030) == dict.fromkeys(names, 0)
    assert not Visit.objects.exists()
    assert Household.objects.get(pk=other.pk).contact.name == "李四"
