"""Pauses, extensions, urging and supervision: who may ask, when, how often, and what the clocks do."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from deadlines import life
from deadlines.explain import explain_clock
from deadlines.sweep import sweep
from notifications.models import Notice
from petitions import requests, supplements, transitions
from petitions.enums import Decision, Status
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.models import ExtensionRequest, PetitionEscalation, PetitionEvent
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def petition(district):
    """Filed and taken on Tuesday 9 June 2026; to be resolved within five working days: by the end of the 16th."""
    return district.petition(status=Status.SIGNED, policy="committed_tier", category="0103")


def resolve_clock(petition):
    return petition.clocks.get(stage__code="resolve")


def ask(district, petition, *, by=None, when="2026-06-12 10:00", value=5, reason="等配件到货。"):
    return requests.ask_extension(
        petition, by=district.as_staff(by or district.worker), at=at(when), value=value, reason=reason
    )


def decide(district, request, *, by=None, grant=True, when="2026-06-12 15:00", reason="配件6月20日到。"):
    return requests.decide_extension(
        request, by=district.as_staff(by or district.dispatcher), at=at(when), grant=grant, reason=reason
    )


# -- more time


def test_the_date_before_any_request(petition):
    assert resolve_clock(petition).due_at == at("2026-06-17 00:00")


def test_the_holder_asks_and_the_post_the_policy_names_grants(district, petition):
    request = ask(district, petition)
    assert Notice.objects.filter(kind="petition_extension_asked", recipient=district.dispatcher).count() == 1
    assert resolve_clock(petition).due_at == at("2026-06-17 00:00")

    decide(district, request)

    # five more working days; 19-21 June is the Dragon Boat holiday: 17 18 22 23 24
    clock = resolve_clock(petition)
    assert (clock.due_at, clock.generation) == (at("2026-06-25 00:00"), 2)
    petition.refresh_from_db()
    assert Notice.objects.filter(kind="resident_extended", person=petition.petitioner).count() == 1
    assert Notice.objects.filter(kind="petition_extended", recipient=district.worker).count() == 1


def test_a_granted_extension_arms_the_rungs_that_lie_ahead_again(district, petition):
    sweep(at=at("2026-06-16 12:00"))
    fired = PetitionEscalation.objects.filter(clock=resolve_clock(petition))
    assert [(one.generation, one.rung.at) for one in fired] == [(1, "-1wd")]

    decide(district, ask(district, petition, when="2026-06-16 13:00"), when="2026-06-16 14:00")
    sweep(at=at("2026-06-24 12:00"))
    sweep(at=at("2026-06-25 00:00"))

    fired = PetitionEscalation.objects.filter(clock=resolve_clock(petition)).order_by("fell_due_at")
    assert [(one.generation, one.rung.at) for one in fired] == [(1, "-1wd"), (2, "-1wd"), (2, "overdue")]


@pytest.mark.parametrize("who", ["other_worker", "secretary", "lead", "dispatcher"])
def test_only_who_holds_it_asks(district, petition, who):
    with pytest.raises(NotYours):
        ask(district, petition, by=getattr(district, who))

    assert not ExtensionRequest.objects.exists()


@pytest.mark.parametrize("who", ["secretary", "worker", "leader", "stranger", "command", "head"])
def test_only_the_post_the_policy_names_decides(district, petition, who):
    request = ask(district, petition)

    with pytest.raises(NotYours):
        decide(district, request, by=getattr(district, who))

    assert ExtensionRequest.objects.get().decision == Decision.WAITING
    assert resolve_clock(petition).due_at == at("2026-06-17 00:00")


@pytest.mark.parametrize("value", [-1, 0, 11, 1000])
def test_the_length_is_capped(district, petition, value):
    with pytest.raises(NotNow):
        ask(district, petition, value=value)

    assert not ExtensionRequest.objects.exists()


def test_after_the_date_it_is_too_late_to_ask(district, petition):
    with pytest.raises(NotNow):
        ask(district, petition, when="2026-06-17 00:00")


def test_a_second_extension_is_refused(district, petition):
    decide(district, ask(district, petition))

    with pytest.raises(NotNow):
        ask(district, petition, when="2026-06-18 10:00")


def test_while_one_request_waits_no_second_is_taken(district, petition):
    ask(district, petition)

    with pytest.raises(NotNow):
        ask(district, petition)

    assert ExtensionRequest.objects.count() == 1


def test_1365_is_converted_and_never_extended(district):
    rapid = district.petition(status=Status.SIGNED, policy="rapid_1365", category="0702")

    with pytest.raises(NotNow, match=r"no extension|不允许延期"):
        ask(district, rapid, when="2026-06-09 10:20")


def test_an_extension_of_a_resolved_matter_is_refused(district, petition):
    request = ask(district, petition)
    transitions.resolve(petition, by=district.as_staff(district.worker), at=at("2026-06-12 11:00"), reply="已办。")

    with pytest.raises(NotNow):
        decide(district, request)


def test_a_refusal_leaves_the_date_and_tells_who_asked(district, petition):
    decide(district, ask(district, petition), grant=False)

    assert resolve_clock(petition).due_at == at("2026-06-17 00:00")
    assert Notice.objects.filter(kind="petition_not_extended", recipient=district.worker).count() == 1
    assert not Notice.objects.filter(kind="resident_extended").exists()


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_asked_for(district, petition, reason):
    with pytest.raises(WordsMissing):
        ask(district, petition, reason=reason)

    assert not ExtensionRequest.objects.exists()


# -- a supplement


def supplement(district, petition, when="2026-06-10 09:00"):
    return supplements.ask_supplement(
        petition, by=district.as_staff(district.worker), at=at(when), words="请补充漏水的具体位置和照片。"
    )


def test_the_clock_stands_while_the_petitioner_is_asked_and_moves_by_what_it_cost(district, petition):
    supplement(district, petition)
    assert resolve_clock(petition).state == "paused"
    assert sweep(at=at("2026-06-18 09:00")).escalations == 0

    supplements.answer_supplement(petition, at=at("2026-06-15 16:00"), words="在厨房水槽下面。")

    # the 11th, 12th and 15th began while it stood: three working days more, the holiday of 19-21 June between
    clock = resolve_clock(petition)
    assert (clock.state, clock.generation, clock.due_at) == ("running", 1, at("2026-06-23 00:00"))
    petition.refresh_from_db()
    assert petition.next_due_at is not None


def test_it_is_asked_for_once(district, petition):
    supplement(district, petition)
    supplements.answer_supplement(petition, at=at("2026-06-10 10:00"), words="厨房。")

    with pytest.raises(NotNow):
        supplement(district, petition, when="2026-06-11 09:00")


def test_a_pause_ends_by_itself_after_ten_working_days(district, petition):
    supplement(district, petition)

    # ten working days after the 10th, the holiday left out: the end of the 25th
    assert life.end_pauses(at=at("2026-06-25 23:59")) == 0
    assert life.end_pauses(at=at("2026-06-26 00:00")) == 1
    assert life.end_pauses(at=at("2026-06-26 00:01")) == 0

    assert resolve_clock(petition).state == "running"
    assert PetitionEvent.objects.filter(petition=petition, code="pause_over").count() == 1
    assert Notice.objects.filter(kind="petition_pause_over", recipient=district.worker).count() == 1


def test_1365_does_not_stand_still(district):
    rapid = district.petition(status=Status.SIGNED, policy="rapid_1365", category="0702", step=timedelta(minutes=1))

    supplement(district, rapid, when="2026-06-09 10:05")

    assert not rapid.clocks.filter(state="paused").exists()


def test_a_late_clock_does_not_stand_still(district, petition):
    supplement(district, petition, when="2026-06-18 09:00")

    assert resolve_clock(petition).state == "running"


def test_resolving_while_it_stands_is_in_time(district, petition):
    supplement(district, petition)

    transitions.resolve(petition, by=district.as_staff(district.worker), at=at("2026-06-24 10:00"), reply="已办。")

    clock = resolve_clock(petition)
    assert (clock.state, clock.met, clock.pause_ends_at) == ("stopped", True, None)


# -- attention


def test_the_petitioner_urges_once_a_day(district, petition):
    requests.urge(petition, at=at("2026-06-10 09:00"))
    with pytest.raises(NotNow):
        requests.urge(petition, at=at("2026-06-10 23:59"))
    requests.urge(petition, at=at("2026-06-11 00:00"))

    assert petition.events.filter(code="urged").count() == 2
    assert Notice.objects.filter(kind="petition_urged", recipient=district.worker).count() == 2
    assert Notice.objects.filter(kind="petition_urged", recipient=district.secretary).count() == 2


def test_urging_what_a_unit_handles_is_shown_to_its_head_too(district):
    petition = district.petition(status=Status.SIGNED, policy="committed_tier", organisation=True)

    requests.urge(petition, at=at("2026-06-10 09:00"))

    told = Notice.objects.filter(kind="petition_urged").values_list("recipient__display_name", flat=True)
    assert sorted(told) == ["handler", "head", "secretary"]


@pytest.mark.parametrize("who", ["worker", "secretary", "stranger", "handler", "lead"])
def test_an_order_comes_from_above(district, petition, who):
    with pytest.raises(NotYours):
        requests.supervise(
            petition, by=district.as_staff(getattr(district, who)), at=at("2026-06-18 09:00"), words="请速办。"
        )


def test_a_supervision_order_has_a_clock_of_its_own_and_climbs_when_late(district, petition):
    order = requests.supervise(
        petition, by=district.as_staff(district.dispatcher), at=at("2026-06-10 09:00"), words="请速办并说明原因。"
    )
    assert order.due_at == at("2026-06-13 00:00")

    sweep(at=at("2026-06-13 00:00"))
    late = PetitionEscalation.objects.filter(clock__stage__policy__key="supervision", rung__at="overdue")
    assert [one.told for one in late] == [[district.leader.pk]]

    requests.answer_order(
        order, by=district.as_staff(district.worker), at=at("2026-06-15 09:00"), words="配件已到，今天完成。"
    )
    clock = petition.clocks.get(stage__policy__key="supervision")
    assert (clock.state, clock.met) == ("stopped", False)


def test_a_second_order_starts_a_new_generation(district, petition):
    def order(when):
        return requests.supervise(petition, by=district.as_staff(district.dispatcher), at=at(when), words="请速办。")

    first = order("2026-06-10 09:00")
    requests.answer_order(first, by=district.as_staff(district.worker), at=at("2026-06-11 09:00"), words="在办。")
    second = order("2026-06-15 09:00")

    clocks = petition.clocks.filter(stage__policy__key="supervision").order_by("generation")
    assert [(clock.generation, clock.state) for clock in clocks] == [(1, "stopped"), (2, "running")]
    assert second.due_at == at("2026-06-18 00:00")


def test_the_explanation_names_the_pause_and_the_extension(district, petition):
    supplement(district, petition)
    supplements.answer_supplement(petition, at=at("2026-06-15 16:00"), words="在厨房水槽下面。")
    decide(district, ask(district, petition, when="2026-06-16 10:00", value=1), when="2026-06-16 11:00")

    with translation.override("en"):
        why = explain_clock(petition.clocks.select_related("stage", "area").get(stage__code="resolve"))

    assert "Not counted: 11 June 2026 (Thu), paused" in why.staff
    assert "Extended by 1 working day" in why.staff
    assert "Last day: 23 June 2026 (Tue); late from the next midnight" in why.staff


def test_a_request_lapses_when_the_matter_is_resolved(district, petition):
    ask(district, petition)

    transitions.resolve(petition, by=district.as_staff(district.worker), at=at("2026-06-12 11:00"), reply="已办。")

    assert ExtensionRequest.objects.get().decision == Decision.LAPSED


def test_while_the_clock_stands_no_extension_is_decided(district, petition):
    request = ask(district, petition, when="2026-06-10 08:00")
    supplement(district, petition)

    with pytest.raises(NotNow):
        decide(district, request, when="2026-06-10 10:00")

    assert ExtensionRequest.objects.get().decision == Decision.WAITING
