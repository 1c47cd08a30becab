import socket
import threading
import time

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.db import transaction

from notifications import queue
from notifications.models import Delivery
from notifications.slots import SLOTS, free_slot
from notifications.tasks import deliver, deliver_due
from tests.notifications.mailing import AT, owed_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker_at():
    """Point what sends tasks at another broker, until the test ends."""

    def point(url):
        current_app.conf["broker_write_url"] = url

    yield point
    current_app.conf.pop("broker_write_url", None)


def test_a_task_is_enqueued_after_commit_under_its_name(django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: sent.append((name, options["kwargs"])))

    with django_capture_on_commit_callbacks(execute=True):
        queue.on_commit("notifications.deliver", delivery_id=7)
        assert sent == []

    assert sent == [("notifications.deliver", {"delivery_id": 7})]


def test_a_rollback_enqueues_nothing(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        queue.on_commit("notifications.deliver", delivery_id=7)
        transaction.set_rollback(True)

    assert callbacks == []


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_broker_that_is_down_is_noted_without_the_payload_and_costs_no_time(
    broker_at, django_capture_on_commit_callbacks, caplog
):
    broker_at(f"redis://:hush@127.0.0.1:{closed_port()}/0")
    started = time.monotonic()

    with django_capture_on_commit_callbacks(execute=True):
        queue.on_commit("notifications.deliver", delivery_id=123456789)

    assert time.monotonic() - started < 2
    assert "Task notifications.deliver was not enqueued" in caplog.text
    assert "123456789" not in caplog.text
    assert "hush" not in caplog.text


def test_a_broker_that_hangs_holds_nobody_for_long(broker_at, django_capture_on_commit_callbacks, caplog):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        broker_at(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        started = time.monotonic()

        with django_capture_on_commit_callbacks(execute=True):
            queue.on_commit("notifications.deliver", delivery_id=7)

    assert time.monotonic() - started < 5
    assert "was not enqueued" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_sends_what_was_owed_as_soon_as_it_is_committed(mail):
    from config.celery import app

    app.loader.import_default_modules()
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
        delivery = owed_mail()
        end = time.monotonic() + 20
        while delivery.state != "sent" and time.monotonic() < end:
            time.sleep(0.1)
            delivery.refresh_from_db()

    assert delivery.state == "sent"
    assert [message["Message-ID"] for message in mail.messages] == [delivery.message_id]


# -- tasks


def test_the_tasks_have_the_names_they_are_enqueued_by():
    assert (deliver.name, deliver_due.name) == ("notifications.deliver", "notifications.deliver_due")


def test_a_task_sends_and_passes_over_what_a_later_release_may_add(mail):
    one, other = owed_mail(), owed_mail()

    deliver(delivery_id=one.pk, added_later=True)
    assert len(mail.messages) == 1
    deliver_due(added_later=True)
    deliver_due()

    assert [message["Message-ID"] for message in mail.messages] == [one.message_id, other.message_id]


def test_a_task_for_a_delivery_that_is_gone_does_nothing(mail):
    deliver(delivery_id=-1)

    assert mail.messages == []


def test_no_more_tasks_send_at_once_than_there_are_slots(mail, other_sessions):
    owed_mail()
    for session in other_sessions(SLOTS):
        session.execute("SELECT pg_try_advisory_lock(%s, %s)", [0x6E6F7469, session.number])

    deliver_due()
    assert mail.messages == []
    with free_slot() as free:
        assert free is False


def test_a_slot_is_free_again_afterwards(mail):
    owed_mail(at=AT)

    for _turn in range(SLOTS + 2):
        with free_slot() as free:
            assert free is True
    deliver_due()

    assert Delivery.objects.get().state == "sent"


class Session:
    def __init__(self, number):
        from django.db import connection

        self.number = number
        self.connection = connection.copy()

    def execute(self, statement, params):
        with self.connection.cursor() as cursor:
            cursor.execute(statement, params)


@pytest.fixture
def other_sessions():
    opened = []

    def open_some(count):
        opened.extend(Session(number) for number in range(count))
        return opened

    yield open_some
    for session in opened:
        session.connection.close()


# -- calls: tasks without arguments


@pytest.fixture
def calls(monkeypatch):
    """Calls of a process that has made none yet, and what reached the broker."""
    sent = []
    monkeypatch.setattr(queue, "_calls", queue._Calls())
    monkeypatch.setattr(current_app, "send_task", lambda name, **_options: sent.append(name))
    return sent


def waited_for():
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(5)


def test_calls_of_one_moment_are_made_as_two_the_first_at_once(calls, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _matter in range(5):
            queue.on_commit("notifications.deliver_due")

    assert calls == ["notifications.deliver_due"]
    waited_for()
    assert calls == ["notifications.deliver_due"] * 2


def test_a_call_of_another_kind_waits_for_none_and_arguments_are_never_lost(calls, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        queue.on_commit("notifications.deliver_due")
        queue.on_commit("deadlines.recompute")
        queue.on_commit("notifications.deliver", delivery_id=1)
        queue.on_commit("notifications.deliver", delivery_id=2)

    assert calls == ["notifications.deliver_due", "deadlines.recompute", *["notifications.deliver"] * 2]
    waited_for()
    assert len(calls) == 4


def test_after_the_moment_a_call_is_made_at_once_again(calls, django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr(queue, "MOMENT", 0)
    with django_capture_on_commit_callbacks(execute=True):
        queue.on_commit("notifications.deliver_due")
        queue.on_commit("notifications.deliver_due")

    assert len(calls) == 2
