"""Rows of several tables written together, in one trip to the database (ADR 23).

What belongs together is written in one transaction anyway; here it also travels together. The keys that rows refer to
each other by must be known before: UUIDs are made in Python, numbers are drawn from the table's sequence.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

# psycopg remembers how to read a statement with up to 50 values; two more may be put before them (pghistory).
MOST_VALUES = 48

__all__ = ["draw", "insert", "sequence_of"]


def insert(rows: Sequence[Model], *, before: Sequence[tuple[str, Sequence[object]]] = ()) -> None:
    """Write new rows in this order, as ``save(force_insert=True)`` would one by one; one trip, a second for many.

    A key that the table draws itself stays unknown to a row that brings none. ``before``: statements with their
    values that go along first.

    :raises IntegrityError: as ``save`` does
    """
    parts = [*before, *map(_part, rows)]
    while parts:
        statements: list[str] = []
        values: list[Any] = []
        while parts and (not values or len(values) + len(parts[0][1]) <= MOST_VALUES):
            sql, given = parts.pop(0)
            statements.append(sql)
            values += given
        with connection.cursor() as cursor:
            cursor.execute("; ".join(statements), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as Model.save does


def draw(*sequences: str) -> list[int]:
    """Draw the next number of each of these sequences; one trip."""
    drawn = ", ".join(["nextval(%s)"] * len(sequences))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {drawn}", sequences)
        return list(cursor.fetchone())


def sequence_of(model: type[Model]) -> str:
    """Return the sequence that numbers the rows of a table, to draw a key before the row is written."""
    return f"{model._meta.db_table}_id_seq"  # noqa: SLF001 - public, as its name says


def _part(row: Model) -> tuple[str, list[object]]:
    """Return the statement of one row and its values; a column without a value is left out, it is NULL anyway."""
    given = [(field, field.pre_save(row, add=True)) for field in _fields(type(row))]
    present = [(field, value) for field, value in given if value is not None]
    sql = _statement(type(row), tuple(field.attname for field, _value in present))
    return sql, [field.get_db_prep_save(value, connection) for field, value in present]


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)  # noqa: SLF001 - public


@lru_cache(maxsize=512)
def _statement(model: type[Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    fields = [field for field in _fields(model) if field.attname in names]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    values = ", ".join(_placeholder(field) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({values})"  # noqa: SLF001, S608


def _placeholder(field: "Field[Any, Any]") -> str:
    made = getattr(field, "get_placeholder", None)
    return "%s" if made is None else str(made(None, None, connection))
