"""While nobody is left to be told of one clock, the others are told; that one waits, and is told once, later."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from config import health
from deadlines.models import Heartbeat, SweepFault
from deadlines.sweep import sweep
from grids.models import Appointment, DutyMember
from notifications.models import Notice
from petitions.models import Petition, PetitionClock, PetitionEscalation
from tests.factories import SHANGHAI, TUESDAY
from tests.notifications.test_undelivered import administrator, by

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


TEN_THIRTY = at("2026-06-09 10:30")


@pytest.fixture
def two_matters(district):
    """One in a community with nobody above or in it, one whose secretary is at his post; no duty list."""
    lonely, fine = district.petition(place=district.other_community), district.petition()
    Appointment.objects.exclude(user=district.secretary).delete()
    DutyMember.objects.all().delete()
    return lonely, fine


def test_only_the_clock_that_nobody_can_be_told_of_is_set_aside(two_matters, district, caplog):
    lonely, fine = two_matters

    swept = sweep(at=TEN_THIRTY)

    assert (swept.escalations, swept.faults) == (1, 1)
    assert PetitionEscalation.objects.get().clock.petition == fine
    [clock] = PetitionClock.objects.filter(petition=lonely, state="running")
    fault = SweepFault.objects.get()
    assert (fault.clock_id, fault.error, fault.times, fault.settled_at) == (clock.pk, "NobodyToTell", 1, None)
    assert Heartbeat.objects.get(name="deadlines.sweep").last_run_at >= TEN_THIRTY
    assert "fill the duty list" in caplog.text


def test_it_is_tried_again_while_nobody_is_there_and_told_once_when_somebody_is(two_matters, district):
    lonely, _fine = two_matters
    for minute in (0, 5, 11, 23):
        sweep(at=TEN_THIRTY + timedelta(minutes=minute))
    assert SweepFault.objects.get().times == 3
    assert not PetitionEscalation.objects.filter(clock__petition=lonely).exists()

    # when the duty list is filled again, the very next sweep tells it, dated when it fell due
    DutyMember.objects.create(user=district.duty, position=1, valid_from=TUESDAY.date())
    for minute in (24, 25, 60):
        sweep(at=TEN_THIRTY + timedelta(minutes=minute))

    escalation = PetitionEscalation.objects.get(clock__petition=lonely)
    assert (escalation.told, escalation.fell_due_at) == ([district.duty.pk], TEN_THIRTY)
    assert escalation.fired_at == TEN_THIRTY + timedelta(minutes=24)
    assert Notice.objects.filter(kind="escalation", recipient=district.duty).count() == 1
    assert SweepFault.objects.get().settled_at == TEN_THIRTY + timedelta(minutes=24)


def test_a_clock_that_ends_meanwhile_is_no_fault_any_more(two_matters):
    lonely, _fine = two_matters
    sweep(at=TEN_THIRTY)
    PetitionClock.objects.filter(petition=lonely).update(state="cancelled", next_action_at=None)

    sweep(at=TEN_THIRTY + timedelta(minutes=1))

    assert SweepFault.objects.get().settled_at == TEN_THIRTY + timedelta(minutes=1)


def test_an_unanswered_escalation_with_nobody_above_waits_and_is_raised_once(district):
    # given an urgent matter told to the secretary, who does not answer, and nobody else anywhere
    district.petition()
    Petition.objects.update(urgency="urgent")
    Appointment.objects.exclude(user=district.secretary).delete()
    DutyMember.objects.all().delete()
    sweep(at=TEN_THIRTY)

    sweep(at=TEN_THIRTY + timedelta(minutes=31))
    escalation = PetitionEscalation.objects.get()
    assert (escalation.raised_at, SweepFault.objects.get().error) == (None, "NobodyToTell")

    DutyMember.objects.create(user=district.duty, position=1, valid_from=TUESDAY.date())
    for minute in (42, 43, 60):
        sweep(at=TEN_THIRTY + timedelta(minutes=minute))
    escalation.refresh_from_db()
    assert (escalation.raised_to, escalation.raised_at) == ([district.duty.pk], TEN_THIRTY + timedelta(minutes=42))


def test_readyz_fails_while_the_duty_list_is_empty_and_counts_what_is_set_aside(two_matters, district):
    sweep(at=TEN_THIRTY)

    assert health.check_all(at=TEN_THIRTY)["duty_list"] == "empty"
    assert health.inform(at=timezone.now())["set_aside"] == 1


def test_the_desk_of_an_administrator_says_how_many_wait(two_matters, district, client):
    sweep(at=TEN_THIRTY)

    page = by(client, administrator(district)).get(reverse("admin:index"))

    assert page.context["set_aside"] == 1
    assert "/admin/deadlines/sweepfault/" in page.content.decode()


def test_a_sweep_for_another_moment_is_no_heartbeat(district, capsys):
    call_command("sweep", at=(timezone.now() + timedelta(days=400)).isoformat())
    assert not Heartbeat.objects.exists()

    call_command("sweep")
    assert Heartbeat.objects.get().last_run_at <= timezone.now() + timedelta(seconds=5)
