"""Houses, the register of a building, how far the houses are collected, who else lives there, versions."""

import pytest
from django.db import DatabaseError, transaction

from fieldwork import collecting, dwellings, households, residents
from fieldwork.enums import FileChange, HouseState, HouseUse
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import BuildingSheet, Dwelling, FileVersion, Household, Resident
from people import expiry
from people.errors import BadInput
from people.models import Person, RevealLog
from tests.factories import TUESDAY
from tests.fieldwork.homes import at, homes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def houses(district, numbers="101 102 201", *, by="worker", **facts) -> list[Dwelling]:
    return dwellings.write_down(
        place=district.unit,
        numbers=households.doors_in(numbers),
        by=district.as_staff(getattr(district, by)),
        at=TUESDAY,
        **facts,
    )


def test_a_house_is_written_down_once_and_known_ones_stay_as_they_are(district):
    houses(district, "101 102", state=HouseState.EMPTY)
    again = houses(district, "102 103")

    assert [one.number for one in again] == ["103"]
    assert set(Dwelling.objects.values_list("number", "state", "grid")) == {
        ("101", "empty", district.grid.pk), ("102", "empty", district.grid.pk), ("103", "unknown", district.grid.pk),
    }  # fmt: skip
    assert FileVersion.objects.filter(what=FileChange.OPENED, by=district.worker).count() == 3


@pytest.mark.parametrize("who", ["other_worker", "dispatcher", "leader", "command", "handler", "stranger"])
def test_only_posts_of_the_grid_and_its_community_write_houses_down(district, who):
    with pytest.raises(NotYours):
        houses(district, by=who)

    assert not Dwelling.objects.exists()


def test_a_household_makes_its_house_and_an_empty_house_is_lived_in_then(district):
    houses(district, "101", state=HouseState.EMPTY)
    houses(district, "S1", use=HouseUse.BUSINESS)

    homes(district, "101 102 S1")

    assert set(Dwelling.objects.values_list("number", "use", "state")) == {
        ("101", "home", "lived_in"), ("102", "home", "lived_in"), ("S1", "mixed", "lived_in"),
    }  # fmt: skip


def test_progress_counts_homes_empty_ones_collected_ones_and_persons(district):
    houses(district, "101 102 103 104 201")
    houses(district, "202", state=HouseState.EMPTY)
    houses(district, "S1 S2", use=HouseUse.BUSINESS)
    worker = district.as_staff(district.worker)
    (first,) = homes(district, "101", name="常小红", phone="13800138000")
    homes(district, "102")
    residents.add(first, name="常大明", by=worker, at=TUESDAY)

    for who, area in (("secretary", "community"), ("leader", "street"), ("command", "district")):
        rows, whole = collecting.of_area(district.as_staff(getattr(district, who)), getattr(district, area))
        assert (whole.homes, whole.empty, whole.collected, whole.missing, whole.persons) == (6, 1, 2, 3, 2)
        assert whole.percent == 40.0
    rows, _whole = collecting.of_area(district.as_staff(district.secretary), district.community)
    assert [(row.area.pk, row.progress.missing) for row in rows] == [(district.grid.pk, 3), (district.other_grid.pk, 0)]
    missing = collecting.missing(worker, district.grid, on=TUESDAY.date())
    assert sorted(one.number for one in missing) == ["103", "104", "201"]
    assert collecting.missing_of(worker) == 3
    assert collecting.missing_of(district.as_staff(district.other_worker)) == 0
    assert collecting.missing_of(district.as_staff(district.leader)) is None


def test_who_sees_houses_one_by_one(district):
    (house,) = houses(district, "101")

    def sees(who):
        return Dwelling.objects.visible_to(district.as_staff(getattr(district, who))).filter(pk=house.pk).exists()

    names = (
        "worker", "lead", "secretary", "window", "other_worker", "other_secretary", "dispatcher", "leader", "handler",
        "supervisor", "command", "stranger",
    )  # fmt: skip
    assert [name for name in names if sees(name)] == ["worker", "lead", "secretary", "window"]


def test_a_change_of_a_house_is_a_version_with_codes_only_and_the_same_again_is_none(district):
    (house,) = houses(district, "101")
    worker = district.as_staff(district.worker)

    for _twice in range(2):
        dwellings.change(house, use=HouseUse.MIXED, state=HouseState.WORKS, floor=1, by=worker, at=TUESDAY)

    version = FileVersion.objects.get(what=FileChange.HOUSE)
    assert version.details == {
        "before": {"use": "home", "state": "unknown", "floor": None},
        "after": {"use": "mixed", "state": "works", "floor": 1},
    }
    with pytest.raises(BadInput):
        dwellings.change(house, use=HouseUse.HOME, state=HouseState.EMPTY, floor=999, by=worker, at=TUESDAY)


