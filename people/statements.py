"""Statements whose text is kept in the process: putting one together costs more than having it run.

For the few that every page of a working day asks, the same all day long; whoever keeps one names in its key all that
decides it.
"""

from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Statement = tuple[str, tuple[Any, ...]]
# of a queryset that can find no row, such as the matters of somebody without a post
NOTHING: Final[Statement] = ("", ())


def put_together(rows: QuerySet[Any, Any]) -> Statement:
    """Return the statement of a queryset of plain columns, and its values; NOTHING if it can find none. No query."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return NOTHING
    return sql, tuple(values)


def in_one(*statements: Statement) -> Statement:
    """Return one statement for the rows of several of the same shape; each begins its rows with its own name."""
    asked = [statement for statement in statements if statement != NOTHING]
    return " UNION ALL ".join(f"({sql})" for sql, _values in asked), tuple(
        value for _sql, values in asked for value in values
    )


def rows_of(statement: Statement) -> list[tuple[Any, ...]]:
    """Return the rows of a statement as the database gives them; one query, none for NOTHING."""
    if statement == NOTHING:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return list(cursor.fetchall())
