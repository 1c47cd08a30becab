"""Finding the place a resident means."""

from datetime import date

import pytest

from grids.enums import Level
from grids.models import Area
from grids.names import initials, sort_key
from petitions import places
from tests.factories import make_area

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 9)


@pytest.fixture
def town(district):
    """Two communities, each with a 3号楼 and a 13号楼; one building next door that we do not serve."""
    for grid, community in (
        (district.other_grid, "b"),
        (make_area(Level.GRID, "第三网格", "g3", district.other_community), "c"),
    ):
        for number in (3, 13):
            if community == "c" or number == 13:
                make_area(Level.BUILDING, f"{number}号楼", f"{community}-{number}", grid)
    Area.objects.create(level=Level.BUILDING, name="3号楼", code="not-ours", parent=district.other_grid, served=False)
    for area in Area.objects.served():
        Area.objects.filter(pk=area.pk).update(name_key=sort_key(area.name), initials=initials(area.name))
    return district


def found(typed: str) -> list[str]:
    return [place.code for place in places.find(typed, on=TODAY).places]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("龙集里社区 3号楼", ["620302001001001-3", "b-13"]),
        ("龙集里 3号楼", ["620302001001001-3", "b-13"]),
        ("龙集里3号楼", ["620302001001001-3", "b-13"]),
        ("龙集里社区3号楼", ["620302001001001-3", "b-13"]),
        ("滨河路 龙泉里 13号楼", ["c-13"]),
        ("ｌｊｌ　13号楼", ["b-13"]),
        ("ljl", ["620302001001"]),
        ("longquanli", ["620302001002"]),
        ("620302001001001-3", ["620302001001001-3", "620302001001001-3-2"]),
        ("月亮湾", []),
        ("月亮湾 3号楼", []),
        ("   ", []),
        ("%", []),
        ("_", []),
        ("\x00", []),
    ],
)
def test_a_place_is_found_as_people_write_it(town, typed, codes):
    assert found(typed) == codes


def test_the_very_name_comes_before_names_that_hold_it(town):
    assert found("3号楼") == ["620302001001001-3", "c-3", "b-13", "c-13"]


def test_a_place_is_told_with_all_it_lies_in(town):
    (place,) = places.find("龙泉里 13号楼", on=TODAY).places

    assert place.trail == "滨河路街道 › 龙泉里社区 › 第三网格 › 13号楼"


def test_what_we_do_not_serve_and_what_is_no_place_is_not_offered(town):
    assert "not-ours" not in found("3号楼")
    assert found("金川区") == []
    assert places.by_code("not-ours", on=TODAY) is None
    assert places.by_code("620302", on=TODAY) is None


def test_a_closed_building_is_offered_until_its_last_day(town):
    Area.objects.filter(code="c-13").update(valid_to=TODAY)

    assert places.by_code("c-13", on=TODAY) is not None
    assert places.by_code("c-13", on=date(2026, 6, 10)) is None


@pytest.mark.parametrize("count", [1, 3, 300])
def test_a_search_costs_the_same_however_much_it_finds(district, django_assert_num_queries, count):
    for number in range(count):
        make_area(Level.BUILDING, f"丁香{number}号", f"dx-{number}", district.other_grid)

    with django_assert_num_queries(3):  # the community, the buildings, what they lie in
        results = places.find("龙集里社区 丁香", on=TODAY)

    assert len(results.places) == min(count, 12)
    assert results.more == (count > 12)
