"""A wrong place corrected: who may, how far, what becomes of the holder and of the clocks."""

from datetime import time, timedelta

import pytest

from grids.models import ServiceHours
from notifications.models import Notice
from people.errors import BadInput
from petitions import corrections, services
from petitions.enums import Status
from petitions.errors import ChangedMeanwhile, NotNow, NotYours, WordsMissing
from petitions.models import Petition, PetitionEvent
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LATER = TUESDAY + timedelta(hours=2)


def correct(district, petition, place, *, by=None, reason="在第二网格。", **facts):
    by = district.as_staff(by or district.secretary)
    return corrections.correct_place(petition, place=place, by=by, at=LATER, reason=reason, **facts)


def told(kind):
    found = Notice.objects.filter(kind=f"petition_{kind}").select_related("recipient")
    return sorted(notice.recipient.display_name for notice in found)


def test_a_secretary_moves_it_to_another_grid_and_the_old_worker_is_free(district):
    petition = district.petition(status=Status.SIGNED)

    moved = correct(district, petition, district.other_grid)

    assert moved.released
    now = Petition.objects.get(pk=petition.pk)
    assert (now.status, now.handler, now.grid, now.community, now.area_path) == (
        "accepted", None, district.other_grid, district.community, district.other_grid.path,
    )  # fmt: skip
    event = now.events.get(code="regridded")
    assert event.refs == {"from": district.unit.pk, "to": district.other_grid.pk}
    assert now.texts.get(pk=event.text_id).masked == "在第二网格。"
    assert told("gone") == ["worker"]
    assert {clock.area_id for clock in now.clocks.filter(state="running")} == {district.other_grid.pk}


def test_a_unit_that_answers_for_both_places_keeps_it(district):
    petition = district.petition(status=Status.DISPATCHED, organisation=True)

    moved = correct(district, petition, district.other_community, by=district.dispatcher)

    assert not moved.released
    assert (moved.petition.status, moved.petition.organisation) == ("dispatched", district.sanitation)
    assert (moved.petition.community, moved.petition.grid) == (district.other_community, None)
    assert told("regridded") == ["other_secretary"]


@pytest.mark.parametrize(
    ("who", "where", "allowed"),
    [
        ("secretary", "other_grid", True),
        ("secretary", "other_community", False),
        ("dispatcher", "other_community", True),
        ("dispatcher", "other_street", False),
        ("leader", "other_community", True),
        ("command", "other_street", True),
        ("worker", "other_grid", False),
        ("lead", "other_grid", False),
        ("window", "other_grid", False),
        ("supervisor", "other_grid", False),
        ("other_secretary", "other_community", False),
        ("stranger", "other_street", False),
    ],
)
def test_each_post_corrects_within_its_own_area(district, who, where, allowed):
    petition = district.petition(status=Status.ACCEPTED)
    place = getattr(district, where)

    if allowed:
        assert correct(district, petition, place, by=getattr(district, who)).petition.place == place
        return
    with pytest.raises(NotYours):
        correct(district, petition, place, by=getattr(district, who))
    assert Petition.objects.get(pk=petition.pk).place == district.unit
    assert not PetitionEvent.objects.filter(code="regridded").exists()


def test_the_new_communitys_opening_hours_count(district):
    # given two hours to arrive, by default open until 20:00; the other community closes at 12:15
    for day in range(7):
        ServiceHours.objects.create(area=district.other_community, weekday=day, opens=time(8), closes=time(12, 15))
    petition = district.petition(at=TUESDAY + timedelta(hours=1), status=Status.ACCEPTED)
    assert petition.next_due_at == TUESDAY + timedelta(hours=3, minutes=5)

    moved = correct(district, petition, district.other_community, by=district.dispatcher).petition

    # accepted at 11:05: seventy minutes on Tuesday, fifty on Wednesday from eight
    arrive = moved.clocks.get(stage__code="arrive")
    assert arrive.due_at == TUESDAY.replace(day=10, hour=8, minute=50)
    assert Petition.objects.get(pk=petition.pk).next_due_at == arrive.due_at


def test_what_is_wrong_with_a_correction_changes_nothing(district):
    petition = district.petition(status=Status.ACCEPTED)

    with pytest.raises(ChangedMeanwhile):
        correct(district, petition, district.other_grid, version=petition.version - 1)
    with pytest.raises(BadInput, match="already"):
        correct(district, petition, district.unit)
    with pytest.raises(WordsMissing):
        correct(district, petition, district.other_grid, reason=" ")
    closed = district.petition(status=Status.CLOSED)
    with pytest.raises(NotNow):
        correct(district, closed, district.other_grid)

    assert Petition.objects.get(pk=petition.pk).version == petition.version


def test_a_place_is_found_by_who_may_within_what_answers_and_on_the_newest_version(district):
    petition = district.petition(place=district.community)
    Petition.objects.filter(pk=petition.pk).update(place=None)

    with pytest.raises(NotYours):
        services.place_petition(petition, place=district.grid, by=district.as_staff(district.worker), at=LATER)
    with pytest.raises(ChangedMeanwhile):
        services.place_petition(
            petition, place=district.grid, by=district.as_staff(district.secretary), at=LATER, version=99
        )
    with pytest.raises(BadInput, match="outside"):
        services.place_petition(
            petition, place=district.other_community, by=district.as_staff(district.secretary), at=LATER
        )
    placed = services.place_petition(petition, place=district.grid, by=district.as_staff(district.secretary), at=LATER)

    assert (placed.place, placed.grid, placed.version) == (district.grid, district.grid, petition.version + 1)
