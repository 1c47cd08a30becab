"""Exports of other systems: what is a row, what is a bad one, and that every bad one is named by its line."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from grids.errors import RowError
from people.errors import BadInput
from petitions.importing.reading import Row, moment, opened

pytestmark = pytest.mark.usefixtures("english")

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 9, 10, 0, tzinfo=SHANGHAI)
HEADING = "external_id,title,text,submitted_at,reply,replied_at\n"
GOOD = "7,路灯不亮,门口的路灯坏了。,2019-04-24 16:03:40,已修好。,2019-05-09 09:49:10\n"


def write(tmp_path: Path, text: str, *, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, *, prefix: str = "", at: datetime = NOW) -> list[Row | RowError]:
    with opened(path, prefix=prefix, at=at) as export:
        return list(export.rows)


def test_a_row_carries_its_line_its_words_and_its_moments_in_shanghai(tmp_path):
    (row,) = read(write(tmp_path, HEADING + GOOD), prefix="old-")

    assert row == Row(
        line=2,
        external_id="old-7",
        title="路灯不亮",
        text="门口的路灯坏了。",
        submitted_at=datetime(2019, 4, 24, 8, 3, 40, tzinfo=UTC),
        reply="已修好。",
        replied_at=datetime(2019, 5, 9, 1, 49, 10, tzinfo=UTC),
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_text_of_a_chinese_spreadsheet_is_read_in_either_encoding(tmp_path, encoding):
    (row,) = read(write(tmp_path, HEADING + GOOD, encoding=encoding))

    assert row.text == "门口的路灯坏了。"


def test_a_workbook_is_read_with_its_own_dates_and_numbers(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["external_id", "title", "text", "submitted_at", "reply", "replied_at"])
    book.active.append([2554.0, "路灯", "路灯坏了。", datetime(2019, 4, 24, 16, 3, 40), None, None])
    path = tmp_path / "export.xlsx"
    book.save(path)

    (row,) = read(path)

    assert (row.external_id, row.submitted_at, row.replied_at) == (
        "2554", datetime(2019, 4, 24, 8, 3, 40, tzinfo=UTC), None,
    )  # fmt: skip


def test_columns_we_do_not_know_are_named_and_left_alone(tmp_path):
    path = write(tmp_path, "external_id,author,text,submitted_at,likes\n1,张三,漏水,2026-01-05 08:00:00,3\n")

    with opened(path, prefix="", at=NOW) as export:
        rows = list(export.rows)

    assert export.ignored == ("author", "likes")
    assert [row.text for row in rows] == ["漏水"]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2019-04-24 16:03:40", datetime(2019, 4, 24, 8, 3, 40, tzinfo=UTC)),
        ("2019/4/24 6:03", datetime(2019, 4, 23, 22, 3, tzinfo=UTC)),
        ("2019年4月24日 16:03:40", datetime(2019, 4, 24, 8, 3, 40, tzinfo=UTC)),
        ("2019-04-24T16:03:40.123+02:00", datetime(2019, 4, 24, 14, 3, 40, tzinfo=UTC)),
        ("2019-04-24T16:03:40Z", datetime(2019, 4, 24, 16, 3, 40, tzinfo=UTC)),
        ("2019-04-24", None),
        ("2019-02-30 10:00:00", None),
        ("gestern", None),
        ("", None),
        (43579.67, None),
    ],
)
def test_a_moment_is_shanghai_time_unless_it_says_otherwise(cell, said):
    assert moment(cell) == said


BAD = [
    (",t,x,2026-01-05 08:00:00,,", "external_id is missing."),
    (f"{'9' * 81},t,x,2026-01-05 08:00:00,,", "external_id is longer than 80 characters."),
    ("2,t,  ,2026-01-05 08:00:00,,", "text is missing."),
    ("2,t,x,5 January,,", "submitted_at is no moment like 2019-04-24 16:03:40."),
    ("2,t,x,,,", "submitted_at is no moment like 2019-04-24 16:03:40."),
    ("2,t,x,2026-01-05 08:00:00,done,yesterday", "replied_at is no moment like 2019-04-24 16:03:40."),
    ("2,t,x,2026-01-05 08:00:00,done,", "reply and replied_at belong together."),
    ("2,t,x,2026-01-05 08:00:00,,2026-01-06 08:00:00", "reply and replied_at belong together."),
    ("2,t,x,2026-01-05 08:00:00,done,2026-01-05 07:59:59", "replied_at lies before submitted_at."),
    ("2,t,x,2026-06-09 10:00:01,,", "submitted_at lies in the future."),
    ("2,t,x,2026-01-05 08:00:00,done,2026-06-09 10:00:01", "replied_at lies in the future."),
    ("2,t,x\0y,2026-01-05 08:00:00,,", "it holds a NUL character."),
    ("2,t,x,2026-01-05 08:00:00,,,surplus", "it has more cells than the heading."),
    ('2,"t"t,x,2026-01-05 08:00:00,,', "the quotation marks do not match."),
    (
        "7,路灯不亮,另一件事。,2019-04-24 16:03:40,已修好。,2019-05-09 09:49:10",
        "its number 7 stands in line 2 already, with other content.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_row_names_its_line_and_stops_nothing_else(tmp_path, line, reason):
    path = write(tmp_path, f"{HEADING}{GOOD}{line}\n8,,后面的一行,2026-01-05 08:00:00,,\n")

    first, bad, last = read(path)

    assert (first.external_id, last.external_id) == ("7", "8")
    assert str(bad) == f"export.csv, row 3: {reason}"


def test_a_row_over_several_lines_is_named_by_its_first(tmp_path):
    path = write(tmp_path, f'{HEADING}1,t,"one\ntwo\nthree",2026-01-05 08:00:00,,\n2,t,,2026-01-05 08:00:00,,\n')

    whole, bad = read(path)

    assert (whole.line, bad.row) == (2, 5)


def test_a_quotation_mark_that_is_never_closed_is_named_where_it_opens(tmp_path):
    path = write(tmp_path, f'{HEADING}{GOOD}9,t,"never closed,2026-01-05 08:00:00,,\n8,t,x,2026-01-05 08:00:00,,\n')

    first, bad = read(path)

    assert (first.line, bad.row, bad.message) == (2, 3, "the quotation marks do not match.")


def test_the_same_row_twice_counts_once_and_empty_lines_not_at_all(tmp_path):
    rows = read(write(tmp_path, f"{HEADING}{GOOD}\n,,,,,\n{GOOD}"))

    assert [row.external_id for row in rows] == ["7"]


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"external_id,text\n1,x\n", "export.csv lacks the column submitted_at."),
        (b"", "export.csv lacks the column external_id, text, submitted_at."),
        (b"\xff\xff\xff\xff\n", "export.csv is neither UTF-8 nor GB 18030 text, nor an XLSX workbook."),
        (b"PK\x03\x04 no workbook", "export.csv is damaged or no XLSX workbook."),
    ],
)
def test_a_file_that_is_no_export_is_refused_in_one_sentence(tmp_path, content, refused):
    path = tmp_path / "export.csv"
    path.write_bytes(content)

    with pytest.raises(BadInput, match=refused):
        read(path)


def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(BadInput, match=r"gone\.csv cannot be read\."):
        read(tmp_path / "gone.csv")
