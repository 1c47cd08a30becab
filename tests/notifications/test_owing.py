import threading
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from notifications.models import Delivery, Notice
from notifications.services import NewNotice, owe
from people.models import User
from people.services import create_person
from tests.notifications.mailing import AT, make_user, notice_for

pytestmark = pytest.mark.django_db


def test_a_notice_is_owed_with_its_facts_and_an_e_mail_waits():
    user = make_user()

    owed = owe([notice_for(user, params={"number": "PX1", "due_at": AT, "days": 3}, dedupe_key="late.7.1")])

    notice = Notice.objects.get()
    assert owed == 1
    assert (notice.recipient, notice.person, notice.kind, notice.about, notice.url_path) == (
        user,
        None,
        "test.kind",
        "petition:7",
        "/grid/",
    )
    assert notice.params == {"number": "PX1", "due_at": "2026-06-09T02:00:00Z", "days": 3}
    assert (notice.created_at, notice.not_before, notice.urgent, notice.read_at) == (AT, None, False, None)
    delivery = Delivery.objects.get()
    assert (delivery.notice, delivery.channel, delivery.state, delivery.attempts) == (notice, "email", "queued", 0)
    assert (delivery.next_try_at, delivery.sent_at, delivery.error_code) == (AT, None, "")
    assert delivery.message_id == f"<{notice.pk}.email@linli>"


def test_the_same_fact_is_owed_once():
    user = make_user()
    first = notice_for(user, dedupe_key="late.7.1", params={"days": 1})

    assert owe([first]) == 1
    assert (
        owe([notice_for(user, dedupe_key="late.7.1", params={"days": 2}), notice_for(user, dedupe_key="late.7.2")]) == 1
    )
    assert owe([first, first]) == 0

    assert list(Notice.objects.order_by("dedupe_key").values_list("dedupe_key", "params")) == [
        ("late.7.1", {"days": 1}),
        ("late.7.2", {}),
    ]
    assert Delivery.objects.count() == 2


def test_the_same_fact_twice_in_one_call_is_owed_once():
    user = make_user()

    assert owe([notice_for(user, dedupe_key="late.7.1"), notice_for(user, dedupe_key="late.7.1")]) == 1
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("notices", [1, 500])
def test_owing_costs_the_same_however_many_there_are(django_assert_num_queries, notices):
    users = [make_user() for _number in range(3)]
    new = [notice_for(users[number % 3], dedupe_key=f"k{number}") for number in range(notices)]

    with django_assert_num_queries(1):
        owed = owe(new)

    assert owed == notices
    assert Delivery.objects.count() == notices


def test_owing_nothing_new_asks_once_and_owing_nothing_not_at_all(django_assert_num_queries):
    new = notice_for(make_user())
    owe([new])

    with django_assert_num_queries(1):
        assert owe([new]) == 0
    with django_assert_num_queries(0):
        assert owe([]) == 0


def test_only_who_has_an_address_and_an_open_account_gets_mail():
    with_address = make_user()
    without = make_user(email="")
    closed = make_user(is_active=False)

    assert owe([notice_for(user) for user in (with_address, without, closed)]) == 3

    assert [delivery.notice.recipient for delivery in Delivery.objects.all()] == [with_address]


def test_a_person_gets_mail_if_he_left_an_address():
    reachable = create_person(context="petitioner", name="常小红", email="hong@example.org", at=AT)
    by_phone_only = create_person(context="petitioner", phone="13800138000", at=AT)

    owed = owe(
        [
            NewNotice(person_id=person.pk, kind="test.kind", dedupe_key=f"answer.{person.pk}", at=AT)
            for person in (reachable, by_phone_only)
        ]
    )

    assert owed == 2
    assert [delivery.notice.person for delivery in Delivery.objects.all()] == [reachable]


def test_not_before_holds_the_mail_and_never_the_message_in_the_app():
    user = make_user()
    morning = AT + timedelta(hours=9)

    owe([notice_for(user, not_before=morning)])

    assert Notice.objects.for_inbox(user).get().not_before == morning
    assert Delivery.objects.get().next_try_at == morning
    assert not Delivery.objects.due(morning - timedelta(seconds=1)).exists()
    assert Delivery.objects.due(morning).count() == 1


def test_a_not_before_that_has_passed_holds_nothing():
    owe([notice_for(make_user(), not_before=AT - timedelta(hours=1))])

    assert Delivery.objects.get().next_try_at == AT


