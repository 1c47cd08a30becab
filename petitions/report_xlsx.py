"""A report as a workbook: every table on a sheet of its own, numbers as numbers, so that it can be counted with."""

import io
import re
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from people.exports import harmless
from petitions.rates import Rate
from petitions.report_content import Cell, Change, Content, Table
from petitions.report_pdf import weekdays

_NO_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME: Final = 28
GREY: Final = Font(color="4A5763")
HEAD: Final = PatternFill("solid", fgColor="F3F6F8")
WIDEST: Final = 60


def write(content: Content) -> bytes:
    """Return the report as a workbook."""
    book = Workbook()
    first = book.active
    _sheet(first, content.key, top=(content.title, content.subtitle, _as_at(content)))
    first.title = _name(content.key.heading, book)
    for table in content.tables:
        _sheet(book.create_sheet(_name(table.heading, book)), table)
    _hours(book.create_sheet(_name(_("When in the week matters were filed"), book)), content)
    formulae = Table(_("How these are counted"), (_("Rate"), _("How it is counted")), content.formulae)
    _sheet(book.create_sheet(_name(formulae.heading, book)), formulae)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _as_at(content: Content) -> str:
    return _("As at %(moment)s") % {"moment": f"{timezone.localtime(content.as_at):%Y-%m-%d %H:%M}"}


def _sheet(sheet: Worksheet, table: Table, *, top: tuple[str, ...] = ()) -> None:
    for words in top:
        sheet.append([harmless(words)])
    if top:
        sheet["A1"].font = Font(bold=True, size=14)
        sheet.append([])
    rates = {at for row in table.rows for at, cell in enumerate(row) if isinstance(cell, Rate)}
    sheet.append(_heads(table, rates))
    head = sheet.max_row
    for cell in sheet[head]:
        cell.fill, cell.font = HEAD, Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row in table.rows:
        sheet.append([value for at, one in enumerate(row) for value in _values(one, wide=at in rates)])
        _dress(sheet, row, rates)
    if table.note:
        sheet.append([])
        sheet.append([harmless(table.note)])
    if not top:
        sheet.freeze_panes = f"B{head + 1}"
    for at in range(1, sheet.max_column + 1):
        letter = get_column_letter(at)
        longest = max((len(str(cell.value or "")) for cell in sheet[letter][head - 1 :]), default=8)
        sheet.column_dimensions[letter].width = min(max(longest * 1.6, 10), WIDEST)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _heads(table: Table, rates: set[int]) -> list[object]:
    """Return the names of the columns; a rate has three, with both its counts."""
    names: list[object] = []
    for at, name in enumerate(table.columns):
        names.append(harmless(name))
        if at in rates:
            names += [_("%(name)s: counted") % {"name": name}, _("%(name)s: out of") % {"name": name}]
    return names


def _values(cell: Cell, *, wide: bool) -> list[object]:
    """Return what a cell is on the sheet; ``wide``: in a column of rates."""
    if isinstance(cell, Rate):
        return [None if cell.percent is None else cell.percent / 100, cell.numerator, cell.denominator]
    value = cell.value if isinstance(cell, Change) else harmless(cell)
    return [value, None, None] if wide else [value]


def _dress(sheet: Worksheet, row: tuple[object, ...], rates: set[int]) -> None:
    """Show rates in per cent, and a line out of few cases in grey."""
    last = sheet.max_row
    place = 0
    for at in range(len(row)):
        place += 1
        if at in rates:
            sheet.cell(last, place).number_format = "0.0%"
            place += 2
    if any(isinstance(one, Rate) and one.is_small for one in row):
        for cell in sheet[last]:
            cell.font = GREY


def _hours(sheet: Worksheet, content: Content) -> None:
    sheet.append([_("Hour"), *weekdays()])
    for cell in sheet[1]:
        cell.fill, cell.font = HEAD, Font(bold=True)
    for line in zip(*content.heat.rows, strict=True):
        sheet.append([f"{line[0].hour}:00", *(one.count for one in line)])
    sheet.freeze_panes = "B2"


def _name(words: str, book: Workbook) -> str:
    """Return words as the name of a sheet: without what none may hold, not too long, and not there yet."""
    name = _NO_SHEET_NAME.sub(" ", words)[:LONGEST_NAME].strip() or "–"
    taken = {sheet.title for sheet in book.worksheets}
    return name if name not in taken else f"{name} {len(taken) + 1}"
