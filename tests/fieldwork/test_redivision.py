"""Households follow their building to its new grid; who moved away stays where he was counted."""

from datetime import date

import pytest

from fieldwork.models import Household, ServiceStation
from grids.outlook import outlook
from tests.factories import SINCE, TUESDAY, District
from tests.fieldwork.places import station
from tests.redrawing import carry_out, merge, more_buildings, split

pytestmark = pytest.mark.django_db


def homes(district: District) -> dict[str, Household]:
    five, nine = more_buildings(district)
    wanted = {
        "101": (district.unit, district.grid, None),
        "102": (district.building, district.grid, None),
        "501": (five, district.grid, None),
        "901": (nine, district.other_grid, None),
        "yard": (district.grid, district.grid, None),
        "gone": (district.unit, district.grid, date(2026, 1, 1)),
    }
    return {
        door: Household.objects.create(place=place, grid=grid, door=door, valid_from=SINCE, valid_to=until)
        for door, (place, grid, until) in wanted.items()
    }


def grids() -> dict[str, str]:
    return dict(Household.objects.values_list("door", "grid__name"))


def test_a_split_takes_the_households_of_the_building_along(district: District):
    homes(district)
    plan = split(district)
    seen = outlook(plan, by=district.secretary, at=TUESDAY)

    done = carry_out(district, plan)

    place = 2  # after buildings and stairwells
    assert {column.line.name: column.counts[place] for column in seen.columns} == {
        "第一网格": 2, "第二网格": 1, "第三网格": 2,
    }  # fmt: skip
    assert grids() == {
        "101": "第三网格", "102": "第三网格", "501": "第一网格", "901": "第二网格",
        "yard": "第一网格", "gone": "第一网格",
    }  # fmt: skip
    assert done.taken["households"] == 2


def test_a_merge_takes_all_of_them_also_who_lives_in_no_building(district: District):
    homes(district)

    done = carry_out(district, merge(district))

    assert grids() == {
        "101": "第二网格", "102": "第二网格", "501": "第二网格", "901": "第二网格",
        "yard": "第二网格", "gone": "第一网格",
    }  # fmt: skip
    assert done.taken["households"] == 4


def test_the_stations_of_a_grid_go_with_its_heir(district: District):
    more_buildings(district)
    station(district, "S-1", "watch", district.grid)
    station(district, "S-2", "watch", district.other_grid)
    closed = station(district, "S-3", "talk", district.grid)
    ServiceStation.objects.filter(pk=closed.pk).update(valid_to=date(2026, 1, 1))

    done = carry_out(district, merge(district))

    assert dict(ServiceStation.objects.values_list("code", "area__name")) == {
        "S-1": "第二网格", "S-2": "第二网格", "S-3": "第一网格",
    }  # fmt: skip
    assert done.taken["stations"] == 1
