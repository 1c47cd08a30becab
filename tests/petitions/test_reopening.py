"""What petitioners do by themselves: reopen once within fifteen days, withdraw before it is done."""

from datetime import datetime, timedelta

import pytest

from deadlines.sweep import sweep
from grids.models import Appointment
from notifications.models import Notice
from petitions import petitioner, requests, transitions
from petitions.enums import Decision, EventCode, Status, TextKind, Urgency
from petitions.errors import ChangedMeanwhile, NotNow, WordsMissing
from petitions.kpis import kpis
from petitions.models import Petition, PetitionClock, PetitionEscalation, PetitionText
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def facts(petition):
    """Return what the earlier clocks recorded."""
    rows = petition.clocks.filter(generation=1).order_by("pk")
    return list(rows.values_list("pk", "state", "met", "stopped_at", "seconds_late", "due_at"))


# -- reopen --------------------------------------------------------------------------------------------------------


def test_a_closed_matter_comes_back_to_who_handled_it_and_the_head_is_told(district):
    petition = district.petition(status=Status.CLOSED)
    before = facts(petition)

    petitioner.reopen(petition, at=at("2026-06-12 10:00"), words="灯又不亮了。")

    petition.refresh_from_db()
    assert (petition.status, petition.handler, petition.round) == (Status.IN_PROGRESS, district.worker, 1)
    assert (petition.resolved_at, petition.closed_at) == (None, None)
    event = petition.events.get(code=EventCode.REOPENED)
    assert (event.by, event.from_status, event.to_status) == (None, "closed", "in_progress")
    text = PetitionText.objects.get(pk=event.text_id)
    assert (text.kind, text.original) == (TextKind.BODY, "灯又不亮了。")
    told = Notice.objects.filter(kind="petition_reopened").values_list("recipient", flat=True)
    assert set(told) == {district.worker.pk, district.secretary.pk}
    assert facts(petition) == before


def test_its_clocks_run_anew_and_climb_when_they_are_late_again(district):
    petition = district.petition(status=Status.CLOSED)

    petitioner.reopen(petition, at=at("2026-06-12 10:00"), words="灯又不亮了。")

    again = petition.clocks.get(stage__code="resolve", generation=2)
    # Friday is not counted, Monday is the working day
    assert (again.started_at, again.due_at) == (at("2026-06-12 10:00"), at("2026-06-16 00:00"))
    assert list(petition.clocks.filter(state="running").values_list("stage__code", flat=True)) == ["resolve"]
    sweep(at=at("2026-06-16 00:00"))
    assert PetitionEscalation.objects.filter(clock=again, generation=2, rung__at="overdue").count() == 1


def test_what_is_resolved_again_is_checked_again(district):
    petition = district.petition(status=Status.CLOSED)
    petitioner.reopen(petition, at=at("2026-06-12 10:00"), words="灯又不亮了。")

    transitions.resolve(petition, by=district.as_staff(district.worker), at=at("2026-06-12 11:00"), reply="换了灯。")

    checks = petition.clocks.filter(stage__code="verify").order_by("generation")
    assert list(checks.values_list("generation", "state")) == [(1, "stopped"), (2, "running")]


def test_a_reopened_matter_leaves_the_closure_rate(district):
    petition = district.petition(status=Status.CLOSED)
    day = petition.accepted_at.date()
    assert kpis(start=day, end=day, at=at("2026-06-12 10:00")).closure_rate.numerator == 1

    petitioner.reopen(petition, at=at("2026-06-12 10:00"), words="灯又不亮了。")

    rate = kpis(start=day, end=day, at=at("2026-06-12 10:00")).closure_rate
    assert (rate.numerator, rate.denominator) == (0, 1)


def test_it_can_be_reopened_until_the_end_of_the_fifteenth_day(district):
    petition = district.petition(status=Status.CLOSED)
    closed = petition.closed_at.astimezone(SHANGHAI)
    last = closed.replace(hour=23, minute=59) + timedelta(days=15)

    assert petitioner.may_reopen_until(petition, at=closed) == last.date()
    with pytest.raises(NotNow):
        petitioner.reopen(petition, at=last + timedelta(minutes=1), words="灯又不亮了。")
    assert Petition.objects.get(pk=petition.pk).status == Status.CLOSED

    assert petitioner.reopen(petition, at=last, words="灯又不亮了。").status == Status.IN_PROGRESS


