"""Open matters of the same kind nearby: shown without a word of anybody, joined with a code of one's own."""

import uuid

import pytest
from django.test import Client

from petitions import joining
from petitions.enums import Status
from petitions.models import Category, Petition
from petitions.numbers import code_for
from petitions.suggestion import suggest
from tests.factories import TUESDAY
from tests.petitions.filing import BUILDING, NEW, WORDS, answers, check, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SECRET_WORDS = "垃圾桶满了，住302的老王家也闻到了"


@pytest.fixture
def today(monkeypatch, district):
    """Matters of the small world are of June 2026; look back far enough."""
    monkeypatch.setattr("petitions.nearby.LOOK_BACK", joining.LOOK_BACK * 100)


@pytest.fixture(autouse=True)
def kind(district):
    """The words of the tests name this kind; it may be shown."""
    best = suggest(WORDS, on=TUESDAY.date())[0].category
    Category.objects.filter(pk=best.pk).update(public_ok=True, sensitive=False)
    return best


def matter(district, kind, **facts) -> Petition:
    return district.petition(text=SECRET_WORDS, status=Status.ACCEPTED, category=kind.code, **facts)


def test_a_matter_of_the_same_kind_is_shown_by_kind_place_and_day_alone(client, district, today, kind):
    one = matter(district, kind)

    response = check(client)
    page = response.content.decode()

    (shown,) = response.context["nearby"]
    assert (shown.category, shown.day) == (kind.name_en, one.submitted_at.date())
    assert "龙集里社区" in shown.place
    for secret in ("老王", "也闻到了", one.number, "常小红", "2单元"):
        assert secret not in page, secret


def test_this_one_joins_it_and_gives_a_number_and_a_code_of_its_own(client, district, today, kind):
    master = matter(district, kind)
    given = answers(phone="13900139000")
    token = client.post(NEW, {**given, "step": "check"}).context["nearby"][0].token

    sent = client.post(NEW, {**given, "join": token})

    mine = Petition.objects.exclude(pk=master.pk).get()
    assert sent.url == f"/petitions/receipt/{mine.number}/"
    assert (mine.status, mine.master, joining.weight(master)) == ("merged", master, 2)
    assert code_for(mine.client_key) in client.get(sent.url).content.decode()
    follower = Client()
    assert prove(follower, mine).status_code == 302
    page = follower.get(f"/petitions/follow/{mine.number}/").content.decode()
    assert "老王" not in page
    assert [event.code for event in master.events.order_by("-id")[:1]] == ["joined"]
    assert not mine.clocks.filter(state="running").exists()


def test_the_word_of_another_form_joins_nothing(client, district, today, kind):
    matter(district, kind)
    token = check(client).context["nearby"][0].token

    client.post(NEW, {**answers(), "join": token})

    assert Petition.objects.order_by("-pk")[0].status == "submitted"


def test_what_was_closed_meanwhile_is_not_joined_and_nothing_is_lost(client, district, today, kind):
    master = matter(district, kind)
    given = answers()
    token = client.post(NEW, {**given, "step": "check"}).context["nearby"][0].token
    Petition.objects.filter(pk=master.pk).update(is_confidential=True)

    client.post(NEW, {**given, "join": token})

    assert Petition.objects.exclude(pk=master.pk).get().status == "submitted"


@pytest.mark.parametrize(
    "facts", [{"is_confidential": True}, {"barred_from": 5}, {"community": None}], ids=["confidential", "staff", "else"]
)
def test_what_hides_anybody_or_lies_elsewhere_is_never_shown(client, district, today, kind, facts):
    one = matter(district, kind)
    Petition.objects.filter(pk=one.pk).update(**facts)

    assert check(client).context["nearby"] == []


@pytest.mark.parametrize(
    "facts", [{"public_ok": False}, {"silent": True}, {"reporter_hidden": True}, {"sensitive": True}]
)
def test_a_kind_that_is_not_public_is_never_shown(client, district, today, kind, facts):
    matter(district, kind)
    type(kind).objects.filter(pk=kind.pk).update(**facts)

    assert check(client).context["nearby"] == []


def test_who_wants_to_stay_confidential_is_shown_none_and_joins_none(client, district, today, kind):
    matter(district, kind)
    key = str(uuid.uuid4())
    token = check(client, client_key=key).context["nearby"][0].token

    assert check(client, client_key=key, confidential="on").context["nearby"] == []
    client.post(NEW, {**answers(client_key=key, confidential="on", place=BUILDING), "join": token})
    assert Petition.objects.order_by("-pk")[0].status == "submitted"
