"""A temporary table that holds an import until it is known to be whole: filled by COPY, checked by sets.

Nothing here touches the area table but to compare with it. Memory does not grow with the files.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import DataError, connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg import DataError as CopyError
from psycopg import sql

from grids.area_files import LEVEL_NAMES, STAGED, Advance, Sheet, raw_blocks, read_day, staged_rows
from grids.enums import DivisionType
from grids.errors import ImportRefused, RowError

SHOWN: Final = 50  # errors listed; the rest are counted
YES_NO: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("1", "true", "yes", "y", "t", "是", "√"), True),
    **dict.fromkeys(("0", "false", "no", "n", "f", "否"), False),
}
# The level as it stands in the file is kept apart from the level it means; so with dates and yes/no.
COLUMN: Final[Mapping[str, str]] = {"level": "level_name", "served": "served_name"}
CREATE: Final = """
    CREATE TEMPORARY TABLE area_stage (
        file smallint NOT NULL, line bigint, level smallint,
        code text COLLATE "C", name text COLLATE "C", parent_code text COLLATE "C", short_name text, level_name text,
        division_type text, valid_from text, valid_to text, served_name text, served boolean, source text {spare}
    ) ON COMMIT DROP
"""
# The caller's transaction may hold an import before this one.
DROP: Final = "DROP TABLE IF EXISTS pg_temp.area_stage, pg_temp.area_changed, pg_temp.area_new"
BLANK: Final = r"E' \t\r\n\u3000\ufeff'"
# A blank, tab or full-width space at either end.
UNTIDY: Final = "(" + " OR ".join(
    f"{name} LIKE E'{sign}%%' OR {name} LIKE E'%%{sign}'"
    for name in ("code", "name", "parent_code")
    for sign in (" ", r"\t", r"\u3000")
) + ")"  # fmt: skip
# One look at every row; each figure that is not zero is explained afterwards, row by row.
LOOK: Final = (
    "SELECT count(*), "  # noqa: S608 - constants of our own
    "count(*) FILTER (WHERE code IS NULL AND name IS NULL AND parent_code IS NULL), "
    f"count(*) FILTER (WHERE {UNTIDY}), "
    "count(*) FILTER (WHERE code IS NULL OR name IS NULL OR level IS NULL OR code ~ '[^0-9A-Za-z-]' "
    "OR octet_length(code) > 32 OR length(name) > 100 OR length(short_name) > 100 "
    "OR (parent_code IS NULL) <> (level = 1)) "
    "FROM area_stage"
)  # fmt: skip
BAD: Final[Sequence[tuple[str, str, str | Promise]]] = (
    ("code IS NULL", "''", gettext_lazy("The code is missing.")),
    ("name IS NULL", "''", gettext_lazy("The name is missing.")),
    (
        "code ~ '[^0-9A-Za-z-]'",
        "code",
        gettext_lazy("The code %(value)s holds other signs than letters, digits and hyphens."),
    ),
    ("octet_length(code) > 32", "code", gettext_lazy("The code %(value)s is longer than 32 signs.")),
    ("length(name) > 100", "left(name, 20)", gettext_lazy("The name %(value)s… is longer than 100 characters.")),
    (
        "length(short_name) > 100",
        "left(short_name, 20)",
        gettext_lazy("The name %(value)s… is longer than 100 characters."),
    ),
    ("level IS NULL", "coalesce(level_name, '')", gettext_lazy("The level “%(value)s” is unknown.")),
    (
        "level > 1 AND parent_code IS NULL",
        "code",
        gettext_lazy("The area %(value)s names no area that it lies in (parent_code)."),
    ),
    (
        "level = 1 AND parent_code IS NOT NULL",
        "code",
        gettext_lazy("The province %(value)s cannot lie in another area."),
    ),
)


@dataclass(slots=True)
class Stage:
    """The rows of some files, in the database and apart from the areas."""

    sheets: Sequence[Sheet]
    errors: list[RowError] = field(default_factory=list)
    total: int = 0  # of errors, where more were counted than are listed
    numbered: bool = False

    def fill(self, advance: Advance) -> None:
        """Read every file into the table.

        :raises ImportRefused: for rows that cannot even be read
        """
        spare = max((sheet.columns.count(None) for sheet in self.sheets if sheet.streams_raw), default=0)
        with connection.cursor() as cursor:
            extra = sql.SQL("").join(sql.SQL(", {} text").format(sql.Identifier(f"x{i}")) for i in range(spare))
            cursor.execute(DROP)
            cursor.execute(sql.SQL(CREATE).format(spare=extra))
            for number, sheet in enumerate(self.sheets):
                level = sql.Literal(sheet.level.value if sheet.level else None)
                for column, value in (("file", sql.Literal(number)), ("level", level)):
                    cursor.execute(
                        sql.SQL("ALTER TABLE area_stage ALTER {} SET DEFAULT {}").format(sql.Identifier(column), value)
                    )
                if sheet.streams_raw:
                    self._copy_raw(cursor, sheet, advance)
                else:
                    self._copy_rows(cursor, sheet, advance)
        self.refuse_if_wrong()

    def _copy_raw(self, cursor: Any, sheet: Sheet, advance: Advance) -> None:
        spare = (f"x{i}" for i in range(len(sheet.columns)))
        names = [COLUMN.get(name, name) if name else next(spare) for name in sheet.columns]
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        copy = sql.SQL("COPY area_stage ({0}) FROM STDIN (FORMAT csv, HEADER, NULL '', FORCE_NULL ({0}))")
        try:
            with transaction.atomic(), cursor.copy(copy.format(columns)) as stream:
                for block in raw_blocks(sheet, advance):
                    stream.write(block)
        except (CopyError, DataError):
            # Something is wrong with some row, or a line is empty: read them one by one to say which.
            self._copy_rows(cursor, sheet, lambda _count: None)

    def _copy_rows(self, cursor: Any, sheet: Sheet, advance: Advance) -> None:
        columns = sql.SQL(", ").join(sql.Identifier(COLUMN.get(name, name)) for name in STAGED)
        with cursor.copy(sql.SQL("COPY area_stage ({}) FROM STDIN").format(columns)) as stream:
            for row in staged_rows(sheet, advance, self.errors):
                stream.write_row(row)

    def tidy(self) -> int:
        """Trim, drop empty lines, read levels, dates and yes/no; return the number of rows.

        :raises ImportRefused: naming the rows with a value missing, malformed or unknown
        """
        with connection.cursor() as cursor:
            self._read_values(cursor)
            rows, empty, untidy, bad = _row(cursor, LOOK)
            if empty or untidy:
                self._number(cursor)
            if empty:
                cursor.execute("DELETE FROM area_stage WHERE code IS NULL AND name IS NULL AND parent_code IS NULL")
            if untidy:
                trimmed = ", ".join(
                    f"{name} = nullif(btrim({name}, {BLANK}), '')" for name in ("code", "name", "parent_code")
                )
                cursor.execute(f"UPDATE area_stage SET {trimmed}")  # noqa: S608 - our own column names
            if bad or untidy:
                for condition, value, message in BAD:
                    self.explain(f"SELECT file, line, {value} AS value FROM area_stage WHERE {condition}", message)  # noqa: S608
        self.refuse_if_wrong()
        return int(rows - empty)

    def _read_values(self, cursor: Any) -> None:
        """Turn what the columns of a template say into what they mean; few distinct values, each looked up once."""
        given = {name for sheet in self.sheets for name in (STAGED if not sheet.streams_raw else sheet.columns)}
        if "level" in given:
            self._translate(cursor, "level_name", "level", {word: level.value for word, level in LEVEL_NAMES.items()})
        if "served" in given:
            self._translate(cursor, "served_name", "served", YES_NO, _("“%(value)s” is neither yes nor no."))
        if "division_type" in given:
            types = {word: kind.value for kind in DivisionType for word in (kind.value, str(kind.label).lower())}
            self._translate(
                cursor, "division_type", "division_type", types, _("The division type “%(value)s” is unknown.")
            )
        for column in ("valid_from", "valid_to"):
            if column in given:
                dates = {word: day.isoformat() for word in _distinct(cursor, column) if (day := read_day(word))}
                message = _("“%(value)s” is not a date; write it as 2024-03-01.")
                self._translate(cursor, column, column, dates, message)

    def _translate(
        self, cursor: Any, given: str, meant: str, words: Mapping[str, Any], message: str | None = None
    ) -> None:
        self._number(cursor)
        for word in _distinct(cursor, given):
            value = words.get(word.strip().lower(), words.get(word))
            if value is not None:
                cursor.execute(f"UPDATE area_stage SET {meant} = %s WHERE {given} = %s", [value, word])  # noqa: S608
            elif message is not None:
                self.explain(
                    f"SELECT file, line, {given} AS value FROM area_stage WHERE {given} = %s",  # noqa: S608
                    message,
                    [word],
                )

    def explain(self, query: str, message: str | Promise, params: Sequence[Any] = ()) -> None:
        """Add an error for every row that ``query`` returns as (file, line, value[, other])."""
        listed = f"SELECT *, count(*) OVER () FROM ({query}) found ORDER BY file, line LIMIT {SHOWN}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(listed, params)
            found = cursor.fetchall()
            if found and not self.numbered:
                self._number(cursor)
                cursor.execute(listed, params)
                found = cursor.fetchall()
        for file, line, value, *other, _count in found:
            text = str(message) % {"value": value, "other": other[0] if other else ""}
            self.errors.append(RowError(self.sheets[file].path.name, line, text))
        self.total += found[0][-1] if found else 0

    def _number(self, cursor: Any) -> None:
        """Give the rows their line numbers: only when an error is to be told, or before rows move by an update.

        COPY into a table of our own lays rows down in the order of the file, so their place (ctid) tells the line.
        """
        if not self.numbered:
            cursor.execute(
                "UPDATE area_stage s SET line = counted.line FROM ("
                "  SELECT ctid AS at, 1 + row_number() OVER (PARTITION BY file ORDER BY ctid) AS line"
                "  FROM area_stage WHERE line IS NULL) counted WHERE s.ctid = counted.at"
            )
            self.numbered = True

    def refuse_if_wrong(self) -> None:
        """:raises ImportRefused: if any error has been found so far"""
        if self.errors:
            order = {sheet.path.name: number for number, sheet in enumerate(self.sheets)}
            listed = sorted(self.errors, key=lambda error: (order.get(error.file, 0), error.row or 0))
            raise ImportRefused(listed[:SHOWN], total=max(self.total, len(listed)))

    def check_codes(self) -> None:
        """Refuse codes that stand twice in the files.

        :raises ImportRefused: naming the rows
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM area_stage GROUP BY code HAVING count(*) > 1 LIMIT 1")
            if cursor.fetchone() is not None:
                self._number(cursor)
                self.explain(
                    "SELECT file, line, code AS value, first AS other FROM (SELECT *,"
                    "  row_number() OVER again AS time, first_value(line) OVER again AS first"
                    "  FROM area_stage WINDOW again AS (PARTITION BY code ORDER BY file, line)) met WHERE time > 1",
                    gettext_lazy("The code %(value)s stands in row %(other)s already."),
                )
        self.refuse_if_wrong()

    def check_parents(self) -> None:
        """Refuse parents that are nowhere or do not lie above.

        :raises ImportRefused: naming the rows
        """
        self.explain(
            "SELECT s.file, s.line, s.parent_code AS value FROM area_stage s "
            "LEFT JOIN area_stage p ON p.code = s.parent_code LEFT JOIN grids_area a ON a.code = s.parent_code "
            "WHERE s.parent_code IS NOT NULL AND p.code IS NULL AND a.id IS NULL",
            gettext_lazy("There is no area with the code %(value)s for this one to lie in."),
        )
        self.explain(
            "SELECT s.file, s.line, s.code AS value, s.parent_code AS other FROM area_stage s "
            "LEFT JOIN area_stage p ON p.code = s.parent_code LEFT JOIN grids_area a ON a.code = s.parent_code "
            "WHERE coalesce(p.level, a.level) >= s.level",
            gettext_lazy("The area %(value)s cannot lie in %(other)s, which is not of a higher level."),
        )
        self.refuse_if_wrong()

    def check_known(self) -> None:
        """Refuse rows that would turn an area we have into another one or move it: that is for a re-division.

        :raises ImportRefused: naming the rows
        """
        self.explain(
            "SELECT s.file, s.line, s.code AS value FROM area_stage s JOIN grids_area a ON a.code = s.code "
            "WHERE a.level <> s.level",
            gettext_lazy("The area %(value)s is of another level; an import does not change levels."),
        )
        self.explain(
            "SELECT s.file, s.line, s.code AS value, p.code AS other FROM area_stage s "
            "JOIN grids_area a ON a.code = s.code JOIN grids_area p ON p.id = a.parent_id "
            "WHERE a.level = s.level AND p.code <> s.parent_code",
            gettext_lazy("The area %(value)s lies in %(other)s; an import does not move areas."),
        )
        self.refuse_if_wrong()


def _row(cursor: Any, query: str) -> tuple[Any, ...]:
    cursor.execute(query)
    return tuple(cursor.fetchone())


def _distinct(cursor: Any, column: str) -> Iterator[str]:
    cursor.execute(f"SELECT DISTINCT {column} FROM area_stage WHERE {column} IS NOT NULL")  # noqa: S608
    return iter([value for (value,) in cursor.fetchall()])
