"""The board as tables of a few columns each, so that a phone and a printed page can carry them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from petitions.figures import Board, Cell, Line
from petitions.periods import Period, next_month
from petitions.rates import COUNTS, LEVELS, RATES
from petitions.spans import By

# heading, counts, rates
GROUPS: Final[tuple[tuple[Promise, tuple[str, ...], tuple[str, ...]], ...]] = (
    (
        _("Taken in and done"),
        ("received", "accepted", "completed", "late"),
        ("acceptance", "closure", "on_time", "response"),
    ),
    (_("What petitioners say"), ("unrated", "reopened"), ("resolution", "satisfaction")),
    (_("On the way"), ("withdrawn", "merged"), ("return", "rework", "extension")),
    (_("Where it was completed"), (), tuple(LEVELS)),
)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of one table: ``query`` is what the addresses of its lists begin with, ``drill`` opens its area."""

    line: Line
    query: str
    drill: str
    counts: list[tuple[str, Promise, int]]
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """One heading with its rows; the last is all together. ``shares``: each line says its share of what came in."""

    heading: Promise
    columns: list[tuple[str, Promise]]
    rows: list[Row]
    total: Row
    shares: bool


def tables(board: Board, *, period: Period, by: By) -> Iterator[Table]:
    """Return the tables of a board, in the order in which they are read."""
    for place, (heading, counts, rates) in enumerate(GROUPS):
        names: list[tuple[str, Promise]] = [("", COUNTS[name]) for name in counts]
        kinds = {**RATES, **LEVELS}
        names += [(f"f-{key}", kinds[key].name) for key in rates]
        yield Table(
            heading,
            names,
            [_row(line, counts, rates, period, by) for line in board.lines],
            _row(board.total, counts, rates, period, by),
            shares=place == 0 and by in {By.CATEGORY, By.CHANNEL, By.TIER, By.UNIT},
        )


def _row(line: Line, counts: tuple[str, ...], rates: tuple[str, ...], period: Period, by: By) -> Row:
    cells = {cell.kind.key: cell for cell in (*line.cells, *line.levels)}
    asked: dict[str, Any] = {"by": by.value}
    drill = ""
    if line.month is not None:
        last = min(period.end, next_month(line.month) - _DAY)
        period = replace(period, start=max(period.start, line.month), end=last, code="")
    elif line.item is not None:
        asked["item"] = line.item
    elif line.area is not None:
        asked["row"] = line.area.code
        drill = "" if line.own or line.is_total else f"{period.query}&{urlencode({'area': line.area.code})}"
    if line.own:
        asked["own"] = "1"
    return Row(
        line,
        f"{period.query}&{urlencode(asked)}",
        drill,
        [(name, COUNTS[name], line.counts.get(name, 0)) for name in counts],
        [cells[key] for key in rates],
    )
