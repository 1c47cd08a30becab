"""Routes of a grid that ends go on in its heir; what was walked stays where it was walked."""

import pytest

from fieldwork import rounds
from fieldwork.models import PatrolDuty, PatrolRoute
from grids.outlook import outlook
from tests.factories import TUESDAY, District
from tests.fieldwork.homes import at
from tests.fieldwork.walks import route
from tests.redrawing import FIRST_DAY, carry_out, merge, more_buildings, split

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def routes() -> list[tuple[str, str, bool]]:
    rows = PatrolRoute.objects.order_by("pk").values_list("area__name", "name", "valid_to")
    return [(area, name, until is None) for area, name, until in rows]


def test_routes_of_a_grid_that_ends_go_on_in_its_heir(district: District):
    for area in (district.grid, district.other_grid):
        route(district, area=area, by=district.secretary)
    rounds.make_day(at=TUESDAY)
    plan = merge(district)
    seen = outlook(plan, by=district.secretary, at=TUESDAY)

    done = carry_out(district, plan)

    column = [str(title) for title in seen.titles].index("Routes of patrols")
    assert {one.line.name: one.counts[column] for one in seen.columns} == {"第一网格": 0, "第二网格": 2}
    assert done.taken["patrols"] == 1
    assert routes() == [
        ("第一网格", "早巡", False), ("第二网格", "早巡", True), ("第二网格", "早巡 第一网格", True),
    ]  # fmt: skip
    assert PatrolDuty.objects.filter(route__area=district.grid).count() == 1
    new = PatrolRoute.objects.latest("pk")
    assert list(new.points.order_by("position").values_list("name", flat=True)) == ["东门", "车棚", "3号楼楼道"]


def test_a_round_made_before_the_new_grids_is_made_again_for_the_heir(district: District):
    route(district, by=district.secretary)
    plan = merge(district)
    morning = at(FIRST_DAY.date().isoformat(), 0)
    rounds.make_day(at=morning)

    carry_out(district, plan)
    rounds.make_day(at=FIRST_DAY)

    assert list(PatrolDuty.objects.values_list("route__area__name", flat=True)) == ["第二网格"]


def test_a_split_leaves_the_routes_of_the_grid_that_stays(district: District):
    more_buildings(district)
    route(district, by=district.secretary)

    carry_out(district, split(district))

    assert routes() == [("第一网格", "早巡", True)]
