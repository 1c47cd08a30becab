"""Another category after triage: the rule of its clocks, what no longer matches, another tier with a reason."""

from datetime import datetime

import pytest

from deadlines.models import Policy
from notifications.models import Notice
from petitions import joining, recategorising, transitions
from petitions.enums import EventCode, IssueKind, Status, Tier, Urgency
from petitions.errors import ChangedMeanwhile, NotNow, NotYours, OwnWork, WordsMissing
from petitions.models import Category, Petition, PetitionText
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def wanted(policy="committed_tier", category="0103", tier=Tier.COMMITTED, urgency=Urgency.NORMAL, **more):
    return {
        "category": Category.objects.get(code=category),
        "policy": Policy.objects.get(key=policy, valid_to=None),
        "tier": tier,
        "urgency": urgency,
        "reason": "现场看是大修，不是当天能办的。",
        **more,
    }


def change(district, petition, *, by=None, when="2026-06-09 14:00", **facts):
    return recategorising.recategorise(
        petition, by=district.as_staff(by or district.secretary), at=at(when), **wanted(**facts)
    )


def clocks(petition):
    rows = petition.clocks.exclude(stage__policy__key="intake").select_related("stage__policy").order_by("pk")
    return {
        (clock.stage.policy.key, clock.stage.code): (clock.state, clock.due_at.astimezone(SHANGHAI)) for clock in rows
    }


@pytest.fixture
def petition(district):
    """Immediate, filed at ten, accepted at 10:05 and taken at 10:15 on Tuesday 9 June 2026."""
    return district.petition(status=Status.SIGNED)


def test_the_tier_is_changed_with_a_reason_that_the_petitioner_reads(district, petition):
    change(district, petition)

    petition.refresh_from_db()
    assert (petition.tier, petition.policy.key, petition.category.code, petition.status) == (
        "committed", "committed_tier", "0103", Status.SIGNED,
    )  # fmt: skip
    event = petition.events.get(code=EventCode.RECATEGORISED)
    assert (event.by, event.refs["tier"], event.refs["was"]["tier"]) == (district.secretary, "committed", "immediate")
    assert PetitionText.objects.get(pk=event.text_id).public is True
    assert Notice.objects.filter(kind="resident_recategorised", person=petition.petitioner).count() == 1
    assert Notice.objects.filter(kind="petition_recategorised", recipient=district.worker).count() == 1


def test_the_new_limits_count_from_their_own_moments(district, petition):
    change(district, petition)

    found = clocks(petition)
    # accepted on Tuesday: contact by Wednesday's end, promise by Thursday's, done by Tuesday's
    assert found["committed_tier", "contact"] == ("running", at("2026-06-11 00:00"))
    assert found["committed_tier", "promise"] == ("running", at("2026-06-12 00:00"))
    assert found["committed_tier", "resolve"] == ("running", at("2026-06-17 00:00"))


def test_the_limits_of_the_old_rules_are_removed_and_that_is_said(district, petition):
    change(district, petition, when="2026-06-09 11:00")

    found = clocks(petition)
    assert found["immediate_tier", "arrive"][0] == found["immediate_tier", "resolve"][0] == "cancelled"
    assert petition.events.get(code=EventCode.RECATEGORISED).refs["removed"] == ["arrive", "resolve"]


def test_what_was_missed_by_then_stays_missed(district, petition):
    # somebody was to come within two service hours of 10:05
    change(district, petition, when="2026-06-09 14:00")

    missed = petition.clocks.get(stage__policy__key="immediate_tier", stage__code="arrive")
    assert (missed.state, missed.met) == ("stopped", False)
    event = petition.events.get(code=EventCode.RECATEGORISED)
    assert (event.refs["missed"], event.refs["removed"]) == (["arrive"], ["resolve"])


def test_what_would_lie_behind_us_counts_from_the_change_and_is_not_late(district, petition):
    change(district, petition, when="2026-06-15 10:00")

    contact = petition.clocks.get(stage__policy__key="committed_tier", stage__code="contact")
    resolve = petition.clocks.get(stage__policy__key="committed_tier", stage__code="resolve")
    assert (contact.started_at, contact.due_at) == (at("2026-06-15 10:00"), at("2026-06-17 00:00"))
    # the solution is not behind us yet: it keeps its own moment
    assert resolve.due_at == at("2026-06-17 00:00")
    assert resolve.started_at < at("2026-06-10 00:00")
    assert "contact" in petition.events.get(code=EventCode.RECATEGORISED).refs["anew"]


def test_afresh_everything_counts_from_the_change(district, petition):
    change(district, petition, when="2026-06-11 10:00", afresh=True)

    resolve = petition.clocks.get(stage__policy__key="committed_tier", stage__code="resolve")
    # Thursday 11; Friday 12, Monday 15 to Thursday 18
    assert (resolve.started_at, resolve.due_at) == (at("2026-06-11 10:00"), at("2026-06-19 00:00"))


