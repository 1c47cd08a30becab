"""Rows of several tables written together, in one trip to the database (ADR 23).

What belongs together is written in one transaction anyway; here it also travels together. The keys that rows refer to
each other by must be known before: UUIDs are made in Python, numbers are drawn from the table's sequence.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

# psycopg remembers how to read a statement with up to 50 values; two more may be put before them (pghistory).
MOST_VALUES = 48
# Where a second trip costs more than reading a long statement anew.
IN_ONE_TRIP = 1000

Statement = tuple[str, Sequence[object]]

__all__ = ["IN_ONE_TRIP", "Statement", "draw", "insert", "next_of", "sequence_of", "update_of"]


def insert(rows: Sequence[Model], *, before: Sequence[Statement] = (), most: int = MOST_VALUES) -> None:
    """Write new rows in this order, as ``save(force_insert=True)`` would one by one; one trip, a second for many.

    A row that brings no key learns the one that its table drew. ``before``: statements with their values that go along
    first. ``most``: values of one trip.

    :raises IntegrityError: as ``save`` does
    """
    database = connections[DEFAULT_DB_ALIAS]  # what ``connection`` looks up each time it is named
    parts: list[tuple[Model | None, str, Sequence[object]]] = [(None, *statement) for statement in before]
    parts += [(row, *_part(row, database)) for row in rows]
    while parts:
        going: list[tuple[Model | None, str]] = []
        values: list[Any] = []
        while parts and (not values or len(values) + len(parts[0][2]) <= most):
            row, sql, given = parts.pop(0)
            going.append((row, sql))
            values += given
        with database.cursor() as cursor:
            cursor.execute("; ".join(sql for _row, sql in going), values)
            _learn_keys(cursor, [row for row, _sql in going])
    for row in rows:
        row._state.adding, row._state.db = False, database.alias  # noqa: SLF001 - as Model.save does


def update_of(row: Model, names: Sequence[str]) -> Statement:
    """Return what ``row.save(update_fields=names)`` would send, to go along with new rows as ``insert(before=…)``."""
    quote = connection.ops.quote_name
    meta = row._meta  # noqa: SLF001 - public, as its name says
    fields = [meta.get_field(name) for name in dict.fromkeys(names)]
    given = [(field, field.pre_save(row, add=False)) for field in fields]  # type: ignore[union-attr]
    changed = ", ".join(f"{quote(str(field.column))} = {_placeholder(field)}" for field, _value in given)  # type: ignore[union-attr, arg-type]
    key = meta.pk
    sql = f"UPDATE {quote(meta.db_table)} SET {changed} WHERE {quote(str(key.column))} = %s"  # noqa: S608 - our own names
    values = [field.get_db_prep_save(value, connection) for field, value in given]  # type: ignore[union-attr]
    return sql, [*values, key.get_db_prep_save(row.pk, connection)]


def draw(*sequences: str) -> list[int]:
    """Draw the next number of each of these sequences; one trip."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(next_of, sequences))}")
        return list(cursor.fetchone())


def next_of(sequence: str) -> str:
    """Return the expression that draws the next number of a sequence."""
    return f"nextval('{sequence}')"


def sequence_of(model: type[Model]) -> str:
    """Return the sequence that numbers the rows of a table, to draw a key before the row is written."""
    return f"{model._meta.db_table}_id_seq"  # noqa: SLF001 - public, as its name says


def _learn_keys(cursor: Any, rows: Sequence[Model | None]) -> None:
    """Give the rows of one trip the keys that were drawn for them; None stands for a statement that made no row."""
    # an answer for each statement; before ours may stand one that we did not write (pghistory): counted from the end
    for place, row in enumerate(rows, start=-len(rows)):
        if row is not None and row.pk is None:
            cursor.set_result(place)
            (row.pk,) = cursor.fetchone()


def _part(row: Model, database: BaseDatabaseWrapper) -> Statement:
    """Return the statement of one row and its values; a column without a value is left out, it is NULL anyway."""
    given = [(field, field.pre_save(row, add=True)) for field in _fields(type(row))]
    present = [(field, value) for field, value in given if value is not None]
    sql = _statement(type(row), tuple(field.attname for field, _value in present))
    return sql, [field.get_db_prep_save(value, database) for field, value in present]


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)  # noqa: SLF001 - public


@lru_cache(maxsize=512)
def _statement(model: type[Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    fields = [field for field in _fields(model) if field.attname in names]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    values = ", ".join(_placeholder(field) for field in fields)
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({values})"  # noqa: SLF001, S608
    key = model._meta.pk  # noqa: SLF001 - public, as its name says
    return sql if key.attname in names else f"{sql} RETURNING {quote(str(key.column))}"


def _placeholder(field: "Field[Any, Any]") -> str:
    made = getattr(field, "get_placeholder", None)
    return "%s" if made is None else str(made(None, None, connection))
