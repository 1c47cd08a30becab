"""The first page of the desk leads to every working page, and to none that is closed to who stands there."""

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
FIELD = ("visits", "patrols", "ledgers", "compounds", "steward_coverage", "liaisons", "listening", "emergencies")


def links(client) -> list[str]:
    page = client.get("/admin/", headers={"Accept-Language": "en"}).content.decode()
    morning = page.split("This morning")[1].split('<div class="app-')[0]
    return sorted({found for found in re.findall(r'href="(/[^"#?]*)', morning) if not found.startswith("/admin/")})


@pytest.mark.parametrize("who", ["secretary", "leader", "supervisor"])
def test_who_is_responsible_for_an_area_finds_the_pages_of_the_field_and_each_opens(client, district, who):
    client.force_login(getattr(district, who))

    found = links(client)

    assert {reverse(name) for name in FIELD} <= set(found)
    assert {url: client.get(url).status_code for url in found} == dict.fromkeys(found, 200)


def test_a_department_is_led_to_none_that_is_closed_to_it(client, district):
    client.force_login(district.handler)

    found = links(client)

    assert reverse("listening") not in found
    assert {url: client.get(url).status_code for url in found} == dict.fromkeys(found, 200)
