"""Filing and uploading in masses: a burst waits minutes, a flood a day, nothing typed is lost; staff are not counted.

Case 46 of cases/petitions.md.
"""

import uuid

import pytest

from notifications.models import Notice
from petitions import throttle
from petitions.models import Petition
from petitions.throttle import Doing, Limit, Rule
from tests.petitions.filing import WORDS, check, hidden, picture, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache", "district")]
HOME = "192.0.2.7"


@pytest.fixture
def tight(monkeypatch):
    """Have limits that a test reaches quickly: 2 matters in ten minutes, 3 a day, one phone 1, and 2 photos."""
    rules = {
        **throttle.RULES,
        Doing.FILE: Rule((Limit(2, 600), Limit(3, 86400)), (Limit(1, 600),), even_so=1),
        Doing.UPLOAD: Rule((Limit(2, 600),)),
    }
    monkeypatch.setattr(throttle, "RULES", rules)


def test_the_limits_leave_room_for_a_community_behind_one_address():
    """Case 46: the numbers themselves."""
    assert throttle.RULES[Doing.FILE] == Rule((Limit(20, 600), Limit(300, 86400)), (Limit(5, 600), Limit(20, 86400)), 1)
    assert throttle.RULES[Doing.UPLOAD] == Rule((Limit(60, 600), Limit(600, 86400)))
    assert throttle.RULES[Doing.FOLLOW] == Rule((Limit(10, 3600), Limit(40, 86400)), (Limit(10, 3600),), 3)


def test_the_third_matter_in_a_row_waits_and_keeps_its_words(client, tight):
    """Case 46: 429 with Retry-After, a kind page, and the words are still there to be sent again."""
    for _ in range(2):
        assert send(client, address=HOME).status_code == 302

    refused = send(client, text="路灯坏了三天了。", address=HOME)

    page = refused.content.decode()
    assert refused.status_code == 429
    assert 590 < int(refused["Retry-After"]) <= 600
    assert "please send them again in 10 minutes" in page
    assert "路灯坏了三天了。" in page
    assert Petition.objects.count() == 2


def test_a_flood_waits_for_the_day_although_each_burst_was_small(client, tight, monkeypatch):
    """Case 46: sustained."""
    rules = {**throttle.RULES, Doing.FILE: Rule((Limit(99, 600), Limit(3, 86400)))}
    monkeypatch.setattr(throttle, "RULES", rules)
    statuses = [send(client, address=HOME).status_code for _ in range(4)]

    assert statuses == [302, 302, 302, 429]
    assert "again in 24 hours" in send(client, address=HOME).content.decode()
    assert Petition.objects.count() == 3


def test_another_address_is_not_kept_waiting(client, tight):
    for _ in range(3):
        send(client, address=HOME)

    assert send(client, address="192.0.2.8").status_code == 302


def test_a_telephone_is_counted_wherever_it_comes_from_and_its_owner_may_still_file(client, tight):
    """Case 46: per phone, softly: whoever files under a stranger's number does not silence the stranger."""
    phone = "13800138000"
    assert send(client, phone=phone, address="192.0.2.1").status_code == 302
    again = send(client, phone=phone, address="192.0.2.1").status_code
    owner = send(client, phone=phone, address="198.51.100.1").status_code
    twice = send(client, phone=phone, address="198.51.100.1").status_code

    assert (again, owner, twice) == (429, 302, 429)
    assert Petition.objects.count() == 2


def test_the_same_matter_sent_again_is_answered_though_the_limit_is_reached(client, tight):
    """Case 47 within 46: a retry is no second matter."""
    key = str(uuid.uuid4())
    first = send(client, client_key=key, address=HOME)
    send(client, address=HOME)

    again = [send(client, client_key=key, address=HOME) for _ in range(5)]

    assert {(response.status_code, response.url) for response in again} == {(302, first.url)}
    assert Petition.objects.count() == 2


def test_what_is_refused_for_its_words_is_not_counted(client, tight):
    for _ in range(5):
        assert send(client, text="", address=HOME).status_code == 422

    assert send(client, address=HOME).status_code == 302


def test_staff_are_not_counted(client, district, tight):
    """Case 46: the window of a community files for everybody, from one address."""
    client.force_login(district.window)

    assert [send(client, address=HOME).status_code for _ in range(5)] == [302] * 5


def test_photos_are_counted_by_address_and_the_words_stay(client, tight, settings, tmp_path):
    """Case 46: uploads."""
    settings.MEDIA_ROOT = str(tmp_path)
    kept = check(client, photos=[picture(), picture()], address=HOME)
    assert hidden(kept, "kept")

    refused = check(client, photos=[picture("third.jpg")], address=HOME)

    page = refused.content.decode()
    assert refused.status_code == 429
    assert 590 < int(refused["Retry-After"]) <= 600
    assert "Send it without photos, or add them in 10 minutes." in page
    assert WORDS in page
    assert len(list(tmp_path.glob("drafts/*"))) == 2
    assert check(client, address=HOME).status_code == 200


@pytest.mark.parametrize("gone", ["redis://127.0.0.1:1/0", "unix:///nowhere/valkey.sock"])
def test_without_a_cache_matters_are_taken_and_the_duty_list_hears_of_it_once_an_hour(  # noqa: PLR0917 - fixtures
    client, district, settings, tmp_path, caplog, gone
):
    """Case 46: fail open, with an alarm."""
    settings.MEDIA_ROOT = str(tmp_path)
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": gone}}

    statuses = [send(client, address=HOME).status_code for _ in range(3)]
    with_photo = check(client, photos=[picture()], address=HOME)

    assert statuses == [302] * 3
    assert with_photo.status_code == 200
    assert Petition.objects.count() == 3
    told = Notice.objects.filter(kind="uncounted")
    assert {notice.recipient for notice in told} == {district.duty}
    assert 1 <= told.count() <= 2  # two if the hour struck meanwhile
    assert "not being counted" in caplog.text
    assert HOME not in caplog.text


def test_nothing_is_counted_before_it_is_sent(client, tight):
    for _ in range(5):
        check(client, address=HOME)

    assert send(client, address=HOME).status_code == 302
