"""Sending, through a real SMTP server."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.conf import settings as live_settings
from django.db import connection, transaction
from django.utils import translation

from notifications import services
from notifications.channels import BACKOFF
from notifications.models import Delivery, Notice
from notifications.services import LEASE, NewNotice, deliver, deliver_due, owe, send_again
from people.models import Person
from people.services import create_person
from tests.notifications.mailing import AT, make_user, notice_for, owed_mail

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_due_delivery_is_sent_in_the_language_of_its_recipient(mail):
    delivery = owed_mail(make_user(email="fang@example.org", language="en"), url_path="/grid/7/")

    assert deliver_due(at=AT) == 1

    message = mail.messages[0]
    assert (message["To"], message["From"]) == ("fang@example.org", "linli@example.org")
    assert message["Subject"] == "Linli has a message for you"
    assert f"{live_settings.PUBLIC_URL}/grid/7/" in message.get_content()
    assert message["Message-ID"] == delivery.message_id == f"<{delivery.notice_id}.email@linli>"
    assert message["Auto-Submitted"] == "auto-generated"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.next_try_at, delivery.error_code) == ("sent", 1, None, "")
    assert AT <= delivery.sent_at < AT + MINUTE


def test_a_person_is_written_to_at_his_sealed_address_in_his_language(mail):
    person = create_person(context="petitioner", name="常小红", email="hong@example.org", language="en", at=AT)
    owe([NewNotice(person_id=person.pk, kind="petition.answered", dedupe_key="a", at=AT)])

    with translation.override("zh-hans"):
        assert deliver_due(at=AT) == 1

    assert mail.taken_for == ["hong@example.org"]
    assert mail.messages[0]["Subject"] == "Linli has a message for you"
    assert "常小红" not in mail.messages[0].get_content()


def test_a_sent_delivery_is_not_sent_again(mail):
    delivery = owed_mail()

    assert deliver_due(at=AT) == 1
    assert deliver_due(at=AT + timedelta(days=1)) == 0
    assert deliver(delivery_id=delivery.pk, at=AT + timedelta(days=1)) is False

    assert len(mail.messages) == 1


def test_what_is_not_due_yet_waits(mail):
    delivery = owed_mail(not_before=AT + 5 * MINUTE)

    assert deliver_due(at=AT) == 0
    assert deliver(delivery_id=delivery.pk, at=AT) is False
    assert mail.messages == []

    assert deliver_due(at=AT + 5 * MINUTE) == 1


def test_one_delivery_is_sent_by_its_number(mail):
    delivery, other = owed_mail(), owed_mail()

    assert deliver(delivery_id=delivery.pk, at=AT) is True
    assert deliver(delivery_id=-1, at=AT) is False

    other.refresh_from_db()
    assert other.state == "queued"
    assert len(mail.messages) == 1


def test_a_run_goes_oldest_first_over_one_connection_and_stops_at_its_limit(mail):
    users = [make_user() for _number in range(4)]
    owe([notice_for(user, at=AT + number * MINUTE) for number, user in enumerate(reversed(users))])

    assert deliver_due(at=AT + 10 * MINUTE, limit=3) == 3

    assert mail.taken_for == [user.email for user in users[::-1][:3]]
    assert mail.connections == 1


@pytest.mark.parametrize("notices", [1, 3])
def test_every_delivery_costs_the_same(mail, django_assert_num_queries, notices):
    owe([notice_for(make_user()) for _number in range(notices)])

    # digests that were forgotten; each: savepoint, claim, lease, release, sent; then for each channel one claim that
    # finds nothing
    with django_assert_num_queries(5 * notices + 10):
        assert deliver_due(at=AT) == notices


# -- answers of the mail server


def test_a_mailbox_that_is_busy_is_tried_again_and_the_others_are_served(mail):
    busy, fine = make_user(), make_user()
    delivery = owed_mail(busy)
    owed_mail(fine, at=AT + MINUTE)
    mail.answers[busy.email] = "450 greylisted, come back"

    assert deliver_due(at=AT + MINUTE) == 1

    delivery.refresh_from_db()
    assert mail.taken_for == [fine.email]
    assert (delivery.state, delivery.attempts, delivery.error_code) == ("failed", 1, "smtp_450")
    assert AT + 2 * MINUTE <= delivery.next_try_at < AT + 3 * MINUTE

    mail.answers.clear()
    assert deliver_due(at=AT + 3 * MINUTE) == 1

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error_code) == ("sent", 2, "")
    assert [message["Message-ID"] for message in mail.messages][1] == delivery.message_id


def test_a_mailbox_that_does_not_exist_is_given_up_at_once(mail):
    user = make_user()
    delivery = owed_mail(user)
    mail.answers[user.email] = "550 no such user here"

    assert deliver_due(at=AT) == 0

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.next_try_at, delivery.error_code) == (
        "dead",
        1,
        None,
        "smtp_550",
    )
    assert Notice.objects.for_inbox(user).count() == 1


def test_a_message_refused_for_its_content_is_given_up(mail):
    user = make_user()
    delivery = owed_mail(user)
    mail.at_data[user.email] = "554 looks like spam"

    deliver_due(at=AT)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error_code) == ("dead", "smtp_554")


def test_waits_grow_and_the_last_attempt_gives_up(mail):
    user = make_user()
    delivery = owed_mail(user)
    mail.answers[user.email] = "451 not now"
    moment, waits = AT, []

    while delivery.state != "dead":
        assert deliver(delivery_id=delivery.pk, at=moment) is False
        delivery.refresh_from_db()
        if delivery.next_try_at:
            waits.append(delivery.next_try_at - moment)
            assert deliver(delivery_id=delivery.pk, at=delivery.next_try_at - timedelta(seconds=1)) is False
            moment = delivery.next_try_at

    assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 15, 60, 180, 480, 960, 1440]
    assert (delivery.attempts, delivery.error_code) == (9, "smtp_451")
    assert moment - AT > timedelta(days=2)


def test_a_server_that_is_down_ends_the_run_after_one_attempt(mail):
    deliveries = [owed_mail() for _number in range(3)]
    mail.stop()

    assert deliver_due(at=AT) == 0

    states = [(d.state, d.attempts, d.error_code) for d in Delivery.objects.order_by("pk")]
    assert states == [("failed", 1, "unreachable"), ("queued", 0, ""), ("queued", 0, "")]
    assert Delivery.objects.due(AT).count() == len(deliveries) - 1


def test_a_server_that_wants_a_new_connection_now_and_then_gets_it(mail):
    mail.most_per_connection = 2
    for _number in range(5):
        owed_mail()

    assert deliver_due(at=AT) == 5

    assert mail.connections == 3
    assert len(set(mail.taken_for)) == 5


def test_an_account_closed_or_without_address_meanwhile_is_given_up(mail):
    closed, silent = make_user(), make_user()
    owe([notice_for(closed), notice_for(silent)])
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    type(silent).objects.filter(pk=silent.pk).update(email="")

    assert deliver_due(at=AT) == 0

    assert list(Delivery.objects.values_list("state", "error_code")) == [("dead", "no_address")] * 2
    assert mail.messages == []


def test_an_erased_person_is_not_written_to(mail):
    person = create_person(context="petitioner", email="hong@example.org", at=AT)
    owe([NewNotice(person_id=person.pk, kind="k", dedupe_key="k", at=AT)])
    Person.objects.update(email_sealed=None)

    assert deliver_due(at=AT) == 0
    assert Delivery.objects.get().error_code == "no_address"


def test_a_bad_row_does_not_stop_the_others_and_tells_the_log_nothing_personal(mail, caplog):
    broken = create_person(context="petitioner", email="hong@example.org", at=AT)
    Person.objects.filter(pk=broken.pk).update(email_sealed=b"garbage")
    owe([NewNotice(person_id=broken.pk, kind="k", dedupe_key="k", at=AT)])
    fine = owed_mail(at=AT + MINUTE)

    assert deliver_due(at=AT + MINUTE) == 1

    bad = Delivery.objects.exclude(pk=fine.pk).get()
    assert (bad.state, bad.error_code) == ("failed", "bug")
    assert "fails by a bug: BrokenSeal" in caplog.text


def test_no_address_reaches_the_log_or_the_table(mail, caplog):
    caplog.set_level("DEBUG")
    secret = make_user(email="secret.name@example.org")
    owed_mail(secret)
    mail.answers[secret.email] = "550 <secret.name@example.org> unknown"

    deliver_due(at=AT)

    assert "secret.name" not in "".join(
        record.getMessage() for record in caplog.records if "mail.log" not in record.name
    )
    assert Delivery.objects.get().error_code == "smtp_550"


# -- at once, and after a crash


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_share_the_work_and_send_each_once(mail):
    users = [make_user() for _number in range(40)]
    owe([notice_for(user) for user in users])
    sent = []
    start = threading.Barrier(3)

    def run():
        start.wait()
        sent.append(deliver_due(at=AT))
        connection.close()

    threads = [threading.Thread(target=run) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(sent) == 40
    assert sorted(mail.taken_for) == sorted(user.email for user in users)
    assert Delivery.objects.filter(state="sent", attempts=1).count() == 40


@pytest.mark.django_db(transaction=True)
def test_what_is_in_hand_is_left_alone_and_no_lock_is_held_while_mail_goes_out(mail):
    delivery = owed_mail()
    mail.hold.clear()
    sending = threading.Thread(target=lambda: (deliver_due(at=AT), connection.close()))
    sending.start()
    assert mail.holding.wait(10)

    assert deliver_due(at=AT) == 0
    with transaction.atomic():
        Delivery.objects.select_for_update(nowait=True).get(pk=delivery.pk)

    mail.hold.set()
    sending.join(10)
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert len(mail.messages) == 1


KILLED = """
import sys, django
from django.conf import settings
django.setup()
from datetime import datetime
from django.db import connection, transaction
connection.settings_dict["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", int(sys.argv[2]), 60
from notifications.services import deliver_due
deliver_due(at=datetime.fromisoformat(sys.argv[3]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_sending_loses_nothing(mail):
    in_hand, waiting = owed_mail(), owed_mail(at=AT + timedelta(seconds=1))
    mail.hold.clear()
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, connection.settings_dict["NAME"], str(mail.port), (AT + MINUTE).isoformat()],
        env=os.environ,
        cwd=live_settings.BASE_DIR,
    )
    assert mail.holding.wait(60)
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    mail.hold.set()
    mail.messages.clear()  # whether the server kept the half-heard message is its own affair

    # the lease still runs: only the other one is sent
    assert deliver_due(at=AT + 2 * MINUTE) == 1
    assert mail.taken_for == [waiting.notice.recipient.email]
    # and ends
    assert deliver_due(at=AT + 2 * MINUTE + LEASE) == 1

    in_hand.refresh_from_db()
    assert (in_hand.state, in_hand.attempts) == ("sent", 2)
    assert mail.messages[1]["Message-ID"] == in_hand.message_id


def test_a_message_that_kills_every_worker_runs_out_of_attempts_too(mail):
    delivery = owed_mail()
    Delivery.objects.update(attempts=len(BACKOFF["email"]) + 1)

    assert deliver_due(at=AT) == 0

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error_code) == ("dead", "no_answer")
    assert mail.messages == []


