"""Group chats hear of escalations of their area: number, stage, date, link, once, signed; of silent matters never."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from deadlines import chats
from deadlines import sweep as sweeping
from deadlines.models import ChatDigest
from deadlines.sweep import sweep
from grids.enums import Level
from grids.models import Organisation
from notifications import http
from notifications.models import Delivery, Notice
from notifications.services import deliver_due
from petitions.enums import Status
from petitions.models import Category, Petition, PetitionClock, PetitionEscalation
from tests.factories import SHANGHAI
from tests.notifications.conftest import gateway
from tests.notifications.owing import chat
from tests.notifications.posting import SECRET

__all__ = ["gateway"]

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


TEN_THIRTY = at("2026-06-09 10:30")


def room(gateway, scope, **facts):
    return chat(gateway.url, scope=scope, language="en", **facts)


def posts_after(when):
    """What the chats' server gets when everything waiting is delivered."""
    Delivery.objects.exclude(channel="webhook").delete()
    deliver_due(at=when)


def said(gateway):
    return [post.json["text"]["content"] for post in gateway.posted]


def told(webhook):
    return Notice.objects.filter(webhook=webhook).count()


def test_the_communitys_chat_hears_of_what_the_community_is_told_and_the_streets_does_not(district, gateway):
    ours, path = room(gateway, district.community.code), room(gateway, district.community.path)
    street, other = room(gateway, district.street.code), room(gateway, district.other_community.code)
    petition = district.petition(text="王小明家垃圾，电话13900001111")

    sweep(at=TEN_THIRTY)
    posts_after(TEN_THIRTY)

    assert [told(one) for one in (ours, path, street, other)] == [1, 1, 0, 0]
    link = f"http://testserver/cases/{petition.number}/"
    assert said(gateway) == [f"Overdue: {petition.number}, acceptance, was due 9 Jun (Tue) 10:30 {link}"] * 2


def test_the_streets_chat_hears_of_what_reaches_the_street(district, gateway):
    street = room(gateway, district.street.code)
    district.petition()

    sweep(at=TEN_THIRTY)
    assert told(street) == 0
    sweep(at=at("2026-06-10 10:30"))

    assert told(street) == 1


def test_what_is_posted_is_signed_and_holds_nothing_personal(district, gateway):
    room(gateway, district.community.code)
    district.petition(text="王小明家垃圾，电话13900001111")

    sweep(at=TEN_THIRTY)
    posts_after(TEN_THIRTY)

    [post] = gateway.posted
    body = post.body.decode()
    assert "13900001111" not in body
    assert "王小明" not in body
    signed = http.signed(post.body, secret=SECRET, at=datetime.fromtimestamp(int(post.headers["Linli-Timestamp"]), UTC))
    assert post.headers["Linli-Signature"] == signed["Linli-Signature"]


def test_a_chat_gets_one_message_a_sweep_however_many_batches(district, gateway):
    room(gateway, district.community.code)
    for _ in range(5):
        district.petition()

    sweep(at=TEN_THIRTY, batch=2)
    sweep(at=TEN_THIRTY, batch=2)
    posts_after(TEN_THIRTY)

    assert said(gateway) == ["5 matters need you http://testserver/notices/"]
    assert not ChatDigest.objects.exists()


def test_urgent_matters_are_posted_one_by_one(district, gateway):
    webhook = room(gateway, district.community.code)
    numbers = {district.petition().number for _ in range(3)}
    Petition.objects.update(urgency="urgent")

    sweep(at=TEN_THIRTY)

    assert {notice.params["number"] for notice in Notice.objects.filter(webhook=webhook)} == numbers
    posts_after(TEN_THIRTY)
    assert len(said(gateway)) == 3


def test_what_is_silent_is_told_in_no_chat(district, gateway):
    webhook = room(gateway, district.community.code)
    petition = district.petition(status=Status.ACCEPTED)
    silent = Category.objects.filter(silent=True).first()
    Petition.objects.filter(pk=petition.pk).update(category=silent)

    sweep(at=at("2026-06-30 09:00"))

    assert PetitionEscalation.objects.filter(clock__petition=petition).count() > 1
    assert told(webhook) == 0


