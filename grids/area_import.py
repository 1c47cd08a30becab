"""Import of areas: all of the files or nothing, the same files again change nothing, no area is ever deleted.

The rows go by COPY into a temporary table (``grids.area_stage``), are checked there by sets, and come into the tree
level by level with ``INSERT … SELECT``. What is fast about it was measured, see ADR 0004.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from grids import area_bulk
from grids.area_files import Sheet, find_files, recognise
from grids.area_stage import Stage
from grids.enums import Level
from grids.services import complete_served

SESSION: Final = (
    "SET LOCAL work_mem = '64MB'",  # the hash tables of all checks; bounds memory together with what follows
    "SET LOCAL maintenance_work_mem = '256MB'",
    "SET LOCAL jit = off",
    "SET LOCAL synchronous_commit = off",
)
# The id is drawn in a subquery, so that path and key are the same number. The sequence is named and not asked for:
# pg_get_serial_sequence() in every row took longer than everything else together.
INSERT: Final = """
    INSERT INTO grids_area (id, level, name, short_name, name_key, initials, code, parent_id, path, served,
                            division_type, valid_from, valid_to, source)
    SELECT s.id, s.level, s.name, coalesce(s.short_name, ''), '', '', s.code, p.id, coalesce(p.path, '') || s.id || '/',
           coalesce({served}, false), coalesce(s.division_type, ''), s.valid_from::date, s.valid_to::date,
           coalesce(s.source, {source})
    FROM (SELECT nextval('{sequence}') AS id, * FROM area_new WHERE level = {level}) s
    LEFT JOIN grids_area p ON p.code = s.parent_code
"""
# Rows that say nothing new, in one look: importing the same files again is the usual case.
SAME: Final = """
    SELECT count(*) FROM area_stage s JOIN grids_area a ON a.code = s.code LEFT JOIN grids_area p ON p.id = a.parent_id
    WHERE a.name = s.name AND a.level = s.level AND p.code IS NOT DISTINCT FROM s.parent_code
      AND coalesce(s.short_name, s.division_type, s.valid_from, s.valid_to, s.source) IS NULL
      AND coalesce({served}, a.served) = a.served
"""
CHANGED: Final = """
    CREATE TEMPORARY TABLE area_changed ON COMMIT DROP AS
    SELECT a.id, a.name <> s.name AS renamed, s.name, coalesce(s.short_name, CASE WHEN a.name = s.name
           THEN a.short_name ELSE '' END) AS short_name, coalesce(s.division_type, a.division_type) AS division_type,
           coalesce(s.valid_from::date, a.valid_from) AS valid_from, coalesce(s.valid_to::date, a.valid_to) AS valid_to,
           coalesce(s.source, a.source) AS source, coalesce({served}, a.served) AS served
    FROM area_stage s JOIN grids_area a ON a.code = s.code
    WHERE a.name <> s.name OR a.short_name <> s.short_name OR a.division_type <> s.division_type
       OR a.valid_from IS DISTINCT FROM coalesce(s.valid_from::date, a.valid_from)
       OR a.valid_to IS DISTINCT FROM coalesce(s.valid_to::date, a.valid_to)
       OR a.source <> s.source OR a.served <> {served}
"""
UPDATE: Final = """
    UPDATE grids_area a SET name = c.name, short_name = c.short_name, division_type = c.division_type,
           valid_from = c.valid_from, valid_to = c.valid_to, source = c.source, served = c.served,
           name_key = CASE WHEN c.renamed OR c.short_name <> a.short_name THEN '' ELSE a.name_key END
    FROM area_changed c WHERE a.id = c.id
"""
NEW: Final = """
    CREATE TEMPORARY TABLE area_new ON COMMIT DROP AS
    SELECT s.* FROM area_stage s LEFT JOIN grids_area a ON a.code = s.code WHERE a.id IS NULL
