"""Escalation: exactly once per clock, generation and rung; missed rungs oldest first; always somebody told."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from deadlines.models import SweepFault
from deadlines.sweep import sweep
from grids.models import Appointment
from notifications.models import Notice
from petitions import transitions
from petitions.enums import Status
from petitions.models import PetitionClock, PetitionClockRung, PetitionEscalation, PetitionEvent
from tests.factories import SHANGHAI, TUESDAY

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def told(stage="triage"):
    return [
        (escalation.rung.at, escalation.level, escalation.told)
        for escalation in PetitionEscalation.objects.filter(clock__stage__code=stage)
        .select_related("rung")
        .order_by("fell_due_at")
    ]


def test_untriaged_petition_climbs_from_the_community_to_the_street(district):
    # given a petition filed on Tuesday at 10:00: triage is due within 30 service minutes
    district.petition()

    # when the sweep runs on time, after the due moment and two days later
    assert sweep(at=at("2026-06-09 10:29")).escalations == 0
    assert sweep(at=at("2026-06-09 10:30")).escalations == 1
    assert sweep(at=at("2026-06-11 09:00")).escalations == 1

    # then the secretary was told first, the dispatcher one working day later
    assert told() == [
        ("overdue", "community", [district.secretary.pk]),
        ("overdue+1wd", "street", [district.dispatcher.pk]),
    ]
    assert [event.at for event in PetitionEvent.objects.filter(code="escalated").order_by("at")] == [
        at("2026-06-09 10:30"),
        at("2026-06-10 10:30"),
    ]


def test_a_second_sweep_does_nothing_more(district):
    district.petition()
    sweep(at=at("2026-06-20 09:00"))
    before = (PetitionEscalation.objects.count(), Notice.objects.count(), PetitionEvent.objects.count())

    swept = sweep(at=at("2026-06-20 09:00"))

    assert (swept.clocks, swept.escalations, swept.notices) == (0, 0, 0)
    assert (PetitionEscalation.objects.count(), Notice.objects.count(), PetitionEvent.objects.count()) == before


def test_after_an_outage_every_missed_rung_fires_once_dated_when_it_fell_due(district):
    district.petition(status=Status.ACCEPTED)

    sweep(at=at("2026-06-30 09:00"))

    assert [(rung, level) for rung, level, _told in told("resolve")] == [
        ("80%", "grid"), ("overdue", "community"), ("overdue+1wd", "street"),
    ]  # fmt: skip
    fell_due = PetitionEscalation.objects.filter(clock__stage__code="resolve").values_list("fell_due_at", flat=True)
    assert all(moment < at("2026-06-13 00:00") for moment in fell_due)


def test_a_clock_past_its_top_rung_is_never_looked_at_again(district, django_assert_num_queries):
    district.petition()
    sweep(at=at("2026-06-30 09:00"))

    assert not PetitionClock.objects.filter(next_action_at__isnull=False).exists()
    with django_assert_num_queries(4):  # is anything due, of each of the three kinds; heartbeat
        sweep(at=at("2026-07-30 09:00"))


@pytest.mark.parametrize("petitions", [1, 30])
def test_a_batch_costs_the_same_however_many_clocks_it_has(district, django_assert_num_queries, petitions):
    for _ in range(petitions):
        district.petition()

    with django_assert_num_queries(20):
        assert sweep(at=at("2026-06-09 10:30")).escalations == petitions


def test_a_stopped_clock_does_not_escalate(district):
    petition = district.petition(status=Status.RESOLVED)

    sweep(at=at("2026-07-30 09:00"))

    stopped = PetitionEscalation.objects.filter(clock__petition=petition, clock__state="stopped")
    assert PetitionClock.objects.filter(petition=petition, state="stopped").exists()
    assert not stopped.exists()


def test_a_declined_petition_does_not_escalate(district):
    petition = district.petition()
    transitions.decline(
        petition, by=district.as_staff(district.secretary), at=TUESDAY + timedelta(minutes=3), reason="属于诉讼事项。"
    )

    assert sweep(at=at("2026-07-30 09:00")).escalations == 0
    assert {clock.state for clock in petition.clocks.all()} == {"stopped"}


def test_a_vacant_secretary_is_answered_by_the_street(district):
    Appointment.objects.filter(user=district.secretary).delete()
    district.petition()

    sweep(at=at("2026-06-09 10:30"))

    assert told() == [("overdue", "community", [district.dispatcher.pk])]
    assert PetitionEscalation.objects.get().route == "level_up"


def test_with_no_post_filled_the_duty_list_is_told(district):
    Appointment.objects.all().delete()
    district.petition()

    sweep(at=at("2026-06-09 10:30"))

    assert told() == [("overdue", "community", [district.duty.pk])]


def test_a_bad_row_is_set_aside_and_the_others_go_on(district, monkeypatch):
    """Case 18: a bad row does not stop the others."""
    bad, good = district.petition(), district.petition()
    from petitions.clocks import FAMILY

    real = FAMILY.describe

    def describe(ids):
        found = real(ids)
        for pk, subject in found.items():
            if subject.number == bad.number:
                raise ValueError(pk)
        return found

    object.__setattr__(FAMILY, "describe", describe)
    try:
        swept = sweep(at=at("2026-06-09 10:30"))
    finally:
        object.__setattr__(FAMILY, "describe", real)

    assert (swept.escalations, swept.faults) == (1, 1)
    assert PetitionEscalation.objects.get().clock.petition == good
    assert SweepFault.objects.get().error == "ValueError"
    # and it is tried again, not forgotten
    assert sweep(at=at("2026-06-09 10:41")).escalations == 1


def test_the_notice_carries_numbers_and_no_words(district):
    petition = district.petition(text="王小明家垃圾，电话13900001111")

    sweep(at=at("2026-06-09 10:30"))

    notice = Notice.objects.get(kind="escalation")
    assert notice.recipient == district.secretary
    assert notice.params["number"] == petition.number
    assert "13900001111" not in str(notice.params)
    assert "王小明" not in str(notice.params)


def test_the_event_is_never_held_but_the_sending_waits_for_the_office(district):
    # given a petition filed at 19:45, whose triage is due at 20:15 within the default service hours of the next day
    district.petition(at("2026-06-09 19:45"))

    sweep(at=at("2026-06-10 08:46"))

    assert PetitionEscalation.objects.get().fell_due_at == at("2026-06-10 08:45")
    assert Notice.objects.get(kind="escalation").not_before == at("2026-06-10 09:00")


@pytest.mark.django_db(transaction=True)
def test_ten_sweeps_at_once_escalate_each_rung_once(district):
    """Case 17: in ten workers at once."""
    for _ in range(40):
        district.petition()
    start = threading.Barrier(10)
    failures = []

    def run():
        try:
            start.wait()
            sweep(at=at("2026-06-30 09:00"), batch=7)
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert PetitionEscalation.objects.count() == 80
    assert PetitionClockRung.objects.filter(fired_at=None, clock__stage__code="triage").count() == 0
    assert PetitionEvent.objects.filter(code="escalated").count() == 80
    assert Notice.objects.filter(kind="escalation").count() == 80
