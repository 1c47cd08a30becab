"""一键响应 (004-27): a call for help reaches everybody on duty, the first to acknowledge takes it, else it climbs."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from deadlines.sweep import sweep
from grids.enums import PostKind
from grids.models import Absence, Appointment
from notifications.models import Delivery, Notice
from people.errors import BadInput
from petitions import broadcasts, registry
from petitions.enums import EventCode, Status
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.models import Broadcast, BroadcastClock, BroadcastEscalation, Petition, PetitionEvent, Recusal
from tests.factories import SHANGHAI, TUESDAY, appoint, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = TUESDAY + timedelta(minutes=2)


def call(district, who="worker", *, at=TUESDAY, **given):
    facts = {"place_words": "3号楼2单元门口", "client_key": uuid.uuid4(), **given}
    return broadcasts.call(by=district.as_staff(getattr(district, who)), at=at, **facts)


def told(broadcast, district):
    names = ("worker", "other_worker", "lead", "secretary", "window", "dispatcher", "leader", "duty", "other_secretary")
    return {name for name in names if getattr(district, name).pk in broadcast.told}


def test_it_goes_to_everybody_on_duty_in_the_grid_and_next_to_it_but_the_caller_at_any_hour(district):
    night = datetime(2026, 6, 9, 23, 50, tzinfo=SHANGHAI)

    broadcast = call(district, at=night)

    assert told(broadcast, district) == {"lead", "other_worker"}
    notices = Notice.objects.filter(kind="help_called")
    assert {(one.recipient_id, one.urgent, one.not_before) for one in notices} == {
        (district.lead.pk, True, None),
        (district.other_worker.pk, True, None),
    }
    assert set(Delivery.objects.filter(notice__in=notices).values_list("channel", "next_try_at")) == {("email", night)}


def test_who_is_absent_is_replaced_by_his_deputy(district):
    deputy = make_user("deputy")
    away = Appointment.objects.get(user=district.lead)
    Absence.objects.create(appointment=away, starts_on=date(2026, 6, 8), ends_on=date(2026, 6, 10), deputy=deputy)

    assert deputy.pk in call(district).told
    assert district.lead.pk not in Broadcast.objects.get().told


def test_where_nobody_else_is_there_the_secretary_hears_it_at_once(district):
    Appointment.objects.filter(user__in=(district.lead, district.other_worker)).delete()

    assert told(call(district), district) == {"secretary"}


def test_whoever_the_duty_shifts_name_is_called_too(district, monkeypatch):
    monkeypatch.setattr(registry, "_on_duty", [])
    asked = []
    registry.set_on_duty(lambda grid, at: asked.append((grid, at)) or [district.window.pk])

    broadcast = call(district)

    assert asked == [(district.grid, TUESDAY)]
    assert told(broadcast, district) == {"window", "lead", "other_worker"}


def test_the_first_to_acknowledge_takes_it_and_everybody_else_is_told_who(district):
    broadcast = call(district)
    broadcasts.take(broadcast, by=district.as_staff(district.other_worker), at=LATER)

    with pytest.raises(NotNow, match="other_worker was first and is coming"):
        broadcasts.take(broadcast, by=district.as_staff(district.lead), at=LATER)

    taken = Broadcast.objects.get()
    assert (taken.state, taken.taken_by, taken.taken_at) == ("taken", district.other_worker, LATER)
    hearers = Notice.objects.filter(kind="help_taken").values_list("recipient__display_name", flat=True)
    assert set(hearers) == {"worker", "lead"}
    assert not Notice.objects.filter(kind="help_called").unread().exists()


def test_who_cannot_come_gives_it_back_and_everybody_is_called_again_and_it_climbs_anew(district):
    broadcast = call(district)
    lead, other = district.as_staff(district.lead), district.as_staff(district.other_worker)
    broadcasts.take(broadcast, by=lead, at=LATER)
    back_at = LATER + timedelta(minutes=1)

    with pytest.raises(NotYours):
        broadcasts.give_back(broadcast, by=other, at=back_at, words="去不了")
    with pytest.raises(WordsMissing):
        broadcasts.give_back(broadcast, by=lead, at=back_at, words=" ")
    broadcasts.give_back(broadcast, by=lead, at=back_at, words="车坏了，13800138000")

    given = Broadcast.objects.get()
    assert (given.state, given.taken_by, given.taken_at, given.back_by, given.back_at) == (
        "calling", None, None, district.lead, back_at,
    )  # fmt: skip
    assert given.back_words.startswith("车坏了")
    assert "13800138000" not in given.back_words
    unread = Notice.objects.filter(kind="help_called").unread()
    assert list(unread.values_list("recipient", flat=True)) == [district.other_worker.pk]
    assert Notice.objects.get(kind="help_given_back").recipient == district.worker
    sweep(at=back_at + timedelta(minutes=4, seconds=59))
    assert not BroadcastEscalation.objects.exists()
    sweep(at=back_at + timedelta(minutes=5))
    assert [one.level for one in BroadcastEscalation.objects.all()] == ["community"]
    broadcasts.take(given, by=other, at=back_at + timedelta(minutes=6))
    assert Notice.objects.filter(kind="help_taken", recipient=district.worker).count() == 2
    with pytest.raises(NotYours):
        broadcasts.give_back(given, by=lead, at=back_at + timedelta(minutes=7), words="去不了")
    assert not BroadcastClock.objects.filter(state="running").exists()


def test_who_cannot_come_says_so_on_the_page_and_loses_no_words(client, district):
    broadcast = call(district, at=timezone.now())
    page = f"/help/{broadcast.pk}/"
    client.force_login(district.lead)
    client.post(f"{page}take/")

    assert f'action="{page}back/"' in client.get(page).content.decode()
    assert client.post(f"{page}back/", {"words": " "}).status_code == 422
    assert client.post(f"{page}back/", {"words": "车坏了"}).status_code == 302

    assert "车坏了" in client.get(page).content.decode()
    assert client.post(f"{page}back/", {"words": "车坏了"}).status_code == 403


def test_the_caller_cannot_take_his_own_nor_can_a_stranger(district):
    broadcast = call(district)

    for who in (district.worker, district.stranger, district.other_secretary, district.handler):
        with pytest.raises(NotYours):
            broadcasts.take(broadcast, by=district.as_staff(who), at=LATER)
    assert Broadcast.objects.get().state == "calling"


def test_not_taken_in_five_minutes_it_climbs_to_the_secretary_then_to_the_street_exactly_once_each(district):
    call(district)
    sweep(at=TUESDAY + timedelta(minutes=4, seconds=59))
    assert not BroadcastEscalation.objects.exists()

    for _again in range(2):
        sweep(at=TUESDAY + timedelta(minutes=5))
    assert [one.level for one in BroadcastEscalation.objects.all()] == ["community"]
    assert told(Broadcast.objects.get(), district) == {"lead", "other_worker", "secretary"}

    for _again in range(2):
        sweep(at=TUESDAY + timedelta(minutes=10))
    assert [one.level for one in BroadcastEscalation.objects.order_by("pk")] == ["community", "street"]
    assert told(Broadcast.objects.get(), district) == {"lead", "other_worker", "secretary", "dispatcher", "leader"}
    assert Notice.objects.filter(kind="escalation", recipient=district.secretary).count() == 1

    broadcasts.take(Broadcast.objects.get(), by=district.as_staff(district.leader), at=TUESDAY + timedelta(minutes=11))
    assert Broadcast.objects.get().taken_by == district.leader


@pytest.mark.parametrize("what", ["taken", "cancelled"])
def test_what_was_taken_or_called_off_climbs_nowhere(district, what):
    broadcast = call(district)
    if what == "taken":
        broadcasts.take(broadcast, by=district.as_staff(district.lead), at=LATER)
    else:
        broadcasts.cancel(broadcast, by=district.as_staff(district.worker), at=LATER)

    sweep(at=TUESDAY + timedelta(hours=1))

    assert not BroadcastEscalation.objects.exists()


def test_only_the_caller_calls_it_off_and_nobody_can_take_it_then(district):
    broadcast = call(district)
    with pytest.raises(NotYours):
        broadcasts.cancel(broadcast, by=district.as_staff(district.lead), at=LATER)

    broadcasts.cancel(broadcast, by=district.as_staff(district.worker), at=LATER)

    assert Notice.objects.filter(kind="help_over").count() == 2
    with pytest.raises(NotNow, match="over"):
        broadcasts.take(broadcast, by=district.as_staff(district.lead), at=LATER)


def test_it_is_ended_with_a_word_by_who_called_or_who_came(district):
    broadcast = call(district)
    lead = district.as_staff(district.lead)
    with pytest.raises(NotNow):
        broadcasts.end(broadcast, by=district.as_staff(district.worker), at=LATER, words="好了。")
    broadcasts.take(broadcast, by=lead, at=LATER)

    with pytest.raises(WordsMissing):
        broadcasts.end(broadcast, by=lead, at=LATER, words=" ")
    with pytest.raises(NotYours):
        broadcasts.end(broadcast, by=district.as_staff(district.other_worker), at=LATER, words="好了。")
    broadcasts.end(broadcast, by=lead, at=LATER, words="电梯已打开，人没事。")

    over = Broadcast.objects.get()
    assert (over.state, over.end_words, over.closed_by) == ("ended", "电梯已打开，人没事。", district.lead)


def test_who_works_in_no_grid_cannot_call_and_a_place_is_needed(district):
    for who in ("secretary", "dispatcher", "handler"):
        with pytest.raises(NotYours):
            call(district, who)
    with pytest.raises(NotYours):
        call(district, grid=district.other_grid)
    with pytest.raises(BadInput):
        call(district, place_words=" ")
    assert not Broadcast.objects.exists()


def test_the_same_key_twice_is_one_call(district):
    key = uuid.uuid4()

    assert call(district, client_key=key) == call(district, client_key=key)
    assert Notice.objects.filter(kind="help_called").count() == 2


def test_the_matter_keeps_it_and_who_stays_out_of_the_matter_is_not_called(district):
    petition = district.petition(status=Status.SIGNED)
    Recusal.objects.create(
        petition=petition, user=district.lead, kind="conflict", declared_by=district.lead, declared_at=TUESDAY
    )

    broadcast = call(district, petition=petition)
    broadcasts.take(broadcast, by=district.as_staff(district.other_worker), at=LATER)

    assert told(broadcast, district) == {"other_worker"}
    codes = PetitionEvent.objects.filter(petition=petition, refs__broadcast=broadcast.pk)
    assert list(codes.values_list("code", flat=True)) == [EventCode.HELP_CALLED, EventCode.HELP_TAKEN]
    # the worker of the grid next door comes to the place; the matter itself stays closed to him
    assert not Petition.objects.visible_to(district.as_staff(district.other_worker)).filter(pk=petition.pk).exists()


def test_a_colleague_of_the_same_post_sees_and_takes_it(district):
    colleague = make_user("colleague")
    appoint(colleague, PostKind.GRID_WORKER, district.grid, seats=2)

    assert colleague.pk in call(district).told
