"""Word on the way (mechanism 004-13): prompt, periodic with its own clock, special to everybody at once."""

from datetime import datetime, timedelta

import pytest

from deadlines.sweep import sweep
from notifications.models import Notice
from petitions import feedback, joining, requests, transitions
from petitions.enums import EventCode, FeedbackKind, Status
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.models import Feedback, PetitionEscalation, PetitionText
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def give(district, petition, *, by=None, kind=FeedbackKind.PROMPT, words="配件已经订好。", when="2026-06-10 10:00"):
    return feedback.give(petition, by=district.as_staff(by or district.worker), at=at(when), kind=kind, words=words)


def periodic(petition):
    return list(
        petition.clocks.filter(stage__code="periodic")
        .order_by("generation")
        .values_list("generation", "state", "due_at")
    )


@pytest.fixture
def long(district):
    """Referred, ten working days once it is taken: dispatched at 10:10 and taken at 10:15 on Tuesday 9 June 2026."""
    return district.petition(status=Status.SIGNED, policy="referred_tier", category="0103", organisation=True)


def test_word_stands_on_the_page_and_the_petitioner_is_told_without_its_words(district):
    petition = district.petition(status=Status.SIGNED)

    given = give(district, petition)

    assert (given.kind, given.reached, given.by) == ("prompt", 1, district.worker)
    event = petition.events.get(code=EventCode.FEEDBACK)
    text = PetitionText.objects.get(pk=event.text_id)
    assert (text.public, text.masked) == (True, "配件已经订好。")
    notice = Notice.objects.get(kind="resident_feedback")
    assert (notice.person_id, "配件" in str(notice.params)) == (petition.petitioner_id, False)


@pytest.mark.parametrize("who", ["worker", "secretary", "window", "dispatcher"])
def test_who_has_it_and_its_desk_give_word(district, who):
    petition = district.petition(status=Status.SIGNED)

    assert give(district, petition, by=getattr(district, who)).by == getattr(district, who)


@pytest.mark.parametrize("who", ["other_worker", "lead", "other_secretary", "stranger", "handler", "supervisor"])
def test_others_do_not(district, who):
    petition = district.petition(status=Status.SIGNED)

    with pytest.raises(NotYours):
        give(district, petition, by=getattr(district, who))

    assert not Feedback.objects.exists()


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.CLOSED])
def test_before_and_after_there_is_no_word_to_give(district, status):
    petition = district.petition(status=status)

    with pytest.raises(NotNow, match=petition.number):
        give(district, petition, by=district.secretary)


def test_word_has_words(district):
    petition = district.petition(status=Status.SIGNED)

    with pytest.raises(WordsMissing):
        give(district, petition, words=" ")


# -- at intervals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["immediate_tier", "committed_tier", "rapid_1365", "utility_24h"])
def test_what_is_promised_sooner_owes_no_periodic_word(district, policy):
    petition = district.petition(status=Status.SIGNED, policy=policy)

    assert [row for row in periodic(petition) if row[1] == "running"] == []


def test_a_long_matter_owes_word_every_five_working_days(district, long):
    # dispatched on Tuesday: Wednesday to Tuesday are the five days
    assert periodic(long) == [(1, "running", at("2026-06-17 00:00"))]

    sweep(at=at("2026-06-16 09:00"))
    sweep(at=at("2026-06-17 00:00"))
    fired = PetitionEscalation.objects.filter(clock__stage__code="periodic").order_by("fell_due_at")
    assert [(one.rung.at, set(one.told)) for one in fired] == [
        ("-1wd", {district.handler.pk}), ("overdue", {district.handler.pk, district.secretary.pk}),
    ]  # fmt: skip


def test_every_word_begins_the_interval_anew(district, long):
    give(district, long, by=district.handler, kind=FeedbackKind.PERIODIC, when="2026-06-12 10:00")

    # Friday 12; five days on: Monday 15 to Thursday 18; 19 to 21 June is the Dragon Boat holiday; Monday 22
    assert periodic(long) == [
        (1, "stopped", at("2026-06-17 00:00")), (2, "running", at("2026-06-23 00:00")),
    ]  # fmt: skip
    shown = feedback.interval(long)
    assert (shown.last_at, shown.next_due_at) == (at("2026-06-12 10:00"), at("2026-06-23 00:00"))


def test_late_word_is_recorded_as_late(district, long):
    give(district, long, by=district.handler, when="2026-06-17 10:00")

    clock = long.clocks.get(stage__code="periodic", generation=1)
    assert (clock.met, clock.seconds_late) == (False, 36_000)


def test_the_solution_ends_it(district, long):
    transitions.resolve(long, by=district.as_staff(district.handler), at=at("2026-06-10 10:00"), reply="已修好。")

    assert periodic(long) == [(1, "stopped", at("2026-06-17 00:00"))]


def test_an_extension_makes_a_short_matter_a_long_one(district):
    petition = district.petition(status=Status.SIGNED, policy="committed_tier", category="0103")
    asked = requests.ask_extension(
        petition, by=district.as_staff(district.worker), at=at("2026-06-12 10:00"), value=10, reason="等配件到货。"
    )
    requests.decide_extension(
        asked, by=district.as_staff(district.dispatcher), at=at("2026-06-12 15:00"), grant=True, reason="配件在路上。"
    )
    give(district, petition, when="2026-06-12 16:00")

    assert [(state, due) for _generation, state, due in periodic(petition)] == [("running", at("2026-06-23 00:00"))]


# -- special -------------------------------------------------------------------------------------------------------


def test_special_word_reaches_everybody_whose_matter_was_joined(district):
    master = district.petition(status=Status.SIGNED)
    for minute in (1, 2):
        double = district.petition(at("2026-06-09 11:00") + timedelta(minutes=minute), phone=f"1390013900{minute}")
        joining.merge(
            double,
            into=master,
            by=district.as_staff(district.secretary),
            at=at("2026-06-09 12:00"),
            reason="同一件事。",
        )
    Notice.objects.all().delete()

    given = give(district, master, by=district.secretary, kind=FeedbackKind.SPECIAL, words="明天上午统一检修。")

    assert (given.kind, given.reached) == ("special", 3)
    assert Notice.objects.filter(kind="resident_feedback").values("person").distinct().count() == 3


def test_special_word_on_an_ordinary_matter_of_one_is_refused(district):
    petition = district.petition(status=Status.SIGNED)

    with pytest.raises(NotNow):
        give(district, petition, kind=FeedbackKind.SPECIAL)

    requests.supervise(
        petition, by=district.as_staff(district.leader), at=at("2026-06-10 10:00"), words="本周内必须解决。"
    )
    assert give(district, petition, kind=FeedbackKind.SPECIAL, when="2026-06-10 11:00").kind == "special"
