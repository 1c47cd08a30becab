"""What stands in a report: key figures beside those of the time before, tables by part and kind, the course, the hours.

Sums and rates alone: no person is named or counted apart, and no matter is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.models import Area
from petitions import charts, figures, trends
from petitions.figures import Board, Line
from petitions.periods import Period, read_period
from petitions.rates import COUNTS, LEVELS, RATES, Kind, Rate
from petitions.report_enums import ReportKind
from petitions.spans import By

STEPS: Final = 5
KEY_COUNTS: Final = ("received", "accepted", "completed", "pending", "late", "reopened")
KEY_RATES: Final = ("acceptance", "response", "closure", "on_time", "resolution", "satisfaction", "return", "rework")
IN_TABLES: Final = ("closure", "on_time", "satisfaction")
MOST_LINES: Final = 40


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a number grew since the time before: a count, or percentage points; None if either is not known."""

    value: float | None


# A cell: words, a count, a rate, a change, or nothing.
Cell = str | int | Rate | Change | None


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, the names of the columns, the rows; ``note`` stands below."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A report before it is a file. ``bars`` and ``bars_heading``: the picture of the closure rate by part."""

    title: str
    subtitle: str
    as_at: datetime
    language: str
    key: Table
    bars_heading: str
    bars: charts.Bars
    course: charts.Trend
    heat: charts.Heat
    off: str
    tables: tuple[Table, ...]
    formulae: tuple[tuple[str, str], ...]


def gather(
    area: Area, kind: ReportKind, period: Period, *, at: datetime, told: Callable[[int], None] = lambda _step: None
) -> Content:
    """Read everything a report says, in the active language; ``told`` hears how many steps are done."""
    board = figures.board(area, period=period, by=By.AREA, at=at)
    before = figures.board(area, period=_before(period, at), by=By.AREA, at=at)
    told(1)
    cuts = [By.CATEGORY, By.CHANNEL, By.TIER, By.UNIT]
    boards = {by: figures.board(area, period=period, by=by, at=at) for by in cuts}
    told(2)
    course = trends.course(area, at=at)
    told(3)
    hours = trends.hours(area, period=period, at=at)
    heat = charts.heat(hours)
    told(4)
    tables = [_table(By.AREA, board), *(_table(by, boards[by]) for by in cuts), _levels(board.total), _course(course)]
    said = list(trends.said(board.total.counts, area, period=period))
    tables.append(
        Table(
            _("What we say, in numbers"),
            (_("Words"), _("Value"), _("How it is counted")),
            tuple((str(one.phrase), one.rate if one.rate is not None else one.count, str(one.formula)) for one in said),
        )
    )
    told(STEPS)
    closure = RATES["closure"]
    return Content(
        title=_("%(area)s: %(kind)s, %(period)s") % {"area": area.label, "kind": kind.label, "period": period.label},
        subtitle=_("Matters of residents and how they went, %(start)s to %(end)s")
        % {"start": period.start.isoformat(), "end": period.end.isoformat()},
        as_at=at,
        language=get_language() or "",
        key=_key(board.total, before.total),
        bars_heading=trends.headline(board, closure, compare=True),
        bars=trends.bars(board, closure),
        course=course.picture,
        heat=heat,
        off=_("%(total)d matters were filed; the fullest hour of the week had %(most)d.")
        % {"total": sum(hours), "most": heat.most},
        tables=tuple(table for table in tables if table.rows),
        formulae=tuple((str(one.name), str(one.formula)) for one in RATES.values()),
    )


def _key(now: Line, before: Line) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name in KEY_COUNTS:
        one, two = now.counts.get(name, 0), before.counts.get(name, 0)
        rows.append((str(COUNTS[name]), one, two, Change(one - two)))
    for key in KEY_RATES:
        kind = RATES[key]
        one_rate, two_rate = kind.of(now.counts), kind.of(before.counts)
        rows.append((str(kind.name), one_rate, two_rate, _change(one_rate, two_rate)))
    return Table(
        _("Key figures"),
        ("", _("This time"), _("The time before"), _("Difference")),
        tuple(rows),
        _("Changes of rates are in percentage points. Rates are cut off, not rounded."),
    )


def _change(now: Rate, before: Rate) -> Change:
    if now.percent is None or before.percent is None:
        return Change(None)
    return Change(round(now.percent - before.percent, 1))


def _table(by: By, board: Board) -> Table:
    kinds = [RATES[key] for key in IN_TABLES]
    lines = sorted(board.lines, key=lambda line: -line.counts.get("received", 0)) if by != By.AREA else board.lines
    shown = [*lines[:MOST_LINES], board.total] if lines else []
    return Table(
        str(by.label),
        (str(by.label), *(str(COUNTS[name]) for name in ("received", "accepted", "late")), *_names(kinds)),
        tuple(
            (
                str(line.label),
                *(line.counts.get(name, 0) for name in ("received", "accepted", "late")),
                *(kind.of(line.counts) for kind in kinds),
            )
            for line in shown
        ),
        _("Only the first %(count)d lines are shown.") % {"count": MOST_LINES} if len(lines) > MOST_LINES else "",
    )


def _levels(total: Line) -> Table:
    rows = tuple((str(kind.name), kind.of(total.counts)) for kind in LEVELS.values())
    return Table(_("Where it was completed"), (_("Level"), _("Share")), rows)


def _course(course: trends.Course) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple((f"{one.month:%Y-%m}", *one.rates) for one in course.months)
    return Table(_("The last twelve months"), (_("Month"), *_names(course.kinds)), rows)


def _names(kinds: Sequence[Kind]) -> tuple[str, ...]:
    return tuple(str(kind.name) for kind in kinds)


def _before(period: Period, at: datetime) -> Period:
    """Return the time of the same kind before: a month, a quarter or a half-year."""
    today = shanghai_date(at)
    year, rest = int(period.code[:4]), period.code[5:]
    if rest[:1] in {"Q", "H"}:
        last = 4 if rest[0] == "Q" else 2
        number = int(rest[1:])
        code = f"{year}-{rest[0]}{number - 1}" if number > 1 else f"{year - 1}-{rest[0]}{last}"
    else:
        month = int(rest)
        code = f"{year}-{month - 1:02d}" if month > 1 else f"{year - 1}-12"
    return read_period(code, today=today)
