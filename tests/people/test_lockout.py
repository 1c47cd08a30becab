"""Wrong passwords: whom they shut out, for how long, and whom they must not."""

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people import lockout
from people.models import User
from tests.factories import PASSWORD, make_user
from tests.people.door import is_in, sign_in

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def user():
    return make_user("王芳")


def guess(client, user, times, **where):
    return [sign_in(client, user, "wrong", **where).status_code for _ in range(times)]


def test_the_fifth_wrong_password_shuts_the_door_and_says_when_it_opens(client, user):
    assert guess(client, user, 5) == [200, 200, 200, 200, 429]

    response = sign_in(client, user)

    assert response.status_code == 429
    assert 800 < int(response["Retry-After"]) <= 900
    page = response.content.decode()
    opens = timezone.localtime(timezone.now() + timedelta(seconds=int(response["Retry-After"]))).strftime("%H:%M")
    assert f"you can try again at {opens}" in page
    assert "That is in 15 minutes." in page
    assert not is_in(client)


def test_the_closed_door_speaks_chinese_too(user):
    client = Client()
    guess(client, user, 5)

    response = sign_in(client, user)

    assert response.status_code == 429
    assert '<html lang="zh-Hans"' in response.content.decode()
    assert str(AccessAttempt.objects.get().attempt_time.year) not in response.content.decode()


def test_trying_before_the_time_does_not_make_it_longer(client, user):
    guess(client, user, 5)
    shut = AccessAttempt.objects.get().attempt_time

    guess(client, user, 3)

    row = AccessAttempt.objects.get()
    assert (row.attempt_time, row.failures_since_start) == (shut, 5)


def test_after_the_cool_off_the_right_password_opens(client, user):
    guess(client, user, 5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))

    assert sign_in(client, user).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_a_right_password_forgets_the_wrong_ones(client, user):
    guess(client, user, 4)
    sign_in(client, user)
    client.post("/logout/")

    assert guess(client, user, 4) == [200] * 4


def test_nobody_shuts_a_colleague_out_from_elsewhere(client, user):
    guess(client, user, 6, address="203.0.113.9")

    assert sign_in(client, user, address="192.0.2.7").status_code == 302


def test_nobody_shuts_a_colleague_out_from_the_same_office(user):
    own, stranger = Client(), Client()
    sign_in(own, user)
    own.post("/logout/")

    assert guess(stranger, user, 5)[-1] == 429

    assert sign_in(own, user).status_code == 302
    assert sign_in(stranger, user).status_code == 429


def test_a_known_device_counts_its_own_wrong_passwords(user):
    own = Client()
    sign_in(own, user)
    own.post("/logout/")

    assert guess(own, user, 5) == [200, 200, 200, 200, 429]
    assert guess(own, user, 1, address="198.51.100.1") == [429]


def test_a_device_knows_only_who_signed_in_on_it(user):
    other, shared = make_user("李红"), Client()
    sign_in(shared, user)
    shared.post("/logout/")

    guess(shared, other, 5)

    assert AccessAttempt.objects.get().username == other.username
    assert sign_in(Client(), other).status_code == 429  # the same address, and no device of his


def test_a_forged_device_is_a_stranger(client, user):
    client.cookies["linli_device"] = "x:y:z"

    guess(client, user, 5)

    assert AccessAttempt.objects.get().username == user.username


def test_an_address_that_tries_many_names_waits_whatever_it_types_next(client, settings):
    settings.SIGN_IN_TRIES_PER_ADDRESS = 10
    users = [make_user(f"某{n}") for n in range(11)]

    answers = [guess(client, one, 1)[0] for one in users]

    assert answers == [200] * 9 + [429] * 2
    assert sign_in(client, make_user("无辜")).status_code == 429
    assert sign_in(client, make_user("别处"), address="198.51.100.1").status_code == 302


def test_a_known_device_works_on_behind_an_address_that_waits(user, settings):
    settings.SIGN_IN_TRIES_PER_ADDRESS = 5
    own, stranger = Client(), Client()
    sign_in(own, user)
    own.post("/logout/")
    for n in range(5):
        guess(stranger, make_user(f"某{n}"), 1)

    assert sign_in(own, user).status_code == 302


def test_a_name_that_nobody_has_is_refused_in_the_same_words_and_shut_out_alike(client, user):
    ghost = User(username="nobody-of-that-name")

    known = [sign_in(client, user, "wrong") for _ in range(5)]
    unknown = [sign_in(client, ghost, "wrong") for _ in range(5)]

    assert [one.status_code for one in known] == [one.status_code for one in unknown] == [200, 200, 200, 200, 429]
    words = [
        page.content.decode().replace(name, "").split("<main")[1].split("csrfmiddlewaretoken")[0]
        for page, name in ((known[0], user.username), (unknown[0], ghost.username))
    ]
    assert words[0] == words[1]


def test_a_closed_account_is_refused_in_the_words_of_a_wrong_password(client, user):
    User.objects.filter(pk=user.pk).update(is_active=False)

    closed = sign_in(client, user).context["form"].non_field_errors()
    wrong = sign_in(client, make_user("李红"), "wrong").context["form"].non_field_errors()

    assert closed == wrong


def test_an_administrator_opens_the_door_at_once(client, user, admin_user):
    guess(client, user, 5)
    other = make_user("李红")
    guess(client, other, 2, address="198.51.100.1")
    desk = Client()
    desk.force_login(admin_user)

    desk.post(reverse("admin:people_user_changelist"), {"action": "unlock", "_selected_action": [user.pk]})

    assert sign_in(client, user).status_code == 302
    assert AccessAttempt.objects.get().username == other.username


def test_unlocking_reaches_the_devices_of_the_account(user):
    own = Client()
    sign_in(own, user)
    own.post("/logout/")
    guess(own, user, 5)

    assert lockout.unlock(user) == 1
    assert sign_in(own, user).status_code == 302


def test_the_log_names_neither_who_nor_where(client, user, caplog):
    caplog.set_level(logging.DEBUG)

    guess(client, user, 6)

    assert any("AXES" in record.getMessage() for record in caplog.records)
    for secret in (user.username, "192.0.2.7", "wrong", PASSWORD):
        assert not any(secret in record.getMessage() for record in caplog.records if record.name.startswith("axes"))


def test_what_no_longer_counts_is_deleted(client, user):
    guess(client, user, 2)

    assert lockout.purge(at=timezone.now()) == 0
    assert lockout.purge(at=timezone.now() + timedelta(minutes=16)) == 1


def test_passwords_are_kept_by_argon2(user):
    user.set_password("bridge-lamp-77")

    assert user.password.startswith("argon2$argon2id$")
