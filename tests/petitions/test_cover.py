"""Somebody is away: his deputy has his matters in the queue and in the notices; without one his secretary does."""

from datetime import timedelta

import pytest

from grids.models import Absence, Appointment
from notifications.models import Notice
from petitions import desk, transitions, worklist
from petitions.enums import Status
from petitions.errors import NotYours
from petitions.models import Petition
from petitions.worklist import Section
from tests.factories import TUESDAY, make_user

pytestmark = pytest.mark.django_db

LATER = TUESDAY + timedelta(hours=1)


@pytest.fixture
def deputy(district):
    """Return who stands in for the worker, who is away on Tuesday and Wednesday."""
    person = make_user("deputy")
    away(district, person)
    return person


def away(district, deputy=None):
    appointment = Appointment.objects.get(user=district.worker)
    Absence.objects.create(
        appointment=appointment, starts_on=TUESDAY.date(), ends_on=TUESDAY.date() + timedelta(days=1), deputy=deputy
    )


def in_queue(district, user, section, on=None):
    staff = district.as_staff(user, on or TUESDAY.date())
    return list(worklist.queue(staff).filter(worklist.belongs_to(section, staff)))


def told(kind):
    found = Notice.objects.filter(kind=f"petition_{kind}").select_related("recipient")
    return sorted(notice.recipient.display_name for notice in found)


def test_a_deputy_has_what_the_absent_one_has_in_hand_and_was_sent(district, deputy):
    sent = district.petition(status=Status.DISPATCHED)
    taken = district.petition(status=Status.SIGNED)

    assert in_queue(district, deputy, Section.TAKE) == [sent]
    assert in_queue(district, deputy, Section.HANDS) == [taken]
    done = transitions.resolve(taken, by=district.as_staff(deputy), at=LATER, reply="已清运。")
    assert (done.status, done.handler) == ("resolved", deputy)


def test_the_cover_ends_with_its_last_day(district, deputy):
    taken = district.petition(status=Status.SIGNED)
    thursday = TUESDAY.date() + timedelta(days=2)

    assert in_queue(district, deputy, Section.HANDS, thursday) == []
    with pytest.raises(NotYours):
        transitions.resolve(taken, by=district.as_staff(deputy, thursday), at=LATER, reply="已清运。")
    assert in_queue(district, district.worker, Section.HANDS, thursday) == [taken]


def test_a_deputy_does_not_get_what_the_absent_one_holds_by_another_post(district, deputy):
    taken = district.petition(status=Status.SIGNED)
    elsewhere = district.petition(status=Status.SIGNED, place=district.grid)
    Petition.objects.filter(pk=elsewhere.pk).update(grid=district.other_grid, area_path=district.other_grid.path)

    assert in_queue(district, deputy, Section.HANDS) == [taken]


def test_notices_of_an_absent_holder_go_to_his_deputy(district, deputy):
    district.petition(status=Status.DISPATCHED)

    assert told("dispatched") == ["deputy"]


def test_without_a_deputy_the_secretary_is_told_and_finds_it_in_the_morning(district):
    away(district)
    petition = district.petition(status=Status.ACCEPTED)
    by = district.as_staff(district.dispatcher)
    transitions.dispatch(petition, by=by, at=LATER, handler=district.worker)

    assert told("dispatched") == ["secretary"]
    tiles = {tile.pile.value: tile.count for tile in desk.tiles(district.as_staff(district.secretary), at=LATER)}
    assert tiles["away"] == 1
    assert list(desk.listed(district.as_staff(district.secretary), desk.Pile.AWAY, at=LATER)) == [petition]
    back = LATER + timedelta(days=2)
    assert list(desk.listed(district.as_staff(district.secretary), desk.Pile.AWAY, at=back)) == []


def test_with_a_deputy_the_morning_page_has_nothing_to_say(district, deputy):
    district.petition(status=Status.DISPATCHED)

    tiles = {tile.pile.value: tile.count for tile in desk.tiles(district.as_staff(district.secretary), at=LATER)}
    assert tiles["away"] == 0
    assert deputy.is_active
