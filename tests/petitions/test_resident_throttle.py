"""Guessing a follow-up code: ten wrong tries an hour for an address, forty a day, none without a cache.

Case 46 of cases/petitions.md. A number is public: strangers cannot shut it, only slow each other down.
"""

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


def test_after_forty_wrong_tries_a_day_an_address_waits_for_the_day(client, district):
    """Case 46: a slow guesser stays under the short window; the long one stops him and says so in hours."""
    petitions = [district.petition() for _ in range(5)]
    answers = []
    for hour in range(5):
        forget_windows_of(3600)  # the short window is over, the long one is not
        answers += [guess(client, petitions[hour].number).status_code for _ in range(9)]

    assert answers == [422] * 40 + [429] * 5
    refused = guess(client, petitions[0].number)
    assert 86300 < int(refused["Retry-After"]) <= 86400
    assert "Try again in 24 hours." in refused.content.decode()


def forget_windows_of(seconds: int) -> None:
    """Let this much time pass for the cache."""
    raw = cache._cache.get_client(write=True)
    for key in raw.scan_iter(f"*:{seconds}:*"):
        raw.delete(key)


def test_past_ten_wrong_tries_for_a_number_each_new_address_has_three(client, district):
    """Case 46: guessing from many addresses is slowed down for each of them."""
    petition = district.petition()
    for last in range(1, 11):
        guess(client, petition.number, address=f"192.0.2.{last}")

    answers = [guess(client, petition.number, address="198.51.100.1").status_code for _ in range(5)]

    assert answers == [422] * 3 + [429] * 2


def test_strangers_cannot_shut_a_number_to_whoever_has_the_code(client, district):
    """Case 46: a public number must not be lockable; a hundred wrong tries from elsewhere change nothing."""
    petition = district.petition()
    answers = {
        guess(client, petition.number, address=f"192.0.{block}.{last}").status_code
        for block in range(2, 12)
        for last in range(1, 11)
    }

    response = prove(client, petition, REMOTE_ADDR="198.51.100.1")

    assert answers == {422}
    assert response.status_code == 302


def test_an_unknown_number_is_counted_like_a_known_one(client, district):
    known, unknown = district.petition().number, "PX20260609999939"
    for number in (known, unknown):
        for last in range(1, 11):
            guess(client, number, address=f"192.0.2.{last}" if number == known else f"192.0.3.{last}")

    answers = [
        [guess(client, number, address=address).status_code for _ in range(4)]
        for number, address in ((known, "198.51.100.1"), (unknown, "198.51.100.2"))
    ]

    assert answers == [[422, 422, 422, 429], [422, 422, 422, 429]]


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
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": gone}}

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


def test_the_cache_holds_no_address_and_no_number(client, district):
    petition = district.petition()

    guess(client, petition.number)

    # the address in two windows, the number, and the address for this number
    keys = [key.decode() for key in cache._cache.get_client().scan_iter(f"{cache.key_prefix}:*")]
    assert len(keys) == 4
    assert not any("192.0.2.7" in key or petition.number in key for key in keys)
