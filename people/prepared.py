"""Questions asked on nearly every request: their SQL is built once, and the database plans it once a connection.

Django builds the SQL of a queryset anew each time it is asked, and PostgreSQL plans it anew, which costs several times
what finding the rows does (ADR 23). ``Prepared`` builds a queryset once with example values; where these stand in its
parameters, later values go. ``fetch`` asks SQL written by hand. Both are prepared on the server. ``put_together``
keeps the statement of a queryset whose shape depends on who asks: the database is told it anew.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from types import SimpleNamespace
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, QuerySet, Value
from psycopg import ClientCursor, Cursor
from psycopg._queries import PostgresQuery, _query2pg

Row = TypeVar("Row")
Statement = tuple[str, tuple[Any, ...]]
# of a queryset that can find no row, such as the matters of somebody without a post
NOTHING: Final[Statement] = ("", ())
# a few of everybody who works with one process
MOST_KEPT: Final = 1000
_KEPT: dict[Hashable, Statement] = {}


class Prepared(Generic[Row]):
    """A queryset with places for values, as ``Prepared(lambda number: Petition.objects.filter(number=number), "PX")``.

    ``examples`` are values of the right types which differ from one another and from whatever else the queryset
    compares with. A value must not change what is asked: no None, no list, no pattern (``startswith``).
    """

    def __init__(self, build: Callable[..., "QuerySet[Any, Row]"], *examples: object) -> None:
        self._build = build
        self._examples = examples
        self._built: _Built | None = None

    def __call__(self, *values: object) -> list[Row]:
        """Ask with these values, in the order of the examples; return the rows. One query.

        :raises ValueError: if an example stands nowhere in the SQL, or there are more or fewer values than examples
        """
        if self._built is None:
            self._built = _Built(self._build(*self._examples), self._examples)
        return self._built.ask(values)

    def first(self, *values: object) -> Row | None:
        """As calling it, and return the first row or None; the queryset should be cut to one."""
        return next(iter(self(*values)), None)


def fetch(sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a statement whose text is always the same, as the database gives them. One query.

    Its values are sent beside it, so PostgreSQL must be able to tell their types: ``%s::bigint[]``. History of what it
    writes carries no context (pghistory puts that before a statement): not for tables whose history is kept.
    """
    with _cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def put_together(rows: QuerySet[Any, Any]) -> Statement:
    """Return the statement of a queryset of plain columns, and its values; NOTHING if it can find none. No query."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return NOTHING
    return sql, tuple(values)


def kept(key: Hashable, build: Callable[[], QuerySet[Any, Any]]) -> Statement:
    """Return the statement of a queryset that nothing but ``key`` decides, put together the first time. No query.

    The key begins with what is asked, and names who asks by all that decides what he sees (``Staff.sight``).
    """
    found = _KEPT.get(key)
    if found is None:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        found = _KEPT[key] = put_together(build())
    return found


def counting(rows: QuerySet[Any, Any], name: str, **counts: Count) -> QuerySet[Any, Any]:
    """Return a queryset of one row: ``name``, then these counts of ``rows``, as ``aggregate`` asks them at once."""
    found = rows.order_by().values(_name=Value(name)).annotate(**counts)
    named: QuerySet[Any, Any] = found.values_list("_name", *counts)
    return named


def filled(statement: Statement, *, example: object, value: object) -> Statement:
    """Return the statement with a value wherever the example stood."""
    sql, values = statement
    return sql, tuple(value if _same(one, example) else one for one in values)


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


class _Read(PostgresQuery):
    """A statement with places for values, read once however long it is: psycopg reads long ones anew each time."""

    def convert(self, query: Any, vars: Any) -> None:  # noqa: A002 - psycopg's name
        """Take the statement and its values."""
        if vars is None:
            super().convert(query, vars)
            return
        read = _query2pg(self._ensure_bytes(query), self._tx.encoding)
        self.query, self._want_formats, self._order, self._parts = read
        self.dump(vars)


class _Cursor(Cursor[Any]):
    """Has the server keep the plan of each statement, unless the settings forbid it (``DATABASE_PREPARES``)."""

    _query_cls = _Read
    # pghistory leaves a cursor with a name alone: nothing can be put before a prepared statement
    name = "prepared"

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Cursor":
        """Ask; prepared the first time."""
        super().execute(query, params, **{**options, "prepare": True})
        if connection.queries_logged:  # what Django's log of queries shows; psycopg notes it of unprepared ones only
            shown = ClientCursor(self.connection).mogrify(query, params)
            self._query = SimpleNamespace(query=shown.encode())  # type: ignore[assignment]
        return self


def _cursor() -> CursorWrapper:
    """Return what ``connection.cursor()`` does, around a cursor of ours."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.close_if_health_check_failed()
    database.ensure_connection()
    with database.wrap_database_errors:
        return database._prepare_cursor(_Cursor(database.connection))  # type: ignore[no-any-return]  # noqa: SLF001


class _Built:
    def __init__(self, queryset: "QuerySet[Any, Any]", examples: tuple[object, ...]) -> None:
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(using=queryset.db)
        self.sql, params = self.compiler.as_sql()
        self.params = list(params)
        places = [[place for place, param in enumerate(params) if _same(param, example)] for example in examples]
        if not all(places):
            msg = f"Not every example stands in the SQL: {self.sql}"
            raise ValueError(msg)
        self.places = [(place, number) for number, found in enumerate(places) for place in found]
        self.converters: Any = None

    def ask(self, values: tuple[object, ...]) -> list[Any]:
        """Return the rows as the queryset would with these values."""
        params = list(self.params)
        for place, number in self.places:
            params[place] = values[number]
        found = fetch(self.sql, params)
        if not found:
            return []
        like: Any = self.queryset
        asked = type(like)(model=like.model, query=_Query(self, found), using=like.db)
        asked._iterable_class = like._iterable_class  # noqa: SLF001 - as QuerySet._clone does
        asked._fields = like._fields
        asked._prefetch_related_lookups = like._prefetch_related_lookups  # noqa: SLF001
        return list(asked)


def _same(param: object, example: object) -> bool:
    plain = getattr(param, "obj", param)  # psycopg wraps bytes
    return plain == example and isinstance(plain, type(example))


class _Query:
    """Stands in for ``sql.Query`` while a queryset reads its rows: all it asks for then is a compiler."""

    def __init__(self, built: _Built, rows: list[tuple[Any, ...]]) -> None:
        self._built = built
        self._rows = rows

    def get_compiler(self, using: str, **_options: object) -> Any:
        """Return a compiler that has its rows already."""
        compiler: Any = copy(self._built.compiler)
        compiler.connection = connections[using]
        compiler.execute_sql = lambda *_args, **_kwargs: [self._rows]
        compiler.get_converters = self._converters
        return compiler

    def _converters(self, expressions: Any) -> Any:
        if self._built.converters is None:
            self._built.converters = self._built.compiler.get_converters(expressions)
        return self._built.converters
