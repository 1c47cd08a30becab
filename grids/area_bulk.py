"""The fast lane of an import: clean files, level by level, straight into an empty area table by COPY.

Ids and paths are computed while the rows stream by, the indexes are built afterwards. Whatever is not plainly clean
ends in ``NotClean``, with everything undone by the caller's savepoint; the slow lane (``grids.area_stage``) then says
what was wrong, or takes it in. Memory: one line of text for each area that has areas below it.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import pairwise
from typing import Any, Final

from django.db import IntegrityError
from psycopg import sql
from psycopg.errors import InvalidTransactionState, ObjectNotInPrerequisiteState

from grids.area_files import Advance, Sheet
from grids.enums import Level

# Below this the indexes are kept up row by row faster than they are built anew.
LEAST_BYTES: Final = 2_000_000
# What differs from row to row travels; what all rows of a file share is the column's default while the file comes in.
COLUMNS: Final = "id, name, code, parent_id, path"
SHARED: Final = ("level", "short_name", "name_key", "initials", "served", "division_type", "source")
CODES: Final = re.compile(r"[0-9A-Za-z\n-]*").fullmatch
UNFIT: Final = "\\\t\r\n"  # in a name: they mean something to COPY, and are no part of any name
CODE_LENGTH: Final = 32
NAME_LENGTH: Final = 100
AT_ONCE: Final = 1 << 13  # characters, some 120 rows: they stay in the processor's cache, which saves two thirds


class NotClean(Exception):
    """These files need the slow lane."""


def suits(sheets: Sequence[Sheet]) -> bool:
    """Whether the files are large and each holds one level, deeper than the one before."""
    levels = [sheet.level for sheet in sheets]
    return (
        all(sheet.streams_raw and set(sheet.columns) <= {"code", "name", "parent_code", None} for sheet in sheets)
        and levels[0] == Level.PROVINCE
        and all(upper is not None and lower is not None and upper < lower for upper, lower in pairwise(levels))
        and sum(sheet.path.stat().st_size for sheet in sheets) >= LEAST_BYTES
    )


def load(cursor: Any, sheets: Sequence[Sheet], *, served: bool, advance: Advance) -> int:
    """Fill the empty area table from the files; return how many areas were added. Call inside ``building_anew``.

    :raises NotClean: at the first row that is not as it should be
    """
    cursor.execute("SELECT nextval(pg_get_serial_sequence('grids_area', 'id'))")
    first = int(cursor.fetchone()[0])
    last = first - 1
    known: dict[str, str] = {}
    try:
        for sheet in sheets:
            below: dict[str, str] = {}
            _set_defaults(cursor, sheet, served=served and (sheet.level or 0) >= Level.DISTRICT)
            with cursor.copy(f"COPY grids_area ({COLUMNS}) FROM STDIN (FREEZE)") as stream:
                for codes, names, parents in _portions(sheet, advance):
                    above = _above(known, parents, len(codes))
                    ids = range(last + 1, last + 1 + len(codes))
                    last = ids[-1]
                    stream.write("".join([
                        f"{pk}\t{name}\t{code}\t{up}{pk}/\n"
                        for pk, name, code, up in zip(ids, names, codes, above, strict=True)
                    ]))  # fmt: skip
                    if sheet is not sheets[-1]:
                        paths = (up.partition("\t")[2] for up in above)
                        below.update(
                            {code: f"{pk}\t{path}{pk}/" for pk, code, path in zip(ids, codes, paths, strict=True)}
                        )
            known |= below
    except (InvalidTransactionState, ObjectNotInPrerequisiteState) as problem:
        # The caller's transaction still has a cursor open, or some such: rows cannot come in frozen then.
        raise NotClean from problem
    cursor.execute(f"ALTER TABLE grids_area {', '.join(f'ALTER {name} DROP DEFAULT' for name in SHARED)}")
    cursor.execute("SELECT setval(pg_get_serial_sequence('grids_area', 'id'), %s)", [max(last, first)])
    return last + 1 - first


def _set_defaults(cursor: Any, sheet: Sheet, *, served: bool) -> None:
    """Make what all rows of a file share the defaults of their columns."""
    shared: dict[str, object] = {**dict.fromkeys(SHARED, ""), "level": int(sheet.level or 0), "source": sheet.source}
    shared["served"] = served
    columns = [sql.SQL("ALTER {} SET DEFAULT {}").format(sql.Identifier(name), value) for name, value in shared.items()]
    cursor.execute(sql.SQL("ALTER TABLE grids_area {}").format(sql.SQL(", ").join(columns)))


def _portions(sheet: Sheet, advance: Advance) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Codes, names and parents' codes of some hundred rows at a time, cut out and checked column by column.

    The files are cut at every comma and line end: three times as fast as the csv module, and the counts tell when a
    quoted cell holds one of them.
    """
    width = len(sheet.columns)
    at = [sheet.columns.index(name) if name in sheet.columns else None for name in ("code", "name", "parent_code")]
    with sheet.path.open("rb") as file, TextIOWrapper(file, encoding=sheet.encoding) as text:
        text.readline()
        told = 0
        while portion := text.read(AT_ONCE):
            lines = f"{portion}{text.readline()}".removesuffix("\n")
            cells = lines.replace('"', "").replace("\n", ",").split(",")
            if len(cells) != width * (lines.count("\n") + 1) or '""' in lines or lines.count('"') % 2:
                raise NotClean
            codes, names, parents = (cells[place::width] if place is not None else [] for place in at)
            joined = "".join(names)
            if (
                not (all(codes) and all(names) and CODES("\n".join(codes)))
                or max(map(len, codes)) > CODE_LENGTH
                or max(map(len, names)) > NAME_LENGTH
                or any(sign in joined for sign in UNFIT)
                or (joined.split() != [joined] and list(map(str.strip, names)) != names)
            ):
                raise NotClean
            yield codes, names, parents
            told, before = file.tell(), told
            advance(told - before)


