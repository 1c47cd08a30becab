"""Handover of posts and of what hangs on them, all or nothing (交接)."""

from datetime import date, datetime, timedelta

import pytest

from grids import handover
from grids.enums import HandoverState, PostKind
from grids.errors import ChangedSinceReview, NotYourRegister, SeatsTaken
from grids.models import Absence, Appointment, GridMember, GridRole, Handover, WeekdayDuty
from grids.posts import holders, staff_for
from grids.services import appoint, record_absence
from notifications.models import Notice
from people.errors import BadInput
from tests.factories import SHANGHAI, District, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 9)
NOW = datetime(2026, 6, 9, 10, 0, tzinfo=SHANGHAI)


def transfer(district: District, *, to=None, first_day=TODAY, by=None, rows=None, at=NOW):
    by = district.as_staff(by or district.secretary)
    return handover.make_transfer(
        leaver=district.worker,
        receiver=to or district.other_worker,
        appointments=handover.handable(district.worker, by=by, on=TODAY) if rows is None else rows,
        first_day=first_day,
        by=by,
        at=at,
    )


def carry(district: District, **how) -> Handover:
    wanted = transfer(district, **how)
    return handover.hand_over(wanted, token=handover.review(wanted).token)


def test_the_leaver_ends_the_day_before_and_the_receiver_begins(district: District):
    done = carry(district)

    old = Appointment.objects.get(user=district.worker)
    new = Appointment.objects.get(user=district.other_worker, post=old.post)
    assert (old.ends_on, new.starts_on, new.ends_on) == (date(2026, 6, 8), TODAY, None)
    assert holders(district.grid, PostKind.GRID_WORKER, TODAY) == [district.other_worker]
    assert staff_for(district.worker, TODAY).holdings == ()
    assert (done.state, done.taken, done.decided_by) == (HandoverState.DONE, {"petitions": 0}, district.secretary)


def test_who_holds_the_post_already_keeps_it_and_gets_no_second_one(district: District):
    post = Appointment.objects.get(user=district.worker).post
    post.seats = 2
    post.save()
    appoint(post=post, user=district.other_worker, starts_on=date(2026, 1, 1))

    carry(district)

    assert Appointment.objects.filter(post=post, user=district.other_worker).count() == 1


def test_both_are_told_in_codes_and_numbers_alone(district: District):
    carry(district)

    told = {notice.kind: notice for notice in Notice.objects.all()}
    assert {kind: notice.recipient for kind, notice in told.items()} == {
        "handover_received": district.other_worker,
        "handover_given": district.worker,
    }
    assert told["handover_received"].params == {"first_on": "2026-06-09", "cases": 0}


def test_absences_days_and_roles_pass_with_the_posts(district: District):
    lead = Appointment.objects.get(user=district.lead)
    record_absence(appointment=lead, starts_on=date(2026, 6, 8), ends_on=date(2026, 6, 12), deputy=district.worker)
    WeekdayDuty.objects.create(
        area=district.community, user=district.worker, weekday=1, place="grid", grid=district.grid
    )
    role = GridRole.objects.get(key="information_officer")
    GridMember.objects.create(area=district.grid, role=role, user=district.worker, starts_on=date(2026, 1, 1))

    carry(district)

    spans = Absence.objects.filter(appointment=lead).order_by("starts_on")
    assert [(row.starts_on.day, row.ends_on.day, row.deputy) for row in spans] == [
        (8, 8, district.worker),
        (9, 12, district.other_worker),
    ]
    assert list(WeekdayDuty.objects.at(TODAY).values_list("user", flat=True)) == [district.other_worker.pk]
    assert GridMember.objects.get().ends_on == date(2026, 6, 8)


def test_nobody_stands_in_for_himself_after_a_handover(district: District):
    lead = Appointment.objects.get(user=district.lead)
    record_absence(appointment=lead, starts_on=TODAY, ends_on=date(2026, 6, 12), deputy=district.worker)

    carry(district, to=district.lead)

    assert Absence.objects.get().deputy is None


def test_the_preview_names_the_posts_and_changes_nothing(district: District):
    review = handover.review(transfer(district))

    assert [(section.count, [item.label for item in section.items]) for section in review.sections] == [
        (1, ["第一网格 · 网格员"])
    ]
    assert Appointment.objects.get(user=district.worker).ends_on is None
    assert not Handover.objects.exists()


def test_what_changed_since_the_review_is_refused_and_nothing_is_done(district: District):
    wanted = transfer(district)
    token = handover.review(wanted).token
    Appointment.objects.filter(user=district.worker).update(ends_on=date(2026, 12, 31))

    with pytest.raises(ChangedSinceReview):
        handover.hand_over(wanted, token=token)

    assert not Handover.objects.exists()
    assert not Notice.objects.exists()
    assert Appointment.objects.get(user=district.worker).ends_on == date(2026, 12, 31)


