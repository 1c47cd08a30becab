"""What a neighbour sees: its area or what it filed, masked; nothing closed without that right."""

import pytest
from django.utils import timezone

from gateway.enums import Scope
from people.models import RevealLog
from petitions.enums import About, RecusalKind, Status
from petitions.models import Category, Petition, Recusal
from tests.factories import TUESDAY

pytestmark = pytest.mark.django_db
ACTS = {"scopes": [Scope.READ, Scope.ACT, Scope.CONTACT], "post_kind": "dispatcher"}


def numbers(one, **query):
    return [row["number"] for row in one.get("petitions/", query).json()["results"]]


def test_it_reads_its_area_and_no_other(district, neighbour):
    here = district.petition()
    there = district.petition(place=district.other_street)
    hotline, elsewhere = neighbour(scopes=[Scope.READ]), neighbour("b", scopes=[Scope.READ], area=district.other_street)

    assert (numbers(hotline), numbers(elsewhere)) == ([here.number], [there.number])
    assert hotline.get(f"petitions/{there.number}/").status_code == 404
    assert hotline.get(f"petitions/{there.number}/events/").status_code == 404


def test_who_only_files_reads_what_it_filed(district, neighbour):
    district.petition()
    hotline, other = neighbour(scopes=[Scope.FILE]), neighbour("b", scopes=[Scope.FILE])
    filed = hotline.file(place=district.unit.code).json()["number"]

    assert (numbers(hotline), numbers(other)) == ([filed], [])
    assert hotline.get(f"petitions/{filed}/").json()["words"][0]["words"].startswith("三号楼")


def test_a_unit_reads_what_it_handles(district, neighbour):
    district.petition()
    its = district.petition(status=Status.DISPATCHED, organisation=True)
    unit = neighbour(scopes=[Scope.READ], post_kind="department_handler", organisation=district.sanitation)

    assert numbers(unit) == [its.number]


def closed(district):
    """Return one about staff, one confidential, one sensitive, one that the system stays out of."""
    about = district.petition(about=About.COMMUNITY)
    hidden = district.petition(confidential=True)
    sensitive = district.petition(
        status=Status.ACCEPTED,
        category=Category.objects.filter(sensitive=True).exclude(parent=None).exclude(policy_key="").first().code,
    )
    return [about, hidden, sensitive]


def test_what_is_closed_is_seen_only_with_that_right(district, neighbour):
    rows = closed(district)
    plain = neighbour(scopes=[Scope.READ])
    trusted = neighbour("b", scopes=[Scope.READ, Scope.CLOSED])
    community = neighbour("c", scopes=[Scope.READ, Scope.CLOSED], area=district.community)

    assert numbers(plain) == []
    assert sorted(numbers(trusted)) == sorted(row.number for row in rows)
    # about staff of the community: closed to its level
    assert sorted(numbers(community)) == sorted(row.number for row in rows[1:])


def test_what_it_filed_about_staff_opens_by_number_and_code_alone(district, neighbour):
    hotline = neighbour()
    filed = hotline.file(place=district.unit.code, about="community", about_words="网格员").json()

    assert len(filed["follow_up_code"]) == 10
    assert hotline.get(f"petitions/{filed['number']}/").status_code == 404
    assert numbers(hotline) == []


def test_a_matter_it_stays_out_of_is_gone(district, neighbour):
    petition, hotline = district.petition(), neighbour(scopes=[Scope.READ, Scope.CLOSED])
    Recusal.objects.create(
        petition=petition, user=hotline.client.account, kind=RecusalKind.CONFLICT, declared_by=district.secretary,
        declared_at=timezone.now(),
    )  # fmt: skip

    assert numbers(hotline) == []


def test_everything_is_masked_and_nobody_is_named(district, neighbour):
    petition = district.petition(text="请回电13900139000，我住3号楼。", phone="13800138000")
    body = neighbour(scopes=[Scope.READ]).get(f"petitions/{petition.number}/").content.decode()

    for hidden in ("13900139000", "13800138000", "常小红", district.secretary.username):
        assert hidden not in body
    assert '"contact":null' in body


def test_a_contact_is_seen_masked_by_its_scope_and_in_clear_with_a_reason_that_is_written_down(district, neighbour):
    petition = district.petition()
    plain, hotline = neighbour(scopes=[Scope.READ]), neighbour("b", **ACTS)

    assert hotline.get(f"petitions/{petition.number}/").json()["contact"]["phone"] == "138****8000"
    assert (
        plain.post(f"petitions/{petition.number}/reporter/", {"field": "phone", "reason": "回访诉求人"}).status_code
        == 403
    )
    assert hotline.post(f"petitions/{petition.number}/reporter/", {"field": "phone", "reason": ""}).status_code == 422
    assert not RevealLog.objects.exists()
    seen = hotline.post(f"petitions/{petition.number}/reporter/", {"field": "phone", "reason": "回访诉求人"})

    assert seen.json() == {"field": "phone", "value": "13800138000"}
    assert RevealLog.objects.get().by == hotline.client.account


def test_who_raised_a_matter_about_staff_is_shown_to_no_system(district, neighbour):
    petition = district.petition(about=About.COMMUNITY)
    hotline = neighbour(scopes=[*ACTS["scopes"], Scope.CLOSED], post_kind="dispatcher")

    answer = hotline.post(f"petitions/{petition.number}/reporter/", {"field": "phone", "reason": "回访诉求人"})

    assert answer.status_code == 409
    assert not RevealLog.objects.exists()


def test_pages_go_on_after_the_last_number(district, neighbour):
    made = [district.petition(TUESDAY).number for _ in range(5)]
    hotline = neighbour(scopes=[Scope.READ])

    first = hotline.get("petitions/", {"limit": 2}).json()
    second = hotline.get("petitions/", {"limit": 2, "after": first["next"]}).json()
    third = hotline.get("petitions/", {"limit": 2, "after": second["next"]}).json()

    found = [row["number"] for page in (first, second, third) for row in page["results"]]
    assert (found, third["next"]) == (sorted(made, reverse=True), None)


@pytest.mark.parametrize("rows", [1, 4])
def test_a_list_costs_the_same_however_long_it_is(district, neighbour, django_assert_num_queries, rows):
    for _ in range(rows):
        district.petition()
    hotline = neighbour(scopes=[Scope.READ])
    hotline.get("me/")

    with django_assert_num_queries(2):  # key, petitions
        assert len(numbers(hotline)) == rows


def test_areas_are_those_of_the_key_and_categories_come_in_the_language_asked_for(district, neighbour):
    hotline = neighbour(area=district.community)

    areas = hotline.get("areas/").json()["results"]
    assert {area["code"] for area in areas} == {
        "620302001001", "620302001001001", "620302001001002", "620302001001001-3", "620302001001001-3-2",
    }  # fmt: skip
    assert hotline.get("areas/", {"parent": "620302001001", "limit": 1}).json()["next"] == "620302001001001"
    english = hotline.get("categories/", **{"Accept-Language": "en"}).json()["results"]
    chinese = hotline.get("categories/", **{"Accept-Language": "zh-Hans"}).json()["results"]
    assert len(english) == len(chinese) > 100
    assert english[0]["name"].isascii()
    assert not chinese[0]["name"].isascii()


def test_the_history_names_no_inner_business(district, neighbour):
    petition = district.petition(status=Status.SIGNED)
    found = neighbour(scopes=[Scope.READ]).get(f"petitions/{petition.number}/events/").json()["results"]

    assert [row["code"] for row in found] == ["submitted", "accepted", "dispatched", "signed"]
    assert Petition.objects.get().status == found[-1]["to_status"]
