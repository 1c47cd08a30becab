"""Requests on the case page and the follow page: start to end through the forms, and what strangers get."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from petitions import viewers
from petitions.enums import Decision, Status
from petitions.models import ExtensionRequest, Petition, SupervisionOrder, SupplementRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition(district):
    return district.petition(
        timezone.now() - timedelta(minutes=40), status=Status.SIGNED, policy="committed_tier", category="0103"
    )


def send(client, user, petition, what, **data):
    client.force_login(user)
    return client.post(reverse("case_request", args=[petition.number, what]), data)


def test_more_time_is_asked_for_and_granted_through_the_pages(client, district, petition):
    due_at = petition.clocks.get(stage__code="resolve").due_at

    asked = send(client, district.worker, petition, "extension", value="3", words="等配件到货")
    assert asked.status_code == 302
    client.force_login(district.dispatcher)
    page = client.get(reverse("case", args=[petition.number])).content.decode()
    assert "等配件到货" in page
    decided = send(client, district.dispatcher, petition, "decision", grant="yes", words="同意，等配件")

    assert decided.status_code == 302
    assert ExtensionRequest.objects.get().decision == Decision.GRANTED
    assert petition.clocks.get(stage__code="resolve").due_at > due_at


@pytest.mark.parametrize(
    ("what", "data", "status"),
    [
        ("extension", {"value": "", "words": "等配件"}, 422),
        ("extension", {"value": "3", "words": ""}, 422),
        ("extension", {"value": "99", "words": "等配件"}, 409),
        ("decision", {"grant": "yes", "words": "同意"}, 404),
        ("answer", {"words": "已办"}, 404),
        ("nonsense", {"words": "x"}, 404),
    ],
)
def test_bad_input_changes_nothing_and_keeps_the_words(  # noqa: PLR0917 - a case has three columns
    client, district, petition, what, data, status
):
    answer = send(client, district.worker, petition, what, **data)

    assert answer.status_code == status
    assert not ExtensionRequest.objects.exists()
    if status in {409, 422} and data["words"]:
        assert data["words"] in answer.content.decode()


@pytest.mark.parametrize("who", ["other_worker", "other_secretary", "stranger", "handler"])
def test_who_does_not_see_the_case_finds_no_such_page(client, district, petition, who):
    answer = send(client, getattr(district, who), petition, "supplement", words="请补充")

    assert answer.status_code == 404
    assert not SupplementRequest.objects.exists()


def test_a_get_asks_for_nothing(client, district, petition):
    client.force_login(district.worker)

    assert client.get(reverse("case_request", args=[petition.number, "supplement"])).status_code == 405
    assert not SupplementRequest.objects.exists()


def follow(client, petition):
    session = client.session
    viewers.remember(session, petition.pk)
    session.save()


def test_the_petitioner_answers_what_was_asked_and_urges(client, district, petition):
    send(client, district.worker, petition, "supplement", words="请补充漏水位置")
    client.logout()
    follow(client, petition)

    page = client.get(reverse("petition_followed", args=[petition.number])).content.decode()
    assert "请补充漏水位置" in page
    client.post(reverse("petition_supplement", args=[petition.number]), {"words": "厨房水槽下面"})
    client.post(reverse("petition_urge", args=[petition.number]))
    client.post(reverse("petition_urge", args=[petition.number]))

    assert SupplementRequest.objects.get().answered is True
    assert petition.events.filter(code="supplemented").count() == 1
    assert petition.events.filter(code="urged").count() == 1


def test_who_has_not_proved_the_code_can_neither_answer_nor_urge(client, district, petition):
    send(client, district.worker, petition, "supplement", words="请补充漏水位置")
    client.logout()

    assert client.post(reverse("petition_urge", args=[petition.number])).status_code == 404
    assert client.post(reverse("petition_supplement", args=[petition.number]), {"words": "x"}).status_code == 404
    assert SupplementRequest.objects.get().answered is False


def test_an_order_is_issued_and_answered_through_the_pages(client, district, petition):
    assert send(client, district.secretary, petition, "order", words="请速办").status_code == 403
    assert send(client, district.dispatcher, petition, "order", words="请速办").status_code == 302
    assert send(client, district.worker, petition, "answer", words="今天完成").status_code == 302

    assert SupervisionOrder.objects.get().answered_at is not None
    assert Petition.objects.get().status == Status.SIGNED
