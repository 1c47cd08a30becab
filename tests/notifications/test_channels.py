"""Who is reached by which channel, and what becomes of it."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from notifications import checks
from notifications.channels import BACKOFF
from notifications.models import Delivery, Notice, Webhook
from notifications.services import NewNotice, deliver, deliver_due, hush, owe, send_again
from people.models import Person
from people.services import create_person
from tests.notifications.mailing import AT, make_user, notice_for, owed_mail
from tests.notifications.posting import SECRET, Gateway

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
NUMBER = "PX2026060900017"


def resident(phone="13800138000", email="", **facts):
    return create_person(context="petitioner", name="常小红", phone=phone, email=email, at=AT, **facts)


def notice_to(person, **facts):
    return NewNotice(
        **{
            "person_id": person.pk,
            "kind": "resident_accepted",
            "dedupe_key": f"accepted.{person.pk}",
            "at": AT,
            "about": f"petition:{NUMBER}",
            "url_path": "/petitions/follow/",
            "params": {"number": NUMBER, "status": "accepted"},
            **facts,
        }
    )


def chat(url, *, secret=SECRET, **facts):
    webhook = Webhook(**{"name": "滨河路街道值班群", "scope": "1/35/", "created_at": AT, **facts})
    webhook.url, webhook.secret = url, secret
    webhook.save()
    return webhook


def notice_in(webhook, **facts):
    return NewNotice(
        **{
            "webhook_id": webhook.pk,
            "kind": "petition_submitted",
            "dedupe_key": f"submitted.{webhook.pk}",
            "at": AT,
            "url_path": f"/cases/{NUMBER}/",
            "params": {"number": NUMBER},
            **facts,
        }
    )


def channels():
    return list(Delivery.objects.order_by("notice__dedupe_key", "channel").values_list("channel", flat=True))


def only(**facts):
    delivery = Delivery.objects.get(**facts)
    return delivery.state, delivery.attempts, delivery.error_code


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


# -- SMS


def test_an_sms_is_posted_to_the_gateway_in_the_language_of_the_person(gateway, settings):
    settings.PUBLIC_URL = "https://linli.example.org"
    owe([notice_to(resident(language="en"))])

    assert deliver_due(at=AT) == 1

    (posted,) = gateway.posted
    delivery = Delivery.objects.get()
    assert posted.json == {
        "id": f"{delivery.notice_id}.sms",
        "to": "13800138000",
        "text": f"Matter {NUMBER} taken on. https://linli.example.org/petitions/follow/",
    }
    assert posted.headers["Linli-Delivery"] == delivery.key
    assert (delivery.state, delivery.attempts, delivery.error_code) == ("sent", 1, "")


def test_a_landline_gets_no_sms_and_nobody_need_look_at_it(gateway):
    owe([notice_to(resident("0935-8210000"))])

    assert deliver_due(at=AT) == 0

    assert only() == ("skipped", 1, "landline")
    assert gateway.posted == []
    assert not Delivery.objects.given_up().exists()


def test_an_erased_person_gets_no_sms(gateway):
    owe([notice_to(resident())])
    Person.objects.update(phone_sealed=None)

    deliver_due(at=AT)

    assert only() == ("dead", 1, "no_address")
    assert gateway.posted == []


def test_a_gateway_switched_off_meanwhile_leaves_the_sms_to_be_sent_again(gateway, settings):
    owe([notice_to(resident())])
    settings.SMS_URL = ""

    deliver_due(at=AT)
    assert only() == ("dead", 1, "not_configured")

    settings.SMS_URL = gateway.url
    send_again(Delivery.objects.all(), at=AT)
    assert deliver_due(at=AT) == 1


def test_a_number_that_the_gateway_refuses_is_given_up_and_the_next_one_sent(gateway):
    owe([notice_to(resident()), notice_to(resident("13900139000"), at=AT + MINUTE)])
    gateway.answers.extend([422, 200])

    assert deliver_due(at=AT + MINUTE) == 1

    assert list(Delivery.objects.order_by("next_try_at", "pk").values_list("state", "error_code")) == [
        ("dead", "http_422"),
        ("sent", ""),
    ]


def test_a_gateway_out_of_order_is_tried_again_in_time_and_given_up_at_last(gateway):
    owe([notice_to(resident())])
    delivery = Delivery.objects.get()
    gateway.status = 500
    moment, waits = AT, []

    while delivery.state != "dead":
        assert deliver(delivery_id=delivery.pk, at=moment) is False
        delivery.refresh_from_db()
        if delivery.next_try_at:
            waits.append((delivery.next_try_at - moment).total_seconds() / 60)
            moment = delivery.next_try_at

    assert waits == [1, 5, 15, 60, 180, 480, 720]
    assert (delivery.attempts, delivery.error_code) == (8, "http_500")


@pytest.mark.parametrize(("channel", "attempts"), [("email", 9), ("sms", 8), ("webhook", 6)])
def test_each_channel_has_its_own_patience(channel, attempts):
    assert len(BACKOFF[channel]) + 1 == attempts


@pytest.mark.parametrize("status", [401, 404, 302, 502])
def test_a_gateway_that_does_not_want_us_ends_its_part_of_the_run_and_mail_goes_on(gateway, mail, status):
    owe([notice_to(resident(), dedupe_key=f"sms{turn}") for turn in range(3)])
    owe([notice_for(make_user(), at=AT + MINUTE) for _turn in range(3)])
    gateway.status = status

    assert deliver_due(at=AT + MINUTE) == 3

    assert len(gateway.posted) == 1
    assert len(mail.messages) == 3
    assert Delivery.objects.filter(channel="sms", attempts=0, state="queued").count() == 2


def test_a_mail_server_that_is_down_does_not_hold_the_sms(gateway, mail):
    mail.stop()
    owe([notice_to(resident(email="hong@example.org"), dedupe_key=f"both{turn}") for turn in range(3)])

    assert deliver_due(at=AT) == 3

    assert len(gateway.posted) == 3
    assert Delivery.objects.filter(channel="email", attempts=1).count() == 1


def test_a_gateway_that_wants_us_to_wait_is_asked_nothing_meanwhile(gateway, mail):
    owe([notice_to(resident(), dedupe_key=f"sms{turn}") for turn in range(3)])
    owed_mail()
    gateway.status, gateway.headers = 429, {"Retry-After": "1800"}

    assert deliver_due(at=AT) == 1
    gateway.status = 200
    assert deliver_due(at=AT + 29 * MINUTE) == 0
    assert len(gateway.posted) == 1

    assert deliver_due(at=AT + 31 * MINUTE) == 3


def test_a_short_retry_after_does_not_shorten_our_own_wait(gateway):
    owe([notice_to(resident())])
    gateway.status, gateway.headers = 503, {"Retry-After": "1"}

    deliver_due(at=AT)

    assert Delivery.objects.get().next_try_at >= AT + MINUTE


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_each_sms_once(gateway):
    owe([notice_to(resident(), dedupe_key=f"sms{turn}") for turn in range(30)])
    sent, start = [], threading.Barrier(3)

    def run():
        start.wait()
        sent.append(deliver_due(at=AT))
        connection.close()

    threads = [threading.Thread(target=run) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(sent) == 30
    assert len({posted.json["id"] for posted in gateway.posted}) == len(gateway.posted) == 30


@pytest.mark.django_db(transaction=True)
def test_runs_that_are_told_to_wait_at_once_do_not_lock_each_other_up(gateway):
    owe([notice_to(resident(), dedupe_key=f"sms{turn}") for turn in range(40)])
    gateway.status, gateway.headers, gateway.slow = 429, {"Retry-After": "600"}, 0.1
    failed, start = [], threading.Barrier(3)

    def run():
        start.wait()
        try:
            deliver_due(at=AT)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test names it
            failed.append(error)
        connection.close()

    threads = [threading.Thread(target=run) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert len(gateway.posted) <= 3
    assert not Delivery.objects.due(AT + 9 * MINUTE).exists()


# -- group chats


def test_a_group_chat_gets_one_line_and_the_link_signed_with_its_own_secret(gateway, settings):
    settings.PUBLIC_URL, settings.WEBHOOK_SECRET = "https://linli.example.org", "another" * 6
    owe([notice_in(chat(gateway.url, language="en"))])

    assert deliver_due(at=AT) == 1

    (posted,) = gateway.posted
    assert posted.json == {
        "id": Delivery.objects.get().key,
        "kind": "petition_submitted",
        "msgtype": "text",
        "text": {"content": f"New matter: {NUMBER} https://linli.example.org/cases/{NUMBER}/"},
    }


def test_a_chat_put_out_of_use_meanwhile_gets_nothing_more(gateway):
    webhook = chat(gateway.url)
    owe([notice_in(webhook)])
    Webhook.objects.update(active=False)

    deliver_due(at=AT)

    assert only() == ("dead", 1, "not_configured")
    assert gateway.posted == []


def test_a_robot_that_says_no_in_its_answer_is_believed(gateway):
    owe([notice_in(chat(gateway.url))])
    gateway.said = b'{"errcode": 45009, "errmsg": "13800138000 api freq out of limit"}'

    assert deliver_due(at=AT) == 0
    assert only() == ("failed", 1, "robot_45009")

    gateway.said = b'{"errcode": 0, "errmsg": "ok"}'
    assert deliver_due(at=AT + 2 * MINUTE) == 1


@pytest.mark.parametrize("said", [b"", b"ok", b"[]", b'"x"', b'{"errcode": "45009"}', b"\xff", b"{" * 4096, b"null"])
def test_any_other_answer_of_a_chat_is_taken_as_it_is(gateway, said):
    owe([notice_in(chat(gateway.url))])
    gateway.said = said

    assert deliver_due(at=AT) == 1


def test_one_chat_that_is_down_does_not_hold_the_others(gateway):
    gone = Gateway()
    gone.server_close()
    down, fine = chat(gone.url), chat(gateway.url)
    owe([notice_in(down, dedupe_key=f"d{turn}") for turn in range(3)])
    owe([notice_in(fine, dedupe_key=f"f{turn}", at=AT + MINUTE) for turn in range(3)])

    assert deliver_due(at=AT + MINUTE) == 3

    assert Delivery.objects.filter(notice__webhook=down, attempts=1).count() == 1


def test_a_chat_inside_our_walls_is_not_connected_to(gateway, settings):
    owe([notice_in(chat(gateway.url.replace("http:", "https:")))])
    settings.NOTIFY_ALLOW_PRIVATE = False

    deliver_due(at=AT)

    assert only() == ("dead", 1, "forbidden_address")
    assert gateway.posted == []


def test_no_number_address_or_word_reaches_the_log_or_the_table(gateway, caplog):
    caplog.set_level("DEBUG")
    owe([notice_to(resident())])
    gateway.status, gateway.said = 400, b"13800138000 is unknown, key hush"

    deliver_due(at=AT)

    assert only() == ("dead", 1, "http_400")
    for word in ("13800138000", "hush", "127.0.0.1", SECRET):
        assert word not in caplog.text


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
