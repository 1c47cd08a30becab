"""The pages of houses, buildings and households: who opens them, what they do, how little they ask the database."""

import uuid

import pytest
from django.urls import reverse

from fieldwork import dwellings, residents
from fieldwork.models import BuildingSheet, Dwelling, Household, Resident
from people.models import RevealLog
from tests.factories import TUESDAY, appoint
from tests.fieldwork.homes import homes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def settled(district):
    """Five homes, two of them collected, three persons."""
    worker = district.as_staff(district.worker)
    dwellings.write_down(place=district.unit, numbers=["101", "102", "201", "202", "301"], by=worker, at=TUESDAY)
    (home,) = homes(district, "101", name="常小红", phone="13800138000")
    homes(district, "102", name="王五")
    residents.add(home, name="常大明", phone="13900139000", by=worker, at=TUESDAY)
    return home


def test_progress_is_read_from_the_street_down_to_the_houses_missing(
    district, client, settled, django_assert_max_num_queries
):
    client.force_login(district.leader)
    page = client.get(reverse("ledgers"))
    assert [row.progress.homes for row in page.context["rows"]] == [5]
    assert reverse("houses_missing") not in page.content.decode()

    client.force_login(district.secretary)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("ledgers"))
    assert (page.context["whole"].collected, page.context["whole"].persons) == (2, 3)
    assert f"{reverse('houses_missing')}?grid={district.grid.code}" in page.content.decode()
    with django_assert_max_num_queries(12):
        page = client.get(reverse("houses_missing"), {"grid": district.grid.code})
    assert [one.number for one in page.context["rows"]] == ["201", "202", "301"]


def test_an_area_outside_does_not_exist(district, client, settled):
    client.force_login(district.secretary)
    assert client.get(reverse("ledgers"), {"area": district.other_community.code}).status_code == 404
    client.force_login(district.other_worker)
    house = Dwelling.objects.first()
    for url in (
        reverse("houses_missing") + f"?grid={district.grid.code}",
        reverse("buildings") + f"?grid={district.grid.code}",
        reverse("building", args=[district.building.code]),
        reverse("building_sheet", args=[district.building.code]),
        reverse("dwelling", args=[house.pk]),
        reverse("dwelling", args=[uuid.uuid4()]),
        reverse("building", args=[district.community.code]),
    ):
        assert client.get(url).status_code == 404, url
    client.force_login(district.handler)
    assert client.get(reverse("ledgers")).status_code == 403


def test_a_building_shows_its_houses_heads_and_versions_and_takes_new_houses(
    district, client, settled, django_assert_max_num_queries
):
    appoint(district.supervisor, "building_head", district.building)
    client.force_login(district.worker)
    url = reverse("building", args=[district.building.code])

    with django_assert_max_num_queries(12):
        page = client.get(url)

    context = page.context
    assert (context["houses"], context["homes"], context["collected"], context["missing"]) == (5, 5, 2, 3)
    assert "supervisor" in page.content.decode()
    sent = {"place": district.unit.code, "numbers": "401-403 101", "use": "home", "state": "empty", "floor": "4"}
    assert client.post(url, sent).status_code == 302
    assert Dwelling.objects.filter(floor=4, state="empty").count() == 3
    for wrong in ({**sent, "numbers": ""}, {**sent, "floor": "900"}, {**sent, "place": district.community.code}):
        assert client.post(url, wrong).status_code == 422
    assert Dwelling.objects.count() == 8


def test_the_sheet_and_a_house_are_changed_on_their_pages(district, client, settled):
    client.force_login(district.worker)
    url = reverse("building_sheet", args=[district.building.code])
    assert client.get(url).status_code == 200
    assert client.post(url, {"floors": "6", "built_in": "1998", "equipment": ["lift"]}).status_code == 302
    assert BuildingSheet.objects.get().equipment == ["lift"]
    assert client.post(url, {"built_in": "1700"}).status_code == 422

    free, taken = Dwelling.objects.get(number="201"), Dwelling.objects.get(number="101")
    assert client.post(reverse("dwelling", args=[free.pk]), {"use": "home", "state": "empty"}).status_code == 302
    answer = client.post(reverse("dwelling", args=[taken.pk]), {"use": "home", "state": "empty"})
    assert answer.status_code == 409
    assert "A household is written down here" in answer.content.decode()
    assert client.post(reverse("dwelling", args=[taken.pk]), {"close": "1"}).status_code == 409
    assert client.post(reverse("dwelling", args=[free.pk]), {"close": "1"}).status_code == 302
    assert Dwelling.objects.get(number="201").valid_to is not None


def test_a_household_is_found_by_its_house_and_its_people_are_masked_until_looked_at(
    district, client, settled, django_assert_max_num_queries
):
    client.force_login(district.worker)
    house = client.get(reverse("dwelling", args=[Dwelling.objects.get(number="101").pk]))
    file = reverse("household", args=[settled.pk])
    assert file in house.content.decode()
    with django_assert_max_num_queries(14):
        page = client.get(file).content.decode()
    whats = client.get(reverse("household_versions", args=[settled.pk])).context["versions"]
    assert [one.what for one in whats] == ["person_added", "opened"]
    assert "常**" in page
    for clear in ("常小红", "常大明", "13900139000"):
        assert clear not in page

    other = Resident.objects.get()
    do = reverse("household_do", args=[settled.pk, "look"])
    shown = client.post(do, {"field": f"{other.pk}:phone", "reason": "约走访时间"})
    assert "13900139000" in shown.content.decode()
    assert RevealLog.objects.get().person_id == other.person_id
    assert client.post(do, {"field": f"{uuid.uuid4()}:phone", "reason": "约走访时间"}).status_code == 422


def test_somebody_else_is_added_and_moves_out_on_the_page(district, client, settled):
    client.force_login(district.worker)

    def do(what, **sent):
        return client.post(reverse("household_do", args=[settled.pk, what]), sent).status_code

    assert do("resident", name="赵六", phone="") == 302
    assert do("resident", name="", phone="") == 422
    assert do("resident", name="钱七", phone="12") == 422
    assert Household.objects.get(pk=settled.pk).people == 3
    assert do("moved-out", key=str(Resident.objects.first().pk)) == 302
    assert do("moved-out", key=str(uuid.uuid4())) == 404
    assert Household.objects.get(pk=settled.pk).people == 2


def test_the_day_of_a_worker_says_how_many_houses_are_still_to_collect(district, client, settled):
    client.force_login(district.worker)
    page = client.get(reverse("grid_queue")).content.decode()
    assert reverse("houses_missing") in page
