"""Text messages: posted to the gateway, tried again, given up, never twice."""

import threading

import pytest
from django.db import connection

from notifications.channels import BACKOFF
from notifications.models import Delivery
from notifications.services import deliver, deliver_due, owe, send_again
from people.models import Person
from tests.notifications.mailing import AT, make_user, notice_for, owed_mail
from tests.notifications.owing import MINUTE, NUMBER, notice_to, only, resident

pytestmark = pytest.mark.django_db


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
