"""Paper answers typed into a table: XLSX or CSV in, filled-in forms out, or every row that is wrong. No database."""

import csv
import io
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Final
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _

from people.errors import BadInput
from petitions.enums import QuestionKind
from petitions.models import Question

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 5000
ENCODINGS: Final = ("utf-8-sig", "gb18030")
_BETWEEN: Final = re.compile(r"[;；、,，/]")
_NUMBER: Final = re.compile(r"[1-9]\d?(?:\.0)?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table says: forms by their own key (the same file again gives the same keys), and what is wrong."""

    forms: tuple[tuple[uuid.UUID, dict[int, Sequence[int] | str]], ...]
    errors: tuple[str, ...]


def read(upload: IO[bytes], questions: Sequence[Question], *, survey_id: int) -> Sheet:
    """Read a table: a heading row with the questions' numbers or words, then one row for each paper form.

    A cell holds the number or the words of an option, several of them with a separator, or words.

    :raises BadInput: if it is no table of ours at all
    """
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadInput(_("The file is too large: at most 5 MB."), field="file")
    rows = _rows(data)
    columns = _columns(rows[0] if rows else [], questions)
    forms: list[tuple[uuid.UUID, dict[int, Sequence[int] | str]]] = []
    errors: list[str] = []
    for line, cells in enumerate(rows[1:], 2):
        if not any(cells):
            continue
        given: dict[int, Sequence[int] | str] = {}
        for question, cell in zip(columns, cells, strict=False):
            if question is None or not cell:
                continue
            value = _value(question, cell)
            if value is None:
                message = _("Row %(line)d, question %(number)d: “%(cell)s” is no answer to it.")
                errors.append(message % {"line": line, "number": question.position, "cell": cell[:40]})
            else:
                given[question.position] = value
        if given:
            forms.append((uuid.uuid5(uuid.NAMESPACE_OID, f"survey {survey_id} {line} {cells!r}"), given))
    if not forms and not errors:
        raise BadInput(_("There is no answer in this file."), field="file")
    return Sheet(tuple(forms), tuple(errors))


def _columns(heading: Sequence[str], questions: Sequence[Question]) -> list[Question | None]:
    by_name = {one.words: one for one in questions} | {str(one.position): one for one in questions}
    found = [by_name.get(name.removesuffix(".0")) for name in heading]
    if not any(found):
        raise BadInput(_("The first row must hold the numbers or the words of the questions."), field="file")
    return found


def _value(question: Question, cell: str) -> Sequence[int] | str | None:
    if question.kind == QuestionKind.WORDS:
        return cell if len(cell) <= 1000 else None  # noqa: PLR2004 - as the page takes
    whole = _option(question, cell)
    if whole is not None:
        return [whole]
    parts = [_option(question, part.strip()) for part in _BETWEEN.split(cell) if part.strip()]
    known = [part for part in parts if part is not None]
    if len(known) != len(parts) or not known or (question.kind == QuestionKind.ONE and len(known) > 1):
        return None
    return known


def _option(question: Question, said: str) -> int | None:
    if said in question.options:
        return question.options.index(said)
    if _NUMBER.fullmatch(said) and int(float(said)) <= len(question.options):
        return int(float(said)) - 1
    return None


def _rows(data: bytes) -> list[list[str]]:
    try:
        found = list(_xlsx(data) if data.startswith(b"PK\x03\x04") else _csv(data))
    except (BadZipFile, KeyError, ValueError, OSError, csv.Error, SyntaxError) as error:
        raise BadInput(_("This file cannot be read. Give an XLSX or CSV file."), field="file") from error
    if len(found) > MOST_ROWS + 1:
        raise BadInput(_("At most %(count)d rows at a time.") % {"count": MOST_ROWS}, field="file")
    return found


def _xlsx(data: bytes) -> Iterable[list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=100, values_only=True):
            yield [_text(cell) for cell in row]
    finally:
        book.close()


def _csv(data: bytes) -> Iterable[list[str]]:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValueError
    for row in csv.reader(io.StringIO(text)):
        yield [_text(cell) for cell in row[:100]]


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).replace("\x00", "").strip()
