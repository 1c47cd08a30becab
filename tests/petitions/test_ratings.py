"""Rating: two questions apart, once a round, never changed; who is not content is spoken to in time, by another."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from deadlines.sweep import sweep
from notifications.models import Notice
from people.errors import BadInput
from petitions import petitioner, ratings, transitions
from petitions.enums import EventCode, RatingSource, Satisfaction, Status
from petitions.errors import NotNow, NotYours, OwnWork, WordsMissing
from petitions.models import BadRating, Category, Petition, PetitionEscalation, PetitionText, Rating
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def done(district):
    """Filed on Tuesday 9 June 2026 at ten, resolved twenty-five minutes later; to be verified and closed."""
    return district.petition(status=Status.RESOLVED)


def rate(petition, *, solved=True, satisfaction=Satisfaction.SATISFIED, words="", when="2026-06-09 15:00"):
    return ratings.rate(petition, at=at(when), solved=solved, satisfaction=satisfaction, words=words)


def call(district, petition, *, by=None, solved=True, satisfaction=Satisfaction.SATISFIED, words="", when=None):
    return ratings.call_back(
        petition,
        by=district.as_staff(by or district.window),
        at=at(when or "2026-06-09 16:00"),
        solved=solved,
        satisfaction=satisfaction,
        words=words,
    )


def test_the_petitioner_answers_both_questions_apart(done):
    rating = rate(done, solved=True, satisfaction=Satisfaction.DISSATISFIED, words="拖了三天才来。")

    assert (rating.solved, rating.satisfaction, rating.source, rating.generation, rating.by) == (
        True, "dissatisfied", "page", 0, None,
    )  # fmt: skip
    event = done.events.get(code=EventCode.RATED)
    assert PetitionText.objects.get(pk=event.text_id).original == "拖了三天才来。"
    assert rating.words_id == event.text_id
    assert event.refs == {"solved": True, "satisfaction": "dissatisfied", "source": "page", "round": 0}


@pytest.mark.parametrize(("solved", "satisfaction"), [(True, None), (None, Satisfaction.BASICALLY)])
def test_one_of_the_two_may_be_left_open(done, solved, satisfaction):
    rating = rate(done, solved=solved, satisfaction=satisfaction)

    assert (rating.solved, rating.satisfaction) == (solved, satisfaction)


def test_both_left_open_is_no_rating(done):
    with pytest.raises(BadInput):
        rate(done, solved=None, satisfaction=None)

    assert not Rating.objects.exists()


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ACCEPTED, Status.SIGNED, Status.IN_PROGRESS])
def test_what_is_not_done_cannot_be_rated(district, status):
    petition = district.petition(status=status)

    with pytest.raises(NotNow, match=petition.number):
        rate(petition)

    assert not Rating.objects.exists()


def test_a_round_is_rated_once_and_the_next_round_again(district, done):
    rate(done)
    with pytest.raises(NotNow, match=done.number):
        rate(done, solved=False, when="2026-06-09 15:01")

    again = transitions.rework(
        done, by=district.as_staff(district.secretary), at=at("2026-06-09 16:00"), reason="没修好"
    )
    transitions.resolve(again, by=district.as_staff(district.worker), at=at("2026-06-09 17:00"), reply="修好了。")
    rate(done, when="2026-06-09 18:00")

    assert list(Rating.objects.order_by("at").values_list("generation", "solved")) == [(0, True), (1, True)]


@pytest.mark.parametrize("statement", [{"solved": False}, None])
def test_a_rating_is_never_changed_and_never_deleted(done, statement):
    rating = rate(done)
    rows = Rating.objects.filter(pk=rating.pk)

    with pytest.raises(Exception, match="pgtrigger: Cannot"), transaction.atomic():
        rows.update(**statement) if statement else rows.delete()

    assert Rating.objects.get().solved is True


# -- not content ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("solved", "satisfaction", "bad"),
    [
        (True, Satisfaction.SATISFIED, False), (True, Satisfaction.BASICALLY, False),
        (None, Satisfaction.SATISFIED, False),
        (False, Satisfaction.SATISFIED, True), (False, None, True), (True, Satisfaction.DISSATISFIED, True),
        (None, Satisfaction.DISSATISFIED, True),
    ],
)  # fmt: skip
def test_not_solved_or_dissatisfied_raises_a_task_and_shows_it_to_the_head(district, done, solved, satisfaction, bad):
    rate(done, solved=solved, satisfaction=satisfaction)

    assert BadRating.objects.count() == bad
    told = Notice.objects.filter(kind="petition_rated").values_list("recipient", flat=True)
    assert list(told) == ([district.secretary.pk] if bad else [])


def test_it_is_to_be_answered_by_the_end_of_the_next_working_day_and_climbs_when_late(district, done):
    rate(done, solved=False)

    clock = done.clocks.get(stage__policy__key="bad_rating")
    # rated on Tuesday; Wednesday is the one working day
    assert clock.due_at == BadRating.objects.get().due_at == at("2026-06-11 00:00")

    sweep(at=at("2026-06-11 00:00"))
    late = PetitionEscalation.objects.filter(clock=clock, rung__at="overdue")
    assert [set(one.told) for one in late] == [{district.dispatcher.pk, district.leader.pk}]


def test_the_task_outlives_the_closing(district, done):
    rate(done, solved=False)
    verified = transitions.verify(done, by=district.as_staff(district.supervisor), at=at("2026-06-09 15:10"))
    transitions.close(verified, by=district.as_staff(district.supervisor), at=at("2026-06-09 15:20"))

    clock = done.clocks.get(stage__policy__key="bad_rating")
    assert (clock.state, clock.next_action_at is not None) == ("running", True)


def test_a_callback_answers_it_in_time(district, done):
    rate(done, solved=True, satisfaction=Satisfaction.DISSATISFIED)

    call(district, done, satisfaction=Satisfaction.BASICALLY, when="2026-06-10 11:00")

    clock = done.clocks.get(stage__policy__key="bad_rating")
    assert (clock.state, clock.met, clock.stopped_at) == ("stopped", True, at("2026-06-10 11:00"))
    task = BadRating.objects.get()
    assert (task.answered_at, task.answered_by) == (at("2026-06-10 11:00"), district.window)
    assert list(Rating.objects.order_by("at").values_list("source", "satisfaction")) == [
        ("page", "dissatisfied"), ("callback", "basically_satisfied"),
    ]  # fmt: skip


def test_a_call_that_nobody_answers_is_recorded_and_answers_nothing(district, done):
    rate(done, solved=False)

    ratings.missed_call(done, by=district.as_staff(district.window), at=at("2026-06-10 09:00"))

    assert done.events.filter(code=EventCode.CALL_MISSED).count() == 1
    assert BadRating.objects.get().answered_at is None
    assert done.clocks.get(stage__policy__key="bad_rating").state == "running"


def test_who_left_no_number_is_answered_in_words_on_the_page(district):
    petition = district.petition(status=Status.RESOLVED, phone="", anonymous=True)
    rate(petition, solved=False)

    with pytest.raises(NotNow, match=petition.number):
        call(district, petition)
    ratings.answer(petition, by=district.as_staff(district.window), at=at("2026-06-10 11:00"), words="明天再去修。")

    assert BadRating.objects.get().answered_by == district.window
    text = PetitionText.objects.get(pk=petition.events.get(code=EventCode.CALLED_BACK).text_id)
    assert (text.public, text.masked) == (True, "明天再去修。")


def test_nobody_calls_where_a_call_could_betray(district):
    petition = district.petition(status=Status.RESOLVED)
    Petition.objects.filter(pk=petition.pk).update(category=Category.objects.filter(silent=True).first())

    with pytest.raises(NotNow, match=petition.number):
        call(district, petition)


def test_without_a_bad_rating_there_is_nothing_to_answer(district, done):
    rate(done)

    with pytest.raises(NotNow, match=done.number):
        ratings.answer(done, by=district.as_staff(district.window), at=at("2026-06-10 11:00"), words="谢谢。")


# -- who may call back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["window", "secretary", "dispatcher", "leader", "supervisor", "command"])
def test_posts_that_did_not_handle_it_call_back(district, done, who):
    rating = call(district, done, by=getattr(district, who))

    assert (rating.source, rating.by) == (RatingSource.CALLBACK, getattr(district, who))


@pytest.mark.parametrize("who", ["other_worker", "lead", "other_secretary", "stranger", "handler", "duty"])
def test_the_others_do_not(district, done, who):
    with pytest.raises(NotYours):
        call(district, done, by=getattr(district, who))

    assert not Rating.objects.exists()


def test_who_worked_on_it_never_does_even_if_another_finished_it(district):
    petition = district.petition(status=Status.ACCEPTED)
    secretary, worker = district.as_staff(district.secretary), district.as_staff(district.worker)
    petition = transitions.sign(petition, by=secretary, at=at("2026-06-09 11:00"))
    petition = transitions.dispatch(petition, by=secretary, at=at("2026-06-09 11:10"), handler=district.worker)
    petition = transitions.sign(petition, by=worker, at=at("2026-06-09 11:20"))
    petition = transitions.resolve(petition, by=worker, at=at("2026-06-09 11:30"), reply="已清运。")

    with pytest.raises(OwnWork, match=petition.number):
        call(district, petition, by=district.secretary)


def test_a_paper_rating_is_written_down_apart_from_the_callback(district, done):
    call(district, done)

    ratings.take_down(
        done,
        by=district.as_staff(district.window),
        at=at("2026-06-10 10:00"),
        solved=True,
        satisfaction=Satisfaction.DISSATISFIED,
    )

    assert set(Rating.objects.values_list("source", "by")) == {
        ("callback", district.window.pk), ("paper", district.window.pk),
    }  # fmt: skip
    assert BadRating.objects.count() == 1


# -- not solved, says the callback ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.VERIFIED, Status.CLOSED])
def test_not_solved_sends_it_back_to_who_handled_it_with_a_fresh_clock(district, status):
    petition = district.petition(status=status)
    first = petition.clocks.get(stage__code="resolve", stage__policy=petition.policy)

    call(district, petition, solved=False, words="还在漏水。", when="2026-06-12 10:00")

    petition.refresh_from_db()
    assert (petition.status, petition.handler, petition.round) == (Status.IN_PROGRESS, district.worker, 1)
    assert petition.events.filter(code=EventCode.REWORK, refs__callback=True).count() == 1
    again = petition.clocks.get(stage=first.stage, generation=2)
    # immediate matter: one working day in service hours, the day itself not counted; Monday is the next
    assert (again.state, again.started_at, again.due_at) == ("running", at("2026-06-12 10:00"), at("2026-06-16 00:00"))
    kept = petition.clocks.get(pk=first.pk)
    assert (kept.met, kept.stopped_at) == (first.met, first.stopped_at)
    assert Notice.objects.filter(kind="petition_rework", recipient=district.worker).count() == 1


def test_not_solved_needs_to_say_what_is_missing(district, done):
    with pytest.raises(WordsMissing):
        call(district, done, solved=False, words=" ")

    assert Petition.objects.get(pk=done.pk).status == Status.RESOLVED
    assert not Rating.objects.exists()


def test_after_a_callback_sent_it_back_the_petitioner_may_still_reopen_once(district):
    petition = district.petition(status=Status.CLOSED)
    call(district, petition, solved=False, words="还在漏水。", when="2026-06-10 10:00")
    petition.refresh_from_db()
    worker, secretary = district.as_staff(district.worker), district.as_staff(district.secretary)
    petition = transitions.resolve(petition, by=worker, at=at("2026-06-10 11:00"), reply="修好了。")
    petition = transitions.verify(petition, by=secretary, at=at("2026-06-10 12:00"))
    petition = transitions.close(petition, by=secretary, at=at("2026-06-10 13:00"))

    reopened = petitioner.reopen(petition, at=at("2026-06-10 13:00") + timedelta(days=15), words="又漏了。")

    assert (reopened.status, reopened.round) == (Status.IN_PROGRESS, 2)


def test_the_register_of_ratings_shows_those_of_ones_own_matters_and_what_is_owed(client, district, done):
    rating = rate(done, solved=False, satisfaction=Satisfaction.DISSATISFIED, words="没修好。")
    other = district.petition(status=Status.RESOLVED)
    rate(other)
    client.force_login(district.secretary)
    url = reverse("admin:petitions_rating_changelist")

    every = client.get(url)
    bad = client.get(url, {"bad": "open"})

    assert {one.petition_id for one in every.context["cl"].result_list} == {done.pk, other.pk}
    assert [one.pk for one in bad.context["cl"].result_list] == [rating.pk]
    assert f"/cases/{done.number}/" in bad.content.decode()
    assert "没修好" not in every.content.decode()  # the words stand on the case page
    assert client.get(reverse("admin:petitions_rating_change", args=[rating.pk])).status_code == 404
    client.force_login(district.other_secretary)
    assert list(client.get(url).context["cl"].result_list) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_of_ratings_costs_the_same_however_many_there_are(
    client, district, count, django_assert_max_num_queries
):
    for _turn in range(count):
        rate(district.petition(status=Status.RESOLVED))
    client.force_login(district.secretary)
    client.get(reverse("admin:petitions_rating_changelist"))

    with django_assert_max_num_queries(12):
        assert len(client.get(reverse("admin:petitions_rating_changelist")).context["cl"].result_list) == count
