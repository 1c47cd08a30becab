"""What is done on the case page: one verb, one event; a refusal changes nothing and loses nothing that was typed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from petitions import transitions
from petitions.enums import EventCode, Status, Verb
from tests.factories import TUESDAY
from tests.petitions.case_pages import ACCEPT, PART, do, facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


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
    step(district.secretary, "close")

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
        ("window", Status.RESOLVED, "verify"), ("window", Status.ACCEPTED, "sign"),
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
