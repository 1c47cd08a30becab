"""Another language, or larger type, in the middle of a form: nothing typed is lost, nothing is sent."""

import re
from datetime import timedelta

import pytest

from petitions import supplements
from petitions.enums import Status
from petitions.models import Petition
from tests.factories import TUESDAY
from tests.petitions.filing import BUILDING, FOLLOW, NEW, answers, follow_url, hidden, picture, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache", "district")]
TO_CHINESE, TO_ELDER = {"switch": "language:zh-hans"}, {"switch": "elder:1"}
TYPED = {"text": "路灯坏了三天了。", "place_words": "东门口", "name": "常小红", "phone": "13800138000"}


def test_the_filing_form_comes_back_in_the_other_language_with_every_word(client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)

    response = client.post(NEW, {**answers(**TYPED), "photos": [picture()], **TO_CHINESE})

    page = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="zh-Hans"' in page
    for words in TYPED.values():
        assert words in page
    assert re.search(rf'value="{BUILDING}" checked', page)
    assert hidden(response, "kept")
    assert len(list(tmp_path.glob("drafts/*"))) == 1
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"
    assert not Petition.objects.exists()


def test_the_elder_version_can_be_chosen_in_the_middle_of_the_form(client):
    response = client.post(NEW, {**answers(**TYPED), **TO_ELDER})

    page = response.content.decode()
    assert "l-elder" in page.split(">", 2)[1]
    assert TYPED["text"] in page
    assert client.cookies["elder"].value == "1"
    back = client.post(NEW, {**answers(**TYPED), "switch": "elder:0"}).content.decode()
    assert "l-elder" not in back.split(">", 2)[1]


def test_the_elder_version_asks_one_thing_a_page_and_carries_the_rest(client):
    client.cookies["elder"] = "1"
    first = client.get(NEW).content.decode()
    assert 'name="text"' in first
    assert 'name="phone"' not in first

    given = answers(**TYPED)
    client.post(NEW, {**given, "page": "write", "step": "next"})
    contact = client.post(NEW, {**given, "page": "place", "step": "next"})
    assert (contact.context["page"], hidden(contact, "text")) == ("contact", TYPED["text"])
    assert contact.content.decode().index('name="phone"') < contact.content.decode().index('name="name"')
    checked = client.post(NEW, {**given, "page": "contact", "step": "next"})

    assert checked.templates[0].name == "petitions/resident/check.html"
    assert hidden(checked, "phone") == TYPED["phone"]


def test_an_unfinished_form_is_not_scolded_for_what_is_missing(client):
    response = client.post(NEW, {**answers(text="", place=None, phone="138"), **TO_CHINESE})

    assert response.status_code == 200
    assert not response.context["form"].errors


def test_the_page_to_check_stays_the_page_to_check(client):
    response = client.post(NEW, {**answers(**TYPED), "page": "check", **TO_CHINESE})

    page = response.content.decode()
    assert response.templates[0].name == "petitions/resident/check.html"
    assert '<html lang="zh-Hans"' in page
    assert hidden(response, "text") == TYPED["text"]
    assert not Petition.objects.exists()


def test_number_and_code_stay_typed_and_are_no_try(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.post(FOLLOW, {"number": "PX20260609999939", "code": "ABCDEFGHJK", **TO_CHINESE})

    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="PX20260609999939"' in page
    assert 'value="ABCDEFGHJK"' in page


def test_an_answer_that_is_being_written_stays_typed_and_is_not_sent(client, district):
    petition = district.petition(policy="committed_tier", status=Status.SIGNED)
    at = TUESDAY + timedelta(hours=1)
    supplements.ask_supplement(petition, by=district.as_staff(district.worker), at=at, words="请说明是几号垃圾桶。")
    prove(client, petition)

    response = client.post(f"{follow_url(petition)}supplement/", {"words": "东头那", **TO_CHINESE})

    page = response.content.decode()
    assert response.status_code == 200
    assert ">东头那</textarea>" in page
    assert '<html lang="zh-Hans"' in page
    assert not petition.events.filter(code="supplemented").exists()


@pytest.mark.parametrize("switch", ["language:xx", "language:", "elder", "nonsense", "language:en;x"])
def test_a_switch_that_is_none_changes_nothing_and_sends_nothing(client, settings, switch):
    client.cookies.clear()

    response = client.post(NEW, {**answers(**TYPED), "step": "send", "switch": switch})

    assert response.status_code == 200
    assert '<html lang="zh-Hans"' in response.content.decode()
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies
    assert not Petition.objects.exists()


def test_the_enter_key_presses_no_switch(client):
    """The first button of a form is what the Enter key presses, wherever on the page it stands."""
    for address, form in ((NEW, "filing"), (FOLLOW, "following")):
        page = client.get(address).content.decode()
        buttons = re.findall(rf'<button[^>]*form="{form}"[^>]*>', page)
        assert "switch" not in buttons[0]
        assert [name for name in buttons[1:] if 'name="switch"' in name]
        assert page.index(buttons[0]) < page.index(f'id="{form}"')


def test_a_forged_switch_is_refused_like_any_forged_form(client):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)

    response = strict.post(NEW, {**answers(**TYPED), **TO_CHINESE})

    assert response.status_code == 403
    assert "django_language" not in strict.cookies
