"""What is done on the case page: one verb, one event; a refusal changes nothing and loses nothing that was typed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grids.enums import AbsenceReason, Level, PostKind
from grids.models import Absence, Organisation
from petitions import transitions
from petitions.enums import EventCode, IssueKind, Status, TextKind, Tier, Urgency, Verb
from petitions.models import Category, Petition, PetitionEvent, PetitionText
from tests.factories import TUESDAY, appoint, make_area, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PART = {"HX-Request": "true", "HX-Target": "case"}
ACCEPT = {"category": "0102", "issue_kind": "small"}


def do(client, user, petition, verb, *, headers=None, version=None, **data):
    client.force_login(user)
    sent = {"version": petition.version if version is None else version, **data}
    return client.post(f"/cases/{petition.number}/{verb}/", sent, headers=headers)


def facts(petition: Petition) -> tuple[object, ...]:
    now = Petition.objects.get(pk=petition.pk)
    return now.status, now.version, now.handler_id, now.organisation_id, PetitionEvent.objects.count()


def last_words(petition: Petition) -> PetitionText:
    event = petition.events.order_by("-at", "-id").first()
    return PetitionText.objects.get(pk=event.text_id)


# -- the main line, by form ------------------------------------------------------------------------------------


def test_a_matter_goes_from_triage_to_its_end_by_the_forms_alone(client, district):
    petition = district.petition(timezone.now() - timedelta(hours=1))

    def step(user, verb, **data):
        petition.refresh_from_db()
        response = do(client, user, petition, verb, **data)
        assert (response.status_code, response.get("Location")) == (302, f"/cases/{petition.number}/")

    step(district.secretary, "accept", **ACCEPT)
    step(district.secretary, "dispatch", to=f"worker:{district.worker.pk}:{district.grid.pk}", note="请今天去")
    step(district.worker, "sign")
    step(district.worker, "contact", note="已电话联系")
    step(district.worker, "arrive")
    step(district.worker, "plan", words="下午三点前清运。")
    step(district.worker, "resolve", reply="已清运。")
    step(district.secretary, "rework", reason="还有一个桶没清。")
    step(district.worker, "resolve", reply="都清了。")
    step(district.supervisor, "verify", note="看过照片")
    step(district.window, "close")

    assert list(petition.events.order_by("at", "id").values_list("code", flat=True)) == [
        "submitted", "accepted", "dispatched", "signed", "contacted", "arrived", "planned", "resolved", "rework",
        "resolved", "verified", "closed",
    ]  # fmt: skip
    petition.refresh_from_db()
    assert (petition.status, petition.handler, petition.first_contact_owner) == (
        Status.CLOSED, district.worker, district.secretary,
    )  # fmt: skip


def test_a_part_of_the_page_comes_back_with_what_was_done_and_the_next_step(client, district):
    petition = district.petition(status=Status.SIGNED)

    response = do(client, district.worker, petition, "arrive", headers=PART)

    page = response.content.decode()
    assert response.status_code == 200
    assert page.lstrip().startswith('<article class="l-case" id="case">')
    assert "Your arrival is recorded." in page
    assert response["HX-Replace-Url"] == f"/cases/{petition.number}/"
    assert response.context["file"].verbs[0] == Verb.RESOLVE


# -- refused, and nothing changed ------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", list(Verb))
def test_a_verb_is_never_a_get(client, district, verb):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.worker)
    before = facts(petition)

    assert client.get(f"/cases/{petition.number}/{verb}/").status_code == 405
    assert facts(petition) == before


@pytest.mark.parametrize("who", ["other_worker", "other_secretary", "stranger", "handler"])
@pytest.mark.parametrize("verb", ["sign", "resolve", "dispatch", "accept"])
def test_a_matter_of_others_does_not_exist(client, district, who, verb):
    petition = district.petition(status=Status.DISPATCHED)
    before = facts(petition)

    response = do(client, getattr(district, who), petition, verb, reply="x", to=f"unit:{district.sanitation.pk}")

    assert response.status_code == 404
    assert facts(petition) == before


@pytest.mark.parametrize(
    ("who", "status", "verb"),
    [
        ("worker", Status.SUBMITTED, "accept"), ("worker", Status.ACCEPTED, "dispatch"),
        ("lead", Status.RESOLVED, "verify"), ("window", Status.ACCEPTED, "sign"),
        ("supervisor", Status.ACCEPTED, "sign"), ("supervisor", Status.SUBMITTED, "accept"),
        ("command", Status.RESOLVED, "verify"), ("window", Status.SUBMITTED, "decline"),
    ],
)  # fmt: skip
def test_a_post_that_may_not_is_refused_on_the_page(client, district, who, status, verb):
    petition = district.petition(status=status)
    before = facts(petition)

    response = do(client, getattr(district, who), petition, verb, **ACCEPT, reason="x")

    assert response.status_code == 403
    assert "Your post does not allow" in response.content.decode()
    assert facts(petition) == before


def test_a_part_of_the_page_that_may_not_has_the_whole_page_say_so(client, district):
    petition = district.petition(status=Status.ACCEPTED)

    response = do(client, district.worker, petition, "dispatch", headers=PART)
    whole = client.get(response["HX-Redirect"])

    assert response.status_code == 403
    assert "Your post does not allow" in whole.content.decode()


def test_who_handled_it_may_not_verify_it(client, district):
    petition = district.petition(status=Status.ACCEPTED)
    secretary = district.as_staff(district.secretary)
    petition = transitions.sign(petition, by=secretary, at=TUESDAY)
    petition = transitions.resolve(petition, by=secretary, at=TUESDAY, reply="已清运。")
    before = facts(petition)

    response = do(client, district.secretary, petition, "verify")

    assert response.status_code == 403
    assert "somebody else must check it" in response.content.decode()
    assert facts(petition) == before


@pytest.mark.parametrize(
    ("who", "status", "verb"),
    [
        ("secretary", Status.ACCEPTED, "accept"), ("secretary", Status.CLOSED, "dispatch"),
        ("worker", Status.SUBMITTED, "sign"), ("worker", Status.RESOLVED, "arrive"),
        ("secretary", Status.SIGNED, "verify"), ("secretary", Status.RESOLVED, "close"),
        ("worker", Status.SIGNED, "sign"), ("secretary", Status.DECLINED, "accept"),
    ],
)  # fmt: skip
def test_an_unlawful_verb_is_a_conflict_and_changes_nothing(client, district, who, status, verb):
    petition = district.petition() if status == Status.DECLINED else district.petition(status=status)
    if status == Status.DECLINED:
        petition = transitions.decline(
            petition, by=district.as_staff(district.secretary), at=TUESDAY, reason="请拨打12345。"
        )
    before = facts(petition)

    response = do(
        client, getattr(district, who), petition, verb, **ACCEPT, to=f"worker:{district.worker.pk}:{district.grid.pk}"
    )

    assert response.status_code == 409
    assert "is not possible now" in response.content.decode()
    assert facts(petition) == before


def test_a_verb_that_is_none_is_not_found(client, district):
    petition = district.petition(status=Status.SIGNED)

    assert do(client, district.worker, petition, "delete").status_code == 404


def test_a_stale_form_is_a_conflict_that_keeps_the_words_and_can_be_sent_again(client, district):
    petition = district.petition(status=Status.SIGNED)
    stale = petition.version
    petition = transitions.arrive(petition, by=district.as_staff(district.worker), at=TUESDAY)
    before = facts(petition)

    response = do(client, district.worker, petition, "plan", version=stale, words="下午三点前清运。")

    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody changed" in page
    assert "下午三点前清运。" in page
    assert facts(petition) == before
    again = response.context["form"]["version"].value()
    assert do(client, district.worker, petition, "plan", version=again, words="下午三点前清运。").status_code == 302


def test_words_whose_verb_is_no_longer_possible_stay_on_the_page_to_be_copied(client, district):
    petition = district.petition(status=Status.SIGNED)
    stale = petition.version
    petition = transitions.resolve(petition, by=district.as_staff(district.worker), at=TUESDAY, reply="已清运。")

    response = do(client, district.worker, petition, "plan", version=stale, words="下午三点前清运。")

    assert response.status_code == 409
    assert response.context["form"] is None
    assert response.context["kept"] == (("What will be done, and by when?", "下午三点前清运。"),)
    assert "下午三点前清运。" in response.content.decode()


@pytest.mark.parametrize(
    ("who", "status", "verb", "field"),
    [
        ("secretary", Status.SUBMITTED, "decline", "reason"), ("worker", Status.SIGNED, "plan", "words"),
        ("worker", Status.SIGNED, "resolve", "reply"), ("secretary", Status.RESOLVED, "rework", "reason"),
        ("secretary", Status.ACCEPTED, "dispatch", "to"), ("secretary", Status.SUBMITTED, "accept", "issue_kind"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("given", ["", "   "])
def test_what_the_regulation_asks_for_is_asked_for(client, district, who, status, verb, field, given):  # noqa: PLR0917
    petition = district.petition(status=status)
    before = facts(petition)

    response = do(client, getattr(district, who), petition, verb, **{field: given})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert facts(petition) == before


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_form_without_a_true_version_does_nothing(client, district, version):
    petition = district.petition(status=Status.DISPATCHED)
    before = facts(petition)

    response = do(client, district.worker, petition, "sign", version=version)

    assert response.status_code in {409, 422}
    assert facts(petition) == before


# -- accept --------------------------------------------------------------------------------------------------


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


# -- dispatch ------------------------------------------------------------------------------------------------


def choices(client, user, petition) -> list[str]:
    client.force_login(user)
    form = client.get(f"/cases/{petition.number}/", {"do": "dispatch"}).context["form"]
    return [key for _group, options in form.fields["to"].choices[1:] for key, _label in options]


def test_the_choice_is_the_workers_of_the_grid_and_the_units_that_answer_for_it(client, district):
    strangers = Organisation.objects.create(area=district.other_street, kind="department", name="别处", code="X-1")
    bureau = Organisation.objects.create(area=district.district, kind="utility", name="供水公司", code="W-1")
    Organisation.objects.create(area=district.street, kind="enterprise", name="商店", code="S-1")
    petition = district.petition(status=Status.ACCEPTED)

    found = choices(client, district.secretary, petition)

    assert found == [
        f"worker:{district.lead.pk}:{district.grid.pk}",
        f"worker:{district.worker.pk}:{district.grid.pk}",
        f"unit:{district.sanitation.pk}",
        f"unit:{bureau.pk}",
    ]
    assert f"unit:{strangers.pk}" not in found


def test_each_choice_says_how_much_is_in_hand(client, district):
    for status in (Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS, Status.RESOLVED):
        district.petition(status=status)
    petition = district.petition(status=Status.ACCEPTED)
    client.force_login(district.secretary)

    page = client.get(f"/cases/{petition.number}/", {"do": "dispatch"}).content.decode()

    assert "worker · 第一网格 · 3 in hand" in page
    assert "lead · 第一网格 · 0 in hand" in page


@pytest.mark.parametrize("foreign", ["other_worker", "handler", "secretary", "stranger"])
def test_nobody_off_the_list_can_be_given_the_matter(client, district, foreign):
    petition = district.petition(status=Status.ACCEPTED)
    before = facts(petition)

    for area in (district.grid, district.other_grid):
        response = do(
            client, district.secretary, petition, "dispatch", to=f"worker:{getattr(district, foreign).pk}:{area.pk}"
        )
        assert response.status_code == 422
        assert "They cannot be given this matter." in response.content.decode()

    assert facts(petition) == before


def test_a_unit_of_another_street_cannot_be_given_the_matter(client, district):
    foreign = Organisation.objects.create(area=district.other_street, kind="department", name="别处", code="X-1")
    petition = district.petition(status=Status.ACCEPTED)
    before = facts(petition)

    assert do(client, district.dispatcher, petition, "dispatch", to=f"unit:{foreign.pk}").status_code == 422
    assert facts(petition) == before


def test_who_is_away_is_not_offered_but_the_deputy_is(client, district):
    deputy = make_user("deputy")
    today = timezone.localdate()
    Absence.objects.create(
        appointment=district.worker.appointments.get(), starts_on=today, ends_on=today, deputy=deputy,
        reason_code=AbsenceReason.LEAVE,
    )  # fmt: skip
    petition = district.petition(status=Status.ACCEPTED)
    client.force_login(district.secretary)

    page = client.get(f"/cases/{petition.number}/", {"do": "dispatch"}).content.decode()

    assert f"worker:{deputy.pk}:{district.grid.pk}" in choices(client, district.secretary, petition)
    assert f"worker:{district.worker.pk}:{district.grid.pk}" not in choices(client, district.secretary, petition)
    assert "stands in for worker" in page
    assert do(
        client, district.secretary, petition, "dispatch", to=f"worker:{deputy.pk}:{district.grid.pk}"
    ).status_code == 302  # fmt: skip
    client.force_login(deputy)
    assert client.get(f"/cases/{petition.number}/").status_code == 200


def test_a_matter_without_a_grid_gets_the_grid_of_its_worker(client, district):
    petition = district.petition(status=Status.ACCEPTED, place=district.community)

    to = f"worker:{district.other_worker.pk}:{district.other_grid.pk}"
    response = do(client, district.secretary, petition, "dispatch", to=to)

    assert response.status_code == 302
    petition.refresh_from_db()
    assert (petition.grid, petition.handler) == (district.other_grid, district.other_worker)
    client.force_login(district.other_worker)
    assert client.get(f"/cases/{petition.number}/").status_code == 200


def test_a_dispatch_to_a_unit_takes_it_from_the_worker(client, district):
    petition = district.petition(status=Status.SIGNED)

    do(client, district.dispatcher, petition, "dispatch", to=f"unit:{district.sanitation.pk}", note="超出网格能力")

    petition.refresh_from_db()
    assert (petition.status, petition.handler, petition.organisation) == (
        Status.DISPATCHED, None, district.sanitation,
    )  # fmt: skip
    words = last_words(petition)
    assert (words.kind, words.public, words.masked) == (TextKind.NOTE, False, "超出网格能力")


def test_a_grid_without_anybody_says_so(client, district):
    empty = make_area(Level.GRID, "第九网格", "620302001001009", district.community)
    petition = district.petition(status=Status.ACCEPTED, place=empty)
    client.force_login(district.secretary)

    page = client.get(f"/cases/{petition.number}/", {"do": "dispatch"}).content.decode()

    assert "Nobody is at the post of grid worker here today." in page


@pytest.mark.parametrize("workers", [1, 3, 30])
def test_the_dispatch_form_costs_the_same_however_many_work_here(client, district, django_assert_num_queries, workers):
    for place in range(workers):
        grid = make_area(Level.GRID, f"网格{place}", f"62030200100110{place:02d}", district.community)
        appoint(make_user(f"w{place}"), PostKind.GRID_WORKER, grid)
    petition = district.petition(status=Status.ACCEPTED, place=district.community)
    client.force_login(district.secretary)
    client.get(f"/cases/{petition.number}/", {"do": "dispatch"})

    # the page itself (17: nobody was told yet, and what nobody may ask costs nothing), workers, absences, in hand,
    # units, in hand
    with django_assert_num_queries(22):
        client.get(f"/cases/{petition.number}/", {"do": "dispatch"})


# -- what a move records -----------------------------------------------------------------------------------------


def test_a_reply_with_a_telephone_number_is_masked_on_every_page(client, district):
    petition = district.petition(status=Status.SIGNED)

    do(client, district.worker, petition, "resolve", reply="已联系物业13900139000，今天清运。")

    client.force_login(district.secretary)
    page = client.get(f"/cases/{petition.number}/").content.decode()
    assert "139****9000" in page
    assert "13900139000" not in page


def test_rework_starts_the_clocks_anew_and_the_page_says_so(client, district):
    petition = district.petition(status=Status.RESOLVED)

    do(client, district.secretary, petition, "rework", reason="还有一个桶没清。")

    client.force_login(district.worker)
    lines = client.get(f"/cases/{petition.number}/").context["file"].clocks
    assert {(line.clock.stage.code, line.clock.generation) for line in lines if line.is_open} == {("resolve", 2)}
    assert EventCode.REWORK in petition.events.values_list("code", flat=True)
