"""A file of houses and households: read, checked as a whole, kept sealed until its sender says yes, then written."""

import io
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from openpyxl import Workbook
from tablib import Dataset

from fieldwork.errors import NotNow
from fieldwork.houserows import HEADINGS, REQUIRED, HouseResource, Told
from fieldwork.models import LedgerFile
from grids import sheets
from grids.errors import ImportRefused
from grids.staff import Staff
from people.errors import BadInput
from people.exports import harmless

KEPT: Final = timedelta(days=1)
COLUMNS: Final = tuple(HEADINGS)

MEANINGS: Final[Mapping[str, Promise]] = {
    "place_code": gettext_lazy("Code of the building or stairwell; see the sheet of codes."),
    "door": gettext_lazy("Number of the door, such as 101. Required."),
    "floor": gettext_lazy("Floor as a number; may be empty."),
    "use": gettext_lazy("home, mixed, business or other; empty: home."),
    "state": gettext_lazy("lived_in, empty, works or unknown; with people it is lived in."),
    "since": gettext_lazy("First day, such as 2024-03-01; may be empty."),
    "name": gettext_lazy("Who may be asked there; may be empty."),
    "phone": gettext_lazy("Their telephone number; may be empty."),
    "others": gettext_lazy("Names of who else lives there, with | between them; may be empty."),
}

Rows = list[dict[str, str]]


@sensitive_variables("data", "found")
def read(data: bytes) -> Rows:
    """Return the rows of a CSV or XLSX file as text under our headings; rows without a word are left out.

    :raises BadInput: if it cannot be read, lacks a column, or is too long
    """
    found = sheets.read(data)
    headings = [_heading(cell) for cell in found[0]]
    missing = [name for name in REQUIRED if name not in headings]
    if missing:
        raise BadInput(
            _("The file lacks the column %(names)s. Take the headings from the template.")
            % {"names": ", ".join(missing)},
            field="file",
        )
    return [
        dict.fromkeys(COLUMNS, "") | _named(headings, cells) | {"line": str(line)}
        for line, cells in enumerate(found[1:], start=2)
        if any(cells) and not sheets.is_remark(cells)
    ]


@sensitive_variables("rows")
def check(rows: Rows, *, by: Staff, at: datetime) -> Told:
    """Return what the rows would do; nothing is written.

    :raises ImportRefused: naming every row that is wrong
    """
    return _run(rows, by=by, at=at, dry_run=True)


@sensitive_variables("rows")
def keep(rows: Rows, *, by: Staff, at: datetime) -> LedgerFile:
    """Keep checked rows sealed until their sender says yes; what he sent before and did not write is deleted."""
    LedgerFile.objects.filter(by=by.user).delete()
    file = LedgerFile(by=by.user, at=at)
    file.rows = json.dumps(rows, ensure_ascii=False)
    file.save(force_insert=True)
    return file


@transaction.atomic
def rows_of(key: uuid.UUID, *, by: Staff, at: datetime) -> Rows:
    """Return the rows kept under a key by this person within a day, locked.

    :raises NotNow: if there are none any more
    """
    file = LedgerFile.objects.select_for_update().filter(pk=key, by=by.user, at__gt=at - KEPT).first()
    if file is None:
        raise NotNow(_("This file was written down already, or is not kept any more. Please send it again."))
    rows: Rows = json.loads(file.rows)
    return rows


@transaction.atomic
def write(key: uuid.UUID, *, by: Staff, at: datetime) -> Told:
    """Write down what was kept, all of it or nothing, and delete what was kept.

    :raises NotNow: if it is not kept any more
    :raises ImportRefused: if something changed meanwhile, naming the rows
    """
    told = _run(rows_of(key, by=by, at=at), by=by, at=at, dry_run=False)
    drop(key, by=by)
    return told


def drop(key: uuid.UUID, *, by: Staff) -> None:
    """Delete what was kept."""
    LedgerFile.objects.filter(pk=key, by=by.user).delete()


def template(places: Iterable[tuple[str, str]]) -> bytes:
    """Return an empty workbook with our headings, every cell as text; what each means and the codes on two more sheets.

    :param places: codes and names of the buildings and stairwells that may stand in it
    """
    book = Workbook()
    sheet = book.active
    is_english = (get_language() or "").startswith("en")
    sheet.append([name if is_english else HEADINGS[name][0] for name in COLUMNS])
    for row in sheet.iter_rows(min_row=1, max_row=1000, max_col=len(COLUMNS)):
        for cell in row:
            cell.number_format = "@"
    sheet.freeze_panes = "A2"
    help_sheet = book.create_sheet(_("What the columns mean"))
    for name, words in MEANINGS.items():
        help_sheet.append([name, HEADINGS[name][0], str(words)])
    codes = book.create_sheet(_("Codes"))
    for code, label in places:
        codes.append([harmless(code), harmless(label)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@sensitive_variables("rows", "dataset")
def _run(rows: Rows, *, by: Staff, at: datetime, dry_run: bool) -> Told:
    dataset = Dataset(headers=(*COLUMNS, "line"))
    for row in rows:
        dataset.append([row[name] for name in (*COLUMNS, "line")])
    resource = HouseResource(by=by, at=at)
    try:
        resource.import_rows(dataset, dry_run=dry_run)
    except ImportRefused as refused:
        # rows without a word were left out: count as the sender's spreadsheet does
        lines = [int(row["line"]) for row in rows]
        errors = [replace(one, row=lines[one.row - 2] if one.row else one.row) for one in refused.errors]
        raise ImportRefused(errors) from None
    return resource.told


def _heading(cell: str) -> str:
    word = cell.strip().lower().replace(" ", "_")
    return next((name for name, others in HEADINGS.items() if word == name or word in others), "")


def _named(headings: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(headings, cells, strict=False) if name}