def test_where_a_household_lives_the_house_is_neither_empty_nor_closed(district):
    homes(district, "101")
    house, worker = Dwelling.objects.get(), district.as_staff(district.worker)

    with pytest.raises(NotNow):
        dwellings.change(house, use=HouseUse.HOME, state=HouseState.EMPTY, floor=None, by=worker, at=TUESDAY)
    with pytest.raises(NotNow):
        dwellings.change(house, use=HouseUse.BUSINESS, state=HouseState.LIVED_IN, floor=None, by=worker, at=TUESDAY)
    with pytest.raises(NotNow):
        dwellings.close(house, by=worker, at=TUESDAY)

    households.close(Household.objects.select_related("grid").get(), by=worker, at=TUESDAY)
    dwellings.close(house, by=worker, at=TUESDAY)
    assert Dwelling.objects.get().valid_to == TUESDAY.date()
    assert [one.number for one in houses(district, "101")] == ["101"]


def test_versions_cannot_be_changed_or_taken_away(district):
    houses(district, "101")

    for act in (lambda rows: rows.update(what="closed"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(FileVersion.objects.all())


def test_the_sheet_of_a_building_is_kept_with_a_version_and_numbers_of_people_masked(district):
    facts = {"floors": 6, "floors_below": 1, "built_in": 1998, "equipment": ["lift", "gas"]}
    for _twice in range(2):
        dwellings.keep_sheet(
            district.building, **facts, remarks="门卫 13800138000", by=district.as_staff(district.lead), at=TUESDAY
        )

    sheet = BuildingSheet.objects.get()
    assert (sheet.floors, sheet.floors_below, sheet.built_in, sheet.equipment) == (6, 1, 1998, ["lift", "gas"])
    assert "13800138000" not in sheet.remarks
    assert FileVersion.objects.filter(building=district.building, what=FileChange.SHEET).count() == 1
    with pytest.raises(BadInput):
        dwellings.keep_sheet(
            district.building, **facts | {"built_in": 2090}, remarks="", by=district.as_staff(district.lead), at=TUESDAY
        )


def test_who_else_lives_there_is_sealed_counted_and_forgotten_at_once_when_they_move_out(district):
    (home,) = homes(district, "101", name="常小红")
    worker = district.as_staff(district.worker)
    other = residents.add(home, name="常大明", phone="13900139000", by=worker, at=TUESDAY)

    stored = Person.objects.get(pk=other.person_id)
    assert "常大明".encode() not in bytes(stored.name_sealed)
    assert b"13900139000" not in bytes(stored.phone_sealed)
    assert Household.objects.get().people == 2
    seen = residents.look(other, field="phone", reason="约走访时间", by=worker, at=TUESDAY)
    assert (seen.value, RevealLog.objects.get().about) == ("13900139000", f"household:{home.pk}")

    residents.move_out(other, by=worker, at=TUESDAY)

    stored.refresh_from_db()
    assert (stored.name, stored.phone, stored.phone_index) == ("", "", None)
    assert Household.objects.get().people == 1
    with pytest.raises(NotNow):
        residents.move_out(other, by=worker, at=TUESDAY)
    whats = FileVersion.objects.filter(household=home).order_by("pk").values_list("what", flat=True)
    assert list(whats) == ["opened", "person_added", "person_gone"]


def test_a_closed_household_forgets_who_else_lived_there_and_the_rows_go_after_a_year(district):
    (home,) = homes(district, "101", name="常小红")
    residents.add(home, name="常大明", by=district.as_staff(district.worker), at=TUESDAY)

    households.close(home, by=district.as_staff(district.worker), at=TUESDAY)

    assert Resident.objects.get().person.name == ""
    expiry.run(at=at("2027-06-09"), only=["fieldwork.residents"])
    assert Resident.objects.count() == 1
    expiry.run(at=at("2027-06-11"), only=["fieldwork.residents"])
    assert Resident.objects.count() == 0


def test_houses_follow_their_building_into_another_grid(district):
    houses(district, "101")
    building = district.building
    building.path = building.path.replace(district.grid.path, district.other_grid.path)
    type(building).objects.filter(pk=building.pk).update(parent=district.other_grid, path=building.path)
    type(building).objects.filter(pk=district.unit.pk).update(path=f"{building.path}{district.unit.pk}/")

    households.follow_grids()

    assert Dwelling.objects.get().grid_id == district.other_grid.pk


def test_a_household_is_found_by_the_number_of_anybody_in_it_in_three_short_queries(
    district, django_assert_num_queries
):
    first, second = homes(district, "101", name="常小红", phone="13800138000")[0], homes(district, "102")[0]
    worker = district.as_staff(district.worker)
    gone = residents.add(first, name="常大明", phone="13900139000", by=worker, at=TUESDAY)
    residents.add(second, name="王五", phone="13800138000", by=worker, at=TUESDAY)

    with django_assert_num_queries(3):  # asked for, living there; the places with what they lie in
        found = households.with_phone("+86 138 0013 8000")
        assert {one.address() for one in found} == {"3号楼 2单元 101", "3号楼 2单元 102"}
    assert households.with_phone("13900139000") == [first]
    assert households.with_phone("13700137000") == []
    residents.move_out(gone, by=worker, at=TUESDAY)
    households.close(second, by=worker, at=TUESDAY)
    assert households.with_phone("13900139000") == []
    assert households.with_phone("13800138000") == [first]
