"""Giving a petition the place it lacks, and filing for somebody at the door."""

import uuid

import pytest

from people.models import Person
from petitions.enums import Channel, Status
from petitions.models import Petition
from tests.factories import TUESDAY
from tests.petitions.photo_files import HTML, phone_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NEW = "/cases/new/"


@pytest.fixture
def unplaced(district, settings) -> Petition:
    from petitions import services

    settings.JURISDICTION_CODE = district.district.code
    return services.file(text="路灯不亮。", at=TUESDAY, client_key=uuid.uuid4(), place_words="3号楼门口的路灯").petition


def place(client, user, petition, code):
    client.force_login(user)
    return client.post(f"/cases/{petition.number}/place/", {"place": code})


# -- to be placed --------------------------------------------------------------------------------------------


def test_command_finds_the_place_and_who_answers_follows_from_it(client, district, unplaced):
    client.force_login(district.command)
    page = client.get(f"/cases/{unplaced.number}/", {"do": "place", "q": "龙集里 3号楼"})

    response = place(client, district.command, unplaced, district.building.code)

    assert "3号楼门口的路灯" in page.content.decode()
    assert [found.code for found in page.context["form"].results.places] == [district.building.code]
    assert response.status_code == 302
    unplaced.refresh_from_db()
    assert (unplaced.place, unplaced.grid, unplaced.community, unplaced.street) == (
        district.building, district.grid, district.community, district.street,
    )  # fmt: skip
    client.force_login(district.worker)
    assert client.get(f"/cases/{unplaced.number}/").status_code == 200


@pytest.mark.parametrize("code", ["", "nowhere", "6203", "\x00", "620302999"])
def test_a_place_that_is_none_is_refused(client, district, unplaced, code):
    response = place(client, district.command, unplaced, code)

    assert response.status_code == 422
    unplaced.refresh_from_db()
    assert unplaced.place is None


def test_a_place_outside_the_area_that_answers_is_refused(client, district):
    from petitions import services

    petition = services.file(text="路灯不亮。", at=TUESDAY, client_key=uuid.uuid4(), place=district.street).petition
    Petition.objects.filter(pk=petition.pk).update(place=None)

    response = place(client, district.dispatcher, petition, district.other_street.code)

    assert response.status_code == 422
    petition.refresh_from_db()
    assert petition.place is None


def test_a_placed_petition_keeps_its_place(client, district):
    petition = district.petition()

    response = place(client, district.secretary, petition, district.grid.code)

    assert response.status_code == 409
    petition.refresh_from_db()
    assert petition.place == district.unit


def test_who_may_not_place_is_refused_and_who_cannot_see_finds_nothing(client, district):
    from petitions import services

    petition = services.file(text="路灯不亮。", at=TUESDAY, client_key=uuid.uuid4(), place=district.grid).petition
    Petition.objects.filter(pk=petition.pk).update(place=None)

    assert place(client, district.worker, petition, district.building.code).status_code == 403
    assert place(client, district.other_worker, petition, district.building.code).status_code == 404
    petition.refresh_from_db()
    assert petition.place is None


# -- on behalf -------------------------------------------------------------------------------------------------


def file(client, user, **data):
    client.force_login(user)
    sent = {"client_key": str(uuid.uuid4()), "channel": "visit", "text": "楼道灯坏了。", **data}
    return client.post(NEW, sent)


def test_a_worker_files_for_somebody_at_the_door(client, district):
    response = file(client, district.worker, place=district.unit.code, name="常小红", phone="138 0013 8000")

    petition = Petition.objects.get()
    page = response.content.decode()
    assert response.status_code == 200
    assert (petition.status, petition.channel, petition.place) == (Status.SUBMITTED, Channel.VISIT, district.unit)
    assert (petition.filed_by, petition.first_contact_owner) == (district.worker, district.worker)
    assert petition.petitioner.phone == "13800138000"
    assert petition.number in page
    assert response.context["filed"].code in page
    assert "no-store" in response["Cache-Control"]
    assert f"/cases/{petition.number}/" in page


def test_the_form_sent_twice_files_once_and_shows_the_same_code(client, district):
    key = str(uuid.uuid4())

    first = file(client, district.worker, place=district.unit.code, client_key=key)
    second = file(client, district.worker, place=district.unit.code, client_key=key)

    assert Petition.objects.count() == 1
    assert first.context["filed"].code == second.context["filed"].code
    assert (first.context["filed"].created, second.context["filed"].created) == (True, False)


def test_the_worker_s_own_grid_is_chosen_before_any_search(client, district):
    client.force_login(district.worker)

    form = client.get(NEW).context["form"]

    assert form["place"].value() == district.grid.code
    assert [code for code, _trail in form.fields["place"].choices] == [district.grid.code]


def test_a_search_files_nothing_and_loses_nothing(client, district):
    client.force_login(district.worker)

    response = client.post(
        NEW,
        {"client_key": str(uuid.uuid4()), "text": "楼道灯坏了。", "q": "3号楼", "find": "1", "channel": "phone"},
    )

    form = response.context["form"]
    assert not Petition.objects.exists()
    assert [found.code for found in form.results.places] == [district.building.code]
    assert "楼道灯坏了。" in response.content.decode()
    assert form["channel"].value() == "phone"
    assert not form.errors


@pytest.mark.parametrize(
    ("field", "given"),
    [("text", ""), ("text", "字" * 5001), ("place", ""), ("place", "nowhere"), ("channel", "web"), ("phone", "12345"),
     ("client_key", "x")],
)  # fmt: skip
def test_what_cannot_be_filed_is_said_and_nothing_is_kept(client, district, field, given):
    response = file(client, district.worker, **{"place": district.unit.code, field: given})

    assert response.status_code == 422
    assert response.context["form"].errors
    assert not Petition.objects.exists()
    assert not Person.objects.exists()


def test_a_bad_photo_files_nothing(client, district, settings, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = str(tmp_path)
    uploads = [SimpleUploadedFile("a.jpg", phone_photo()), SimpleUploadedFile("b.jpg", HTML)]

    response = file(client, district.worker, place=district.unit.code, photos=uploads)

    assert response.status_code == 422
    assert "This file is not a photo." in response.content.decode()
    assert not Petition.objects.exists()
    assert not list(tmp_path.rglob("*.jpg"))


def test_an_emergency_shows_the_numbers_first(client, district):
    response = file(client, district.worker, place=district.unit.code, text="着火了，有人被困！")

    page = response.content.decode()
    assert response.context["is_emergency"]
    assert 'href="tel:119"' in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("worker", 200), ("lead", 200), ("window", 200), ("secretary", 200),
        ("handler", 403), ("supervisor", 403), ("command", 403), ("dispatcher", 403), ("duty", 403),
    ],
)  # fmt: skip
def test_those_who_meet_residents_file_for_them(client, district, who, status):
    client.force_login(getattr(district, who))

    assert client.get(NEW).status_code == status


def test_a_matter_outside_one_s_own_area_is_filed_and_not_opened(client, district):
    response = file(client, district.worker, place=district.other_community.code)

    petition = Petition.objects.get()
    assert response.status_code == 200
    assert f"/cases/{petition.number}/" not in response.content.decode()
