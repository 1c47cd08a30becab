"""Levels joined up: a late matter climbs, each event reaches its posts, and the main road from end to end."""

from datetime import timedelta

import pytest

from deadlines.models import Policy
from deadlines.sweep import sweep
from notifications.models import Notice
from people.models import User
from petitions import services, transitions
from petitions.enums import Status, Tier, Urgency
from petitions.models import Category, Petition, PetitionEscalation
from tests.factories import TUESDAY
from tests.petitions.case_pages import do
from tests.petitions.filing import send

pytestmark = pytest.mark.django_db


def names(user_ids):
    return sorted(user.display_name for user in User.objects.filter(pk__in=user_ids))


def climbed(petition):
    """Return the rungs of a matter in the order they fell due: stage, when, which level, who was told."""
    rows = PetitionEscalation.objects.filter(clock__petition=petition).exclude(rung__stage__policy__key="intake")
    return [
        (row.rung.stage.code, row.rung.at, row.rung.level, names(row.told))
        for row in rows.select_related("rung__stage").order_by("fell_due_at", "rung__stage__position", "rung__position")
    ]


def test_a_late_matter_climbs_from_the_grid_to_the_district(district):
    """000-09 and 002-02: linkage of the levels; nobody does anything, and each level hears in its turn."""
    petition = district.petition(status=Status.ACCEPTED, policy="rapid_1365", category="0102")

    counts = []
    for minutes in (7, 9, 11, 31, 61, 61 + 24 * 60):
        sweep(at=TUESDAY + timedelta(minutes=minutes))
        counts.append(len(climbed(petition)))

    assert climbed(petition) == [
        ("arrive", "80%", "grid", ["lead", "worker"]),
        ("arrive", "overdue", "community", ["lead", "secretary"]),
        ("plan", "overdue", "community", ["secretary"]),
        ("resolve_small", "overdue", "street", ["dispatcher", "secretary"]),
        ("resolve_small", "overdue+1d", "district", ["command"]),
    ]
    assert counts == [0, 1, 2, 3, 4, 5]
    # each step stands in the history, and each of those told has it in the app
    escalated = petition.events.filter(code="escalated")
    assert escalated.exclude(refs__has_key="unseen").count() == 5
    told = Notice.objects.filter(kind="escalation").values_list("recipient__display_name", flat=True)
    assert set(told) >= {"lead", "worker", "secretary", "dispatcher", "command"}


def test_each_step_is_told_to_the_posts_whose_turn_it_is(district):
    """000-48: notices by role and level, and to nobody else."""

    def told():
        found = sorted(
            (notice.kind.removeprefix("petition_"), notice.recipient.display_name)
            for notice in Notice.objects.filter(recipient__isnull=False).select_related("recipient")
        )
        Notice.objects.all().delete()
        return found

    petition = district.petition()
    assert told() == [("submitted", "secretary"), ("submitted", "window")]
    petition = transitions.accept(
        petition, by=district.as_staff(district.window), at=TUESDAY, category=Category.objects.get(code="0102"),
        policy=Policy.objects.get(key="committed_tier"), tier=Tier.COMMITTED, urgency=Urgency.NORMAL,
    )  # fmt: skip
    assert told() == [("accepted", "worker")]
    petition = transitions.dispatch(
        petition, by=district.as_staff(district.secretary), at=TUESDAY, organisation=district.sanitation
    )
    assert told() == [("dispatched", "handler")]
    petition = transitions.sign(petition, by=district.as_staff(district.handler), at=TUESDAY)
    assert told() == []
    transitions.resolve(petition, by=district.as_staff(district.handler), at=TUESDAY, reply="已清运。")
    assert told() == [("resolved", "secretary"), ("resolved", "window")]


def test_triage_gives_a_matter_its_category_tier_and_limits(client, district):
    """002-42: tiered and classified handling; the category's own tier and policy, or what triage decides."""
    by_category, by_hand = district.petition(), district.petition()

    do(client, district.secretary, by_category, "accept", category="0102", issue_kind="small")
    do(
        client, district.secretary, by_hand, "accept",
        category="0102", issue_kind="small", tier="referred", policy="referred_tier", urgency="urgent",
    )  # fmt: skip

    category = Category.objects.get(code="0102")
    first, second = (Petition.objects.get(pk=one.pk) for one in (by_category, by_hand))
    assert (first.status, first.category, first.tier, first.policy.key) == (
        "accepted", category, category.tier, category.policy_key,
    )  # fmt: skip
    assert (second.tier, second.policy.key, second.urgency) == ("referred", "referred_tier", "urgent")
    assert first.clocks.filter(stage__policy__key=category.policy_key, state="running").exists()
    assert second.clocks.filter(stage__policy__key="referred_tier", state="running").exists()
    refs = second.events.get(code="accepted").refs
    assert refs == {"category": "0102", "policy": "referred_tier", "tier": "referred", "urgency": "urgent"}


def test_the_main_road_from_the_residents_page_to_the_closed_matter(client, district):
    """004-20: discovered in the grid, called by the community, answered by tier, handled jointly, in a browser."""
    assert send(client, name="常小红", phone="13800138000").status_code == 302
    petition = Petition.objects.get()
    assert (petition.status, petition.grid, petition.community) == ("submitted", district.grid, district.community)

    def step(who, verb, **data):
        petition.refresh_from_db()
        assert do(client, who, petition, verb, **data).status_code == 302, verb
        petition.refresh_from_db()
        return petition.status

    assert (
        step(district.secretary, "accept", category="0102", issue_kind="small", policy="committed_tier") == "accepted"
    )
    assert step(district.secretary, "dispatch", to=f"unit:{district.sanitation.pk}") == "dispatched"
    assert step(district.head, "dispatch", to=f"member:{district.handler.pk}") == "dispatched"
    assert (petition.organisation, petition.handler) == (district.sanitation, district.handler)
    assert step(district.handler, "sign") == "signed"
    assert step(district.handler, "contact", note="已电话联系。") == "in_progress"
    assert step(district.handler, "plan", words="今天下午清运。") == "in_progress"
    assert step(district.handler, "resolve", reply="已清运，桶已加盖。") == "resolved"
    assert step(district.secretary, "verify", note="到场看过。") == "verified"
    assert step(district.secretary, "close") == "closed"

    codes = list(petition.events.order_by("at", "id").values_list("code", flat=True))
    assert codes == [
        "submitted", "accepted", "dispatched", "dispatched", "signed", "contacted", "planned", "resolved", "verified",
        "closed",
    ]  # fmt: skip
    assert not petition.clocks.filter(state__in=("running", "paused"), stage__nature="duty").exists()


def test_a_worker_finds_and_files_what_the_grid_then_handles(district):
    filed = services.file(
        text="井盖松动。", at=TUESDAY, client_key="00000000-0000-4000-8000-000000000001", place=district.unit,
        filed_by=district.worker, channel="patrol",
    ).petition  # fmt: skip

    assert (filed.first_contact_owner, filed.channel) == (district.worker, "patrol")
    assert Notice.objects.filter(kind="petition_submitted", recipient=district.secretary).count() == 1
