"""Guessing a follow-up code: ten wrong tries an hour for a number and for an address, none without a cache."""

import pytest
from django.core.cache import cache

from petitions import throttle
from tests.petitions.filing import FOLLOW, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]


def guess(client, number: str, *, address: str = "192.0.2.7", **headers: str):
    return client.post(FOLLOW, {"number": number, "code": "ABCDEFGHJK"}, REMOTE_ADDR=address, **headers)


def test_the_eleventh_wrong_try_of_an_address_waits_an_hour(client, district):
    petitions = [district.petition() for _ in range(11)]

    answers = [guess(client, petition.number).status_code for petition in petitions]

    assert answers == [422] * 10 + [429]
    refused = guess(client, petitions[0].number)
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert "Try again in 60 minutes." in refused.content.decode()


def test_the_eleventh_wrong_try_for_a_number_waits_wherever_it_comes_from(client, district):
    petition = district.petition()

    answers = [guess(client, petition.number, address=f"192.0.2.{last}").status_code for last in range(1, 12)]

    assert answers == [422] * 10 + [429]


def test_even_the_right_code_waits_once_the_number_is_shut(client, district):
    petition = district.petition()
    for last in range(1, 11):
        guess(client, petition.number, address=f"192.0.2.{last}")

    response = prove(client, petition, REMOTE_ADDR="198.51.100.1")

    assert response.status_code == 429
    assert "sessionid" not in client.cookies


def test_an_unknown_number_is_counted_like_a_known_one(client):
    number = "PX20260609999939"

    answers = {guess(client, number, address=f"192.0.2.{last}").status_code for last in range(1, 11)}

    assert answers == {422}
    assert guess(client, number, address="192.0.2.99").status_code == 429


def test_right_codes_are_not_counted_and_do_not_wash_wrong_ones_away(client, district):
    mine, other = district.petition(), district.petition()

    for _ in range(30):
        assert prove(client, mine, REMOTE_ADDR="192.0.2.7").status_code == 302
    for _ in range(10):
        guess(client, other.number)
        prove(client, mine, REMOTE_ADDR="192.0.2.7")

    assert guess(client, district.petition().number).status_code == 429


def test_slips_of_the_pen_are_not_counted(client, district):
    petition = district.petition()
    for _ in range(20):
        client.post(FOLLOW, {"number": petition.number, "code": "SHORT"}, REMOTE_ADDR="192.0.2.7")

    assert prove(client, petition, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_staff_are_not_counted(client, district):
    petition = district.petition()
    client.force_login(district.secretary)

    answers = {guess(client, petition.number).status_code for _ in range(12)}

    assert answers == {422}


@pytest.mark.parametrize("gone", ["redis://127.0.0.1:1/0", "unix:///nowhere/valkey.sock"])
def test_without_a_cache_nobody_may_try(client, district, settings, gone):
    petition = district.petition()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": gone}}

    wrong, right = guess(client, petition.number), prove(client, petition)

    for response in (wrong, right):
        assert response.status_code == 503
        assert response["Retry-After"] == "60"
    assert "sessionid" not in client.cookies


def test_behind_our_proxy_the_address_it_saw_is_counted(client, district, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    petitions = [district.petition() for _ in range(11)]

    answers = [
        guess(
            client, petition.number, address="10.0.0.1", HTTP_X_FORWARDED_FOR=f"1.2.3.{count}, 203.0.113.9"
        ).status_code
        for count, petition in enumerate(petitions)
    ]  # the first entry is what the visitor says of himself

    assert answers == [422] * 10 + [429]
    assert guess(client, petitions[0].number, address="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 422


def test_without_a_proxy_nobody_chooses_his_own_address(client, district):
    petitions = [district.petition() for _ in range(11)]

    answers = [
        guess(client, petition.number, HTTP_X_FORWARDED_FOR=f"203.0.113.{count}").status_code
        for count, petition in enumerate(petitions)
    ]

    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("<script>", "unknown"),
    ],
)
def test_an_address_is_counted_by_home(address, group):
    assert throttle.address_group(address) == group


def test_the_cache_holds_no_address_and_no_number(client, district, monkeypatch):
    petition = district.petition()
    keys = []

    class Watched:
        def __getattr__(self, name):
            do = getattr(cache, name)
            return lambda key, *rest: keys.append(key) or do(key, *rest)

    monkeypatch.setattr(throttle, "cache", Watched())
    guess(client, petition.number)

    assert len(set(keys)) == 4  # a count and its end, for the address and for the number
    assert not any("192.0.2.7" in key or petition.number in key for key in keys)
