"""Who is reached by which channel; silent matters; channels that must not start."""

import pytest
from django.db import IntegrityError, connection, transaction

from notifications import checks
from notifications.models import Delivery, Notice, Webhook
from notifications.services import deliver_due, hush, owe, send_again
from tests.notifications.mailing import AT, make_user, notice_for
from tests.notifications.owing import NUMBER, channels, chat, notice_in, notice_to, resident
from tests.notifications.posting import SECRET

pytestmark = pytest.mark.django_db


# -- who gets what


@pytest.mark.parametrize(
    ("phone", "email", "expected"),
    [
        ("13800138000", "", ["sms"]),
        ("", "hong@example.org", ["email"]),
        ("13800138000", "hong@example.org", ["email", "sms"]),
        ("", "", []),
    ],
)
def test_a_resident_gets_an_sms_if_he_left_a_phone_number_and_mail_if_he_left_an_address(
    gateway, phone, email, expected
):
    owe([notice_to(resident(phone, email))])

    assert channels() == expected


def test_no_sms_is_owed_while_there_is_no_gateway(settings):
    assert settings.SMS_URL == ""

    owe([notice_to(resident(email="hong@example.org"))])

    assert channels() == ["email"]


def test_staff_get_mail_alone(gateway):
    owe([notice_for(make_user())])

    assert channels() == ["email"]


@pytest.mark.parametrize(
    ("secret", "in_settings", "active", "expected"),
    [
        (SECRET, "", True, ["webhook"]),
        ("", SECRET, True, ["webhook"]),
        ("", "", True, []),
        (SECRET, SECRET, False, []),
    ],
)
def test_a_group_chat_in_use_gets_its_post_if_something_signs_it(settings, secret, in_settings, active, expected):
    settings.WEBHOOK_SECRET = in_settings

    owe([notice_in(chat("https://chat.example.org/", secret=secret, active=active))])

    assert channels() == expected
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("notices", [1, 200])
def test_all_channels_of_all_recipients_are_owed_in_one_statement(gateway, django_assert_num_queries, notices):
    person, webhook, user = resident(email="hong@example.org"), chat("https://chat.example.org/"), make_user()
    new = [
        each
        for turn in range(notices)
        for each in (
            notice_to(person, dedupe_key=f"p{turn}"),
            notice_in(webhook, dedupe_key=f"w{turn}"),
            notice_for(user, dedupe_key=f"u{turn}"),
        )
    ]

    with django_assert_num_queries(1):
        assert owe(new) == 3 * notices

    assert Delivery.objects.count() == 4 * notices


def test_the_chats_of_a_place_are_found_by_their_scope():
    ours, above = chat("https://chat.example.org/a"), chat("https://chat.example.org/b", scope="1/")
    chat("https://chat.example.org/c", scope="1/36/")
    chat("https://chat.example.org/d", active=False)

    assert set(Webhook.objects.for_scopes(["1/35/", "1/", "1/35/"])) == {ours, above}


def test_address_and_secret_of_a_chat_are_locked_in_the_table():
    webhook = chat("https://chat.example.org/send?key=hush")

    with connection.cursor() as cursor:
        cursor.execute("SELECT url_locked, secret_locked FROM notifications_webhook")
        row = b"".join(bytes(column) for column in cursor.fetchone())

    again = Webhook.objects.get()
    assert b"hush" not in row
    assert SECRET.encode() not in row
    assert (again.url, again.secret, again.host) == ("https://chat.example.org/send?key=hush", SECRET, webhook.host)


def test_the_database_wants_one_recipient_of_the_three_kinds():
    with pytest.raises(IntegrityError, match="notice_has_one_recipient"), transaction.atomic():
        Notice.objects.create(
            kind="k", dedupe_key="k", created_at=AT, recipient=make_user(), webhook=chat("https://chat.example.org/")
        )
    with pytest.raises(ValueError, match="exactly one recipient"):
        notice_in(chat("https://chat.example.org/"), recipient_id=1)


# -- silent matters


def test_of_a_silent_matter_a_person_is_sent_nothing_and_finds_it_on_our_pages(gateway, mail):
    owe([notice_to(resident(email="hong@example.org"), silent=True)])

    assert channels() == []
    assert deliver_due(at=AT) == 0
    assert Notice.objects.get().silent is True
    assert (gateway.posted, mail.messages) == ([], [])


def test_of_a_silent_matter_staff_are_told_as_ever(mail):
    owe([notice_for(make_user(), silent=True)])

    assert deliver_due(at=AT) == 1


def test_a_matter_that_turns_out_to_be_silent_takes_back_what_waits(gateway, mail):
    person, other = resident(email="hong@example.org"), resident(email="lan@example.org")
    owe(
        [notice_to(person), notice_to(other, about="petition:PX1"), notice_for(make_user(), about=f"petition:{NUMBER}")]
    )
    Delivery.objects.filter(notice__person=person, channel="email").update(state="dead", next_try_at=None)

    assert hush(about=f"petition:{NUMBER}") == 1
    send_again(Delivery.objects.all(), at=AT)

    assert deliver_due(at=AT) == 3
    assert set(Delivery.objects.filter(notice__person=person).values_list("state", "error_code")) == {
        ("skipped", "silent")
    }
    assert [posted.json["to"] for posted in gateway.posted] == [other.phone]


# -- settings


@pytest.mark.parametrize(
    ("facts", "complaints"),
    [
        ({}, []),
        ({"SMS_URL": "https://sms.example.org/", "SMS_SECRET": "s" * 32}, []),
        ({"SMS_URL": "https://sms.example.org/", "SMS_SECRET": ""}, ["notifications.E003"]),
        ({"SMS_URL": "http://sms.example.org/", "SMS_SECRET": "s" * 32}, ["notifications.E002"]),
        ({"SMS_URL": "https://10.0.0.1/", "SMS_SECRET": "s"}, ["notifications.E002", "notifications.E003"]),
        ({"WEBHOOK_SECRET": "short"}, ["notifications.E003"]),
        ({"SMS_URL": "http://10.0.0.1/", "SMS_SECRET": "s" * 32, "NOTIFY_ALLOW_PRIVATE": True}, []),
    ],
)
def test_a_channel_switched_on_without_a_secret_or_with_a_wrong_address_does_not_start(settings, facts, complaints):
    for name, value in facts.items():
        setattr(settings, name, value)

    assert [error.id for error in checks.check_channels()] == complaints
