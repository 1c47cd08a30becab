"""Registers as files: keyed by printed codes, all or nothing, rows named, repeatable."""

from datetime import date

import pytest
from django.utils import translation
from tablib import Dataset

from grids.errors import ImportRefused
from grids.models import Appointment, Grid, Organisation, Post
from grids.resources import (
    AppointmentResource,
    BuildingResource,
    GridResource,
    OrganisationResource,
    PostResource,
)
from grids.rows import row_errors
from tests.factories import District

pytestmark = pytest.mark.django_db


def sheet(text: str) -> Dataset:
    return Dataset().load(text, format="csv")


def wrong(resource, text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(ImportRefused) as refused:
        resource.import_rows(sheet(text), file="f.csv")
    return [(error.row, str(error.message)) for error in refused.value.errors]


GRIDS = (
    "code,name,parent_code,division_type,valid_from\n"
    "620302001001003,第三网格,620302001001,general_grid,2024/3/1\n"
    "620302001001004,第四网格,620302001001,,\n"
)


def test_grids_come_in_by_the_code_of_their_community_and_again_change_nothing(district: District):
    first = GridResource().import_rows(sheet(GRIDS))
    again = GridResource().import_rows(sheet(GRIDS))

    grid = Grid.objects.get(code="620302001001003")
    assert (grid.parent, grid.valid_from, grid.served, grid.initials) == (
        district.community, date(2024, 3, 1), True, "dswg",
    )  # fmt: skip
    assert (first.totals["new"], again.totals["new"], again.totals["skip"]) == (2, 0, 2)


def test_a_renamed_grid_is_found_by_its_new_name(district: District):
    GridResource().import_rows(sheet(GRIDS))

    result = GridResource().import_rows(sheet(GRIDS.replace("第三网格", "曙光网格")))

    assert (result.totals["update"], result.totals["skip"]) == (1, 1)
    assert Grid.objects.get(code="620302001001003").name_key == "shu guang wang ge"


def test_one_wrong_row_keeps_all_out_and_every_wrong_row_is_named(district: District):
    text = GRIDS + "620302001001005,,620302001001,,\n620302001001006,x,999,,\n620302001001007,x,620302001001,king,\n"

    errors = wrong(GridResource(), text)

    assert [row for row, _message in errors] == [4, 5, 6]
    assert "999" in errors[1][1]
    assert Grid.objects.count() == 2


def test_errors_are_in_the_language_of_the_reader(district: District):
    with translation.override("en"):
        ((_row, english),) = wrong(GridResource(), "code,name,parent_code\nx,x,999\n")

    assert "There is no area “999”." in english


def test_an_import_does_not_move_a_grid(district: District):
    text = f"code,name,parent_code\n{district.grid.code},第一网格,{district.other_community.code}\n"

    assert [row for row, _message in wrong(GridResource(), text)] == [2]

    district.grid.refresh_from_db()
    assert district.grid.parent == district.community


def test_a_building_does_not_lie_in_a_unit(district: District):
    assert wrong(BuildingResource(), f"code,name,parent_code\nb,5号楼,{district.unit.code}\n")[0][0] == 2


def test_a_file_without_its_key_column_is_refused_as_a_whole(district: District):
    assert wrong(GridResource(), "name,parent_code\nx,620302001001\n")[0][0] is None


def test_codes_that_a_spreadsheet_took_for_numbers_are_codes(district: District):
    rows = Dataset((620302001001005.0, "第五网格", 620302001001), headers=("code", "name", "parent_code"))

    GridResource().import_rows(rows)

    assert Grid.objects.filter(code="620302001001005").exists()


def test_organisations_come_in_and_go_out_as_the_same_file(district: District):
    text = "code,name,kind,area_code\nSW-1,自来水公司,utility,620302\nFD-1,房产局,Department,620302\n"
    OrganisationResource().import_rows(sheet(text))

    exported = OrganisationResource().export(Organisation.objects.order_by("code"))

    assert exported.headers == ["code", "name", "kind", "area_code", "valid_from", "valid_to"]
    assert [row[:4] for row in exported] == [
        ("FD-1", "房产局", "department", "620302"),
        ("HW-001", "环卫所", "department", "620302001"),
        ("SW-1", "自来水公司", "utility", "620302"),
    ]
    assert OrganisationResource().import_rows(exported).totals["skip"] == 3


def test_posts_are_known_by_area_kind_and_organisation(district: District):
    text = (
        "area_code,kind,organisation_code,title,seats,office_phone\n"
        "620302001001002,grid_lead,,,1,\n"
        "620302001001001,grid_worker,,网格员,2,0935-8212345\n"
    )

    result = PostResource().import_rows(sheet(text))

    assert (result.totals["new"], result.totals["update"]) == (1, 1)
    changed = Post.objects.get(area=district.grid, kind="grid_worker")
    assert (changed.seats, changed.office_phone) == (2, "0935-8212345")
    assert PostResource().import_rows(PostResource().export()).totals["skip"] == Post.objects.count()


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("620302001001002,street_leader,,", "kind"),  # not in a grid
        ("620302001001002,king,,", "king"),
        ("620302001,department_head,,", ""),  # without its organisation
        ("620302001,department_head,NO-1,", "NO-1"),
    ],
)
def test_a_post_that_cannot_be_is_refused(district: District, row, named):
    before = Post.objects.count()

    ((number, message),) = wrong(PostResource(), f"area_code,kind,organisation_code,title\n{row}\n")

    assert number == 2
    assert named == "kind" or named in message
    assert Post.objects.count() == before