def test_without_a_token_nothing_is_done(district: District):
    with pytest.raises(ChangedSinceReview):
        handover.hand_over(transfer(district), token="")

    assert not Handover.objects.exists()


def test_a_full_post_refuses_the_whole_handover(district: District):
    post = Appointment.objects.get(user=district.worker).post
    appoint_later = Appointment(post=post, user=make_user("next"), starts_on=TODAY)
    Appointment.objects.filter(user=district.worker).update(ends_on=date(2026, 6, 8))
    appoint_later.save()
    wanted = transfer(district, rows=list(Appointment.objects.filter(user=district.worker)))

    with pytest.raises(SeatsTaken):
        handover.hand_over(wanted, token=handover.review(wanted).token)

    assert not Handover.objects.exists()


@pytest.mark.parametrize(
    ("first_day", "field"),
    [(date(2026, 6, 8), "first_day"), (date(2019, 1, 1), "first_day")],
)
def test_a_handover_begins_today_or_later(district: District, first_day, field):
    with pytest.raises(BadInput) as refusal:
        transfer(district, first_day=first_day)

    assert refusal.value.field == field


def test_nobody_hands_over_to_himself_or_to_a_closed_account(district: District):
    district.stranger.is_active = False

    for receiver in (district.worker, district.stranger):
        with pytest.raises(BadInput) as refusal:
            transfer(district, to=receiver)
        assert refusal.value.field == "receiver"


def test_a_post_that_began_today_cannot_have_ended_yesterday(district: District):
    Appointment.objects.filter(user=district.worker).update(starts_on=TODAY)

    with pytest.raises(BadInput, match="2026-06-09"):
        transfer(district)


@pytest.mark.parametrize("who", ["worker", "lead", "other_secretary", "supervisor", "stranger"])
def test_who_does_not_keep_the_posts_hands_nothing_over(district: District, who):
    by = district.as_staff(getattr(district, who))
    rows = list(Appointment.objects.filter(user=district.worker).select_related("post__area", "post__organisation"))

    assert handover.handable(district.worker, by=by, on=TODAY) == []
    with pytest.raises(NotYourRegister):
        transfer(district, by=getattr(district, who), rows=rows)


# -- a day that lies ahead ------------------------------------------------------------------------------------------


def test_a_handover_for_a_later_day_moves_the_posts_now_and_the_work_then(district: District):
    done = carry(district, first_day=date(2026, 6, 12))

    assert done.state == HandoverState.PLANNED
    assert staff_for(district.worker, date(2026, 6, 11)).holdings != ()
    assert holders(district.grid, PostKind.GRID_WORKER, date(2026, 6, 12)) == [district.other_worker]
    assert handover.carry_out_due(at=NOW + timedelta(days=2)) == 0
    assert handover.carry_out_due(at=NOW + timedelta(days=3)) == 1
    assert handover.carry_out_due(at=NOW + timedelta(days=3)) == 0
    done.refresh_from_db()
    assert (done.state, done.done_at) == (HandoverState.DONE, NOW + timedelta(days=3))


def test_one_that_is_refused_on_its_day_is_marked_and_the_others_go_on(district: District, monkeypatch):
    first = carry(district, first_day=date(2026, 6, 12))
    other = handover.make_transfer(
        leaver=district.lead,
        receiver=district.window,
        appointments=handover.handable(district.lead, by=district.as_staff(district.secretary), on=TODAY),
        first_day=date(2026, 6, 12),
        by=district.as_staff(district.secretary),
        at=NOW,
    )
    second = handover.hand_over(other, token=handover.review(other).token)
    real = handover.handover_parts()["petitions"]

    class Refuses:
        preview = real.preview

        @staticmethod
        def carry_out(transfer, *, fingerprint):
            if transfer.leaver == district.worker:
                raise BadInput("no")
            return real.carry_out(transfer, fingerprint=fingerprint)

    monkeypatch.setattr(handover, "handover_parts", lambda: {"petitions": Refuses})

    assert handover.carry_out_due(at=NOW + timedelta(days=3)) == 1

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (HandoverState.STUCK, HandoverState.DONE)
    assert Notice.objects.get(kind="handover_stuck").recipient == district.secretary


def test_a_handover_is_seen_by_the_two_and_by_who_keeps_the_posts(district: District):
    carry(district)

    for who in ("worker", "other_worker", "secretary", "leader", "command"):
        assert Handover.objects.visible_to(district.as_staff(getattr(district, who))).count() == 1, who
    for who in ("other_secretary", "stranger", "dispatcher"):
        assert Handover.objects.visible_to(district.as_staff(getattr(district, who))).count() == 0, who
