"""A neighbour acts: the same verbs by the same posts, on the version it has seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gateway.enums import Scope
from gateway.models import Answer
from petitions.enums import Status
from petitions.models import BadRating, Petition, PetitionEvent, Rating, ReturnRequest
from tests.factories import TUESDAY

pytestmark = pytest.mark.django_db
ACTS = {"scopes": [Scope.FILE, Scope.READ, Scope.ACT]}


def do(one, petition, verb, version=None, **said):
    body = {"version": version or Petition.objects.get(pk=petition.pk).version, **said}
    return one.post(f"petitions/{petition.number}/{verb}/", body)


def test_a_matter_goes_the_whole_way_between_the_street_and_a_units_own_system(district, neighbour):
    street = neighbour(post_kind="dispatcher", **ACTS)
    unit = neighbour("b", post_kind="department_handler", organisation=district.sanitation, **ACTS)
    petition = district.petition()

    steps = [
        do(street, petition, "accept", category="0102"),
        do(street, petition, "dispatch", organisation="HW-001"),
        do(unit, petition, "sign"),
        do(unit, petition, "contact", note="已电话联系"),
        do(unit, petition, "plan", words="今天清运。"),
        do(unit, petition, "resolve", reply="已清运。"),
        do(street, petition, "verify"),
        do(street, petition, "close"),
    ]

    assert [(step.status_code, step.json()["status"]) for step in steps] == [
        (200, status) for status in
        ("accepted", "dispatched", "signed", "in_progress", "in_progress", "resolved", "verified", "closed")
    ]  # fmt: skip
    petition.refresh_from_db()
    assert (petition.status, petition.handler, petition.first_contact_owner) == (
        Status.CLOSED, unit.client.account, None,
    )  # fmt: skip
    assert list(PetitionEvent.objects.filter(petition=petition, code="resolved").values_list("by", flat=True)) == [
        unit.client.account_id
    ]


def test_a_grid_is_given_the_matter_by_its_code(district, neighbour):
    street = neighbour(post_kind="dispatcher", **ACTS)
    petition = district.petition(status=Status.ACCEPTED)

    assert do(street, petition, "dispatch", grid="no-such-grid").status_code == 422
    assert do(street, petition, "dispatch", grid=district.grid.code).json()["status"] == "dispatched"

    petition.refresh_from_db()
    assert petition.handler in {district.worker, district.lead}


def test_who_handled_it_does_not_verify_it_and_a_post_does_only_what_is_its_own(district, neighbour):
    unit = neighbour(post_kind="department_handler", organisation=district.sanitation, **ACTS)
    supervisor = neighbour("b", post_kind="supervisor", **ACTS)
    petition = district.petition(status=Status.SIGNED, organisation=True)

    assert do(unit, petition, "verify").status_code == 403
    assert do(supervisor, petition, "resolve", reply="好了").status_code == 403
    assert do(unit, petition, "close").status_code == 403
    assert Petition.objects.get().status == Status.SIGNED


def test_without_the_scope_or_out_of_sight_nothing_is_done(district, neighbour):
    reader = neighbour(scopes=[Scope.READ])
    elsewhere = neighbour("b", post_kind="dispatcher", area=district.other_street, **ACTS)
    petition = district.petition()

    assert do(reader, petition, "accept", category="0102").status_code == 403
    assert do(elsewhere, petition, "accept", category="0102").status_code == 404
    assert Petition.objects.get().status == Status.SUBMITTED


def test_a_verb_says_which_version_it_decides_on(district, neighbour):
    street = neighbour(post_kind="dispatcher", **ACTS)
    petition = district.petition()
    url = f"petitions/{petition.number}/accept/"
    etag = street.get(f"petitions/{petition.number}/")["ETag"]

    assert street.post(url, {"category": "0102"}).status_code == 428
    assert do(street, petition, "accept", version=9, category="0102").status_code == 409
    assert street.post(url, {"category": "0102"}, **{"If-Match": '"9"'}).status_code == 412
    assert street.post(url, {"category": "0102"}, **{"If-Match": "*"}).status_code == 412
    assert Petition.objects.get().status == Status.SUBMITTED
    assert street.post(url, {"category": "0102"}, **{"If-Match": etag}).status_code == 200
    assert street.post(url, {"category": "0102"}, **{"If-Match": etag}).status_code == 412
    assert PetitionEvent.objects.filter(code="accepted").count() == 1


def test_a_verb_under_a_key_is_done_once_and_answered_twice(district, neighbour):
    street = neighbour(post_kind="dispatcher", **ACTS)
    petition = district.petition()
    body, key = {"category": "0102", "version": 1}, {"Idempotency-Key": "one"}

    first, second = (street.post(f"petitions/{petition.number}/accept/", body, **key) for _ in range(2))

    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (
        200, {"number": petition.number, "status": "accepted", "version": 2},
    )  # fmt: skip
    assert second["Idempotent-Replayed"] == "true"
    assert PetitionEvent.objects.filter(code="accepted").count() == Answer.objects.count() == 1


@pytest.mark.parametrize(
    ("verb", "said", "field"),
    [
        ("decline", {}, "reason"), ("accept", {"category": "nope"}, "category"), ("accept", {}, "category"),
        ("accept", {"category": "0102", "tier": "gold"}, "tier"), ("decline", {"reason": "x", "why": "y"}, "why"),
    ],
)  # fmt: skip
def test_bad_input_of_a_verb_is_named_and_does_nothing(district, neighbour, verb, said, field):
    answer = do(neighbour(post_kind="dispatcher", **ACTS), petition := district.petition(), verb, **said)

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert Petition.objects.get(pk=petition.pk).status == Status.SUBMITTED


def test_what_is_not_lawful_now_is_refused_with_the_reason(district, neighbour):
    petition = district.petition(status=Status.ACCEPTED)
    answer = do(neighbour(post_kind="dispatcher", **ACTS), petition, "verify")

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:linli:problem:not-now")
    assert petition.number in answer.json()["detail"]


def test_who_filed_it_urges_once_a_day_and_adds_once_for_a_key(district, neighbour):
    hotline, other = neighbour(), neighbour("b", scopes=[Scope.FILE, Scope.READ])
    number = hotline.file(place=district.unit.code).json()["number"]

    assert other.post(f"petitions/{number}/urge/").status_code == 403
    assert hotline.post(f"petitions/{number}/urge/").status_code == 200
    assert hotline.post(f"petitions/{number}/urge/").status_code == 409
    for _ in range(2):
        added = hotline.post(f"petitions/{number}/additions/", {"words": "又满了。"}, **{"Idempotency-Key": "more"})
        assert added.status_code == 200
    assert list(PetitionEvent.objects.order_by("pk").values_list("code", flat=True)) == ["submitted", "urged", "added"]


def test_a_district_walks_by_person_and_system_alike(district, neighbour):
    """What a system may not do, a person still may: it holds no post that would be taken from him."""
    neighbour(post_kind="dispatcher", **ACTS)
    petition = district.petition(TUESDAY, status=Status.CLOSED)

    assert petition.status == Status.CLOSED
    assert petition.first_contact_owner == district.secretary


def test_who_filed_it_takes_it_back_and_nobody_else_does(district, neighbour):
    hotline, other = neighbour(), neighbour("b", scopes=[Scope.FILE, Scope.READ])
    number = hotline.file(place=district.unit.code).json()["number"]

    assert other.post(f"petitions/{number}/withdraw/", {}).status_code == 403
    assert hotline.post(f"petitions/{number}/withdraw/", {"word": "x"}).status_code == 422
    taken = hotline.post(f"petitions/{number}/withdraw/", {"words": "自己解决了。"}, **{"Idempotency-Key": "w1"})
    again = hotline.post(f"petitions/{number}/withdraw/", {"words": "自己解决了。"}, **{"Idempotency-Key": "w1"})

    assert (taken.status_code, taken.json()["status"], again.json()) == (200, "withdrawn", taken.json())
    assert hotline.post(f"petitions/{number}/withdraw/", {}).status_code == 409
    assert PetitionEvent.objects.filter(code="withdrawn").count() == 1


def test_who_filed_it_rates_it_once_it_is_done(district, neighbour):
    hotline = neighbour(**ACTS, post_kind="dispatcher")
    number = hotline.file(place=district.unit.code).json()["number"]
    petition = Petition.objects.get(number=number)
    rating = {"solved": False, "satisfaction": "dissatisfied", "words": "没修好。"}

    assert hotline.post(f"petitions/{number}/rate/", rating).status_code == 409  # nothing is reported as done
    for verb, said in (("accept", {"category": "0102"}), ("dispatch", {"organisation": "HW-001"})):
        assert do(hotline, petition, verb, **said).status_code == 200
    unit = neighbour("b", post_kind="department_handler", organisation=district.sanitation, **ACTS)
    for verb, said in (("sign", {}), ("resolve", {"reply": "已清运。"})):
        assert do(unit, petition, verb, **said).status_code == 200
    assert unit.post(f"petitions/{number}/rate/", rating).status_code == 403
    assert hotline.post(f"petitions/{number}/rate/", {}).status_code == 422
    rated = hotline.post(f"petitions/{number}/rate/", rating)

    assert (rated.status_code, rated.json()["status"]) == (200, "resolved")
    kept = Rating.objects.get()
    assert (kept.solved, kept.satisfaction, kept.source, BadRating.objects.get().rating) == (
        False, "dissatisfied", "page", kept,
    )  # fmt: skip
    assert hotline.post(f"petitions/{number}/rate/", rating).status_code == 409


def test_a_unit_gives_back_what_it_was_sent_and_the_sender_decides(district, neighbour):
    street = neighbour(post_kind="dispatcher", **ACTS)
    unit = neighbour("b", post_kind="department_handler", organisation=district.sanitation, **ACTS)
    petition = district.petition(timezone.now() - timedelta(hours=1), status=Status.ACCEPTED, policy="committed_tier")
    assert do(street, petition, "dispatch", organisation="HW-001").status_code == 200
    said = {"reason_code": "not_ours", "words": "属物业管理范围。"}

    assert do(unit, petition, "return", reason_code="whim", words="x").status_code == 422
    assert do(street, petition, "return", **said).status_code == 403
    assert do(unit, petition, "return", version=99, **said).status_code == 409
    asked = do(unit, petition, "return", **said)

    assert (asked.status_code, asked.json()["status"]) == (200, "dispatched")
    assert ReturnRequest.objects.get().reason_code == "not_ours"
