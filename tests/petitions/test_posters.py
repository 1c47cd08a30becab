"""Posters: signed codes, printed a community at once, withdrawn when they are no longer ours."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grids.models import Area
from petitions import posters
from petitions.models import PosterRevocation
from tests.petitions.filing import NEW, poster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PAGE, WITHDRAW = "/posters/", "/posters/withdraw/"


@pytest.mark.parametrize(
    ("who", "status"),
    [("secretary", 200), ("window", 200), ("worker", 404), ("dispatcher", 200), ("other_secretary", 404)],
)
def test_the_posters_of_a_community_are_printed_by_whoever_serves_there(client, district, who, status):
    client.force_login(getattr(district, who))

    assert client.get(PAGE, {"area": district.community.code}).status_code == status


def test_each_building_has_its_sheet_with_its_own_code(client, district):
    client.force_login(district.secretary)

    response = client.get(PAGE, {"area": district.community.code})

    assert [building for _around, building, _qr in response.context["sheets"]] == [district.building]
    assert response.content.decode().count('class="l-qr"') == 1


@pytest.mark.parametrize("count", [1, 3])
def test_printing_costs_the_same_for_any_number_of_buildings(client, district, count, django_assert_max_num_queries):
    for number in range(count):
        Area(level=7, name=f"{number}号楼", code=f"B{number}", parent=district.grid, served=True).save()
    client.force_login(district.secretary)

    with django_assert_max_num_queries(12):
        client.get(PAGE, {"area": district.community.code})


def test_a_withdrawn_code_opens_a_friendly_page_and_a_new_one_works(client, district):
    old = poster()
    client.force_login(district.secretary)
    asked = client.post(WITHDRAW, {"area": district.community.code})
    assert not PosterRevocation.objects.exists()

    done = client.post(WITHDRAW, {"area": district.community.code, "sure": "1"})
    PosterRevocation.objects.update(at=timezone.now() + timedelta(seconds=1))

    assert (asked.status_code, done.status_code) == (200, 302)
    client.logout()
    gone = client.get(NEW, {"b": old})
    assert gone.status_code == 410
    assert "/petitions/new/" in gone.content.decode()
    assert client.get(NEW, {"b": old[:-1]}).status_code == 404  # not one of ours
    PosterRevocation.objects.update(at=timezone.now() - timedelta(seconds=2))
    assert client.get(NEW, {"b": poster()}).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("window", 403), ("other_secretary", 404), ("worker", 404)])
def test_who_is_no_head_there_withdraws_nothing(client, district, who, status):
    client.force_login(getattr(district, who))

    response = client.post(WITHDRAW, {"area": district.community.code, "sure": "1"})

    assert response.status_code == status
    assert not PosterRevocation.objects.exists()


def test_looking_withdraws_nothing(client, district):
    client.force_login(district.secretary)

    assert client.get(WITHDRAW, {"area": district.community.code, "sure": "1"}).status_code == 405
    assert posters.area_of(poster(), on=timezone.localdate()) == district.building
