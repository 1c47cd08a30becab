"""What is read once and kept in the process, for as long as the database says that nothing of it has changed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from people.prepared import fetch

_REGISTER: "list[Stamp]" = []
_ASKED: ContextVar[dict["Stamp", tuple[Any, ...]] | None] = ContextVar("_ASKED", default=None)


class Stamp:
    """The expressions, without a value from outside, whose results change with every edit of what is kept."""

    def __init__(self, *expressions: str) -> None:
        self.expressions = expressions
        _REGISTER.append(self)

    def now(self) -> tuple[Any, ...]:
        """Return the results as they are: one query, none where all stamps were asked for (``all_at_once``)."""
        asked = _ASKED.get()
        if asked is not None:
            return asked[self]
        return fetch(f"SELECT {', '.join(self.expressions)}")[0]


@contextmanager
def all_at_once(*also: str, values: Sequence[Any] = ()) -> Iterator[list[Any]]:
    """Ask for all stamps in one query and believe them until the end of the block: a moment, not a whole request.

    ``also``: expressions of the caller's that go along, such as keys he draws, with their ``values``; what they yield
    is the value of the block.
    """
    asked = [text for stamp in _REGISTER for text in stamp.expressions]
    row = iter(fetch(f"SELECT {', '.join([*asked, *also])}", values)[0])
    token = _ASKED.set({stamp: tuple(next(row) for _text in stamp.expressions) for stamp in _REGISTER})
    try:
        yield list(row)
    finally:
        _ASKED.reset(token)
