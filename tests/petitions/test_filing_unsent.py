"""What was typed and not sent comes back for 72 hours; steps one page at a time lose nothing on the way."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from petitions import unsent
from petitions.models import Petition, Unsent
from tests.petitions.filing import BUILDING, NEW, WORDS, answers, check, hidden, picture, search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "district")]


@pytest.fixture
def questions(settings) -> None:
    settings.FILING_STEPS = "questions"


@pytest.mark.parametrize("step", [check, search])
def test_every_step_keeps_the_words_and_a_closed_browser_gets_them_back(client, step):
    step(client, name="常小红", phone="13800138000", q="3号")

    page = client.get(NEW).content.decode()

    assert "You began this earlier and did not send it." in page
    for typed in (WORDS, 'value="常小红"', 'value="13800138000"', f'value="{BUILDING}" checked'):
        assert typed in page


def test_what_is_kept_is_sealed(client):
    check(client, name="常小红")

    row = Unsent.objects.get()
    assert "常小红" in row.answers
    assert "常小红".encode() not in bytes(row.answers_sealed)


def test_photos_come_back_too(client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    client.post(NEW, {**answers(), "photos": [picture()], "step": "check"})

    response = client.get(NEW)

    assert [draft.label for draft in response.context["drafts"]] == ["bin.jpg"]
    assert hidden(response, "kept")


def test_sending_wipes_it(client):
    given = answers()
    client.post(NEW, {**given, "step": "check"})
    client.post(NEW, {**given, "step": "send"})

    assert not Unsent.objects.exists()
    assert WORDS not in client.get(NEW).content.decode()


def test_its_owner_may_delete_it(client):
    given = answers()
    client.post(NEW, {**given, "step": "check"})

    response = client.post(NEW, {**given, "step": "wipe"})

    assert (response.status_code, response.url) == (302, NEW)
    assert not Unsent.objects.exists()
    assert not Petition.objects.exists()


def test_another_browser_and_a_forged_cookie_get_nothing(client):
    check(client)
    stranger = Client()
    stranger.cookies["unsent"] = str(Unsent.objects.get().pk)

    assert WORDS not in Client().get(NEW).content.decode()
    assert WORDS not in stranger.get(NEW).content.decode()


def test_after_72_hours_it_is_gone(client):
    check(client)
    Unsent.objects.update(saved_at=timezone.now() - timedelta(hours=72))

    assert WORDS not in client.get(NEW).content.decode()
    assert unsent.purge(at=timezone.now()) == 1
    assert not Unsent.objects.exists()


def test_words_that_must_not_be_read_over_a_shoulder_are_not_kept(client):
    check(client, text="他又家暴")

    assert not Unsent.objects.exists()
    assert "unsent" not in client.cookies


def test_one_question_a_page_walks_to_the_check_and_carries_everything(client, questions):
    first = client.get(NEW)
    key = hidden(first, "client_key")
    assert 'name="phone"' not in first.content.decode()

    place = client.post(NEW, {"client_key": key, "page": "write", "step": "next", "text": WORDS})
    assert (hidden(place, "page"), hidden(place, "text")) == ("place", WORDS)
    contact = client.post(NEW, {"client_key": key, "page": "place", "step": "next", "text": WORDS, "place": BUILDING})
    assert (hidden(contact, "page"), hidden(contact, "place")) == ("contact", BUILDING)
    checked = client.post(
        NEW, {"client_key": key, "page": "contact", "step": "next", "text": WORDS, "place": BUILDING, "name": "常"}
    )
    assert checked.templates[0].name == "petitions/resident/check.html"
    assert {name: hidden(checked, name) for name in ("text", "place", "name")} == {
        "text": WORDS, "place": BUILDING, "name": "常"
    }  # fmt: skip


def test_going_back_keeps_everything_and_complains_of_nothing(client, questions):
    response = client.post(NEW, {**answers(phone="138"), "page": "contact", "step": "back"})

    assert response.status_code == 200
    assert (hidden(response, "page"), hidden(response, "phone")) == ("place", "138")


def test_a_question_is_answered_before_the_next_is_asked(client, questions):
    response = client.post(NEW, {"client_key": str(uuid.uuid4()), "page": "write", "step": "next", "text": ""})

    assert response.status_code == 422
    assert (hidden(response, "page"), list(response.context["form"].errors)) == ("write", ["text"])


def test_changing_something_leads_to_its_question(client, questions):
    response = client.post(NEW, {**answers(), "page": "check", "step": "edit:place"})

    assert hidden(response, "page") == "place"


def test_what_was_left_at_a_question_is_resumed_there(client, questions):
    client.post(NEW, {**answers(place=None), "page": "write", "step": "next"})

    assert hidden(client.get(NEW), "page") == "place"