def test_whoever_lost_the_lease_does_not_overrule_the_later_attempt(mail, monkeypatch):
    user = make_user()
    delivery = owed_mail(user)
    mail.answers[user.email] = "450 later"
    ours = services._claim(Delivery.objects.all(), at=AT)
    Delivery.objects.update(attempts=2, next_try_at=AT + LEASE + LEASE)  # another run has claimed it since

    with services.Ways() as ways:
        services._attempt(ours, ways=ways, at=AT + LEASE)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.next_try_at) == ("queued", 2, AT + LEASE + LEASE)


def test_a_run_ends_when_its_time_is_over(mail, monkeypatch):
    owe([notice_for(make_user()) for _number in range(3)])
    monkeypatch.setattr(services, "RUN_SECONDS", 0)

    assert deliver_due(at=AT) == 0
    assert Delivery.objects.filter(attempts=0).count() == 3


# -- given up, and again


def test_a_given_up_delivery_is_sent_again_with_all_its_attempts(mail, django_capture_on_commit_callbacks):
    user = make_user()
    dead, sent = owed_mail(user), owed_mail()
    mail.answers[user.email] = "550 no such user"
    deliver_due(at=AT)
    mail.answers.clear()

    with django_capture_on_commit_callbacks() as callbacks:
        assert send_again(Delivery.objects.all(), at=AT + MINUTE) == 1

    dead.refresh_from_db()
    assert (dead.state, dead.attempts, dead.next_try_at, dead.error_code) == ("queued", 0, AT + MINUTE, "")
    assert len(callbacks) == 1
    assert deliver_due(at=AT + MINUTE) == 1
    sent.refresh_from_db()
    assert (sent.state, sent.attempts) == ("sent", 1)


def test_sending_again_leaves_waiting_and_sent_ones_alone():
    owed_mail()

    assert send_again(Delivery.objects.all(), at=AT) == 0
    assert Delivery.objects.get().next_try_at == AT
