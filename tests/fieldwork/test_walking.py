"""A place is confirmed by the button alone; what is found becomes a petition; what is kept of it ends."""

import io
import uuid
from datetime import date, time, timedelta

import pytest

from fieldwork import ownrounds, routes, walking
from fieldwork.enums import Rhythm, RoundReason, RoundState
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import PatrolCheck, PatrolDuty, PatrolFinding
from grids.enums import PostKind
from people import expiry
from people.errors import BadInput
from petitions.models import Petition
from tests.factories import TUESDAY
from tests.fieldwork.homes import at
from tests.fieldwork.walks import MONDAY, made, points, route
from tests.petitions.photo_files import phone_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

WORDS = "东门消防通道停了一辆面包车。"


@pytest.fixture
def worker(district):
    return district.as_staff(district.worker)


def facts(duty):
    row = PatrolDuty.objects.get(pk=duty.pk)
    return row.state, row.confirmed, row.asked, row.found, row.in_time


def find(duty, by, **given):
    sent = {"text": WORDS, "client_key": uuid.uuid4(), "at": TUESDAY} | given
    return walking.find(duty, by=by, **sent)


def test_a_round_is_done_with_its_last_place(district, worker):
    """Mechanism 003b-12: the daily round of a grid."""
    duty = made(district)
    first, second, third = points(duty)

    walking.confirm(duty, point=first, by=worker, at=TUESDAY)
    walking.confirm(duty, point=second, by=worker, at=TUESDAY + timedelta(minutes=9))
    assert facts(duty) == ("under_way", 2, 3, 0, None)
    walking.confirm(duty, point=third, by=worker, at=TUESDAY + timedelta(minutes=20))

    assert facts(duty) == ("done", 3, 3, 0, True)
    row = PatrolDuty.objects.get()
    assert (row.walker, row.begun_at, row.done_at) == (district.worker, TUESDAY, TUESDAY + timedelta(minutes=20))


def test_a_round_after_its_time_is_done_but_not_in_time(district, worker):
    duty = made(district)
    for point in points(duty):
        walking.confirm(duty, point=point, by=worker, at=TUESDAY + timedelta(minutes=31))

    assert facts(duty) == ("done", 3, 3, 0, False)


def test_pressing_twice_confirms_once(district, worker):
    duty = made(district)
    first, *_others = points(duty)

    one = walking.confirm(duty, point=first, by=worker, at=TUESDAY)
    two = walking.confirm(duty, point=first, by=worker, at=TUESDAY + timedelta(minutes=1))

    assert one == two
    assert (facts(duty), PatrolCheck.objects.get().at) == (("under_way", 1, 3, 0, None), TUESDAY)


def test_a_slip_of_the_thumb_is_taken_back_by_its_own_hand(district, worker):
    duty = made(district)
    first, *_others = points(duty)
    walking.confirm(duty, point=first, by=worker, at=TUESDAY)
    with pytest.raises(NotYours):
        walking.take_back(duty, point=first, by=district.as_staff(district.lead), at=TUESDAY)

    walking.take_back(duty, point=first, by=worker, at=TUESDAY)

    assert facts(duty) == ("open", 0, 3, 0, None)
    assert PatrolDuty.objects.get().walker is None
    with pytest.raises(NotNow):
        walking.take_back(duty, point=first, by=worker, at=TUESDAY)


def test_a_round_is_walked_on_its_day_after_the_one_before_and_by_whose_it_is(district, worker):
    duty = made(district, times=(time(9), time(17)))
    evening = PatrolDuty.objects.select_related("route__area").get(due_by=time(17))
    first, *_others = points(duty)

    with pytest.raises(NotNow, match="begins at 09:00"):
        walking.confirm(evening, point=first, by=worker, at=at("2026-06-09", 8))
    with pytest.raises(NotNow, match="own day"):
        walking.confirm(duty, point=first, by=worker, at=at("2026-06-10", 0))
    for other in (district.other_worker, district.secretary, district.window, district.leader):
        with pytest.raises(NotYours):
            walking.confirm(duty, point=first, by=district.as_staff(other), at=TUESDAY)
    assert not PatrolCheck.objects.exists()
    walking.confirm(duty, point=first, by=district.as_staff(district.lead), at=TUESDAY)
    assert PatrolCheck.objects.get().by == district.lead


