"""An export of another system, row by row: CSV or XLSX in, checked rows or errors out. No database."""

import csv
import hashlib
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _

from deadlines.timetable import SHANGHAI
from grids.errors import RowError
from people.errors import BadInput

COLUMNS = ("external_id", "title", "text", "submitted_at", "reply", "replied_at")
REQUIRED = ("external_id", "text", "submitted_at")
ENCODINGS = ("utf-8-sig", "gb18030")
LONGEST_ID = 80
LONGEST_CELL = 1_000_000  # characters; a cell beyond it is a quotation mark that was never closed
_MOMENT = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2})[:：](\d{1,2})(?:[:：](\d{1,2})(?:\.\d+)?)?"
    r"(?P<offset>Z|[+-]\d{2}:?\d{2})?",
)

Cells = Mapping[str, object]
Sheet = Iterator[tuple[int, list[object] | RowError]]


@dataclass(frozen=True, slots=True)
class Row:
    """One matter of the other system; ``replied_at`` is None while it is open. Moments are aware."""

    line: int
    external_id: str
    title: str
    text: str
    submitted_at: datetime
    reply: str
    replied_at: datetime | None

    @property
    def says(self) -> bytes:
        """A digest of all it says, without where it stands in the file."""
        said = (self.title, self.text, self.submitted_at, self.reply, self.replied_at)
        return hashlib.sha256(repr(said).encode()).digest()


@dataclass(frozen=True, slots=True)
class Export:
    """An opened file: its rows, good and bad, in order, and the columns we do not read."""

    rows: Iterator[Row | RowError]
    ignored: tuple[str, ...]


@contextmanager
def opened(path: Path, *, prefix: str, at: datetime) -> Iterator[Export]:
    """Open an export. ``prefix`` goes before its numbers; what lies after ``at`` cannot have happened.

    :raises BadInput: if it cannot be read as CSV or XLSX, or lacks a column
    """
    try:
        with path.open("rb") as file:
            sheet = _xlsx(path) if file.read(4) == b"PK\x03\x04" else _csv(path)
            heading = next(sheet, (0, []))[1]
            names = [] if isinstance(heading, RowError) else [str(name or "").strip().lower() for name in heading]
            missing = [name for name in REQUIRED if name not in names]
            if missing:
                raise BadInput(
                    _("%(file)s lacks the column %(names)s.") % {"file": path.name, "names": ", ".join(missing)},
                )
            ignored = tuple(dict.fromkeys(name for name in names if name and name not in COLUMNS))
            yield Export(_rows(path.name, names, sheet, prefix=prefix, at=at), ignored)
    except OSError as error:
        raise BadInput(_("%(file)s cannot be read.") % {"file": path.name}) from error


def moment(cell: object) -> datetime | None:
    """Return a cell as an aware moment, Asia/Shanghai unless it carries an offset; None if it is none."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=SHANGHAI)
    found = _MOMENT.fullmatch(str(cell or "").strip())
    if found is None:
        return None
    try:
        local = datetime(*(int(part or 0) for part in found.groups()[:6]), tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]
    except ValueError:
        return None
    if not found["offset"]:
        return local
    return datetime.fromisoformat(f"{local:%Y-%m-%dT%H:%M:%S}{found['offset']}")


def _csv(path: Path) -> Sheet:
    """Yield line numbers with the cells of each record, or with what is wrong with it."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=_encoding(path), newline="") as file:
        reader = csv.reader(file, delimiter=_delimiter(file), strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield line, RowError(path.name, line, _("the quotation marks do not match."))
                continue
            yield line, list(cells)


def _encoding(path: Path) -> str:
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadInput(_("%(file)s is neither UTF-8 nor GB 18030 text, nor an XLSX workbook.") % {"file": path.name})


def _delimiter(file: IO[str]) -> str:
    heading = file.readline()
    file.seek(0)
    return max(",\t;", key=heading.count)


def _xlsx(path: Path) -> Sheet:
    with path.open("rb") as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # other programs' workbooks lack styles and the like
                book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except (BadZipFile, KeyError, ValueError) as error:
            raise BadInput(_("%(file)s is damaged or no XLSX workbook.") % {"file": path.name}) from error
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield line, list(cells)


def _rows(
    file: str,
    names: list[str],
    sheet: Sheet,
    *,
    prefix: str,
    at: datetime,
) -> Iterator[Row | RowError]:
    first: dict[str, tuple[int, bytes]] = {}
    for line, cells in sheet:
        if isinstance(cells, RowError):
            yield cells
            continue
        if not any(str(cell or "").strip() for cell in cells):
            continue
        found = _row(line, dict(zip(names, cells, strict=False)), prefix=prefix, at=at, surplus=cells[len(names) :])
        if isinstance(found, str):
            yield RowError(file, line, found)
            continue
        earlier, says = first.setdefault(found.external_id, (line, found.says))
        if earlier == line:
            yield found
        elif says != found.says:
            words = _("its number %(id)s stands in line %(line)d already, with other content.")
            yield RowError(file, line, words % {"id": found.external_id, "line": earlier})


def _row(line: int, cells: Cells, *, prefix: str, at: datetime, surplus: list[object]) -> Row | str:
    """Return the row, or what is wrong with it."""
    words = {name: _words(cells.get(name)) for name in COLUMNS}
    external_id = f"{prefix}{words['external_id']}"
    submitted_at, replied_at = moment(cells.get("submitted_at")), moment(cells.get("replied_at"))
    wrong = (
        (any(_words(cell) for cell in surplus), _("it has more cells than the heading.")),
        (not words["external_id"], _("external_id is missing.")),
        (len(external_id) > LONGEST_ID, _("external_id is longer than %(most)d characters.") % {"most": LONGEST_ID}),
        (not words["text"], _("text is missing.")),
        (any("\0" in value for value in words.values()), _("it holds a NUL character.")),
        (submitted_at is None, _("submitted_at is no moment like 2019-04-24 16:03:40.")),
        (bool(words["replied_at"]) and replied_at is None, _("replied_at is no moment like 2019-04-24 16:03:40.")),
        (bool(words["reply"]) != bool(words["replied_at"]), _("reply and replied_at belong together.")),
        (submitted_at is not None and submitted_at > at, _("submitted_at lies in the future.")),
        (replied_at is not None and replied_at > at, _("replied_at lies in the future.")),
        (
            submitted_at is not None and replied_at is not None and replied_at < submitted_at,
            _("replied_at lies before submitted_at."),
        ),
    )
    reason = next((reason for is_wrong, reason in wrong if is_wrong), "")
    if reason or submitted_at is None:
        return reason
    return Row(line, external_id, words["title"], words["text"], submitted_at, words["reply"], replied_at)


def _words(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