@pytest.mark.parametrize(
    "words",
    ["我丈夫昨天晚上又打我，我很害怕。", "楼道里有人闻到很重的煤气味。", "邻居家的孩子身上常有伤，没有人去看看。"],
)
def test_before_triage_a_chat_cannot_tell_one_matter_from_another(district, gateway, words):
    room(gateway, district.community.code)
    # the second waits a minute, so that each is told in a sweep of its own
    ordinary, other = district.petition(), district.petition(text=words)
    PetitionClock.objects.filter(petition=other).update(next_action_at=at("2026-06-09 10:31"))
    heard = []

    for petition, when in ((ordinary, TEN_THIRTY), (other, at("2026-06-09 10:31"))):
        sweep(at=when)
        posts_after(when)
        heard += [text.replace(petition.number, "NUMBER") for text in said(gateway)]
        gateway.posted.clear()

    assert Petition.objects.filter(category=None).count() == 2
    assert heard == ["Overdue: NUMBER, acceptance, was due 9 Jun (Tue) 10:30 http://testserver/cases/NUMBER/"] * 2


def test_a_matter_about_staff_is_told_in_no_chat(district, gateway):
    webhook = room(gateway, district.community.code)
    petition = district.petition()
    Petition.objects.filter(pk=petition.pk).update(barred_from=Level.COMMUNITY)

    sweep(at=TEN_THIRTY)

    assert PetitionEscalation.objects.filter(clock__petition=petition).count() == 1
    assert told(webhook) == 0


def test_the_chat_of_a_handling_unit_hears_of_what_it_holds(district, gateway):
    unit = Organisation.objects.filter(kind="department").first()
    webhook = room(gateway, f"unit:{unit.code}")
    petition = district.petition(status=Status.ACCEPTED)
    PetitionClock.objects.filter(petition=petition).update(organisation=unit)
    district.petition()

    sweep(at=PetitionClock.objects.get(petition=petition, stage__code="resolve").due_at)

    assert told(webhook) == 1


def test_a_sweep_killed_before_its_end_still_tells_the_chat_once(district, gateway, monkeypatch):
    webhook = room(gateway, district.community.code)
    district.petition()
    district.petition()
    with monkeypatch.context() as killed:
        killed.setattr(sweeping.chats, "close", lambda _digest: 0)
        sweep(at=TEN_THIRTY)
    assert (told(webhook), ChatDigest.objects.get().matters) == (0, 2)

    # while that sweep may still be at it, it is left alone
    sweep(at=TEN_THIRTY + timedelta(minutes=1))
    assert told(webhook) == 0

    ChatDigest.objects.update(opened_at=timezone.now() - timedelta(minutes=13))
    sweep(at=TEN_THIRTY + timedelta(minutes=2))
    sweep(at=TEN_THIRTY + timedelta(minutes=3))
    assert (told(webhook), Notice.objects.get(webhook=webhook).params) == (1, {"matters": 2})


@pytest.mark.parametrize("petitions", [1, 30])
def test_a_batch_costs_the_same_with_chats_however_many_clocks_it_has(
    district, gateway, django_assert_num_queries, petitions
):
    room(gateway, district.community.code)
    for _ in range(petitions):
        district.petition()

    with django_assert_num_queries(32):
        assert sweep(at=TEN_THIRTY).escalations == petitions


def test_out_of_office_hours_the_chat_waits_with_everybody(district, gateway):
    webhook = room(gateway, district.community.code)
    district.petition(at("2026-06-09 19:45"))

    sweep(at=at("2026-06-10 08:46"))

    assert Notice.objects.get(webhook=webhook).not_before == at("2026-06-10 09:00")


def test_without_any_chat_nothing_is_looked_up(district, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not chats.load()
