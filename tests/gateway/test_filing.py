"""A neighbour files: once for its number, once for its key, whatever comes twice or at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from gateway import idempotency
from gateway.enums import Scope
from gateway.models import Answer, Filing
from notifications.models import Notice
from petitions import services
from petitions.enums import Channel
from petitions.models import Petition, PetitionEvent

pytestmark = pytest.mark.django_db
AGAIN = "Idempotent-Replayed"


def test_a_matter_of_the_hotline_is_filed_with_its_number(district, neighbour):
    hotline = neighbour()
    answer = hotline.file(
        external_id="GD-2026-7", place=district.unit.code, contact={"name": "常小红", "phone": "13800138000"}
    )

    petition = Petition.objects.get()
    assert answer.status_code == 201
    assert answer.json() | {"follow_up_code": "", "submitted_at": ""} == {
        "number": petition.number, "follow_up_code": "", "external_id": "GD-2026-7", "status": "submitted",
        "version": 1, "submitted_at": "", "follow_url": "http://testserver/petitions/follow/",
    }  # fmt: skip
    assert (petition.channel, petition.external_id) == (Channel.HOTLINE, "hotline:GD-2026-7")
    assert (petition.filed_by, petition.first_contact_owner) == (hotline.client.account, None)
    assert petition.petitioner.phone == "13800138000"
    assert Notice.objects.filter(recipient=district.secretary).exists()


def test_the_same_key_and_body_gets_the_same_answer_and_files_nothing(district, neighbour):  # petitions.md 47
    hotline = neighbour()
    first, second = (hotline.file("one", place=district.unit.code) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (AGAIN in first.headers, second.headers[AGAIN]) == (False, "true")
    assert Petition.objects.count() == PetitionEvent.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(district, neighbour):
    hotline = neighbour()
    hotline.file("one", place=district.unit.code)

    answer = hotline.file("one", text="完全是另一件事。")

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:linli:problem:key-reused")
    assert Petition.objects.count() == 1


def test_two_neighbours_may_count_alike(district, neighbour):
    for name in ("a", "b"):
        assert neighbour(name).file("one", place=district.unit.code).status_code == 201

    assert Petition.objects.count() == 2


def test_without_a_key_nothing_is_filed(district, neighbour):
    answer = neighbour().post("petitions/", {"text": "路灯不亮。"})

    assert (answer.status_code, answer.json()["type"]) == (400, "urn:linli:problem:key-missing")
    assert not Petition.objects.exists()


def test_the_same_number_under_another_key_is_the_same_petition(district, neighbour):
    hotline = neighbour()
    first = hotline.file("one", external_id="7", place=district.unit.code)
    second = hotline.file("two", external_id="7", place=district.unit.code)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Petition.objects.count() == Filing.objects.count() == 1


def test_who_finds_the_number_taken_a_moment_after_he_looked_gets_the_petition_that_took_it(
    district, neighbour, monkeypatch
):
    hotline = neighbour()
    first = hotline.file("one", external_id="7", place=district.unit.code)
    monkeypatch.setattr(services, "DRAWN", (f"NOT ({services.WAS_FILED})", *services.DRAWN[1:]))  # he saw nothing yet
    again = hotline.file("two", external_id="7", place=district.unit.code)

    assert (again.status_code, again.json()["number"]) == (200, first.json()["number"])
    assert Petition.objects.count() == 1


def test_the_same_number_with_other_words_is_not_swallowed(district, neighbour):
    hotline = neighbour()
    number = hotline.file("one", external_id="7", place=district.unit.code).json()["number"]

    answer = hotline.file("two", external_id="7", text="现在又停水了。", place=district.unit.code)

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:linli:problem:number-taken")
    assert number in answer.json()["detail"]
    assert Petition.objects.count() == 1


def test_a_refused_filing_may_be_tried_again_under_its_key(district, neighbour):
    hotline = neighbour()

    assert hotline.file("one", place="no-such-place").status_code == 422
    assert not Answer.objects.exists()
    assert hotline.file("one", place=district.unit.code).status_code == 201


def test_an_answer_is_forgotten_after_its_days_and_the_number_is_not(district, neighbour):
    hotline = neighbour()
    number = hotline.file("one", external_id="7", place=district.unit.code).json()["number"]

    assert idempotency.purge(at=timezone.now() + timedelta(days=6)) == 0
    assert idempotency.purge(at=timezone.now() + timedelta(days=8)) == 1
    assert hotline.file("one", external_id="7", place=district.unit.code).json()["number"] == number


def test_the_kept_answer_is_sealed(district, neighbour):
    code = neighbour().file(place=district.unit.code).json()["follow_up_code"]

    kept = Answer.objects.get()
    assert code.encode() not in bytes(kept.body_locked)
    assert code in kept.body


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [["one"] * 4, ["one", "two", "three", "four"]], ids=["one key", "one number"])
def test_four_at_once_file_one_petition(district, neighbour, keys):  # petitions.md 47
    hotline = neighbour()

    def send(key):
        try:
            return hotline.file(key, external_id="7", place=district.unit.code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, keys))

    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert Petition.objects.count() == 1


def test_a_place_outside_the_area_of_the_key_is_refused(district, neighbour):
    hotline = neighbour(area=district.community)

    answer = hotline.file(place=district.other_community.code)

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["place"])
    assert not Petition.objects.exists()


def test_without_a_place_it_goes_to_the_area_of_the_key(district, neighbour):
    neighbour(area=district.community).file()

    assert Petition.objects.get().area == district.community


def test_who_may_not_file_is_refused(neighbour):
    answer = neighbour(scopes=[Scope.READ]).file()

    assert (answer.status_code, answer.json()["type"]) == (403, "urn:linli:problem:scope-missing")
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": ""}, "text"), ({"text": "字" * 5001}, "text"), ({"txet": "错字"}, "txet"),
        ({"contact": {"phone": "12"}}, ""), ({"about": "mayor"}, "about"), ({"external_id": "9" * 61}, "external_id"),
        ({"text": "a\x00b"}, "text"), ({"language": "fr"}, "language"), ({"contact": "13800138000"}, "contact"),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_files_nothing(neighbour, said, field):
    answer = neighbour().file(**said)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert not field or any(name.startswith(field) for name in answer.json()["errors"])
    assert not Petition.objects.exists()
