"""Files of data that leave the house: masked unless there is a right and a reason, marked with who and when, logged."""

import csv
import io
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook

from people.errors import BadInput
from people.masking import mask_text
from people.models import ExportLog, User
from people.services import check_reason

# A line of a CSV file that begins so is a remark; our own imports pass it over.
REMARK: Final = "#"
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MARK_CHARS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# Excel takes these for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one export: in the file, in its name, in the log."""

    log: ExportLog

    @property
    def sentence(self) -> str:
        """What the file says of itself: who took it, when, under which mark."""
        local = timezone.localtime(self.log.at)
        masked = (
            _("masked")
            if self.log.masked
            else _("with personal data in clear; keep it locked up and delete it after use")
        )
        return _("Export %(mark)s by %(who)s (%(name)s), %(when)s, %(rows)d rows, %(masked)s") % {
            "mark": self.log.mark,
            "who": self.log.by.get_full_name(),
            "name": self.log.by.username,
            "when": f"{local:%Y-%m-%d %H:%M}",
            "rows": self.log.rows,
            "masked": masked,
        }

    def file_name(self, extension: str) -> str:
        """Return a name without personal data: register, day, mark."""
        return f"{self.log.what.replace('.', '-')}-{timezone.localtime(self.log.at):%Y%m%d}-{self.log.mark}.{extension}"


def record(*, what: str, rows: int, by: User, at: datetime, masked: bool = True, reason: str = "") -> Mark:
    """Write the export down before its file is made; return its mark.

    :param what: the register, such as "petitions.petition"
    :raises BadInput: if personal data leaves in clear and the reason says nothing
    """
    if not masked:
        reason = check_reason(reason)
    mark = "".join(secrets.choice(MARK_CHARS) for _turn in range(8))
    log = ExportLog(
        mark=mark, what=what, rows=rows, masked=masked, reason=mask_text(reason)[0] if not masked else "", by=by, at=at
    )
    log.save(force_insert=True)
    return Mark(log)


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[object]], mark: Mark) -> bytes:
    """Return the rows as CSV that spreadsheets open in UTF-8, the mark in the last line."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return marked_csv(out.getvalue(), mark).encode("utf-8-sig")


def to_xlsx(headings: Sequence[str], rows: Iterable[Sequence[object]], mark: Mark) -> bytes:
    """Return the rows as a workbook with the mark on a sheet of its own and in the footer of each printed page.

    Row by row, so that a hundred thousand of them need no memory to speak of.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.oddFooter.center.text = _footer(mark)
    sheet.append(list(headings))
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    book.create_sheet(_("Mark")).append([mark.sentence])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def marked_csv(text: str, mark: Mark) -> str:
    """Return a CSV with the mark as a remark in its last line."""
    out = io.StringIO()
    csv.writer(out).writerow([f"{REMARK} {mark.sentence}"])
    return f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{out.getvalue()}"


def marked_xlsx(data: bytes, mark: Mark) -> bytes:
    """Return a workbook with the mark on a sheet of its own; the first sheet stays the one that opens."""
    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        sheet.oddFooter.center.text = _footer(mark)
    book.create_sheet(_("Mark")).append([mark.sentence])
    book.active = 0
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _footer(mark: Mark) -> str:
    return mark.sentence.replace("&", "&&")


def without_remarks(text: str) -> str:
    """Return CSV text without the lines that are remarks, as an import reads it."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.lstrip('"\ufeff').startswith(f"{REMARK} "))


def harmless(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def check_may_take_in_clear(*, allowed: bool) -> None:
    """Refuse personal data in clear to whoever has no right to it.

    :raises BadInput: with what he can do instead
    """
    if not allowed:
        raise BadInput(_("Your post exports masked data only. Please leave “in clear” unticked."), field="clear")
