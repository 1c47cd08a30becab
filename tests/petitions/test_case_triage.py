"""Accepting on the case page: what is suggested, what follows, what may be changed."""

import pytest

from petitions.enums import IssueKind, Status, Tier, Urgency
from petitions.models import Category
from tests.petitions.case_pages import ACCEPT, do, facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_triage_suggests_a_category_and_says_why(client, district):
    petition = district.petition(text="小区垃圾桶满了，垃圾乱扔。")
    client.force_login(district.secretary)

    form = client.get(f"/cases/{petition.number}/", {"do": "accept"}).context["form"]

    (code, label), *_ = form.fields["suggestion"].choices
    assert form["suggestion"].value() == code
    assert "the words say:" in label
    assert "垃圾" in label


def test_what_is_not_changed_follows_the_category(client, district):
    petition = district.petition()

    do(client, district.secretary, petition, "accept", category="0103", issue_kind="small")

    petition.refresh_from_db()
    assert (petition.category.code, petition.tier, petition.urgency, petition.policy.key) == (
        "0103", Tier.COMMITTED, Urgency.NORMAL, "committed_tier",
    )  # fmt: skip


def test_a_category_without_a_tier_leaves_the_tier_open(client, district):
    petition = district.petition(text="请问怎么办？")
    category = Category.objects.subjects().filter(tier="", policy_key="consult_1wd").first()

    response = do(client, district.secretary, petition, "accept", category=category.code, issue_kind="other")

    assert response.status_code == 302
    petition.refresh_from_db()
    assert (petition.status, petition.tier, petition.policy.key) == (Status.ACCEPTED, "", "consult_1wd")


def test_what_is_changed_is_kept(client, district):
    petition = district.petition()

    response = do(
        client, district.secretary, petition, "accept", category="0103", issue_kind="arbitration_mediation",
        needs_deliberation="on", tier="referred", urgency="urgent", policy="rapid_1365",
    )  # fmt: skip

    assert response.status_code == 302
    petition.refresh_from_db()
    assert (petition.tier, petition.urgency, petition.policy.key) == (Tier.REFERRED, Urgency.URGENT, "rapid_1365")
    assert (petition.issue_kind, petition.needs_deliberation) == (IssueKind.MEDIATION, True)


def test_a_suggestion_alone_is_enough_and_a_chosen_category_goes_before_it(client, district):
    first, second = district.petition(text="垃圾桶满了。"), district.petition(text="垃圾桶满了。")
    client.force_login(district.secretary)
    form = client.get(f"/cases/{first.number}/", {"do": "accept"}).context["form"]
    suggested = form.fields["suggestion"].choices[0][0]

    do(client, district.secretary, first, "accept", suggestion=suggested, issue_kind="small")
    do(client, district.secretary, second, "accept", suggestion=suggested, category="0106", issue_kind="small")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.category.code, second.category.code) == (suggested, "0106")


@pytest.mark.parametrize(
    "answers",
    [{"category": ""}, {"category": "9999"}, {"category": "01"}, {"policy": "intake"}, {"tier": "x"}, {"urgency": "x"}],
)
def test_triage_refuses_what_is_not_on_its_lists(client, district, answers):
    petition = district.petition(text="请看一下。")
    before = facts(petition)

    response = do(client, district.secretary, petition, "accept", **{**ACCEPT, **answers})

    assert response.status_code == 422
    assert facts(petition) == before