def test_it_can_be_reopened_once(district):
    petition = district.petition(status=Status.CLOSED)
    petitioner.reopen(petition, at=at("2026-06-10 10:00"), words="灯又不亮了。")
    worker, secretary = district.as_staff(district.worker), district.as_staff(district.secretary)
    petition = transitions.resolve(petition, by=worker, at=at("2026-06-10 11:00"), reply="修好了。")
    petition = transitions.verify(petition, by=secretary, at=at("2026-06-10 12:00"))
    petition = transitions.close(petition, by=secretary, at=at("2026-06-10 13:00"))

    assert petitioner.may_reopen_until(petition, at=at("2026-06-10 14:00")) is None
    with pytest.raises(NotNow, match=petition.number):
        petitioner.reopen(petition, at=at("2026-06-10 14:00"), words="又不亮了。")

    assert Petition.objects.get(pk=petition.pk).status == Status.CLOSED


def test_reopening_needs_words(district):
    petition = district.petition(status=Status.CLOSED)

    with pytest.raises(WordsMissing):
        petitioner.reopen(petition, at=at("2026-06-10 10:00"), words="  ")

    assert Petition.objects.get(pk=petition.pk).status == Status.CLOSED
    assert not petition.events.filter(code=EventCode.REOPENED).exists()


def test_where_the_handler_has_left_it_goes_to_who_holds_the_post_now(district):
    petition = district.petition(status=Status.CLOSED)
    Appointment.objects.filter(user=district.worker).update(ends_on=at("2026-06-10 00:00").date())
    seat = Appointment.objects.get(user=district.worker)
    Appointment.objects.create(post=seat.post, user=district.duty, starts_on=at("2026-06-11 00:00").date())

    petitioner.reopen(petition, at=at("2026-06-12 10:00"), words="灯又不亮了。")

    petition.refresh_from_db()
    assert petition.handler == district.duty
    assert Notice.objects.filter(kind="petition_reopened", recipient=district.duty).count() == 1


# -- withdraw ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", [Status.SUBMITTED, Status.ACCEPTED, Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS]
)
def test_what_is_not_done_can_be_withdrawn_and_never_escalates(district, status):
    petition = district.petition(status=status)

    petitioner.withdraw(petition, at=at("2026-06-09 12:00"), words="已经自己解决了。")

    petition.refresh_from_db()
    assert (petition.status, petition.next_due_at) == (Status.WITHDRAWN, None)
    assert not PetitionClock.objects.filter(petition=petition, state__in=("running", "paused")).exists()
    assert sweep(at=at("2026-07-09 12:00")).escalations == 0
    told = list(Notice.objects.filter(kind="petition_withdrawn").values_list("recipient", flat=True))
    held = status in {Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS}
    assert told == ([district.worker.pk] if held else [])


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.VERIFIED, Status.CLOSED])
def test_what_is_done_cannot_be_withdrawn(district, status):
    petition = district.petition(status=status)

    assert not petitioner.may_withdraw(petition)
    with pytest.raises(NotNow, match=petition.number):
        petitioner.withdraw(petition, at=at("2026-06-12 10:00"))

    assert Petition.objects.get(pk=petition.pk).status == status


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.EMERGENCY])
def test_what_may_cost_life_is_looked_at_all_the_same(district, urgency):
    petition = district.petition(status=Status.SIGNED)
    Petition.objects.filter(pk=petition.pk).update(urgency=urgency)

    with pytest.raises(NotNow, match=petition.number):
        petitioner.withdraw(petition, at=at("2026-06-09 12:00"))

    assert Petition.objects.get(pk=petition.pk).status == Status.SIGNED


def test_a_request_for_more_time_lapses_with_it(district):
    petition = district.petition(status=Status.SIGNED, policy="committed_tier", category="0103")
    asked = requests.ask_extension(
        petition, by=district.as_staff(district.worker), at=at("2026-06-10 10:00"), value=2, reason="等配件"
    )

    petitioner.withdraw(petition, at=at("2026-06-10 12:00"))

    asked.refresh_from_db()
    assert (asked.decision, asked.decided_at) == (Decision.LAPSED, at("2026-06-10 12:00"))


def test_who_looks_at_an_old_page_is_told_so(district):
    petition = district.petition(status=Status.SIGNED)

    with pytest.raises(ChangedMeanwhile):
        petitioner.withdraw(petition, at=at("2026-06-09 12:00"), version=petition.version - 1)

    assert Petition.objects.get(pk=petition.pk).status == Status.SIGNED
