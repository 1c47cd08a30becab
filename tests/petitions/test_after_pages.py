"""The pages of afterwards, start to end through their forms, without JavaScript; and what strangers get."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from petitions import joining
from petitions.enums import EventCode, Status
from petitions.models import BadRating, Feedback, Petition, PetitionEvent, Rating
from tests.petitions.filing import follow_url, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]


@pytest.fixture
def now():
    return timezone.now() - timedelta(hours=1)


def mine(name, petition):
    return reverse(f"petition_{name}", args=[petition.number])


def after(petition, what):
    return reverse("case_after", args=[petition.number, what])


# -- the petitioner ------------------------------------------------------------------------------------------------


def test_the_petitioner_rates_on_the_follow_page_and_is_not_asked_again(client, district, now):
    petition = district.petition(now, status=Status.RESOLVED)
    prove(client, petition)
    page = client.get(follow_url(petition)).content.decode()
    assert 'name="solved"' in page
    assert 'name="satisfaction"' in page

    sent = client.post(mine("rate", petition), {"solved": "no", "satisfaction": "basically_satisfied", "words": "还漏"})

    assert (sent.status_code, sent.url) == (302, follow_url(petition))
    page = client.get(follow_url(petition)).content.decode()
    assert 'name="solved"' not in page
    assert "Your answer: not solved, Basically satisfied." in page
    assert Rating.objects.values_list("solved", "satisfaction", "source").get() == (
        False,
        "basically_satisfied",
        "page",
    )


def test_an_empty_rating_is_shown_again_with_its_words(client, district, now):
    petition = district.petition(now, status=Status.CLOSED)
    prove(client, petition)

    sent = client.post(mine("rate", petition), {"words": "说不好"})

    page = sent.content.decode()
    assert sent.status_code == 422
    assert "Please answer at least one of the two questions." in page
    assert "说不好" in page
    assert not Rating.objects.exists()


def test_what_is_not_done_is_not_asked_about_and_a_rating_sent_all_the_same_is_refused(client, district, now):
    petition = district.petition(now, status=Status.SIGNED)
    prove(client, petition)
    assert 'name="solved"' not in client.get(follow_url(petition)).content.decode()

    sent = client.post(mine("rate", petition), {"solved": "yes", "words": "谢谢"})

    assert sent.status_code == 409
    assert "谢谢" in sent.content.decode()


def test_the_petitioner_reopens_through_a_page_of_its_own(client, district, now):
    petition = district.petition(now, status=Status.CLOSED)
    prove(client, petition)
    assert mine("reopen", petition) in client.get(follow_url(petition)).content.decode()
    form = client.get(mine("reopen", petition)).context["form"]

    empty = client.post(mine("reopen", petition), {"version": form["version"].value(), "words": ""})
    sent = client.post(mine("reopen", petition), {"version": form["version"].value(), "words": "灯又不亮了"})

    assert (empty.status_code, sent.status_code, sent.url) == (422, 302, follow_url(petition))
    assert Petition.objects.get(pk=petition.pk).status == Status.IN_PROGRESS
    page = client.get(follow_url(petition)).content.decode()
    assert "You asked for it to be taken up again:" in page
    assert mine("reopen", petition) not in page


def test_the_petitioner_withdraws_through_a_page_of_its_own(client, district, now):
    petition = district.petition(now, status=Status.SIGNED)
    prove(client, petition)
    assert mine("withdraw", petition) in client.get(follow_url(petition)).content.decode()

    client.get(mine("withdraw", petition))
    assert Petition.objects.get(pk=petition.pk).status == Status.SIGNED
    sent = client.post(mine("withdraw", petition), {"version": petition.version, "words": ""})

    assert (sent.status_code, Petition.objects.get(pk=petition.pk).status) == (302, Status.WITHDRAWN)
    page = client.get(follow_url(petition)).content.decode()
    assert "You withdrew your matter. Nothing more is done about it." in page


def test_an_old_page_of_withdrawing_is_a_conflict_that_keeps_the_words(client, district, now):
    petition = district.petition(now, status=Status.SIGNED)
    prove(client, petition)

    sent = client.post(mine("withdraw", petition), {"version": petition.version - 1, "words": "自己修好了"})

    assert sent.status_code == 409
    assert "自己修好了" in sent.content.decode()
    assert sent.context["form"]["version"].value() == str(petition.version)
    assert Petition.objects.get(pk=petition.pk).status == Status.SIGNED


@pytest.mark.parametrize("name", ["rate", "reopen", "withdraw"])
def test_who_has_not_proved_the_matter_is_sent_to_the_form(client, district, now, name):
    petition = district.petition(now, status=Status.CLOSED if name != "withdraw" else Status.SIGNED)
    before = PetitionEvent.objects.count()

    sent = client.post(mine(name, petition), {"solved": "yes", "words": "x", "version": petition.version})

    assert (sent.status_code, sent.url.split("?")[0]) == (302, reverse("petition_follow"))
    assert PetitionEvent.objects.count() == before


def test_a_rating_is_never_a_get(client, district, now):
    petition = district.petition(now, status=Status.RESOLVED)
    prove(client, petition)

    assert client.get(mine("rate", petition), {"solved": "no"}).status_code == 405
    assert not Rating.objects.exists()


# -- staff ---------------------------------------------------------------------------------------------------------


def test_a_bad_rating_is_seen_on_the_desk_and_answered_by_a_callback(client, district, now):
    petition = district.petition(now, status=Status.CLOSED)
    client.force_login(district.secretary)
    prove(client, petition)
    client.post(mine("rate", petition), {"solved": "yes", "satisfaction": "dissatisfied", "words": "态度不好"})
    client.force_login(district.secretary)

    queue = client.get(reverse("admin:queue"), {"pile": "bad"})
    assert [card.petition.number for card in queue.context["cards"]] == [petition.number]
    page = client.get(reverse("case", args=[petition.number])).content.decode()
    assert "Bad rating" in page
    assert "态度不好" in page
    assert after(petition, "callback") in page
    sent = client.post(
        after(petition, "callback"), {"solved": "yes", "satisfaction": "satisfied", "words": "解释清楚了"}
    )

    assert (sent.status_code, sent.url) == (302, reverse("case", args=[petition.number]))
    assert BadRating.objects.get().answered_by == district.secretary
    assert client.get(reverse("admin:queue"), {"pile": "bad"}).context["cards"] == []


def test_not_solved_in_a_callback_without_words_is_asked_again(client, district, now):
    petition = district.petition(now, status=Status.CLOSED)
    client.force_login(district.window)

    empty = client.post(after(petition, "callback"), {"solved": "no"})
    sent = client.post(after(petition, "callback"), {"solved": "no", "words": "还漏水"})

    assert (empty.status_code, sent.status_code) == (422, 302)
    assert Petition.objects.get(pk=petition.pk).status == Status.IN_PROGRESS
    assert Rating.objects.get().source == "callback"


def test_nobody_answered_is_one_button(client, district, now):
    petition = district.petition(now, status=Status.CLOSED)
    client.force_login(district.window)
    assert after(petition, "missed") in client.get(after(petition, "callback")).content.decode()

    assert client.post(after(petition, "missed")).status_code == 302
    assert petition.events.filter(code=EventCode.CALL_MISSED, by=district.window).count() == 1


def test_who_handled_it_is_neither_offered_nor_allowed_the_callback(client, district, now):
    petition = district.petition(now, status=Status.CLOSED)
    client.force_login(district.worker)
    assert after(petition, "callback") not in client.get(reverse("case", args=[petition.number])).content.decode()

    opened = client.get(after(petition, "callback"))
    sent = client.post(after(petition, "callback"), {"solved": "yes", "words": "很好"})

    assert (opened.status_code, sent.status_code) == (302, 403)
    assert "很好" in sent.content.decode()
    assert not Rating.objects.exists()


def test_word_is_given_through_the_page_and_read_on_the_follow_page(client, district, now):
    petition = district.petition(now, status=Status.SIGNED)
    client.force_login(district.worker)

    empty = client.post(after(petition, "feedback"), {"kind": "prompt", "words": ""})
    sent = client.post(after(petition, "feedback"), {"kind": "prompt", "words": "明天上午换桶"})

    assert (empty.status_code, sent.status_code, Feedback.objects.count()) == (422, 302, 1)
    client.logout()
    prove(client, petition)
    page = client.get(follow_url(petition), headers={"accept-language": "en"}).content.decode()
    assert "Word on how it stands:" in page
    assert "明天上午换桶" in page


def test_a_category_is_changed_after_its_effect_on_the_limits_was_shown(client, district, now):
    petition = district.petition(now, status=Status.SIGNED)
    client.force_login(district.secretary)
    data = {
        "version": petition.version, "category": "0103", "issue_kind": "small", "tier": "committed", "urgency": "",
        "policy": "committed_tier", "words": "要换配件", "afresh": "",
    }  # fmt: skip

    shown = client.post(after(petition, "category"), data)
    assert shown.status_code == 200
    assert "What this does to the time limits" in shown.content.decode()
    assert Petition.objects.get(pk=petition.pk).tier == "immediate"
    sent = client.post(after(petition, "category"), {**data, "confirm": "1"})

    assert (sent.status_code, Petition.objects.get(pk=petition.pk).tier) == (302, "committed")


def test_two_matters_are_joined_after_both_were_seen_side_by_side(client, district, now):
    master = district.petition(now, status=Status.SIGNED)
    double = district.petition(now + timedelta(minutes=20), status=Status.SUBMITTED, text="垃圾桶又满了。")
    client.force_login(district.secretary)
    url = reverse("case_join", args=[double.number])

    offered = client.get(url).content.decode()
    assert f"?into={master.number}" in offered
    seen = client.get(url, {"into": master.number})
    page = seen.content.decode()
    assert "垃圾桶又满了。" in page
    assert "3号楼前的垃圾桶满了两天" in page
    versions = {name: seen.context["form"][name].value() for name in ("version", "other_version")}
    sent = client.post(url, {"into": master.number, "words": "同一处", **versions})

    assert (sent.status_code, sent.url) == (302, reverse("case", args=[master.number]))
    assert "2 petitions speak of this" in client.get(sent.url).content.decode()
    split = reverse("case_split", args=[double.number])
    opened = client.get(split)
    versions = {name: opened.context["form"][name].value() for name in ("version", "other_version")}
    assert client.post(split, {"words": "不是同一处", **versions}).status_code == 302
    assert Petition.objects.get(pk=double.pk).status == Status.SUBMITTED


def test_a_master_that_changed_meanwhile_is_a_conflict_and_can_be_joined_on_a_second_look(client, district, now):
    master = district.petition(now, status=Status.SIGNED)
    double = district.petition(now + timedelta(minutes=20), status=Status.SUBMITTED)
    client.force_login(district.secretary)
    data = {"into": master.number, "words": "同一处", "version": double.version, "other_version": master.version - 1}

    conflict = client.post(reverse("case_join", args=[double.number]), data)

    assert conflict.status_code == 409
    assert "同一处" in conflict.content.decode()
    again = conflict.context["form"]["other_version"].value()
    assert client.post(reverse("case_join", args=[double.number]), {**data, "other_version": again}).status_code == 302


@pytest.mark.parametrize("into", ["PX20260609999939", "nonsense", "PX'; DROP"])
def test_a_number_that_is_not_in_the_area_is_told_so(client, district, now, into):
    double = district.petition(now, status=Status.SUBMITTED)
    client.force_login(district.secretary)

    response = client.get(reverse("case_join", args=[double.number]), {"into": into})

    assert response.status_code == 422
    assert "There is no matter of this number in your area." in response.content.decode()


def test_a_matter_of_a_foreign_area_cannot_be_named_as_master(client, district, now):
    foreign = district.petition(now, place=district.other_community, status=Status.SUBMITTED, text="电梯困人。")
    double = district.petition(now, status=Status.SUBMITTED)
    client.force_login(district.secretary)

    response = client.get(reverse("case_join", args=[double.number]), {"into": foreign.number})

    assert (response.status_code, foreign.title in response.content.decode()) == (422, False)


@pytest.mark.parametrize("what", ["callback", "missed", "paper", "answer", "feedback", "category"])
@pytest.mark.parametrize("who", ["other_worker", "other_secretary", "stranger", "handler"])
def test_the_pages_of_a_matter_of_others_do_not_exist(client, district, now, who, what):
    petition = district.petition(now, status=Status.CLOSED)
    client.force_login(getattr(district, who))

    assert client.get(after(petition, what)).status_code == 404
    assert client.post(after(petition, what), {"solved": "yes", "words": "x", "kind": "prompt"}).status_code == 404
    assert client.get(reverse("case_join", args=[petition.number])).status_code == 404
    assert client.post(reverse("case_split", args=[petition.number])).status_code == 404
    assert not Rating.objects.exists()


def test_a_page_that_is_none_is_not_found(client, district, now):
    petition = district.petition(now, status=Status.CLOSED)
    client.force_login(district.secretary)

    assert client.get(after(petition, "nonsense")).status_code == 404


def test_joined_matters_keep_their_page_and_show_what_happens_there(client, district, now):
    master = district.petition(now, status=Status.SIGNED)
    double = district.petition(now + timedelta(minutes=20), status=Status.SUBMITTED, phone="13900139000")
    secretary = district.as_staff(district.secretary, on=timezone.localdate())
    joining.merge(double, into=master, by=secretary, at=timezone.now(), reason="同一处")
    prove(client, double)

    page = client.get(follow_url(double)).content.decode()

    assert "Your matter is handled together with the same matter of others." in page
    assert "The matter has been taken in hand." in page
    assert 'name="satisfaction"' not in page
