"""Power cuts: a worker killed in the middle of a sweep, a broker that lost everything. Nothing lost, nothing twice."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from notifications.models import Delivery, Notice
from petitions.models import Petition, PetitionClockRung, PetitionEscalation, PetitionEvent
from tests.processes import broker, smtp_server, test_database_url, wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

PETITIONS = 25


def owed(what):
    return what.objects.filter(kind="escalation").count() if what is Notice else what.objects.count()


def escalations_mailed():
    return Delivery.objects.filter(notice__kind="escalation")


def blocked_in_the_middle() -> bool:
    """Tell whether the worker has inserted its escalations and waits for the notices' table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND query LIKE '%INSERT INTO notifications_notice%'"
        )
        return cursor.fetchone()[0] > 0


def test_a_worker_killed_in_mid_sweep_and_a_flushed_broker_lose_and_double_nothing(district, tmp_path):
    # given petitions filed a month ago that nobody triaged: two rungs each have come
    filed_at = timezone.now() - timedelta(days=30)
    for _ in range(PETITIONS):
        district.petition(filed_at)
    # urgent, so that no message waits for the offices to open
    Petition.objects.update(urgency="urgent")
    Notice.objects.all().delete()
    expected = 2 * PETITIONS

    with smtp_server() as (mailbox, email_url), worker(tmp_path / "worker.log", EMAIL_URL=email_url) as celery:
        # when the worker is killed while its batch hangs between the escalations and the notices
        with psycopg.connect(_url(), autocommit=False) as blocker:
            blocker.execute("LOCK TABLE notifications_notice IN EXCLUSIVE MODE")
            celery.start()
            wait_for(blocked_in_the_middle, message=celery.log.read_text())
            celery.kill()
            blocker.rollback()

        # then nothing of that batch stands
        wait_for(lambda: not blocked_in_the_middle())
        assert owed(PetitionEscalation) == 0
        assert owed(Notice) == 0

        # when the broker loses all it had, and a new worker comes up
        broker().flushdb()
        celery.start()
        wait_for(lambda: owed(PetitionEscalation) == expected, message="the sweep did not catch up")
        wait_for(
            lambda: escalations_mailed().filter(state="sent").count() == expected,
            message=str(list(Delivery.objects.values_list("state", flat=True))),
        )
        # and it sweeps on for a while
        broker().flushdb()
        seen = PetitionClockRung.objects.filter(fired_at__isnull=False).count()
        wait_for(lambda: celery.log.read_text().count("deadlines.sweep") > 8)

    # then each rung stands exactly once: escalation, event, notice, message
    assert seen == expected
    assert owed(PetitionEscalation) == expected
    assert owed(Notice) == expected
    assert PetitionEvent.objects.filter(code="escalated").count() == expected
    numbers = {delivery.message_id for delivery in escalations_mailed()}
    # the duty list may have heard of the stopped sweep besides
    received = [number for number, _to in mailbox.received if number in numbers]
    assert len(numbers) == len(received) == len(set(received)) == expected


def _url() -> str:
    return test_database_url().replace("postgres://", "postgresql://")
