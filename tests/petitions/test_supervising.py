"""Four-way supervision (004-12): checks that rules or a recorded sample ask for, all done before a matter is closed."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from petitions import ratings, sampling, supervising, transitions
from petitions.enums import CheckKind, Satisfaction, Status
from petitions.errors import NotNow, NotYours, OwnWork, WordsMissing
from petitions.models import (
    Category,
    PetitionEvent,
    PetitionPhoto,
    VerificationDraw,
    VerificationRule,
    VerificationTask,
)
from tests.factories import TUESDAY
from tests.petitions.photo_files import phone_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = TUESDAY + timedelta(hours=3)


def rule(kind=CheckKind.CALLBACK, **given) -> VerificationRule:
    return VerificationRule.objects.create(kind=kind, valid_from=date(2026, 1, 1), **given)


def perform(district, petition, kind, who, *, passed=True, words="", at=LATER):
    task = petition.verifications.get(kind=kind, generation=petition.round)
    return supervising.perform(task, passed=passed, words=words, by=district.as_staff(getattr(district, who)), at=at)


def kinds(petition) -> list[tuple[str, str]]:
    return sorted(petition.verifications.values_list("kind", "state"))


def test_without_rules_a_matter_needs_no_check(district):
    petition = district.petition(status=Status.CLOSED)

    assert (kinds(petition), VerificationDraw.objects.count()) == ([], 0)


def test_a_matter_is_closed_only_when_all_its_checks_are_passed(district):
    for kind in CheckKind:
        rule(kind)
    petition = district.petition(status=Status.VERIFIED)
    leader = district.as_staff(district.leader)
    assert kinds(petition) == [(kind, "waiting") for kind in ("callback", "network", "on_site", "survey")]

    for kind, who, left in (
        ("on_site", "leader", ["network", "callback", "survey"]),
        ("survey", "window", ["network", "callback"]),
        ("network", "dispatcher", ["callback"]),
    ):
        with pytest.raises(NotNow, match="These checks are missing"):
            transitions.close(petition, by=leader, at=LATER)
        perform(district, petition, kind, who)
        assert sampling.missing(petition) == left
    with pytest.raises(NotNow, match="Callback by the residents' affairs supervision committee"):
        transitions.close(petition, by=leader, at=LATER)
    perform(district, petition, "callback", "supervisor")
    closed = transitions.close(petition, by=leader, at=LATER)

    assert closed.status == "closed"
    assert kinds(petition) == [(kind, "passed") for kind in ("callback", "network", "on_site", "survey")]


def test_whoever_handled_it_checks_nothing(district):
    rule(CheckKind.SURVEY)
    petition = district.petition(status=Status.RESOLVED)
    petition.resolved_by = district.secretary
    petition.save(update_fields=["resolved_by"])

    with pytest.raises(OwnWork):
        perform(district, petition, "survey", "secretary")
    with pytest.raises(NotYours):
        perform(district, petition, "survey", "worker")
    assert kinds(petition) == [("survey", "waiting")]
    assert not PetitionEvent.objects.filter(code="checked").exists()


@pytest.mark.parametrize(
    ("kind", "who"),
    [("network", "secretary"), ("network", "window"), ("on_site", "dispatcher"), ("callback", "leader"),
     ("survey", "dispatcher"), ("callback", "other_secretary"), ("network", "stranger"), ("survey", "command")],
)  # fmt: skip
def test_each_check_belongs_to_its_posts(district, kind, who):
    rule(CheckKind(kind))
    petition = district.petition(status=Status.RESOLVED)

    with pytest.raises(NotYours):
        perform(district, petition, kind, who)


def test_what_fails_goes_back_to_work_with_its_reason_and_fresh_clocks(district):
    rule(CheckKind.ON_SITE)
    rule(CheckKind.CALLBACK)
    petition = district.petition(status=Status.VERIFIED, policy="committed_tier")
    before = petition.clocks.get(stage__code="resolve", generation=1)

    perform(district, petition, "on_site", "leader", passed=False, words="楼道里还有一堆。")

    petition.refresh_from_db()
    assert (petition.status, petition.round, petition.handler) == ("in_progress", 1, district.worker)
    assert kinds(petition) == [("callback", "dropped"), ("on_site", "failed")]
    again = petition.clocks.get(stage__code="resolve", generation=2)
    assert (before.state, again.state, again.started_at) == ("stopped", "running", LATER)
    codes = list(petition.events.order_by("-pk").values_list("code", "refs")[:2])
    assert codes == [
        ("rework", {"check": "on_site"}), ("checked", {"kind": "on_site", "passed": False}),
    ]  # fmt: skip
    assert petition.texts.get(kind="reason").masked == "楼道里还有一堆。"


def test_the_next_round_is_checked_anew(district):
    rule(CheckKind.ON_SITE)
    petition = district.petition(status=Status.RESOLVED)
    perform(district, petition, "on_site", "leader", passed=False, words="没清干净。")

    petition = transitions.resolve(petition, by=district.as_staff(district.worker), at=LATER, reply="清干净了。")

    rows = petition.verifications.order_by("generation").values_list("generation", "kind", "state")
    assert list(rows) == [(0, "on_site", "failed"), (1, "on_site", "waiting")]


def test_a_failed_check_needs_words_and_a_done_one_stays(district):
    rule(CheckKind.ON_SITE)
    petition = district.petition(status=Status.RESOLVED)

    with pytest.raises(WordsMissing):
        perform(district, petition, "on_site", "leader", passed=False, words=" ")
    assert kinds(petition) == [("on_site", "waiting")]
    perform(district, petition, "on_site", "leader")
    with pytest.raises(NotNow):
        perform(district, petition, "on_site", "secretary")


def test_ordinary_rework_asks_no_more_for_what_waits(district):
    rule(CheckKind.ON_SITE)
    petition = district.petition(status=Status.RESOLVED)

    transitions.rework(petition, by=district.as_staff(district.secretary), at=LATER, reason="没清干净。")

    assert kinds(petition) == [("on_site", "dropped")]


def test_rules_hold_for_their_area_category_policy_tier_and_days(district):
    garbage = Category.objects.get(code="0102")
    for given in (
        {"area": district.other_community}, {"category": Category.objects.get(code="0301")}, {"tier": "referred"},
        {"policy_key": "committed_tier"}, {"valid_to": date(2026, 6, 8)},
    ):  # fmt: skip
        rule(CheckKind.NETWORK, **given)
    assert kinds(district.petition(status=Status.RESOLVED)) == []
    for kind, given in (
        ("network", {"area": district.community}), ("on_site", {"category": garbage.parent}),
        ("callback", {"policy_key": "immediate_tier"}), ("survey", {"tier": "immediate", "valid_to": date(2026, 6, 9)}),
    ):  # fmt: skip
        rule(CheckKind(kind), **given)

    petition = district.petition(status=Status.RESOLVED)

    assert [kind for kind, _state in kinds(petition)] == ["callback", "network", "on_site", "survey"]


def test_a_sample_is_drawn_by_its_seed_and_recorded(district):
    sample = rule(CheckKind.CALLBACK, share=50, seed="abc")
    found = [district.petition(status=Status.RESOLVED, phone="") for _number in range(6)]

    draws = {draw.petition_id: draw for draw in VerificationDraw.objects.filter(rule=sample)}

    assert len(draws) == 6
    for petition in found:
        draw = draws[petition.pk]
        assert (draw.value, draw.share) == (sampling.drawn("abc", petition.number, 0), 50)
        assert draw.taken == (draw.value < 50) == petition.verifications.exists()


def test_a_draw_is_the_same_whenever_it_is_drawn_and_spreads_evenly():
    assert sampling.drawn("abc", "PX1", 0) == sampling.drawn("abc", "PX1", 0)
    taken = sum(sampling.drawn("abc", f"PX{number}", 0) < 20 for number in range(5000))
    assert 900 < taken < 1100
    assert {sampling.drawn("abc", "PX1", generation) for generation in range(50)} != {sampling.drawn("abc", "PX1", 0)}


def test_a_callback_and_a_good_rating_count_as_their_checks(district):
    rule(CheckKind.CALLBACK)
    rule(CheckKind.SURVEY)
    petition = district.petition(status=Status.RESOLVED)

    ratings.rate(petition, at=LATER, solved=True, satisfaction=Satisfaction.SATISFIED)
    assert kinds(petition) == [("callback", "waiting"), ("survey", "passed")]
    ratings.call_back(
        petition, by=district.as_staff(district.window), at=LATER, solved=True, satisfaction=Satisfaction.SATISFIED
    )

    assert kinds(petition) == [("callback", "passed"), ("survey", "passed")]
    assert petition.verifications.get(kind="callback").by == district.window


def test_a_bad_rating_leaves_the_survey_to_staff(district):
    rule(CheckKind.SURVEY)
    petition = district.petition(status=Status.RESOLVED)

    ratings.rate(petition, at=LATER, solved=True, satisfaction=Satisfaction.DISSATISFIED)

    assert kinds(petition) == [("survey", "waiting")]


def test_a_callback_that_finds_it_unsolved_fails_the_check(district):
    rule(CheckKind.CALLBACK)
    petition = district.petition(status=Status.RESOLVED)

    ratings.call_back(
        petition, by=district.as_staff(district.window), at=LATER, solved=False, satisfaction=None, words="还有垃圾。"
    )

    petition.refresh_from_db()
    assert (petition.status, kinds(petition)) == ("in_progress", [("callback", "failed")])


def waits(client, user) -> list[str]:
    client.force_login(user)
    return [one.kind for one in client.get("/checks/").context["checks"]]


def test_each_post_finds_the_checks_that_wait_for_it(client, district):
    for kind in CheckKind:
        rule(kind)
    district.petition(timezone.now(), status=Status.RESOLVED)

    found = {
        who: sorted(waits(client, getattr(district, who)))
        for who in ("worker", "lead", "window", "secretary", "dispatcher", "leader", "supervisor", "handler",
                    "other_secretary", "stranger", "command")
    }  # fmt: skip

    assert found == {
        "worker": [], "lead": ["survey"], "window": ["callback", "survey"],
        "secretary": ["callback", "on_site", "survey"], "dispatcher": ["network"], "leader": ["network", "on_site"],
        "supervisor": ["callback", "network", "on_site", "survey"], "handler": [], "other_secretary": [],
        "stranger": [], "command": [],
    }  # fmt: skip


def test_what_one_handled_waits_for_somebody_else(client, district):
    rule(CheckKind.SURVEY)
    petition = district.petition(timezone.now(), status=Status.RESOLVED)
    assert waits(client, district.secretary) == ["survey"]

    petition.resolved_by = district.secretary
    petition.save(update_fields=["resolved_by"])

    assert waits(client, district.secretary) == []
    client.force_login(district.secretary)
    assert client.post(f"/checks/{petition.verifications.get().pk}/", {"passed": "yes"}).status_code == 403
    assert kinds(petition) == [("survey", "waiting")]


def test_a_check_is_done_on_its_page_with_a_photo(client, district, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    rule(CheckKind.ON_SITE)
    petition = district.petition(timezone.now(), status=Status.RESOLVED)
    client.force_login(district.secretary)
    url = f"/checks/{petition.verifications.get().pk}/"
    assert client.get(url).context["may_check"] is True

    photo = SimpleUploadedFile("check.jpg", phone_photo(), "image/jpeg")
    missing = client.post(url, {"passed": "no", "words": ""})
    sent = client.post(url, {"passed": "yes", "words": "看过了。", "photos": [photo]})

    assert (missing.status_code, sent.status_code, sent.url) == (422, 302, "/checks/")
    assert kinds(petition) == [("on_site", "passed")]
    assert PetitionPhoto.objects.get().kind == "check"
    case = client.get(f"/cases/{petition.number}/")
    assert [one.state for one in case.context["after"].checks] == ["passed"]
    assert "Acceptance on site by the Party committee: passed" in case.content.decode()
    assert client.post(url, {"passed": "yes"}).status_code == 409


def test_a_check_out_of_sight_does_not_exist(client, district):
    rule(CheckKind.ON_SITE)
    petition = district.petition(timezone.now(), status=Status.RESOLVED)
    task = petition.verifications.get()
    for who in ("other_secretary", "stranger", "other_worker"):
        client.force_login(getattr(district, who))
        assert client.get(f"/checks/{task.pk}/").status_code == 404
    client.force_login(district.worker)
    page = client.get(f"/checks/{task.pk}/")
    assert (page.status_code, page.context["may_check"]) == (200, False)
    assert client.post(f"/checks/{task.pk}/", {"passed": "yes"}).status_code == 403


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_however_long(client, district, django_assert_max_num_queries, count):
    rule(CheckKind.ON_SITE)
    for _number in range(count):
        district.petition(timezone.now(), status=Status.RESOLVED, phone="")
    client.force_login(district.secretary)

    with django_assert_max_num_queries(8):
        assert len(client.get("/checks/").context["checks"]) == count


def test_the_database_refuses_a_share_that_is_none_and_a_task_twice(district):
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(share=0)
    rule(CheckKind.ON_SITE)
    task = district.petition(status=Status.RESOLVED).verifications.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        VerificationTask.objects.create(
            petition=task.petition, generation=0, kind="on_site", rule=task.rule, asked_at=LATER
        )
