"""Files of rows that people fill in: CSV or XLSX in, an empty template with notes out. No database."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from people.errors import BadInput
from people.exports import REMARK, harmless

MOST_ROWS: Final = 5_000
MOST_BYTES: Final = 2 * 1024 * 1024
MOST_UNPACKED: Final = 64 * 1024 * 1024
MOST_COLUMNS: Final = 60
ENCODINGS: Final = ("utf-8-sig", "gb18030")
WIDTH: Final = 18
WIDE: Final = 60

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register's file: its name in the code, as a heading, and what a cell may hold."""

    name: str
    attribute: str
    heading: str
    says: str
    example: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: in which row (the heading is row 1) and column of the file, None where it is about all of it."""

    row: int | None
    column: str
    message: str


def read(data: bytes) -> list[Cells]:
    """Return the rows of a CSV or XLSX file as text, the heading first, each at its place in the file.

    :raises BadInput: if it cannot be read, is too long, or has no row below its heading
    """
    if len(data) > MOST_BYTES:
        raise BadInput(_("The file is larger than 2 MB. Please divide it."), field="file")
    try:
        found = list(_xlsx(data) if data.startswith(b"PK\x03\x04") else _csv(data))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, csv.Error, SyntaxError) as error:
        raise BadInput(_("This file cannot be read. Give an XLSX or CSV file."), field="file") from error
    while found and not any(found[-1]):
        found.pop()
    if len(found) > MOST_ROWS + 1:
        raise BadInput(_("At most %(count)d rows at a time.") % {"count": MOST_ROWS}, field="file")
    if not any(any(row) and not is_remark(row) for row in found[1:]):
        raise BadInput(_("There is no row in the file."), field="file")
    return found


def is_remark(cells: Sequence[object]) -> bool:
    """Tell whether a row says something about the file: the example of a template, the mark of an export."""
    return bool(cells) and str(cells[0] or "").lstrip("'").startswith(f"{REMARK} ")


def place(number: int, heading: str) -> str:
    """Return how a column is called to somebody who looks at the spreadsheet."""
    return f"{get_column_letter(number)} {heading}"


def template(columns: Sequence[Column], *, codes: Sequence[tuple[str, str]] = ()) -> bytes:
    """Return a workbook to fill in: headings, an example that an import passes over, notes; every cell as text.

    :param codes: codes and names that may stand in it, for a third sheet
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _("Rows")
    sheet.append([one.heading for one in columns])
    example = [one.example for one in columns]
    sheet.append([f"{REMARK} {example[0]}", *example[1:]])
    for number in range(1, len(columns) + 1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width, column.number_format = WIDTH, "@"
        for cell in (sheet.cell(1, number), sheet.cell(2, number)):
            cell.number_format = "@"
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(_("What the columns mean"))
    notes.append([_("Row 2 is an example. Rows that begin with “# ” are not read; you may leave or delete them.")])
    notes.append([_("Heading"), _("Name in exports"), _("Must be filled"), _("What it may hold")])
    for one in columns:
        notes.append([one.heading, one.name, _("yes") if one.is_required else "", one.says])
    for letter, width in (("A", WIDTH), ("B", WIDTH), ("C", WIDTH), ("D", WIDE)):
        notes.column_dimensions[letter].width = width
    if codes:
        listed = book.create_sheet(_("Codes"))
        for code, label in codes:
            listed.append([harmless(code), harmless(label)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx(data: bytes) -> Iterable[Cells]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise ValueError
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True):
            yield [_text(cell) for cell in row]
    finally:
        book.close()


def _csv(data: bytes) -> Iterable[Cells]:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValueError
    heading = text.partition("\n")[0]
    for row in csv.reader(io.StringIO(text), delimiter=max(",\t;", key=heading.count)):
        yield [_text(cell) for cell in row[:MOST_COLUMNS]]


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell).replace("\x00", "").strip()