def test_a_place_of_another_round_is_refused(district, worker):
    duty, other = made(district), made(district, name="夜巡")

    with pytest.raises(BadInput):
        walking.confirm(duty, point=points(other)[0], by=worker, at=TUESDAY)
    with pytest.raises(BadInput):
        find(duty, worker, point=points(other)[0])
    assert not Petition.objects.exists()


def test_a_finding_becomes_a_petition_with_place_and_photo_and_confirms_its_place(district, worker, tmp_path, settings):
    """Mechanism 003c-17: patrols of the surroundings lead to matters of their own category."""
    settings.MEDIA_ROOT = str(tmp_path)
    duty = made(district)
    first, *_others = points(duty)

    filed = find(duty, worker, point=first, uploads=[io.BytesIO(phone_photo())], place=district.building)

    petition = Petition.objects.get()
    assert filed.petition == petition
    assert (petition.channel, petition.place, petition.filed_by, petition.petitioner) == (
        "patrol", district.building, district.worker, None,
    )  # fmt: skip
    assert petition.photos.count() == 1
    assert petition.texts.get(kind="place").masked == "东门"
    assert facts(duty) == ("under_way", 1, 3, 1, None)
    assert not PatrolCheck.objects.get().all_right


def test_a_finding_sent_again_files_and_counts_nothing_more(district, worker):
    duty = made(district)
    first, *_others = points(duty)
    key = uuid.uuid4()

    one = find(duty, worker, point=first, client_key=key)
    two = find(duty, worker, point=first, client_key=key)

    assert (one.petition, one.created, two.created) == (two.petition, True, False)
    assert (Petition.objects.count(), PatrolFinding.objects.count()) == (1, 1)
    assert facts(duty) == ("under_way", 1, 3, 1, None)


def test_two_matters_at_one_place_and_one_between_two(district, worker):
    duty = made(district)
    first, *_others = points(duty)
    walking.confirm(duty, point=first, by=worker, at=TUESDAY)

    for point in (first, first, None):
        find(duty, worker, point=point)

    assert facts(duty) == ("under_way", 1, 3, 3, None)
    assert not PatrolCheck.objects.get().all_right
    assert [len(stop.findings) for stop in walking.sheet(duty)] == [2, 0, 0]
    assert len(walking.between(duty)) == 1
    with pytest.raises(NotNow, match="stays confirmed"):
        walking.take_back(duty, point=first, by=worker, at=TUESDAY)


def test_a_finding_elsewhere_is_refused_and_files_nothing(district, worker):
    duty = made(district)

    with pytest.raises(BadInput):
        find(duty, worker, place=district.other_grid)
    assert (Petition.objects.count(), facts(duty)[3]) == (0, 0)


def test_only_a_missed_round_has_a_reason_and_only_who_answers_gives_it(district, worker):
    duty = made(district)
    lead = district.as_staff(district.lead)
    with pytest.raises(NotNow):
        walking.say_why(duty, reason=RoundReason.WEATHER, by=lead, at=TUESDAY)
    PatrolDuty.objects.update(state=RoundState.MISSED)
    with pytest.raises(NotYours):
        walking.say_why(duty, reason=RoundReason.WEATHER, by=worker, at=TUESDAY)

    walking.say_why(duty, reason=RoundReason.WEATHER, by=lead, at=TUESDAY)

    assert PatrolDuty.objects.get().reason == "weather"


# -- what is kept -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [("38.520123,102.188", "38.520123,102.188"), ("", ""), ("38.5", ""), ("38.52,102.18;DROP", ""), ("x,y", "")],
)
def test_a_place_of_the_device_is_sealed_and_nothing_else_is_kept_as_one(district, worker, given, kept):
    duty = made(district)

    check = walking.confirm(duty, point=points(duty)[0], by=worker, at=TUESDAY, where=given)

    row = PatrolCheck.objects.get(pk=check.pk)
    assert row.where == kept
    assert b"38.52" not in bytes(row.where_sealed or b"")