def test_an_urgent_notice_is_never_held():
    owe([notice_for(make_user(), not_before=AT + timedelta(hours=9), urgent=True)])

    assert Delivery.objects.get().next_try_at == AT


def test_a_rollback_owes_nothing():
    with transaction.atomic():
        owe([notice_for(make_user())])
        transaction.set_rollback(True)

    assert not Notice.objects.exists()


def test_sending_is_enqueued_after_commit_and_only_if_there_is_mail(django_capture_on_commit_callbacks, monkeypatch):
    enqueued = []
    monkeypatch.setattr("notifications.queue._send", lambda name, kwargs: enqueued.append((name, kwargs)))

    with django_capture_on_commit_callbacks(execute=True):
        owe([notice_for(make_user(email=""))])
    with django_capture_on_commit_callbacks(execute=True):
        owe([notice_for(make_user())])
        assert enqueued == []

    assert enqueued == [("notifications.deliver_due", {})]


@pytest.mark.django_db(transaction=True)
def test_two_transactions_that_owe_the_same_at_once_owe_it_once():
    user = make_user()
    keys = [f"late.{number}" for number in range(50)]
    counted = []
    start = threading.Barrier(2)

    def owe_all(order):
        start.wait()
        for _turn in range(5):
            with transaction.atomic():
                counted.append(owe([notice_for(user, dedupe_key=key) for key in order]))
        connection.close()

    threads = [threading.Thread(target=owe_all, args=(order,)) for order in (keys, keys[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(counted) == 10
    assert sum(counted) == Notice.objects.count() == Delivery.objects.count() == 50


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"recipient_id": None}, "exactly one recipient"),
        ({"person_id": uuid.UUID(int=1)}, "exactly one recipient"),
        ({"at": datetime(2026, 6, 9)}, "aware moments"),
        ({"not_before": datetime(2026, 6, 9)}, "aware moments"),
        ({"url_path": "https://example.org/"}, "page of ours"),
        ({"url_path": "//example.org/"}, "page of ours"),
        ({"kind": ""}, "needs a kind"),
        ({"dedupe_key": ""}, "needs a dedupe_key"),
        ({"dedupe_key": "k" * 161}, "too long a dedupe_key"),
        ({"about": "a" * 65}, "too long a about"),
    ],
)
def test_a_notice_that_could_not_be_stored_is_a_bug_where_it_is_made(facts, complaint):
    with pytest.raises(ValueError, match=complaint):
        notice_for(User(pk=1), **facts)


@pytest.mark.parametrize("recipients", [{}, {"recipient": True, "person": True}])
def test_the_database_wants_exactly_one_recipient(recipients):
    person = create_person(context="petitioner", name="常小红", at=AT)
    both = {"recipient": make_user(), "person": person}

    with pytest.raises(IntegrityError, match="notice_has_one_recipient"), transaction.atomic():
        Notice.objects.create(kind="k", dedupe_key="k", created_at=AT, **{name: both[name] for name in recipients})


@pytest.mark.parametrize("url_path", ["https://example.org/", "//example.org/", "grid/"])
def test_the_database_wants_a_page_of_ours(url_path):
    with pytest.raises(IntegrityError, match="notice_page_is_ours"), transaction.atomic():
        Notice.objects.create(kind="k", dedupe_key="k", created_at=AT, recipient=make_user(), url_path=url_path)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"state": "queued", "next_try_at": None}, "delivery_open_iff_next_try"),
        ({"state": "dead", "next_try_at": AT}, "delivery_open_iff_next_try"),
        ({"state": "sent", "next_try_at": None, "sent_at": None}, "delivery_sent_iff_sent_at"),
        ({"state": "queued", "sent_at": AT}, "delivery_sent_iff_sent_at"),
    ],
)
def test_the_database_wants_a_delivery_that_makes_sense(facts, constraint):
    owe([notice_for(make_user())])

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Delivery.objects.update(**facts)


def test_a_notice_goes_out_once_on_each_channel():
    owe([notice_for(make_user())])

    with pytest.raises(IntegrityError, match="delivery_once_per_channel"), transaction.atomic():
        Delivery.objects.create(notice=Notice.objects.get(), channel="email", next_try_at=AT)


def test_quotes_backslashes_and_commas_come_through_as_they_are():
    odd = 'a "b" \\ {c},NULL 居民\n'

    owe([notice_for(make_user(), dedupe_key=odd, about=odd, params={odd: [odd]})])

    notice = Notice.objects.get()
    assert (notice.dedupe_key, notice.about, notice.params) == (odd, odd, {odd: [odd]})
