"""A resident proves a telephone and sees all his matters: one code, ten minutes, five tries; nothing told to others."""

import json
import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people.models import Session
from petitions import phones
from petitions.enums import Status
from petitions.models import Category, Petition, PetitionPhoto, PhoneCode
from petitions.viewers import Follower, ProvedPhone
from tests.petitions.telephone import MINE, OTHER, PHONE, ask, code_in, prove, wrong_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache", "sent_at_once")]


# -- the way through -----------------------------------------------------------------------------------------


def test_a_code_to_the_telephone_opens_all_matters_under_its_number(client, district, gateway):
    mine = [district.petition(text=text) for text in ("路灯坏了。", "井盖松了。")]
    other = district.petition(text="别人家的事。", phone=OTHER)

    proved = prove(client, gateway, "+86 138-0013-8000")
    page = client.get(MINE).content.decode()

    assert (proved.status_code, proved.url) == (302, MINE)
    assert gateway.posted[0].json["to"] == PHONE
    for petition in mine:
        assert petition.number in page
        assert client.get(f"/petitions/follow/{petition.number}/").status_code == 200
    assert "路灯坏了" in client.get(f"/petitions/follow/{mine[0].number}/").content.decode()
    assert other.number not in page
    assert client.get(f"/petitions/follow/{other.number}/").status_code == 302


def test_each_matter_says_how_it_stands_and_what_comes_next(client, district, gateway):
    district.petition(at=timezone.now(), status=Status.SUBMITTED)
    prove(client, gateway)

    page = client.get(MINE).content.decode()

    assert "a decision who takes this on" in page
    assert page.count("Next:") == 1


def test_photos_and_answers_open_with_the_telephone_too(client, district, gateway, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"jpg")
    petition = district.petition()
    photo = PetitionPhoto.objects.create(
        petition=petition, kind="filed", file="photos/a.jpg", width=1, height=1, sha256=bytes(32),
        added_at=timezone.now(),
    )  # fmt: skip
    assert client.get(f"/photos/{photo.pk}/").status_code == 404

    prove(client, gateway)

    opened = client.get(f"/photos/{photo.pk}/")
    assert opened.status_code == 200
    assert b"".join(opened.streaming_content) == b"jpg"
    opened.close()


# -- what it does not show -----------------------------------------------------------------------------------


def test_an_anonymous_matter_is_found_by_no_telephone(client, district, gateway):
    district.petition()
    hidden = district.petition(anonymous=True)
    prove(client, gateway)

    page = client.get(MINE).content.decode()

    assert hidden.number not in page
    assert "open with number and code" in page


def test_what_must_not_be_read_over_a_shoulder_is_not_in_the_list(client, district, gateway):
    district.petition()
    beaten = district.petition(text="他又打我了，家暴，孩子也挨打。")
    settled = district.petition()
    silent = Category.objects.filter(silent=True).first()
    Petition.objects.filter(pk=settled.pk).update(category=silent)
    prove(client, gateway)

    page = client.get(MINE).content.decode()

    for petition in (beaten, settled):
        assert petition.number not in page
        assert client.get(f"/petitions/follow/{petition.number}/").status_code == 302


def test_a_number_with_silent_matters_alone_gets_no_message(client, district, gateway):
    district.petition(text="他又打我了，家暴，孩子也挨打。")

    ask(client)

    assert gateway.posted == []


def test_households_and_volunteers_with_the_same_number_are_not_joined():
    from people.services import create_person

    create_person(context="household", name="常小红", phone=PHONE, at=timezone.now())

    assert not Petition.objects.visible_to(ProvedPhone(phones.index_of(PHONE))).exists()


# -- nobody learns anything by asking ------------------------------------------------------------------------


def test_known_and_unknown_numbers_get_the_same_answer_and_only_the_known_a_message(
    client, district, gateway, django_assert_num_queries
):
    district.petition()
    other = Client(headers={"accept-language": "en"})

    known, unknown = ask(client), ask(other, OTHER)
    pages = [one.get(MINE).content.decode() for one in (client, other)]

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    strip = re.compile(r'value="[^"]+"|content="\d+"')
    assert strip.sub("", pages[0].split("<main")[1]) == strip.sub("", pages[1].split("<main")[1])
    assert [posted.json["to"] for posted in gateway.posted] == [PHONE]