def _above(known: dict[str, str], parents: list[str], count: int) -> list[str]:
    """For each row its parent's id and path as COPY writes them; for provinces nothing."""
    if not parents:
        return ["\\N\t"] * count
    try:
        return [known[code] for code in parents]
    except KeyError as problem:
        raise NotClean from problem


@contextmanager
def building_anew(cursor: Any) -> Iterator[None]:
    """Take all keys, indexes and the path trigger off the empty area table, and what points to it; put them back after.

    All inside the caller's transaction: a failure leaves them as they were. As the table is empty, no row of another
    table points to it, so those keys cost nothing to put back. (COPY adds rows one by one, and slowly, as long as a
    trigger stands before each.)

    :raises NotClean: if a key cannot be built on what was loaded
    """
    cursor.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = 'grids_area'::regclass AND contype IN ('p', 'u', 'x') OR confrelid = 'grids_area'::regclass "
        "ORDER BY contype = 'f', conrelid::regclass::text, conname"  # the primary key before what points to it
    )
    constraints = cursor.fetchall()
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "WHERE i.indrelid = 'grids_area'::regclass "
        "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))"
    )
    indexes = cursor.fetchall()
    cursor.execute(
        "SET CONSTRAINTS ALL IMMEDIATE"
    )  # what the caller did before is checked now, or nothing can be dropped
    for table, name, _definition in reversed(constraints):
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("ALTER TABLE grids_area DISABLE TRIGGER USER")
    cursor.execute("TRUNCATE grids_area")  # it is empty; but rows can come in frozen only after a TRUNCATE of our own
    yield
    cursor.execute("ALTER TABLE grids_area ENABLE TRIGGER USER")
    keys = [row for row in constraints if not row[2].startswith("FOREIGN KEY")]
    try:
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for _name, definition in indexes:
            cursor.execute(definition)
        # Last: with the index on the parent in place the key to it is checked three times as fast.
        for table, name, definition in constraints[len(keys) :]:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    except IntegrityError as problem:
        raise NotClean from problem


def may_build(cursor: Any) -> bool:
    """Whether the area table is empty, and it and all that points to it are ours to drop keys from."""
    cursor.execute("SELECT EXISTS (SELECT FROM grids_area)")
    if cursor.fetchone()[0]:
        return False
    cursor.execute(
        "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid = 'grids_area'::regclass "
        "OR oid IN (SELECT conrelid FROM pg_constraint WHERE confrelid = 'grids_area'::regclass)"
    )
    return bool(cursor.fetchone()[0])