def test_what_is_done_already_is_not_promised_again(district, petition):
    change(district, petition)

    assert clocks(petition)["committed_tier", "accept"][0] == "cancelled"
    assert not petition.clocks.filter(stage__policy__key="committed_tier", met=False).exists()


def test_later_steps_find_the_new_clocks_and_no_others(district, petition):
    change(district, petition, when="2026-06-09 11:00")

    transitions.resolve(petition, by=district.as_staff(district.worker), at=at("2026-06-10 10:00"), reply="修好了。")

    found = clocks(petition)
    assert found["committed_tier", "resolve"][0] == "stopped"
    assert found["immediate_tier", "resolve"][0] == "cancelled"
    assert petition.clocks.filter(stage__policy__key="committed_tier", generation__gt=1).count() == 0


def test_back_under_the_first_rules_they_run_again(district, petition):
    change(district, petition, when="2026-06-09 11:00")
    change(district, petition, when="2026-06-09 11:30", policy="immediate_tier", category="0102", tier=Tier.IMMEDIATE)

    again = petition.clocks.get(stage__policy__key="immediate_tier", stage__code="resolve", generation=2)
    assert (again.state, again.due_at) == ("running", at("2026-06-11 00:00"))


def test_a_stage_that_no_longer_applies_is_removed_and_said_so(district):
    rapid = district.petition(status=Status.SIGNED, policy="rapid_1365", category="0702")

    change(
        district, rapid, when="2026-06-09 10:20", policy="rapid_1365", category="0702", tier=Tier.IMMEDIATE,
        issue_kind=IssueKind.MEDIATION,
    )  # fmt: skip

    found = clocks(rapid)
    assert found["rapid_1365", "resolve_small"][0] == "cancelled"
    # five hours from the call at ten
    assert found["rapid_1365", "resolve_mediation"] == ("running", at("2026-06-09 15:00"))
    assert rapid.events.get(code=EventCode.RECATEGORISED).refs["removed"] == ["resolve_small"]


def test_what_1365_measures_stays_measured_when_it_turns_out_to_be_none(district):
    rapid = district.petition(status=Status.SIGNED, policy="rapid_1365", category="0702")

    change(district, rapid, when="2026-06-09 10:16")

    found = clocks(rapid)
    assert found["rapid_1365", "plan"] == ("running", at("2026-06-09 10:30"))
    assert found["rapid_1365", "resolve_small"][0] == "cancelled"
    # ten minutes from the call were over at 10:10, and still run late
    assert found["rapid_1365", "arrive"] == ("running", at("2026-06-09 10:10"))


def test_the_preview_says_the_same_and_changes_nothing(district, petition):
    before = clocks(petition)
    facts = {name: value for name, value in wanted().items() if name != "reason"}

    seen = recategorising.preview(petition, at=at("2026-06-09 14:00"), **facts)

    assert (seen.missed, seen.removed, seen.anew) == (["arrive"], ["resolve"], [])
    assert seen.started == ["contact", "promise", "resolve"]
    assert clocks(petition) == before
    assert Petition.objects.get(pk=petition.pk).tier == "immediate"


# -- refused -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["worker", "lead", "supervisor", "other_secretary", "stranger", "handler"])
def test_only_who_triages_changes_it(district, petition, who):
    with pytest.raises((NotYours, OwnWork)):
        change(district, petition, by=getattr(district, who))

    assert Petition.objects.get(pk=petition.pk).tier == "immediate"


def test_who_handles_it_does_not_give_himself_other_dates(district):
    petition = district.petition(status=Status.ACCEPTED)
    petition = transitions.sign(petition, by=district.as_staff(district.secretary), at=at("2026-06-09 10:30"))

    with pytest.raises(OwnWork, match=petition.number):
        change(district, petition)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RESOLVED, Status.CLOSED])
def test_before_triage_and_after_the_work_it_stays(district, status):
    with pytest.raises(NotNow):
        change(district, district.petition(status=status))


def test_without_a_reason_or_any_difference_or_on_an_old_page_nothing_happens(district, petition):
    same = {"policy": "immediate_tier", "category": "0102", "tier": Tier.IMMEDIATE}
    with pytest.raises(WordsMissing):
        change(district, petition, reason=" ")
    with pytest.raises(NotNow):
        change(district, petition, **same)
    with pytest.raises(ChangedMeanwhile):
        change(district, petition, version=petition.version - 1)

    assert not petition.events.filter(code=EventCode.RECATEGORISED).exists()


def test_what_others_joined_does_not_become_confidential(district, petition):
    double = district.petition(at("2026-06-09 10:30"))
    secretary = district.as_staff(district.secretary)
    joining.merge(double, into=petition, by=secretary, at=at("2026-06-09 11:00"), reason="同一件事。")
    hidden = Category.objects.filter(reporter_hidden=True).exclude(policy_key="").first()

    with pytest.raises(NotNow):
        change(district, petition, category=hidden.code)

    assert Petition.objects.get(pk=petition.pk).category.code == "0102"
