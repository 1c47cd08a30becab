"""A sum in words, only when a limit is near; it replaces no limit and loses nothing that was typed."""

import re

import pytest
from django.utils import translation

from people.models import Person
from petitions import sums, throttle
from petitions.models import Petition, PhoneCode
from petitions.numbers import code_for
from petitions.sums import NUMBERS
from petitions.throttle import Doing
from tests.petitions.filing import prove
from tests.petitions.telephone import MINE, ask, code_in

pytestmark = pytest.mark.django_db
ADDRESS = "127.0.0.1"
FOLLOW = {"number": "", "code": "23456789AB"}


@pytest.fixture
def english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def used(times: int, doing: Doing = Doing.FOLLOW) -> None:
    for _time in range(times):
        throttle.take(doing, address=ADDRESS)


def answer_in(page: str) -> tuple[str, str]:
    """Read the page as a person does: the token and the sum of its two words."""
    first, second = re.search(r"How much is (\w+) plus (\w+)\?", page).groups()
    words = [str(word) for word in NUMBERS]
    token = re.search(r'name="sum_token" value="([^"]+)"', page).group(1)
    return token, str(words.index(first) + words.index(second) + 2)


def test_far_from_a_limit_nobody_is_asked(district, english):
    used(5)

    page = english.post("/petitions/follow/", FOLLOW | {"number": district.petition().number})

    assert "How much is" not in page.content.decode()


def test_near_the_limit_a_sum_is_asked_and_its_answer_lets_the_form_through(district, english):
    number = district.petition().number
    used(6)

    page = english.post("/petitions/follow/", FOLLOW | {"number": number}).content.decode()
    assert f'<input type="hidden" name="number" value="{number}">' in page
    token, answer = answer_in(page)
    sent = FOLLOW | {"number": number, "sum_token": token, "sum": answer}
    through = english.post("/petitions/follow/", sent).content.decode()
    again = english.post("/petitions/follow/", sent).content.decode()

    assert "do not belong together" in through
    assert "That was not the answer" in again  # a token serves once


def test_a_wrong_answer_gets_a_new_sum_and_counts_no_try(district, english):
    number = district.petition().number
    used(6)
    token, answer = answer_in(english.post("/petitions/follow/", FOLLOW | {"number": number}).content.decode())

    response = english.post(
        "/petitions/follow/", FOLLOW | {"number": number, "sum_token": token, "sum": str(int(answer) + 1)}
    )

    assert response.status_code == 422
    assert answer_in(response.content.decode())[0] != token
    used(4)
    with pytest.raises(throttle.TooManyTries):
        used(1)


def test_the_limit_stands_whatever_is_answered(district, english):
    number = district.petition().number
    used(10)
    token, answer = answer_in(english.post("/petitions/follow/", FOLLOW | {"number": number}).content.decode())

    response = english.post("/petitions/follow/", FOLLOW | {"number": number, "sum_token": token, "sum": answer})

    assert response.status_code == 429


def test_near_the_limit_a_sum_stands_before_what_is_done_with_ones_own_data(district, english):
    petition = district.petition()
    prove(english, petition)
    used(6)
    url = f"/petitions/follow/{petition.number}/data/contact/"
    sent = {"code": "23456789AB", "name": "常大红", "phone": "13800138000", "email": ""}

    page = english.post(url, sent).content.decode()
    token, answer = answer_in(page)
    refused = english.post(url, sent | {"sum_token": token, "sum": answer})
    token, answer = answer_in(english.post(url, sent).content.decode())
    right = sent | {"code": code_for(petition.client_key), "sum_token": token, "sum": answer}
    done = english.post(url, right)

    assert '<input type="hidden" name="name" value="常大红">' in page
    assert "This is not the follow-up code" in refused.content.decode()
    assert (done.status_code, done.url) == (302, f"/petitions/follow/{petition.number}/data/")
    assert Person.objects.get(pk=petition.petitioner_id).name == "常大红"


def test_near_the_limit_a_sum_stands_before_the_code_of_a_telephone(district, english, gateway, sent_at_once):
    district.petition()
    ask(english)
    used(12, Doing.PROVE_PHONE)
    code = code_in(gateway)

    token, answer = answer_in(english.post(MINE, {"step": "code", "code": code}).content.decode())
    assert PhoneCode.objects.get().tries == 0
    done = english.post(MINE, {"step": "code", "code": code, "sum_token": token, "sum": answer})

    assert (done.status_code, done.url) == (302, MINE)


def test_filing_near_the_limit_asks_and_then_files(district, english):
    used(12, Doing.FILE)
    form = {"text": "3号楼前的垃圾桶满了两天", "place_words": "3号楼前", "anonymous": "on", "step": "send",
            "client_key": "0f9b3c0e-2c57-4f7e-9d5a-0c6b4a3d2e1f"}  # fmt: skip

    page = english.post("/petitions/new/", form).content.decode()
    assert Petition.objects.count() == 0
    token, answer = answer_in(page)
    response = english.post("/petitions/new/", form | {"sum_token": token, "sum": answer})

    assert response.status_code == 302
    assert Petition.objects.count() == 1


def test_the_sum_is_answered_in_digits_of_any_width_and_in_words(monkeypatch):
    monkeypatch.setattr("petitions.sums.secrets.randbelow", lambda _most: 3)
    with translation.override("en"):
        for answer in ("8", " ８ ", "eight", "EIGHT"):
            assert sums.is_right(token=sums.ask().token, answer=answer)
        for answer in ("", "7", "88", "five", "8.0", "-8"):
            assert not sums.is_right(token=sums.ask().token, answer=answer)
        assert not sums.is_right(token="x", answer="8")


def test_the_answer_does_not_stand_in_the_page(monkeypatch):
    monkeypatch.setattr("petitions.sums.secrets.randbelow", lambda _most: 8)

    asked = sums.ask()

    assert "18" not in asked.words
    assert asked.token.count(".") == 1
