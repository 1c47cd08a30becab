"""The alarm of the sweep: three missed intervals are an outage; the duty list is told once, and once more next time."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from deadlines.heartbeat import SWEEP, beat
from deadlines.models import Heartbeat
from deadlines.sweep import sweep
from deadlines.watch import watch
from grids.models import DutyMember
from notifications.models import Delivery, Notice
from tests.factories import TUESDAY

pytestmark = pytest.mark.django_db

EVERY = timedelta(seconds=settings.SWEEP_SECONDS)
MOMENT = timedelta(seconds=1)


def alarms():
    return Notice.objects.filter(kind="sweep_stopped")


def test_two_missed_sweeps_are_the_network_and_three_an_outage(district):
    """Case 27: heartbeat alarm when the job has not run."""
    beat(SWEEP, at=TUESDAY, handled=0)

    assert watch(at=TUESDAY + 3 * EVERY) == 0
    assert watch(at=TUESDAY + 3 * EVERY + MOMENT) == 1

    alarm = alarms().get()
    assert (alarm.recipient, alarm.urgent, alarm.params) == (
        district.duty,
        True,
        {"last_run_at": "2026-06-09T02:00:00+00:00"},
    )
    assert Delivery.objects.get(notice=alarm).next_try_at == TUESDAY + 3 * EVERY + MOMENT


def test_an_outage_is_told_once_however_long_it_lasts(district):
    beat(SWEEP, at=TUESDAY, handled=0)

    for minute in range(1, 30):
        watch(at=TUESDAY + timedelta(minutes=minute))

    assert alarms().count() == 1


def test_it_is_settled_when_the_sweep_runs_again_and_told_anew_the_next_time(district):
    beat(SWEEP, at=TUESDAY, handled=0)
    watch(at=TUESDAY + timedelta(minutes=5))

    sweep(at=TUESDAY + timedelta(minutes=6))
    watch(at=TUESDAY + timedelta(minutes=6, seconds=1))
    assert not alarms().unread().exists()

    watch(at=TUESDAY + timedelta(minutes=12))
    assert alarms().count() == 2
    assert alarms().unread().count() == 1


def test_a_sweep_that_never_ran_is_missed_too(district):
    assert watch(at=TUESDAY) == 0
    assert watch(at=TUESDAY + 3 * EVERY) == 0

    assert watch(at=TUESDAY + timedelta(minutes=5)) == 1


def test_everybody_on_the_duty_list_is_told(district):
    DutyMember.objects.create(user=district.command, position=2, valid_from=TUESDAY.date())
    beat(SWEEP, at=TUESDAY, handled=0)

    watch(at=TUESDAY + timedelta(minutes=5))

    assert set(alarms().values_list("recipient", flat=True)) == {district.duty.pk, district.command.pk}


def test_it_speaks_while_the_sweep_fails(district, monkeypatch):
    # given a sweep that has died in every run since its last good one
    beat(SWEEP, at=timezone.now() - timedelta(minutes=5), handled=0)
    monkeypatch.setattr("deadlines.firing.waiting", lambda *_args, **_more: 1 / 0)
    from deadlines import tasks

    with pytest.raises(ZeroDivisionError):
        tasks.sweep()
    tasks.watch()

    assert alarms().count() == 1


def test_beat_runs_it_as_a_task_of_its_own():
    entry = settings.CELERY_BEAT_SCHEDULE["deadlines.watch"]

    assert entry["task"] == "deadlines.watch"
    assert entry["schedule"] <= 3 * settings.SWEEP_SECONDS


def test_the_heart_beats_while_a_backlog_is_worked_off(district, monkeypatch):
    from deadlines import sweep as sweeping

    for _ in range(3):
        district.petition()
    seen = []
    real = sweeping.heartbeat.beat
    monkeypatch.setattr(sweeping, "PULSE_SECONDS", 0)
    monkeypatch.setattr(sweeping.heartbeat, "beat", lambda *args, **more: (seen.append(args), real(*args, **more)))

    sweep(at=TUESDAY + timedelta(days=9), batch=1)

    assert len(seen) == 4
    assert Heartbeat.objects.get(name=SWEEP).handled == 6
