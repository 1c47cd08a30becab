"""Micro-grids (000-27): houses of a grid under one head, closed and never deleted, through re-division."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from grids import microgrids
from grids.enums import Level, PostKind
from grids.errors import NotYourRegister
from grids.models import Area, MicroGrid, MicroGridPlace
from people.errors import BadInput, NotAllowedNow
from people.models import RevealLog
from tests.factories import TUESDAY, appoint, make_area, make_user
from tests.redrawing import ON, carry_out, more_buildings, split

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NUMBER = "13900139000"
DAY = timedelta(days=1)


def make(district, name="微网格一", places=None, *, by=None, at=TUESDAY, grid=None, **head):
    by = district.as_staff(by or district.lead)
    return microgrids.make(grid or district.grid, name=name, places=places or [district.building], by=by, at=at, **head)


def covered(row):
    found = row.places.order_by("place__code", "starts_on").values_list("place__name", "starts_on", "ends_on")
    return [(name, str(first), str(last) if last else None) for name, first, last in found]


def test_the_lead_makes_one_with_houses_and_a_head_who_holds_a_post_there(district):
    head = make_user("head3")
    appoint(head, PostKind.BUILDING_HEAD, district.building)

    row = make(district, head=head)

    assert (row.grid, row.head, row.volunteer, row.valid_from) == (district.grid, head, None, date(2026, 6, 9))
    assert covered(row) == [("3号楼", "2026-06-09", None)]
    (line,) = microgrids.lines([district.grid.pk], on=date(2026, 6, 9))[district.grid.pk]
    assert (line.micro_grid, line.places, line.head) == (row, ("3号楼",), "head3")


@pytest.mark.parametrize("who", ["worker", "window", "other_secretary", "dispatcher", "leader"])
def test_nobody_else_makes_one(district, who):
    with pytest.raises(NotYourRegister):
        make(district, by=getattr(district, who))
    assert not MicroGrid.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"contact_name": "常大爷", "contact_phone": NUMBER}, "agreed"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(district, facts, field):
    with pytest.raises(BadInput) as refused:
        make(district, **facts)

    assert refused.value.field == field
    assert not MicroGrid.objects.exists()


def test_a_house_elsewhere_a_building_with_its_stairwell_or_a_head_from_elsewhere_is_refused(district):
    _here, there = more_buildings(district)
    for facts in ({"places": [there]}, {"places": [district.building, district.unit]}, {"head": district.other_worker}):
        with pytest.raises(BadInput):
            make(district, **facts)
    assert not MicroGridPlace.objects.exists()


def test_a_house_belongs_to_one_at_a_time_and_so_do_its_stairwells(district):
    here, _there = more_buildings(district)
    make(district, places=[district.unit])

    for places in ([district.unit], [district.building], [here, district.building]):
        with pytest.raises(NotAllowedNow, match="3号楼 2单元 belongs to “微网格一”"):
            make(district, "微网格二", places)
    assert covered(make(district, "微网格二", [here])) == [("5号楼", "2026-06-09", None)]


def test_the_database_keeps_a_house_out_of_two(district):
    first, other = make(district), MicroGrid.objects.create(
        grid=district.grid, name="二", valid_from=date(2026, 6, 1), made_by=district.lead
    )  # fmt: skip

    with pytest.raises(IntegrityError, match="microgridplace_one_at_a_time"), transaction.atomic():
        MicroGridPlace.objects.create(micro_grid=other, place=district.building, starts_on=date(2026, 6, 20))
    assert first.places.count() == 1


def test_one_name_stands_once_in_a_grid(district):
    here, _there = more_buildings(district)
    make(district)

    with pytest.raises(NotAllowedNow, match="name"):
        make(district, places=[here])


def test_other_houses_hold_from_the_day_on_and_the_former_stay_written_down(district):
    here, _there = more_buildings(district)
    row, by = make(district), district.as_staff(district.secretary)

    microgrids.change_places(row, places=[here], by=by, at=TUESDAY + 7 * DAY)

    assert covered(row) == [("3号楼", "2026-06-09", "2026-06-15"), ("5号楼", "2026-06-16", None)]
    was, now = (
        microgrids.lines([district.grid.pk], on=day)[district.grid.pk][0].places
        for day in (date(2026, 6, 15), date(2026, 6, 16))
    )
    assert (was, now) == (("3号楼",), ("5号楼",))


def test_a_volunteer_agrees_is_sealed_and_looked_at_for_a_reason(district):
    row = make(district, contact_name="常大爷", contact_phone=NUMBER, agreed=True)

    found = microgrids.look(row, field="phone", reason="通知停水", by=district.as_staff(district.worker), at=TUESDAY)

    assert (found.value, row.volunteer.context) == (NUMBER, "micro_grid")
    assert list(RevealLog.objects.values_list("about", "by")) == [(f"microgrid:{row.pk}", district.worker.pk)]
    with pytest.raises(NotYourRegister):
        microgrids.look(row, field="phone", reason="通知停水", by=district.as_staff(district.dispatcher), at=TUESDAY)


def test_another_head_lets_the_volunteer_go(district):
    row = make(district, contact_name="常大爷", contact_phone=NUMBER, agreed=True)
    person = row.volunteer

    microgrids.change_head(row, head=district.worker, by=district.as_staff(district.lead), at=TUESDAY)

    row.refresh_from_db()
    person.refresh_from_db()
    assert (row.head, row.volunteer, person.name, person.phone_index) == (district.worker, None, "", None)


def test_closed_it_stays_and_frees_its_houses_from_the_next_day(district):
    row = make(district, contact_name="常大爷", agreed=True)
    by = district.as_staff(district.lead)

    microgrids.close(row, by=by, at=TUESDAY + DAY)

    row.refresh_from_db()
    row.volunteer.refresh_from_db()
    assert (row.valid_to, covered(row), row.volunteer.name) == (
        date(2026, 6, 10), [("3号楼", "2026-06-09", "2026-06-10")], "",
    )  # fmt: skip
    with pytest.raises(NotAllowedNow):
        microgrids.close(row, by=by, at=TUESDAY + DAY)
    assert covered(make(district, at=TUESDAY + 2 * DAY)) == [("3号楼", "2026-06-11", None)]


# -- re-division -------------------------------------------------------------------------------------------------------


def now_of(grid):
    found = microgrids.lines([grid.pk], on=ON).get(grid.pk, [])
    return [(line.micro_grid.name, line.places, line.head) for line in found]


def test_one_whose_houses_go_to_a_new_grid_goes_with_them_and_the_others_stay(district):
    here, _there = more_buildings(district)
    moving = make(district, head=district.lead)
    staying = make(district, "微网格二", [here])

    carry_out(district, split(district))

    new = Area.objects.get(name="第三网格", level=Level.GRID)
    assert now_of(new) == [("微网格一", ("3号楼",), "lead")]
    assert now_of(district.grid) == [("微网格二", ("5号楼",), "")]
    moving.refresh_from_db()
    assert (moving.valid_to, covered(moving)) == (date(2026, 6, 14), [("3号楼", "2026-06-09", "2026-06-14")])
    assert MicroGrid.objects.get(pk=staying.pk).valid_to is None


def test_one_that_is_torn_apart_is_two_and_the_volunteer_stays_with_the_larger_part(district):
    here, _there = more_buildings(district)
    third = make_area(Level.BUILDING, "6号楼", "620302001001001-6", district.grid)
    make(district, places=[district.building, here, third], contact_name="常大爷", contact_phone=NUMBER, agreed=True)

    carry_out(district, split(district))

    new = Area.objects.get(name="第三网格", level=Level.GRID)
    assert [names for _name, names, _head in now_of(new)] == [("3号楼",)]
    assert [names for _name, names, _head in now_of(district.grid)] == [("5号楼", "6号楼")]
    kept = MicroGrid.objects.get(grid=district.grid, valid_to=None)
    assert kept.volunteer.phone == NUMBER
    assert MicroGrid.objects.get(grid=new).volunteer is None


# -- pages -------------------------------------------------------------------------------------------------------------


def test_residents_read_who_looks_after_their_houses_and_no_volunteer_by_name(client, district):
    here, _there = more_buildings(district)
    make(district, head=district.lead, at=TUESDAY)
    make(district, "微网格二", [here], contact_name="常大爷", contact_phone=NUMBER, agreed=True)

    page = client.get(reverse("area_page", args=[district.grid.code])).content.decode()

    assert "微网格一: 3号楼 · lead" in " ".join(page.split())
    assert "looked after by a volunteer" in page
    assert "常大爷" not in page


def test_the_way_in_the_browser(client, district):
    client.force_login(district.lead)
    url = f"{reverse('micro_grid_new')}?grid={district.grid.code}"

    refused = client.post(url, {"name": "微网格一", "contact_name": "常大爷"})
    assert (refused.status_code, "常大爷" in refused.content.decode()) == (422, True)
    given = {"name": "微网格一", "places": [district.unit.pk], "contact_name": "常大爷", "agreed": "on"}
    assert client.post(url, given).status_code == 302
    row = MicroGrid.objects.get()
    page = client.get(reverse("micro_grid", args=[row.pk])).content.decode()
    assert ("常**" in page, "常大爷" in page) == (True, False)
    looked = client.post(reverse("micro_grid_do", args=[row.pk, "look"]), {"field": "name", "reason": "通知停水"})
    assert "常大爷" in looked.content.decode()
    assert client.post(reverse("micro_grid_do", args=[row.pk, "head"]), {"head": district.lead.pk}).status_code == 302
    assert client.post(reverse("micro_grid_do", args=[row.pk, "close"])).status_code == 302
    assert client.get(reverse("micro_grids")).context["rows"][0][0] == district.grid
    client.force_login(district.other_secretary)
    assert client.get(reverse("micro_grid", args=[row.pk])).status_code == 404
