"""A question asked on nearly every request: its SQL is built once, later calls fill in the values.

Django builds the SQL of a queryset anew each time it is asked, which costs several times what the database needs to
answer (ADR 23). Here the queryset is built once with example values; where these stand in its parameters, later values
go.
"""

from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import QuerySet

Row = TypeVar("Row")


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
        return list(self._built.filled(values))

    def first(self, *values: object) -> Row | None:
        """As calling it, and return the first row or None; the queryset should be cut to one."""
        return next(iter(self(*values)), None)


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

    def filled(self, values: tuple[object, ...]) -> Iterator[Any]:
        """Return a queryset of the same kind that will ask with these values."""
        params = list(self.params)
        for place, number in self.places:
            params[place] = values[number]
        like: Any = self.queryset
        asked = type(like)(model=like.model, query=_Query(self, params), using=like.db)
        asked._iterable_class = like._iterable_class  # noqa: SLF001 - as QuerySet._clone does
        asked._fields = like._fields
        asked._prefetch_related_lookups = like._prefetch_related_lookups  # noqa: SLF001
        return iter(asked)


def _same(param: object, example: object) -> bool:
    plain = getattr(param, "obj", param)  # psycopg wraps bytes
    return plain == example and isinstance(plain, type(example))


class _Query:
    """Stands in for ``sql.Query`` while the rows are fetched: all a queryset asks it for then is a compiler."""

    def __init__(self, built: _Built, params: list[object]) -> None:
        self._built = built
        self._params = tuple(params)

    def get_compiler(self, using: str, **_options: object) -> Any:
        """Return a compiler that has its SQL already."""
        built = self._built
        compiler: Any = copy(built.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *_args, **_kwargs: (built.sql, self._params)
        compiler.get_converters = self._converters
        return compiler

    def _converters(self, expressions: Any) -> Any:
        if self._built.converters is None:
            self._built.converters = self._built.compiler.get_converters(expressions)
        return self._built.converters
