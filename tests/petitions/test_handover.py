"""What a leaving handler has in hand passes with his posts; its clocks too; never to who is concerned himself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from grids import handover
from grids.enums import PostKind
from grids.errors import ChangedSinceReview
from grids.models import Appointment, Handover
from notifications.models import Notice
from people.errors import Refusal
from petitions import requests, story, transitions
from petitions.enums import EventCode, Status
from petitions.errors import OwnWork
from petitions.models import Petition, PetitionClock, PetitionEvent, Recusal
from petitions.viewers import Follower
from tests.factories import TUESDAY, District, appoint

pytestmark = pytest.mark.django_db
TODAY = TUESDAY.date()
LATER = TUESDAY + timedelta(hours=4)


def transfer(district: District, *, to=None, by=None, first_day=TODAY, at=LATER):
    by = district.as_staff(by or district.secretary)
    return handover.make_transfer(
        leaver=district.worker,
        receiver=to or district.other_worker,
        appointments=handover.handable(district.worker, by=by, on=TODAY),
        first_day=first_day,
        by=by,
        at=at,
    )


def carry(district: District, **how) -> Handover:
    wanted = transfer(district, **how)
    return handover.hand_over(wanted, token=handover.review(wanted).token)


def listed(review) -> dict[str, list[str]]:
    return {section.title: [item.label for item in section.items] for section in review.sections}


def test_every_open_matter_in_hand_passes_with_its_event_and_the_others_stay(district: District):
    kept = {status: district.petition(status=status) for status in (
        Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS, Status.RESOLVED, Status.VERIFIED, Status.CLOSED,
    )}  # fmt: skip
    department = district.petition(status=Status.SIGNED, organisation=True)

    done = carry(district)

    handlers = {status: Petition.objects.get(pk=petition.pk).handler for status, petition in kept.items()}
    assert handlers == {
        Status.DISPATCHED: district.other_worker,
        Status.SIGNED: district.other_worker,
        Status.IN_PROGRESS: district.other_worker,
        Status.RESOLVED: district.other_worker,
        Status.VERIFIED: district.worker,
        Status.CLOSED: district.worker,
    }
    assert Petition.objects.get(pk=department.pk).handler == district.handler
    assert done.taken == {"petitions": 4}
    events = PetitionEvent.objects.filter(code=EventCode.HANDED_OVER)
    assert {(event.petition_id, event.by_id, event.at) for event in events} == {
        (kept[status].pk, district.secretary.pk, LATER)
        for status in (Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS, Status.RESOLVED)
    }
    assert events.first().refs == {"from": district.worker.pk, "handler": district.other_worker.pk}


def test_the_history_names_the_successor_and_the_petitioner_reads_that_somebody_goes_on(client, district: District):
    petition = district.petition(status=Status.SIGNED)
    carry(district)

    client.force_login(district.secretary)
    page = client.get(f"/cases/{petition.number}/").content.decode()

    assert "other_worker" in page
    assert str(story.SENTENCES[EventCode.HANDED_OVER]) in sentences(petition)


def sentences(petition: Petition) -> list[str]:
    follower = Follower(petition_ids=(petition.pk,))
    return [str(line.sentence) for line in story.tell(Petition.objects.get(pk=petition.pk), to=follower).lines]


def test_no_status_changes_and_no_clock_gains_or_loses_a_minute(district: District):
    petition = district.petition(status=Status.IN_PROGRESS, policy="rapid_1365")
    before = set(PetitionClock.objects.filter(petition=petition).values_list("pk", "state", "due_at", "generation"))

    carry(district)

    after = PetitionClock.objects.filter(petition=petition)
    assert set(after.values_list("pk", "state", "due_at", "generation")) == before
    assert {clock.holder for clock in after.filter(state="running")} == {district.other_worker}
    assert Petition.objects.get().status == Status.IN_PROGRESS


def test_the_receiver_goes_on_at_once_and_the_leaver_sees_nothing_any_more(district: District):
    petition = district.petition(status=Status.IN_PROGRESS)

    carry(district)

    transitions.resolve(petition, by=district.as_staff(district.other_worker), at=LATER, reply="已办。")
    leaver = district.as_staff(district.worker)
    assert Petition.objects.visible_to(leaver).count() == 0
    with pytest.raises(Refusal):
        transitions.contact(petition, by=leaver, at=LATER)


def test_who_resolved_it_may_not_verify_it_even_in_the_post_he_leaves_for(district: District):
    petition = district.petition(status=Status.RESOLVED)
    carry(district)
    appoint(district.worker, PostKind.COMMUNITY_WORKER, district.other_community)
    Appointment.objects.filter(user=district.secretary).update(ends_on=TODAY - timedelta(days=1))
    post = Appointment.objects.get(user=district.secretary).post
    Appointment.objects.create(post=post, user=district.worker, starts_on=TODAY)

    with pytest.raises(OwnWork):
        transitions.verify(petition, by=district.as_staff(district.worker), at=LATER)

    assert Petition.objects.get().status == Status.RESOLVED


def test_a_matter_sent_back_after_the_handover_goes_to_the_receiver(district: District):
    petition = district.petition(status=Status.RESOLVED)
    carry(district)

    transitions.rework(petition, by=district.as_staff(district.secretary), at=LATER, reason="还有一处。")

    assert Petition.objects.get().handler == district.other_worker
    assert Petition.objects.get().resolved_by is None


def test_a_matter_about_the_receiver_goes_one_level_up_and_the_preview_says_so(district: District):
    about_him = district.petition(status=Status.SIGNED)
    ordinary = district.petition(status=Status.SIGNED)
    Recusal.objects.create(
        petition=about_him, user=district.other_worker, kind="interest", declared_by=district.secretary,
        declared_at=TUESDAY,
    )  # fmt: skip
    wanted = transfer(district)
    review = handover.review(wanted)
    by_count = {tuple(item.label for item in section.items): section for section in review.sections}

    handover.hand_over(wanted, token=review.token)

    assert (about_him.number,) in by_count
    assert (ordinary.number,) in by_count
    # the line under the one concerned is closed with him: not his own grid's lead, the community's secretary
    assert [item.note for item in by_count[about_him.number,].items] == ["secretary"]
    assert Petition.objects.get(pk=about_him.pk).handler == district.secretary
    assert Petition.objects.get(pk=ordinary.pk).handler == district.other_worker
    event = PetitionEvent.objects.get(petition=about_him, code=EventCode.HANDED_OVER)
    assert event.refs["level_up"] is True
    assert Notice.objects.get(kind="petition_handed_over").recipient == district.secretary


def test_the_first_contact_passes_while_the_matter_is_open(district: District):
    petition = district.petition(status=Status.ACCEPTED)
    Petition.objects.filter(pk=petition.pk).update(first_contact_owner=district.worker)

    carry(district)

    petition.refresh_from_db()
    assert (petition.first_contact_owner, petition.handler) == (district.other_worker, None)
    event = PetitionEvent.objects.get(code=EventCode.HANDED_OVER)
    assert event.refs == {"from": district.worker.pk, "first_contact": district.other_worker.pk}


def test_the_preview_counts_orders_requests_and_what_stays(district: District):
    petition = district.petition(status=Status.SIGNED, policy="immediate_tier")
    requests.supervise(petition, by=district.as_staff(district.dispatcher), at=LATER, words="请尽快办理。")
    requests.ask_extension(petition, by=district.as_staff(district.worker), at=LATER, value=1, reason="等配件。")

    review = handover.review(transfer(district))

    counts = [section.count for section in review.sections]
    assert counts == [1, 1, 1, 1]  # the post, the matter, the order, the request
    assert [item.label for section in review.sections[1:] for item in section.items] == [petition.number] * 3


def test_decisions_that_wait_for_a_post_are_listed_when_it_passes(district: District):
    petition = district.petition(status=Status.SIGNED, policy="immediate_tier")
    requests.ask_extension(petition, by=district.as_staff(district.worker), at=LATER, value=1, reason="等配件。")
    by = district.as_staff(district.leader)
    wanted = handover.make_transfer(
        leaver=district.secretary,
        receiver=district.window,
        appointments=handover.handable(district.secretary, by=by, on=TODAY),
        first_day=TODAY,
        by=by,
        at=LATER,
    )

    numbers = [item.label for section in handover.review(wanted).sections for item in section.items]

    # the post, the decision that waits for it, the matter whose first contact the secretary was
    assert numbers == ["龙集里社区 · 社区书记", petition.number, petition.number]


def test_the_answer_to_a_request_goes_to_who_has_the_matter_now(district: District):
    petition = district.petition(status=Status.SIGNED, policy="immediate_tier")
    asked = requests.ask_extension(
        petition, by=district.as_staff(district.worker), at=LATER, value=1, reason="等配件。"
    )
    carry(district)

    requests.decide_extension(asked, by=district.as_staff(district.secretary), at=LATER, grant=True, reason="同意。")

    assert Notice.objects.get(kind="petition_extended").recipient == district.other_worker


def test_who_cannot_see_a_matter_reads_its_count_and_not_its_number(district: District):
    petition = district.petition(status=Status.SIGNED)
    root = district.duty
    root.is_superuser = True
    root.save()

    review = handover.review(transfer(district, by=root))

    shown = [(section.count, section.hidden, list(section.items)) for section in review.sections[1:]]
    assert shown == [(1, 1, [])]
    assert petition.number not in str(review)


def test_a_matter_that_moved_since_the_review_refuses_the_whole_handover(district: District):
    petition = district.petition(status=Status.SIGNED)
    wanted = transfer(district)
    token = handover.review(wanted).token
    transitions.arrive(petition, by=district.as_staff(district.worker), at=LATER)

    with pytest.raises(ChangedSinceReview):
        handover.hand_over(wanted, token=token)

    assert Petition.objects.get().handler == district.worker
    assert Appointment.objects.get(user=district.worker).ends_on is None
    assert not Handover.objects.exists()
    assert not PetitionEvent.objects.filter(code=EventCode.HANDED_OVER).exists()


def test_a_failure_at_the_last_matter_takes_the_first_ones_back(district: District, monkeypatch):
    for _ in range(3):
        district.petition(status=Status.SIGNED)
    wanted = transfer(district)
    token = handover.review(wanted).token
    real, seen = petitions_advance(monkeypatch)

    with pytest.raises(RuntimeError):
        handover.hand_over(wanted, token=token)

    assert len(seen) == 3
    assert Petition.objects.filter(handler=district.worker).count() == 3
    assert Appointment.objects.get(user=district.worker).ends_on is None
    assert not PetitionEvent.objects.filter(code=EventCode.HANDED_OVER).exists()
    assert not Notice.objects.filter(kind__startswith="handover").exists()
    assert real is not None


def petitions_advance(monkeypatch):
    from petitions import handover as part

    real, seen = part.clocks.advance, []

    def advance(petition, *, at):
        seen.append(petition.pk)
        if len(seen) == 3:
            raise RuntimeError
        return real(petition, at=at)

    monkeypatch.setattr(part.clocks, "advance", advance)
    return real, seen


def test_work_of_a_later_day_passes_as_it_stands_then(district: District):
    first = district.petition(status=Status.SIGNED)
    done = carry(district, first_day=date(2026, 6, 12))
    second = district.petition(status=Status.SIGNED)
    transitions.resolve(first, by=district.as_staff(district.worker), at=LATER, reply="已办。")
    transitions.verify(first, by=district.as_staff(district.secretary), at=LATER)

    handover.carry_out_due(at=TUESDAY + timedelta(days=3))

    done.refresh_from_db()
    assert done.taken == {"petitions": 1}
    assert Petition.objects.get(pk=second.pk).handler == district.other_worker
    assert Petition.objects.get(pk=first.pk).handler == district.worker


@pytest.mark.django_db(transaction=True)
def test_of_two_handovers_at_once_one_is_done_and_the_other_refused():
    district = District.build()
    petitions = [district.petition(status=Status.SIGNED) for _ in range(4)]
    pair = [transfer(district, to=receiver) for receiver in (district.other_worker, district.window)]
    tokens = [handover.review(wanted).token for wanted in pair]

    def attempt(place: int) -> str:
        try:
            handover.hand_over(pair[place], token=tokens[place])
        except Refusal as no:
            return type(no).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(attempt, (0, 1)))

    assert results == ["ChangedSinceReview", "done"]
    winner = Handover.objects.get().receiver
    assert {petition.handler for petition in Petition.objects.all()} == {winner}
    assert PetitionEvent.objects.filter(code=EventCode.HANDED_OVER).count() == len(petitions)
    assert Appointment.objects.filter(post__kind="grid_worker", post__area=district.grid).count() == 2
