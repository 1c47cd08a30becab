"""Told is not seen: an urgent escalation asks to be acknowledged; unanswered it goes one level up, once."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from deadlines.services import acknowledge
from deadlines.sweep import sweep
from grids.models import Appointment
from notifications.models import Notice
from people.errors import NotAllowed, NotAllowedNow
from petitions import transitions
from petitions.models import Petition, PetitionEscalation, PetitionEvent
from tests.factories import SHANGHAI, TUESDAY

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


DUE = at("2026-06-09 10:30")
QUARTER = timedelta(minutes=15)


@pytest.fixture
def urgent(district):
    """An urgent matter that the secretary was told of at half past ten, because nobody had triaged it."""
    petition = district.petition()
    Petition.objects.update(urgency="urgent")
    sweep(at=DUE)
    petition.refresh_from_db()
    return petition


def escalation():
    return PetitionEscalation.objects.get(clock__stage__code="triage", rung__at="overdue")


def unseen_notices():
    return list(Notice.objects.filter(kind="escalation_unseen").values_list("recipient", flat=True))


def test_an_urgent_escalation_asks_for_an_answer_within_a_quarter_of_an_hour(district, urgent):
    assert escalation().answer_by_at == DUE + QUARTER
    notice = Notice.objects.get(kind="escalation")
    assert notice.params["seen_path"] == f"/cases/{urgent.number}/seen/{escalation().pk}/"


def test_an_ordinary_one_asks_for_none(district):
    district.petition()
    sweep(at=DUE)

    assert escalation().answer_by_at is None
    assert "seen_path" not in Notice.objects.get(kind="escalation").params


@pytest.mark.parametrize(("rung", "asks"), [("80%", False), ("overdue+1d", True)])
def test_a_natural_clock_asks_when_it_is_red_or_supervised_and_not_when_it_reminds(district, rung, asks):
    district.petition(status="accepted", policy="rapid_1365", category="0702")
    sweep(at=at("2026-06-10 12:00"))

    rows = PetitionEscalation.objects.filter(rung__at=rung)
    assert {row.answer_by_at is not None for row in rows} == {asks}


def test_unanswered_it_is_told_one_level_up_exactly_once(district, urgent):
    # when the quarter of an hour has passed and many sweeps run
    sweep(at=DUE + QUARTER - timedelta(seconds=1))
    assert unseen_notices() == []
    for minute in (15, 16, 40):
        sweep(at=DUE + timedelta(minutes=minute))

    # then the dispatcher was told once, and the history says so
    assert unseen_notices() == [district.dispatcher.pk]
    assert (escalation().raised_at, escalation().raised_to) == (DUE + QUARTER, [district.dispatcher.pk])
    events = PetitionEvent.objects.filter(petition=urgent, code="escalated", refs__unseen=True)
    assert [event.at for event in events] == [DUE + QUARTER]


def test_acknowledged_it_goes_nowhere(district, urgent):
    acknowledge(escalation(), by=district.secretary, at=DUE + timedelta(minutes=3))

    sweep(at=DUE + timedelta(hours=1))

    assert unseen_notices() == []
    row = escalation()
    assert (row.acknowledged_by, row.acknowledged_at) == (district.secretary, DUE + timedelta(minutes=3))


def test_the_first_answer_counts_and_a_second_changes_nothing(district, urgent):
    acknowledge(escalation(), by=district.secretary, at=DUE + timedelta(minutes=3))
    acknowledge(escalation(), by=district.secretary, at=DUE + timedelta(minutes=9))

    assert escalation().acknowledged_at == DUE + timedelta(minutes=3)


def test_who_was_told_one_level_up_may_answer_too(district, urgent):
    sweep(at=DUE + QUARTER)

    acknowledge(escalation(), by=district.dispatcher, at=DUE + timedelta(minutes=20))

    assert escalation().acknowledged_by == district.dispatcher


def test_who_was_not_told_cannot_answer_for_them(district, urgent):
    with pytest.raises(NotAllowed):
        acknowledge(escalation(), by=district.worker, at=DUE)

    assert escalation().acknowledged_at is None


def test_what_asks_for_nothing_takes_no_answer(district):
    district.petition()
    sweep(at=DUE)

    with pytest.raises(NotAllowedNow):
        acknowledge(escalation(), by=district.secretary, at=DUE)


def test_what_was_done_meanwhile_needs_no_answer_any_more(district, urgent):
    transitions.decline(
        urgent, by=district.as_staff(district.secretary), at=DUE + timedelta(minutes=5), reason="属于诉讼事项。"
    )

    sweep(at=DUE + timedelta(hours=1))

    assert unseen_notices() == []
    assert escalation().answer_by_at is None


def test_one_level_up_is_above_everybody_who_was_told_already(district):
    # given a vacant secretary: the dispatcher himself was told first
    Appointment.objects.filter(user=district.secretary).delete()
    district.petition()
    Petition.objects.update(urgency="urgent")
    sweep(at=DUE)
    assert escalation().told == [district.dispatcher.pk]

    sweep(at=DUE + QUARTER)

    assert escalation().raised_to == [district.command.pk]


def test_above_the_district_stands_the_duty_list(district, urgent):
    sweep(at=at("2026-06-15 12:00"))
    PetitionEscalation.objects.all().delete()
    clock = urgent.clocks.get(stage__code="triage")
    row = PetitionEscalation.objects.create(
        clock=clock, generation=1, rung=clock.stage.rungs.get(at="overdue"), fell_due_at=DUE, fired_at=DUE,
        level="community", told=[district.secretary.pk, district.dispatcher.pk, district.command.pk], route="holder",
        answer_by_at=DUE,
    )  # fmt: skip

    sweep(at=at("2026-06-15 12:01"))

    row.refresh_from_db()
    assert row.raised_to == [district.duty.pk]


def test_idle_costs_no_more_with_a_million_answered(district, urgent, django_assert_num_queries):
    acknowledge(escalation(), by=district.secretary, at=DUE)
    sweep(at=DUE + timedelta(minutes=1))

    with django_assert_num_queries(4):  # is anything due or unanswered, of each of the three kinds; heartbeat
        sweep(at=DUE + timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_raise_each_once(district):
    for _ in range(12):
        district.petition()
    Petition.objects.update(urgency="urgent")
    sweep(at=DUE)
    start = threading.Barrier(6)

    def run():
        start.wait()
        sweep(at=DUE + QUARTER, batch=5)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(unseen_notices()) == 12
    assert PetitionEvent.objects.filter(code="escalated", refs__unseen=True).count() == 12


def test_a_fault_in_raising_leaves_the_rest_of_the_sweep_alone(district, urgent, monkeypatch):
    from deadlines import unseen

    district.petition(TUESDAY + timedelta(minutes=15))
    monkeypatch.setattr(unseen, "requests_above", lambda *_args: 1 / 0)

    swept = sweep(at=DUE + QUARTER)

    assert swept.escalations == 1
    assert unseen_notices() == []
    # and it is tried again, not forgotten
    monkeypatch.undo()
    sweep(at=DUE + QUARTER + timedelta(minutes=10))
    assert unseen_notices() == [district.dispatcher.pk]