"""


class Progress(Protocol):
    """Who watches: told of bytes read, and of each step."""

    def read(self, count: int) -> object:
        """So many bytes more were read."""

    def step(self, name: str) -> object:
        """The work goes on to this step."""


class Unwatched:
    """Nobody watches."""

    def read(self, count: int) -> None:
        """Ignore it."""

    def step(self, name: str) -> None:
        """Ignore it."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do. ``renamed`` is part of ``changed``."""

    rows: int
    added: int
    changed: int
    renamed: int
    dry_run: bool

    @property
    def unchanged(self) -> int:
        """Rows that said what we knew."""
        return self.rows - self.added - self.changed


def import_areas(
    paths: Sequence[Path],
    *,
    level: Level | None = None,
    served: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring files of areas into the tree, in one transaction.

    :param level: what every row is, for files that do not say so
    :param served: take the districts in the files and all below them into our jurisdiction
    :param dry_run: do all of it, then undo it
    :raises ImportRefused: naming the rows that are wrong; nothing has changed then
    """
    watch = progress or Unwatched()
    sheets = [recognise(path, level) for path in find_files(paths)]
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in SESSION:
            cursor.execute(setting)
        # Nobody else adds areas meanwhile; reading goes on.
        cursor.execute("LOCK TABLE grids_area IN SHARE ROW EXCLUSIVE MODE")
        added = _load_clean(cursor, sheets, served=served, watch=watch)
        if added is not None:
            report = ImportReport(rows=added, added=added, changed=0, renamed=0, dry_run=dry_run)
        else:
            report = _merge(cursor, sheets, served=served, dry_run=dry_run, watch=watch)
        watch.step(_("names"))
        complete_served()
        if dry_run:
            transaction.set_rollback(True)
    return report


def _load_clean(cursor: Any, sheets: Sequence[Sheet], *, served: bool, watch: Progress) -> int | None:
    """Take the fast lane if the files and the table are fit for it; None if they were not."""
    if not (area_bulk.suits(sheets) and area_bulk.may_build(cursor)):
        return None
    try:
        with transaction.atomic(), area_bulk.building_anew(cursor):
            added = area_bulk.load(cursor, sheets, served=served, advance=watch.read)
            watch.step(_("indexing"))
    except area_bulk.NotClean:
        return None
    return added


def _merge(cursor: Any, sheets: Sequence[Sheet], *, served: bool, dry_run: bool, watch: Progress) -> ImportReport:
    """Check the files against themselves and the tree, then change and add what differs, parents first."""
    stage = Stage(sheets)
    stage.fill(watch.read)
    watch.step(_("checking"))
    rows = stage.tidy()
    stage.check_codes()
    wanted = f"coalesce(s.served, CASE WHEN s.level >= {Level.DISTRICT} THEN true END)" if served else "s.served"
    cursor.execute(SAME.format(served=wanted))
    if cursor.fetchone()[0] == rows:
        return ImportReport(rows=rows, added=0, changed=0, renamed=0, dry_run=dry_run)
    stage.check_parents()
    stage.check_known()
    watch.step(_("writing"))
    cursor.execute(CHANGED.format(served=wanted))
    cursor.execute("SELECT count(*), count(*) FILTER (WHERE renamed) FROM area_changed")
    changed, renamed = cursor.fetchone()
    cursor.execute(UPDATE)
    cursor.execute(NEW)
    cursor.execute("SELECT level, count(*) FROM area_new GROUP BY level ORDER BY level")
    new = cursor.fetchall()
    cursor.execute("SELECT pg_get_serial_sequence('grids_area', 'id')")
    (sequence,) = cursor.fetchone()
    for level, _count in new:
        cursor.execute(
            sql.SQL(INSERT).format(
                served=sql.SQL(wanted), source=_source(sheets), sequence=sql.SQL(sequence), level=level
            )
        )
    added = sum(count for _level, count in new)
    return ImportReport(rows=rows, added=added, changed=changed, renamed=renamed, dry_run=dry_run)


def _source(sheets: Sequence[Sheet]) -> sql.Composable:
    """Where the rows of each file come from, as SQL."""
    cases = [sql.SQL("WHEN {} THEN {}").format(number, sheet.source) for number, sheet in enumerate(sheets)]
    return sql.SQL("CASE s.file {} END").format(sql.SQL(" ").join(cases))