def test_consent_is_taken_back_for_all_of_ones_own_places_at_once(district, worker):
    duty = made(district)
    lead = district.as_staff(district.lead)
    for point, by in zip(points(duty), (worker, worker, lead), strict=True):
        walking.confirm(duty, point=point, by=by, at=TUESDAY, where="38.52,102.18")

    assert ownrounds.forget_where(district.worker) == 2

    assert sorted((check.by.display_name, check.where) for check in PatrolCheck.objects.all()) == [
        ("lead", "38.52,102.18"), ("worker", ""), ("worker", ""),
    ]  # fmt: skip


def test_after_ninety_days_only_the_sums_of_the_day_are_left(district, worker):
    duty = made(district)
    first, second, third = points(duty)
    petition = find(duty, worker, point=first).petition
    for point in (second, third):
        walking.confirm(duty, point=point, by=worker, at=TUESDAY, where="38.52,102.18")
    names = ("fieldwork.patrols", "fieldwork.patrol_checks", "fieldwork.patrol_findings")

    expiry.run(at=TUESDAY + timedelta(days=90), only=names)
    assert (PatrolCheck.objects.count(), PatrolFinding.objects.count()) == (3, 1)
    runs = expiry.run(at=TUESDAY + timedelta(days=91), only=names)

    assert {run.rule: run.ended for run in runs} == {
        "fieldwork.patrol_checks": 3, "fieldwork.patrol_findings": 1, "fieldwork.patrols": 1,
    }  # fmt: skip
    assert (PatrolCheck.objects.count(), PatrolFinding.objects.count()) == (0, 0)
    row = PatrolDuty.objects.get()
    assert (row.walker, row.begun_at, row.done_at) == (None, None, None)
    assert facts(duty) == ("done", 3, 3, 1, True)
    assert Petition.objects.get() == petition


# -- routes -------------------------------------------------------------------------------------------------------


def test_who_keeps_a_route(district):
    for who, area in (("worker", "grid"), ("window", "grid"), ("other_secretary", "grid"), ("lead", "community")):
        with pytest.raises(NotYours):
            route(district, by=getattr(district, who), area=getattr(district, area))
    for who, area, post in (
        ("lead", "grid", PostKind.GRID_WORKER),
        ("secretary", "other_grid", PostKind.GRID_LEAD),
        ("dispatcher", "street", PostKind.DISPATCHER),
        ("leader", "community", PostKind.COMMUNITY_WORKER),
    ):
        one = route(district, by=getattr(district, who), area=getattr(district, area), post=post)
        assert one.area == getattr(district, area)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"post": PostKind.COMMUNITY_WORKER}, "post"),
        ({"times": ()}, "times"),
        ({"times": (time(9), time(9))}, "times"),
        ({"times": tuple(time(hour) for hour in range(7))}, "times"),
        ({"rhythm": Rhythm.WEEKDAYS}, "weekdays"),
        ({"weekdays": (1,)}, "weekdays"),
        ({"rhythm": Rhythm.WEEKDAYS, "weekdays": (7,)}, "weekdays"),
        ({"starts_on": date(2026, 6, 7)}, "starts_on"),
    ],
)
def test_a_route_that_contradicts_itself_is_refused(district, wrong, field):
    with pytest.raises(BadInput) as refused:
        route(district, **wrong)

    assert refused.value.field == field
    assert route(district).name == "早巡"


def test_two_routes_of_one_name_are_refused_until_the_first_has_ended(district):
    first = route(district)
    with pytest.raises(NotNow):
        route(district)
    routes.end(first, by=district.as_staff(district.lead), at=MONDAY)

    assert route(district).pk != first.pk


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("东门：消防通道\n\n 车棚 ", [("东门", "消防通道"), ("车棚", "")]),
        ("East gate: fire lane: free?", [("East gate", "fire lane: free?")]),
        ("甲|乙", [("甲", "乙")]),
    ],
)
def test_places_are_read_line_by_line(typed, places):
    assert [(place.name, place.look_at) for place in routes.places_in(typed)] == places


@pytest.mark.parametrize(
    "typed", ["", " \n：只有要看的", "东门\n东门", "长" * 61, "东门：" + "长" * 201, "\n".join(map(str, range(41)))]
)
def test_places_that_cannot_be_walked_are_refused(typed):
    with pytest.raises(BadInput) as refused:
        routes.places_in(typed)

    assert refused.value.field == "places"
