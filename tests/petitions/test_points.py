"""A point on the map: nothing of it without a source; checked, sealed, and shown to staff and nobody else with one."""

from http import HTTPStatus

import pytest
from django.core.checks import run_checks

from petitions import erasure, points, rights
from petitions.enums import Status, TextKind
from petitions.models import Petition, PetitionText
from tests.factories import TUESDAY
from tests.petitions.filing import NEW, check, follow_url, prove, send

pytestmark = pytest.mark.django_db
POINT = "38.52001,102.18777"


@pytest.fixture
def source(settings):
    """A source of tiles over the town."""
    settings.MAP_TILES = "https://tiles.example.org/{z}/{x}/{y}.png"
    settings.MAP_ATTRIBUTION = "示例测绘院 · 审图号 甘S(2026)1号"
    settings.MAP_BOUNDS = "38.4,102.0,38.7,102.4"
    return settings


def filed(client, **changes: object) -> Petition:
    answer = send(client, **changes)
    assert answer.status_code == HTTPStatus.FOUND, answer.context["form"].errors
    return Petition.objects.get(number=answer.url.rstrip("/").rpartition("/")[2])


def pictures_from(response):
    """What the page may fetch pictures from; in what order the header names its rules is different every run."""
    rules = (rule.strip().partition(" ") for rule in response.headers["Content-Security-Policy"].split(";"))
    return [sources for name, _space, sources in rules if name == "img-src"]


def test_without_a_source_nothing_of_it_appears_and_a_point_that_is_sent_is_dropped(client, district):
    page = client.get(NEW)
    petition = filed(client, point=POINT)

    assert "data-point" not in page.content.decode()
    assert pictures_from(page) == ["'self' data:"]
    assert not PetitionText.objects.filter(petition=petition, kind=TextKind.POINT).exists()


def test_the_page_with_a_map_may_fetch_pictures_from_the_source_and_no_other_page_may(client, district, source):
    form, board = client.get(NEW), client.get("/public/board/")

    assert pictures_from(form) == ["'self' data: https://tiles.example.org"]
    assert "审图号 甘S(2026)1号" in form.content.decode()
    assert "tiles.example.org" not in board.headers["Content-Security-Policy"]


def test_a_point_is_kept_sealed_to_a_metre_and_comes_along_from_step_to_step(client, district, source):
    looked_over = check(client, point="38.520012345,102.187774999")
    petition = filed(client, point="38.520012345,102.187774999")

    kept = PetitionText.objects.get(petition=petition, kind=TextKind.POINT)
    assert ("point", "38.520012345,102.187774999") in looked_over.context["carried"]
    assert POINT in looked_over.content.decode()
    assert kept.original == POINT
    assert POINT.encode() not in bytes(kept.original_sealed)


def test_a_point_alone_says_where_it_is_and_a_person_finds_the_place(client, district, source, settings):
    settings.JURISDICTION_CODE = district.district.code

    petition = filed(client, point=POINT, place=None)

    assert petition.place is None
    assert Petition.objects.to_be_placed().filter(pk=petition.pk).exists()


@pytest.mark.parametrize(
    "typed", ["39.0,102.2", "38.5,103.0", "38.5", "38.5;102.2", "1e1,102.2", "nan,nan", "３８.5,102.2", "x" * 41]
)
def test_what_is_no_point_or_lies_outside_is_refused_and_nothing_is_filed(client, district, source, typed):
    answer = send(client, point=typed)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "point" in answer.context["form"].errors
    assert not Petition.objects.exists()


def test_staff_see_it_on_the_case_and_who_may_not_know_the_petitioner_does_not(client, district, source):
    plain = filed(client, point=POINT)
    hidden = filed(client, point=POINT, confidential="on", name="常小红", phone="13800138000")

    client.force_login(district.worker)
    pages = [client.get(f"/cases/{one.number}/") for one in (plain, hidden)]
    client.force_login(district.secretary)
    known = client.get(f"/cases/{hidden.number}/")

    assert [(page.status_code, POINT in page.content.decode()) for page in [*pages, known]] == [
        (200, True), (200, False), (200, True),
    ]  # fmt: skip
    assert f'href="geo:{POINT}"' in pages[0].content.decode()
    assert ["https://tiles.example.org" in page.headers["Content-Security-Policy"] for page in pages] == [True, False]


def test_the_petitioner_gets_it_with_his_data_and_it_goes_with_his_contact(client, district, source):
    petition = filed(client, point=POINT)
    assert prove(client, petition).status_code == HTTPStatus.FOUND

    copy = rights.data_of(petition)
    page = client.get(follow_url(petition))
    Petition.objects.filter(pk=petition.pk).update(status=Status.WITHDRAWN)
    erasure.erase_contact(Petition.objects.get(pk=petition.pk), at=TUESDAY)

    assert POINT in str(copy)
    assert page.status_code == HTTPStatus.OK
    kept = PetitionText.objects.get(petition=petition, kind=TextKind.POINT)
    assert (kept.masked, kept.original) == ("", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAP_BOUNDS", ""), ("MAP_BOUNDS", "38.7,102.0,38.4,102.4"), ("MAP_ATTRIBUTION", " "), ("MAP_DATUM", "BD-09"),
        ("MAP_TILES", "https://{s}.example.org/{z}/{x}/{y}.png"), ("MAP_TILES", "https://tiles.example.org/"),
        ("MAP_TILES", "//tiles.example.org/{z}/{x}/{y}.png"),
    ],
)  # fmt: skip
def test_a_map_that_is_set_up_by_halves_stops_the_start(source, name, value):
    assert [error.id for error in run_checks() if error.id == "petitions.E001"] == []

    setattr(source, name, value)

    assert [error.id for error in run_checks() if error.id == "petitions.E001"] == ["petitions.E001"]
    with pytest.raises(ValueError, match=r"MAP_|float"):
        points.tiles()