def test_appointments_come_in_by_post_and_user_name(district: District):
    Post.objects.create(area=district.other_grid, kind="grid_lead")
    text = (
        "area_code,kind,organisation_code,username,starts_on,ends_on\n"
        f"620302001001002,grid_lead,,{district.window.username},2026-06-01,\n"
        f"620302001,department_head,HW-001,{district.head.username},2020-01-01,2026-06-30\n"
    )

    result = AppointmentResource().import_rows(sheet(text))

    assert (result.totals["new"], result.totals["update"]) == (1, 1)
    assert Appointment.objects.get(user=district.head).ends_on == date(2026, 6, 30)
    again = AppointmentResource().import_rows(AppointmentResource().export())
    assert again.totals["skip"] == Appointment.objects.count()


@pytest.mark.parametrize(
    ("post", "who", "starts_on"),
    [
        ("620302001001002,grid_lead,", "window", "2026-06-01"),  # no such post
        ("620302001001001,grid_worker,", "nobody", "2026-06-01"),  # no such person
        ("620302001001001,grid_worker,", "window", "1 June"),  # no date
        ("620302001001001,grid_worker,", "window", "2026-06-01"),  # no seat free
        ("620302001001001,grid_worker,", "worker", "2026-06-01"),  # holds it already
    ],
)
def test_an_appointment_that_cannot_be_is_refused(district: District, post, who, starts_on):
    name = getattr(district, who).username if who != "nobody" else who
    before = Appointment.objects.count()

    errors = wrong(
        AppointmentResource(), f"area_code,kind,organisation_code,username,starts_on\n{post},{name},{starts_on}\n"
    )

    assert {row for row, _message in errors} == {2}
    assert Appointment.objects.count() == before


def test_whoever_imports_writes_only_where_he_keeps_the_register(district: District):
    secretary = district.as_staff(district.secretary)
    own = "code,name,parent_code\nnew,新网格,620302001001\n"
    foreign = "code,name,parent_code\nnew-2,新网格,620302001002\n"

    GridResource(staff=secretary).import_rows(sheet(own))
    refused = wrong(GridResource(staff=secretary), foreign)
    worker = wrong(GridResource(staff=district.as_staff(district.worker)), own.replace("new", "new-3"))

    assert [row for row, _message in refused] == [2]
    assert [row for row, _message in worker] == [2]
    assert list(Grid.objects.filter(code__startswith="new").values_list("code", flat=True)) == ["new"]


def test_a_result_without_errors_names_none(district: District):
    assert row_errors(GridResource().import_data(sheet(GRIDS), dry_run=True)) == []
