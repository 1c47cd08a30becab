"""What is sensitive is asked about separately: never a condition, and taken back as easily (PIPL art. 29)."""

import uuid

import pytest

from people.models import Consent
from petitions.enums import Status
from petitions.models import Petition
from tests.petitions.filing import check, prove, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]
WORDS = "我父亲残疾，申请辅具三个月没有回音。"
ASKS = "The law has us ask you about that separately."
WHO = {"name": "常小红", "phone": "13800138000"}


def given():
    return {row.purpose: (row.version, row.withdrawn_at is None) for row in Consent.objects.order_by("pk")}


def test_it_is_asked_where_the_words_tell_of_it_and_never_ticked_beforehand(client, district):
    asked = check(client, text=WORDS, **WHO).content.decode()
    ordinary = check(client, **WHO).content.decode()
    anonymous = check(client, text=WORDS, anonymous="on").content.decode()

    assert ASKS in asked
    box = asked[asked.index('name="agrees"') - 80 :][:200]
    assert "checked" not in box
    assert "required" not in box
    assert ASKS not in ordinary + anonymous


def test_who_agrees_is_kept_with_the_version_of_the_notice(client, district):
    assert send(client, text=WORDS, agrees="on", **WHO).status_code == 302

    version = Petition.objects.get().privacy_version
    assert given() == {"contact": (version, True), "sensitive": (version, True)}


def test_who_does_not_agree_is_served_all_the_same(client, district):
    assert send(client, text=WORDS, **WHO).status_code == 302

    assert set(given()) == {"contact"}
    assert Petition.objects.get().status == Status.SUBMITTED


def test_a_tick_where_nothing_was_asked_is_no_consent(client, district):
    send(client, agrees="on", **WHO)

    assert set(given()) == {"contact"}


def test_the_tick_comes_back_when_something_is_changed(client, district):
    edit = client.post("/petitions/new/", {**_form(), "step": "edit"}).content.decode()
    assert '<input type="hidden" name="agrees" value="on">' in edit

    again = client.post("/petitions/new/", {**_form(), "step": "check"}).content.decode()
    assert again.count('name="agrees"') == 1
    assert "checked" in again[again.index('name="agrees"') - 80 :][:200]


def _form():
    from tests.petitions.filing import answers

    return {**answers(text=WORDS, **WHO), "agrees": "on"}


def test_it_is_taken_back_and_given_again_by_one_button_and_the_matter_goes_on(client, district):
    send(client, text=WORDS, agrees="on", **WHO)
    petition = Petition.objects.get()
    prove(client, petition)
    page = f"/petitions/follow/{petition.number}/data"
    assert client.get(f"{page}/").content.decode().count('value="sensitive"') == 1

    client.post(f"{page}/consent/", {"purpose": "sensitive", "give": "0"})
    assert given()["sensitive"][1] is False
    client.post(f"{page}/consent/", {"purpose": "sensitive", "give": "1"})

    assert Consent.objects.filter(purpose="sensitive", withdrawn_at=None).count() == 1
    petition.refresh_from_db()
    assert (petition.status, petition.petitioner.phone) == ("submitted", "13800138000")


@pytest.mark.parametrize("agrees", [True, False])
def test_whoever_files_for_somebody_asks_too(client, district, agrees):
    client.force_login(district.window)
    sent = {
        "client_key": str(uuid.uuid4()), "channel": "phone", "text": WORDS, "place": district.unit.code, **WHO,
        **({"agrees": "on"} if agrees else {}),
    }  # fmt: skip

    assert client.post("/cases/new/", sent).status_code == 200

    assert set(given()) == ({"contact", "sensitive"} if agrees else {"contact"})


def test_where_nothing_is_sensitive_the_page_does_not_ask_for_it(client, district):
    petition = district.petition()
    prove(client, petition)
    page = f"/petitions/follow/{petition.number}/data"

    assert 'value="sensitive"' not in client.get(f"{page}/").content.decode()
    assert client.post(f"{page}/consent/", {"purpose": "sensitive", "give": "1"}).status_code == 404


@pytest.mark.parametrize(("agrees", "says"), [(True, "Agreed separately"), (False, "Has not agreed separately")])
def test_staff_read_how_it_stands_on_a_sensitive_matter_alone(client, district, agrees, says):
    petition = district.petition(text=WORDS, status=Status.DISPATCHED, category="1005", agrees=agrees)
    ordinary = district.petition(status=Status.DISPATCHED)
    client.force_login(district.worker)

    assert says in client.get(f"/cases/{petition.number}/").content.decode()
    assert "agreed separately" not in client.get(f"/cases/{ordinary.number}/").content.decode().lower()