def test_the_page_looks_nothing_up(client, district, gateway, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("petitions.phones.queue.on_commit", lambda *_a, **_k: None)
    district.petition()
    client.get(MINE)

    counts = []
    for phone in (PHONE, OTHER):
        with django_assert_num_queries(6):  # a row for the code, one for the session, each within savepoints
            counts.append(ask(Client(), phone).status_code)

    assert counts == [302, 302]


def test_a_code_for_an_unknown_number_never_fits(client, gateway):
    ask(client, OTHER)

    assert PhoneCode.objects.get().digest is None
    assert client.post(MINE, {"step": "code", "code": "000000"}).status_code == 422


# -- the code ------------------------------------------------------------------------------------------------


def test_a_code_works_once(client, district, gateway):
    district.petition()
    ask(client)
    kept = client.session["petitions_phone_code"]
    code = code_in(gateway)
    client.post(MINE, {"step": "code", "code": code})
    client.post("/petitions/follow/forget/")
    session = client.session
    session["petitions_phone_code"] = kept
    session.save()

    assert client.post(MINE, {"step": "code", "code": code}).status_code == 410


def test_a_code_dies_after_ten_minutes(client, district, gateway):
    district.petition()
    ask(client)
    row = PhoneCode.objects.get()
    code, asked = code_in(gateway), row.created_at

    with pytest.raises(Exception, match="ten minutes"):
        phones.check(code_id=row.pk, typed=code, at=asked + timedelta(minutes=10, seconds=1))

    assert phones.check(code_id=row.pk, typed=code, at=asked + timedelta(minutes=10)).index == phones.index_of(PHONE)


def test_a_code_dies_with_the_fifth_wrong_try(client, district, gateway):
    district.petition()
    ask(client)
    code = code_in(gateway)

    answers = [client.post(MINE, {"step": "code", "code": wrong_for(code)}).status_code for _ in range(5)]

    assert answers == [422] * 5
    assert client.post(MINE, {"step": "code", "code": code}).status_code == 410
    assert PhoneCode.objects.get().tries == 5


@pytest.mark.parametrize("phone", [PHONE, OTHER])
def test_what_is_over_is_gone_whether_a_code_was_sent_or_not_and_a_new_one_is_offered(client, district, gateway, phone):
    district.petition()
    ask(client, phone)
    PhoneCode.objects.update(created_at=timezone.now() - timedelta(minutes=11))

    late = client.post(MINE, {"step": "code", "code": "000000"})
    PhoneCode.objects.all().delete()
    purged = client.post(MINE, {"step": "code", "code": "000000"})

    for response in (late, purged):
        assert response.status_code == 410
        assert "Get a new code" in response.content.decode()
        assert 'value="again"' in response.content.decode()


def test_a_slip_is_no_try(client, district, gateway):
    district.petition()
    ask(client)

    for typed in ("", "12345", "abcdef", "1234567"):
        assert client.post(MINE, {"step": "code", "code": typed}).status_code == 422

    assert PhoneCode.objects.get().tries == 0


def test_a_code_opens_only_the_browser_that_asked_for_it(client, district, gateway):
    district.petition()
    ask(client)
    thief = Client()

    response = thief.post(MINE, {"step": "code", "code": code_in(gateway)})

    assert response.status_code == 302
    assert "petitions_phone" not in thief.session


def test_neither_number_nor_code_lies_in_clear_anywhere(client, district, gateway, caplog):
    caplog.set_level(logging.DEBUG)
    district.petition()
    ask(client)
    code = code_in(gateway)
    kept = json.dumps([str(value) for value in PhoneCode.objects.values_list().get()])
    client.post(MINE, {"step": "code", "code": code})

    from people.sessions import SessionStore

    sessions = json.dumps(
        [SessionStore().decode(data) for data in Session.objects.values_list("session_data", flat=True)]
    )
    for secret in (PHONE, code):
        assert secret not in kept
        assert secret not in sessions
        assert secret not in caplog.text
    assert PhoneCode.objects.get().phone_sealed is None


def test_a_gateway_that_fails_leaves_the_number_for_the_next_try_and_no_trace_in_the_log(
    client, district, gateway, monkeypatch, caplog
):
    from notifications.errors import NotSent

    monkeypatch.setattr("petitions.phones.queue.on_commit", lambda *_a, **_k: None)
    district.petition()
    ask(client)
    row = PhoneCode.objects.get()
    gateway.status = 500

    with pytest.raises(NotSent):
        phones.send(code_id=row.pk, at=timezone.now())
    gateway.status = 200

    assert phones.send(code_id=row.pk, at=timezone.now()) is True
    assert client.post(MINE, {"step": "code", "code": code_in(gateway)}).status_code == 302
    assert PHONE not in caplog.text


def test_old_codes_are_deleted(client, district, gateway):
    district.petition()
    ask(client)

    assert phones.purge(at=timezone.now()) == 0
    assert phones.purge(at=timezone.now() + timedelta(hours=1, seconds=1)) == 1


# -- the proof -----------------------------------------------------------------------------------------------


def test_the_proof_lasts_half_an_hour_and_no_longer_than_the_browser(client, district, gateway):
    petition = district.petition()
    prove(client, gateway)
    now = timezone.now()

    assert 1795 <= client.session["petitions_phone"]["until"] - now.timestamp() <= 1800
    assert client.cookies["sessionid"]["max-age"] == ""
    session = client.session
    session["petitions_phone"] = {**session["petitions_phone"], "until": int(now.timestamp())}
    session.save()

    assert petition.number not in client.get(MINE).content.decode()
    assert client.get(f"/petitions/follow/{petition.number}/").status_code == 302


def test_who_does_not_say_what_time_it_is_sees_nothing_by_telephone():
    session = {"petitions_phone": {"index": "00", "until": 2**40}}

    assert Follower.of(session).phone is None
    assert Follower.of(session, at=timezone.now()).phone == ProvedPhone(b"\0", 2**40)


def test_the_session_gets_a_new_key(client, district, gateway):
    district.petition()
    ask(client)
    before = client.session.session_key

    client.post(MINE, {"step": "code", "code": code_in(gateway)})

    assert client.session.session_key != before


def test_it_can_be_forgotten(client, district, gateway):
    petition = district.petition()
    prove(client, gateway)

    client.post("/petitions/follow/forget/")

    assert client.get(f"/petitions/follow/{petition.number}/").status_code == 302


# -- limits --------------------------------------------------------------------------------------------------


def test_a_telephone_gets_three_messages_an_hour_wherever_they_are_asked_for(district, gateway):
    district.petition()

    answers = [ask(Client(), REMOTE_ADDR=f"192.0.2.{last}").status_code for last in range(1, 5)]

    assert answers == [302, 302, 302, 429]
    assert len(gateway.posted) == 3


def test_an_address_asks_for_twenty_telephones_an_hour(gateway):
    answers = [ask(Client(), f"138001380{n:02}").status_code for n in range(21)]

    assert answers == [302] * 20 + [429]


def test_wrong_codes_are_counted_by_address_too(district, gateway):
    district.petition()
    answers = []
    for number in range(5):
        client = Client()
        ask(client, f"1380013810{number}")
        answers += [client.post(MINE, {"step": "code", "code": "000000"}).status_code for _ in range(5)]

    assert answers == [422] * 20 + [429] * 5


def test_without_a_cache_no_code_is_sent_and_none_is_taken(client, district, gateway, settings):
    district.petition()
    ask(client)
    code = code_in(gateway)
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }

    assert ask(client).status_code == 503
    assert client.post(MINE, {"step": "code", "code": code}).status_code == 503
    assert len(gateway.posted) == 1


@pytest.mark.parametrize("typed", ["", "0935-8210000", "12345", "abc"])
def test_what_is_no_mobile_is_said_so_and_counts_for_nothing(client, gateway, typed):
    response = ask(client, typed)

    assert response.status_code == 422
    assert not PhoneCode.objects.exists()


# -- honest --------------------------------------------------------------------------------------------------


def test_without_a_gateway_the_page_says_so_and_offers_number_and_code(client, district, settings):
    settings.SMS_URL = ""

    page = client.get(MINE)
    asked = ask(client)

    assert (page.status_code, asked.status_code) == (200, 200)
    assert "This office sends no text messages" in page.content.decode()
    assert "/petitions/follow/" in page.content.decode()
    assert not PhoneCode.objects.exists()


@pytest.mark.parametrize("matters", [1, 4])
def test_the_list_costs_the_same_however_long_it_is(client, district, gateway, matters, django_assert_num_queries):
    for _ in range(matters):
        district.petition(at=timezone.now())
    prove(client, gateway)
    client.get(MINE)

    with django_assert_num_queries(4):  # session, matters, clocks, calendar with opening hours
        response = client.get(MINE)

    assert len(response.context["matters"]) == matters
