"""Duplicates: joined to a master, every code alive, nobody escalated for them, and separated again."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from deadlines.sweep import sweep
from notifications.models import Notice
from petitions import joining, petitioner, ratings, story, transitions
from petitions.enums import EventCode, Satisfaction, Status, Urgency
from petitions.errors import ChangedMeanwhile, NotNow, NotYours, WordsMissing
from petitions.models import BadRating, Category, Petition, PetitionClock, PetitionEscalation
from petitions.viewers import Follower
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NOON = at("2026-06-09 12:00")


@pytest.fixture
def master(district):
    return district.petition(status=Status.SIGNED)


@pytest.fixture
def double(district):
    return district.petition(
        at("2026-06-09 10:30"), status=Status.DISPATCHED, text="垃圾桶又满了，请来清运。", phone="13900139000"
    )


def merge(district, petition, into, *, by=None, when=NOON, reason="同一处垃圾桶。", **versions):
    return joining.merge(
        petition, into=into, by=district.as_staff(by or district.secretary), at=when, reason=reason, **versions
    )


def split(district, petition, *, by=None, when=NOON + timedelta(hours=1), reason="其实是另一处。", **versions):
    return joining.split(petition, by=district.as_staff(by or district.secretary), at=when, reason=reason, **versions)


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("recipient", "person"))


def lines(petition):
    mine = Petition.objects.select_related(
        "master__street", "master__community", "master__grid", "master__area", "master__organisation",
        "street", "community", "grid", "area", "organisation",
    ).get(pk=petition.pk)  # fmt: skip
    return mine, [line.sentence for line in story.tell(mine, to=Follower((petition.pk,))).lines]


# -- joined --------------------------------------------------------------------------------------------------------


def test_the_duplicate_stops_and_never_escalates_and_the_master_goes_on(district, master, double):
    merge(district, double, master)

    double.refresh_from_db()
    master.refresh_from_db()
    assert (double.status, double.master, double.next_due_at) == (Status.MERGED, master, None)
    assert (master.status, joining.weight(master)) == (Status.SIGNED, 2)
    assert not PetitionClock.objects.filter(petition=double, state__in=("running", "paused")).exists()
    assert PetitionClock.objects.filter(petition=double, state="cancelled").count() == 2

    sweep(at=at("2026-07-09 12:00"))
    assert not PetitionEscalation.objects.filter(clock__petition=double).exists()
    assert PetitionEscalation.objects.filter(clock__petition=master).exists()


def test_everybody_concerned_is_told(district, master, double):
    Notice.objects.all().delete()

    merge(district, double, master)

    assert told("resident_merged") == {(None, double.petitioner_id)}
    assert told("petition_joined") == {(district.worker.pk, None)}
    assert told("petition_gone") == {(district.worker.pk, None)}
    assert list(double.events.filter(code=EventCode.MERGED).values_list("refs", flat=True)) == [
        {"master": master.number}
    ]
    assert master.events.get(code=EventCode.JOINED).refs == {"petition": double.number}


def test_the_code_of_the_duplicate_shows_the_public_progress_of_the_master(district, master, double):
    merge(district, double, master)
    worker = district.as_staff(district.worker)
    transitions.resolve(master, by=worker, at=NOON + timedelta(hours=1), reply="已清运，桶也换了。")

    mine, sentences = lines(double)
    with translation.override("en"):
        stands = story.how_it_stands(mine)
    assert stands == (
        "Your matter is handled together with the same matter of others."
        " It is reported as done. Somebody else is checking that now."
    )
    told_story = story.tell(mine, to=Follower((double.pk,)))
    assert [line.words for line in told_story.lines if line.words] == ["已清运，桶也换了。"]
    assert told_story.body == "垃圾桶又满了，请来清运。"
    # its own: filed, accepted, dispatched, joined; the master's: accepted, dispatched, taken, resolved
    assert len(sentences) == 8


def test_what_the_other_resident_wrote_is_never_shown(district, master, double):
    merge(district, double, master)
    district_words = "3号楼前的垃圾桶满了两天"

    mine, sentences = lines(double)
    told_story = story.tell(mine, to=Follower((double.pk,)))

    assert district_words not in " ".join([told_story.body, *sentences, *(line.words for line in told_story.lines)])


def test_what_the_petitioner_hears_of_the_master_everybody_joined_hears(district, master, double):
    merge(district, double, master)
    Notice.objects.all().delete()

    transitions.resolve(master, by=district.as_staff(district.worker), at=NOON + timedelta(hours=1), reply="已清运。")

    resolved = Notice.objects.filter(kind="resident_resolved")
    assert {(one.person_id, one.params["number"], one.about) for one in resolved} == {
        (master.petitioner_id, master.number, f"petition:{master.number}"),
        (double.petitioner_id, double.number, f"petition:{double.number}"),
    }


def test_everybody_joined_rates_for_himself_and_a_bad_rating_works_on_the_master(district, master, double):
    merge(district, double, master)
    transitions.resolve(master, by=district.as_staff(district.worker), at=NOON + timedelta(hours=1), reply="已清运。")

    ratings.rate(double, at=NOON + timedelta(hours=2), solved=False, satisfaction=Satisfaction.DISSATISFIED)
    assert BadRating.objects.get().petition == double
    assert double.clocks.get(stage__policy__key="bad_rating").state == "running"
    ratings.call_back(
        double,
        by=district.as_staff(district.window),
        at=NOON + timedelta(hours=3),
        solved=False,
        satisfaction=None,
        words="桶是清了，地上还有。",
    )

    master.refresh_from_db()
    double.refresh_from_db()
    assert (master.status, master.round, double.status) == (Status.IN_PROGRESS, 1, Status.MERGED)
    assert double.clocks.get(stage__policy__key="bad_rating").state == "stopped"


def test_what_was_joined_to_the_duplicate_goes_on_with_it(district, master, double):
    third = district.petition(at("2026-06-09 11:00"), status=Status.ACCEPTED)
    merge(district, third, double)

    merge(district, double, master, when=NOON + timedelta(minutes=5))

    third.refresh_from_db()
    assert third.master == master
    assert joining.weight(master) == 3
    assert [event.refs["master"] for event in third.events.filter(code=EventCode.MERGED).order_by("id")] == [
        double.number, master.number,
    ]  # fmt: skip


def test_a_joined_matter_can_be_withdrawn_and_the_master_cannot(district, master, double):
    merge(district, double, master)

    with pytest.raises(NotNow, match=master.number):
        petitioner.withdraw(master, at=NOON + timedelta(hours=1))
    petitioner.withdraw(double, at=NOON + timedelta(hours=1))

    double.refresh_from_db()
    assert (double.status, double.master) == (Status.WITHDRAWN, None)
    assert joining.weight(master) == 1
    assert master.events.filter(code=EventCode.LEFT).count() == 1


# -- refused -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["worker", "lead", "window", "supervisor", "other_secretary", "stranger", "handler"])
def test_only_who_steers_both_joins_them(district, master, double, who):
    with pytest.raises(NotYours):
        merge(district, double, master, by=getattr(district, who))

    assert Petition.objects.get(pk=double.pk).status == Status.DISPATCHED


def test_a_master_outside_the_area_is_refused(district, double):
    elsewhere = district.petition(place=district.other_community, status=Status.SUBMITTED)

    with pytest.raises(NotYours):
        merge(district, double, elsewhere)
    merge(district, double, elsewhere, by=district.dispatcher)

    assert Petition.objects.get(pk=double.pk).master == elsewhere


@pytest.mark.parametrize("side", ["double", "master"])
@pytest.mark.parametrize(
    "protection",
    [{"is_confidential": True}, {"barred_from": 5}, {"category": "1308"}, {"category": "silent"}],
)
def test_protected_matters_are_never_joined(district, master, double, side, protection):
    if protection.get("category") == "silent":
        protection = {"category": Category.objects.filter(silent=True).first()}
    elif "category" in protection:
        protection = {"category": Category.objects.get(code="1308")}
    protected = double if side == "double" else master
    Petition.objects.filter(pk=protected.pk).update(**protection)
    who = district.dispatcher

    with pytest.raises(NotNow):
        merge(district, double, master, by=who)

    assert Petition.objects.get(pk=double.pk).master is None
    assert not PetitionClock.objects.filter(petition=double, state="cancelled").exists()


def test_the_more_urgent_of_two_is_never_joined_to_the_other(district, master, double):
    Petition.objects.filter(pk=double.pk).update(urgency=Urgency.EMERGENCY)

    with pytest.raises(NotNow, match=double.number):
        merge(district, double, master)
    merge(district, master, double)

    assert Petition.objects.get(pk=master.pk).master == double


def test_a_matter_is_not_joined_to_itself_nor_to_what_is_done(district, double):
    done = district.petition(status=Status.RESOLVED)

    for other in (double, done):
        with pytest.raises(NotNow):
            merge(district, double, other)

    assert Petition.objects.get(pk=double.pk).status == Status.DISPATCHED


def test_joining_needs_a_reason(district, master, double):
    with pytest.raises(WordsMissing):
        merge(district, double, master, reason=" ")

    assert Petition.objects.get(pk=double.pk).master is None


@pytest.mark.parametrize("which", ["version", "into_version"])
def test_both_are_checked_against_what_was_seen(district, master, double, which):
    seen = {"version": double.version, "into_version": master.version}

    with pytest.raises(ChangedMeanwhile):
        merge(district, double, master, **(seen | {which: seen[which] - 1}))

    assert Petition.objects.get(pk=double.pk).master is None
    assert merge(district, double, master, **seen).master == master


# -- separated again -----------------------------------------------------------------------------------------------


def test_a_separated_matter_is_triaged_anew_and_its_clocks_run_from_then(district, master, double):
    merge(district, double, master)

    split(district, double)

    double.refresh_from_db()
    assert (double.status, double.master, double.handler, double.policy) == (Status.SUBMITTED, None, None, None)
    triage = double.clocks.get(stage__code="triage", generation=2)
    # separated at 13:00, thirty service minutes
    assert (triage.state, triage.due_at) == ("running", at("2026-06-09 13:30"))
    assert joining.weight(master) == 1
    assert told("resident_split") == {(None, double.petitioner_id)}
    # who triages, but for the secretary who did it
    assert told("petition_split") == {(district.window.pk, None)}


def test_accepted_again_it_is_promised_from_the_new_acceptance_and_not_late(district, double, master):
    merge(district, double, master)
    split(district, double, when=at("2026-06-15 09:00"))
    old = PetitionClock.objects.get(petition=double, stage__code="resolve", generation=1)

    transitions.accept(
        double,
        by=district.as_staff(district.secretary),
        at=at("2026-06-15 09:10"),
        category=Category.objects.get(code="0102"),
        policy=old.stage.policy,
        tier="immediate",
        urgency=Urgency.NORMAL,
    )

    again = PetitionClock.objects.get(petition=double, stage=old.stage, generation=2)
    assert (again.state, again.started_at, again.due_at) == ("running", at("2026-06-15 09:10"), at("2026-06-17 00:00"))
    assert PetitionClock.objects.get(pk=old.pk).state == "cancelled"


def test_what_is_joined_to_nothing_cannot_be_separated(district, double):
    with pytest.raises(NotNow, match=double.number):
        split(district, double)


@pytest.mark.parametrize("which", ["version", "master_version"])
def test_separating_is_checked_against_what_was_seen_too(district, master, double, which):
    merge(district, double, master)
    double.refresh_from_db()
    master.refresh_from_db()
    seen = {"version": double.version, "master_version": master.version}

    with pytest.raises(ChangedMeanwhile):
        split(district, double, **(seen | {which: seen[which] - 1}))

    assert split(district, double, **seen).status == Status.SUBMITTED


# -- before it is done ---------------------------------------------------------------------------------------------


def test_the_preview_says_what_would_happen_and_changes_nothing(district, master, double):
    seen = joining.preview(double, master, by=district.as_staff(district.secretary))

    assert (seen.weight, seen.told, len(seen.cancelled), seen.refusal, seen.differs) == (2, 1, 2, "", ())
    assert Petition.objects.get(pk=double.pk).master is None


def test_likely_duplicates_are_suggested_from_ones_own_area_and_never_protected_ones(district, master, double):
    district.petition(at("2026-06-09 09:00"), status=Status.ACCEPTED, category="0702", place=district.other_grid)
    hidden = district.petition(status=Status.ACCEPTED)
    Petition.objects.filter(pk=hidden.pk).update(is_confidential=True)
    district.petition(status=Status.RESOLVED)
    mine = Petition.objects.visible_to(district.as_staff(district.secretary))

    assert list(joining.suggestions(double, mine, at=NOON)) == [master]
    assert list(joining.suggestions(double, Petition.objects.none(), at=NOON)) == []
