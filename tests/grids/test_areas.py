"""The area tree: paths, levels, validity, search, and who sees what of it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from grids.enums import Level
from grids.models import Area, Building, Community, Grid, Street, Unit
from grids.services import mark_served
from tests.factories import District, make_area, make_user

pytestmark = pytest.mark.django_db


@given(ids=st.lists(st.integers(min_value=1, max_value=2**63 - 1), min_size=1, max_size=8))
def test_a_path_is_the_ids_from_the_root_down(ids):
    area = Area(path="".join(f"{pk}/" for pk in ids))

    assert area.line_ids() == tuple(ids)
    assert area.ancestor_ids() == tuple(ids[:-1])


def test_a_new_area_gets_its_path_from_its_parent_without_asking(django_assert_num_queries):
    province = Area.objects.create(level=Level.PROVINCE, name="甘肃省", code="62")

    with django_assert_num_queries(1):
        city = Area.objects.create(level=Level.CITY, name="金昌市", code="6203", parent=province)

    assert province.path == f"{province.pk}/"
    assert city.path == f"{province.pk}/{city.pk}/"


def test_areas_made_in_bulk_know_their_paths(district: District):
    units = Unit.objects.bulk_create(
        [Unit(level=Level.UNIT, name=f"{n}单元", code=f"bulk-{n}", parent=district.building) for n in (1, 2, 3)]
    )

    assert [unit.path for unit in units] == [f"{district.building.path}{unit.pk}/" for unit in units]


def test_the_database_refuses_a_parent_that_does_not_lie_above(district: District):
    with pytest.raises(IntegrityError, match="parent of a higher level"), transaction.atomic():
        Area.objects.create(level=Level.STREET, name="x", code="x", parent=district.grid)
    with pytest.raises(IntegrityError, match="parent of a higher level"), transaction.atomic():
        Area.objects.create(level=Level.GRID, name="x", code="x", parent=district.grid)

    assert not Area.objects.filter(code="x").exists()


@pytest.mark.parametrize("path", ["", "1/", "999/{pk}", "{pk}", "/{pk}/", "{pk}/"])
def test_the_database_refuses_a_path_that_does_not_end_in_the_area_itself(district: District, path):
    with pytest.raises(IntegrityError, match="area_path_ends_in_own_id"), transaction.atomic():
        Area.objects.filter(pk=district.grid.pk).update(path=path.format(pk=district.grid.pk) or "x")


def test_a_code_is_given_once(district: District):
    with pytest.raises(IntegrityError, match="area_code_unique"), transaction.atomic():
        make_area(Level.GRID, "另一个", district.grid.code, district.community)


@pytest.mark.parametrize("facts", [{"name": ""}, {"code": ""}, {"level": 9}, {"level": 0}])
def test_the_database_refuses_an_area_without_name_code_or_level(facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(**{"level": Level.PROVINCE, "name": "甘肃省", "code": "62", **facts})


def test_the_database_refuses_an_area_that_ends_before_it_begins():
    with pytest.raises(IntegrityError, match="area_valid_from_before_to"), transaction.atomic():
        Area.objects.create(level=1, name="甘肃省", code="62", valid_from=date(2024, 1, 2), valid_to=date(2024, 1, 1))


def test_an_area_with_others_in_it_is_not_deleted(district: District):
    with pytest.raises(Exception, match="protected"):
        district.street.delete()

    assert Area.objects.filter(pk=district.street.pk).exists()


def test_each_proxy_lists_and_makes_its_own_level_only(district: District):
    counts = {proxy: proxy.objects.count() for proxy in (Street, Community, Grid, Building, Unit)}
    made = Grid(name="第三网格", code="g3", parent=district.community)
    made.full_clean()
    made.save()

    assert counts == {Street: 2, Community: 2, Grid: 2, Building: 1, Unit: 1}
    assert Area.objects.get(code="g3").level == Level.GRID


def test_a_form_is_told_of_a_wrong_parent_in_words(district: District):
    with pytest.raises(ValidationError, match=r"higher level|上级"):
        Area(level=Level.STREET, name="x", code="x", parent=district.grid).full_clean()
    with pytest.raises(ValidationError, match=r"Only a province|只有省"):
        Area(level=Level.STREET, name="x", code="x").full_clean()


def test_an_area_is_valid_on_its_first_and_its_last_day():
    Area.objects.create(level=1, name="甘肃省", code="62", valid_from=date(2024, 3, 1), valid_to=date(2024, 3, 31))

    days = [date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 31), date(2024, 4, 1)]

    assert [Area.objects.at(day).count() for day in days] == [0, 1, 1, 0]


def test_under_takes_the_whole_subtree_and_no_neighbour_whose_number_begins_alike(district: District):
    found = Area.objects.under(district.community.path)

    assert {area.code for area in found} == {
        "620302001001", "620302001001001", "620302001001002", "620302001001001-3", "620302001001001-3-2",
    }  # fmt: skip
    assert not Area.objects.under(f"{district.community.path[:-1]}9/").exists()


@pytest.mark.parametrize(
    ("q", "codes"),
    [
        ("龙集", ["620302001001"]),
        ("里社区", ["620302001001", "620302001002"]),
        ("ljlsq", ["620302001001"]),
        ("longji", ["620302001001"]),
        ("long ji", ["620302001001"]),
        ("LQL", ["620302001002"]),
        ("620302001002", ["620302001002"]),
        ("%", []),
        ("_", []),
        ("", []),
        ("   ", []),
    ],
)
def test_a_community_is_found_by_part_of_its_name_its_pinyin_its_initials_or_its_code(district: District, q, codes):
    mark_served(district.district)

    found = Area.objects.search(q, level=Level.COMMUNITY).order_by("code")

    assert [area.code for area in found] == codes


def test_search_offers_neither_foreign_nor_closed_areas(district: District):
    mark_served(district.other_street, served=False)
    Area.objects.filter(pk=district.other_community.pk).update(valid_to=date(2026, 5, 31))

    assert not Area.objects.search("桂林路").exists()
    assert not Area.objects.search("龙泉里", on=date(2026, 6, 1)).exists()
    assert Area.objects.search("龙泉里", on=date(2026, 5, 31)).count() == 1


def test_a_worker_sees_the_own_grid_with_all_below_and_the_names_above(district: District):
    seen = Area.objects.visible_to(district.as_staff(district.worker))

    assert {area.code for area in seen} == {
        "62", "6203", "620302", "620302001", "620302001001",
        "620302001001001", "620302001001001-3", "620302001001001-3-2",
    }  # fmt: skip


def test_a_dispatcher_sees_the_own_street_and_nothing_of_the_next(district: District):
    seen = Area.objects.visible_to(district.as_staff(district.dispatcher))

    assert district.other_community in seen
    assert district.other_street not in seen


def test_the_district_command_sees_the_district_and_a_stranger_nothing(district: District):
    Area.objects.create(level=Level.PROVINCE, name="山东省", code="37")

    assert Area.objects.visible_to(district.as_staff(district.command)).count() == 11
    assert not Area.objects.visible_to(district.as_staff(make_user("nobody"))).exists()


def test_an_administrator_sees_every_area(district: District):
    root = make_user("root")
    root.is_superuser = True

    staff = district.as_staff(root)

    assert staff.is_administrator
    assert staff.holdings == ()
    assert Area.objects.visible_to(staff).count() == 11
