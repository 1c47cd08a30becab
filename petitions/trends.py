"""What the figures look like: the course of a year, the hours of the week, who does best, and the words of the sources.

All of it is read from the sums; for the odd days at the edge of a span, and for one grid, hours are counted from facts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area, CommunityWorker
from petitions import charts
from petitions.figure_cases import place
from petitions.figures import Board, Line
from petitions.models import FigureRow, HourRow, PetitionFact
from petitions.models.figures import HOURS
from petitions.periods import Period, month_before
from petitions.rates import LEVELS, RATES, Kind, Rate
from petitions.spans import Cut, Grain

MONTHS: Final = 12
# all of what is closed: what is late now belongs to no course
IN_TREND: Final = ("closure", "on_time", "satisfaction")
SHOWN: Final = ("closure", "on_time", "response", "resolution", "satisfaction", "return", "rework")
# of these fewer are better
FEWER: Final = frozenset({"return", "rework", "extension"})


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the course, with the rates in the order of ``IN_TREND``."""

    month: date
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """The last twelve months, the oldest first, as a picture and as numbers."""

    picture: charts.Trend
    months: tuple[Month, ...]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of the ranking; ``rank`` is None where so few were counted that it says little, or none at all."""

    line: Line
    rate: Rate
    rank: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase of the sources with the number that stands for it: a rate, or a count alone. ``opens``: its list."""

    phrase: Promise
    formula: Promise
    rate: Rate | None
    count: int | None = None
    opens: str = ""
    opens_all: str = ""


def course(area: Area, *, at: datetime) -> Course:
    """Return the rates of the last twelve months, the running one included; one query."""
    months = [shanghai_date(at).replace(day=1)]
    while len(months) < MONTHS:
        months.insert(0, month_before(months[0]))
    kinds = tuple(RATES[key] for key in IN_TREND)
    names = {name for kind in kinds for name in (kind.count, *kind.over)}
    rows: Any = FigureRow.objects.filter(
        cut=Cut.GRID if area.level >= Level.GRID else Cut.TOTAL,
        grain=Grain.MONTH,
        begins_on__in=months,
        area__path__startswith=area.path,
    )
    sums = {f"sum_{name}": Sum(name) for name in sorted(names)}
    found = {
        row["begins_on"]: {name: row[f"sum_{name}"] for name in names}
        for row in rows.order_by().values("begins_on").annotate(**sums)
    }
    listed = tuple(Month(month, tuple(kind.of(found.get(month, {})) for kind in kinds)) for month in months)
    picture = charts.trend(
        [f"{month:%Y-%m}" for month in months],
        [(str(kind.name), [one.rates[at].percent for one in listed]) for at, kind in enumerate(kinds)],
    )
    return Course(picture, listed, kinds)


def hours(area: Area, *, period: Period, at: datetime) -> list[int]:
    """Return how many were filed in each hour of the week; at most two queries."""
    months, edges = period.months(), []
    for edge in period.edges():
        if edge.start.day == 1 and edge.end == shanghai_date(at):
            months.append(edge.start)  # the running month: nothing lies after today
        else:
            edges.append(edge)
    if area.level >= Level.GRID:
        months, edges = [], [period]
    found = [0] * HOURS
    if months:
        rows: Any = HourRow.objects.filter(begins_on__in=months, community__path__startswith=area.path)
        for hour, count in rows.order_by().values_list("hour").annotate(Sum("received")):
            found[hour] += count
    if edges:
        days = Q(pk__in=())
        for edge in edges:
            days |= Q(received_on__range=(edge.start, edge.end))
        facts: Any = PetitionFact.objects.filter(days).filter(place(area))
        for hour, count in facts.order_by().values_list("hour").annotate(Count("pk")):
            found[hour] += count
    return found


def ranking(lines: Sequence[Line], kind: Kind) -> list[Ranked]:
    """Return lines with the best first; equal ones share a rank, those out of few cases follow without one."""
    rated = [(line, kind.of(line.counts)) for line in lines if not line.own and line.item != ""]
    enough = [(line, rate) for line, rate in rated if rate.percent is not None and not rate.is_small]
    enough.sort(key=lambda one: ((one[1].rate or 0) * (1 if kind.key in FEWER else -1), -one[1].denominator))
    found: list[Ranked] = []
    for line, rate in enough:
        same = found and found[-1].rate.percent == rate.percent
        found.append(Ranked(line, rate, found[-1].rank if same else len(found) + 1))
    return [*found, *(Ranked(line, rate, None) for line, rate in rated if rate.percent is None or rate.is_small)]


def headline(board: Board, kind: Kind, *, compare: bool) -> str:
    """Say in one sentence what a picture shows: the rate of all, and (``compare``) which line lags behind it most."""
    whole = kind.of(board.total.counts)
    if whole.percent is None:
        return _("%(rate)s: nothing to count yet") % {"rate": kind.name}
    said = {"rate": kind.name, "percent": f"{whole.percent:.1f}"}
    ranked = [one for one in ranking(board.lines, kind) if one.rank is not None] if compare else []
    if len(ranked) > 1 and ranked[-1].rate.percent != whole.percent:
        return _("%(rate)s %(percent)s%%; %(label)s lags behind") % {**said, "label": ranked[-1].line.label}
    return _("%(rate)s %(percent)s%%") % said


def bars(board: Board, kind: Kind) -> charts.Bars:
    """Return the picture of one rate: a bar for each line, a mark for all together."""
    given = []
    for line in board.lines:
        rate = kind.of(line.counts)
        given.append(charts.Given(line.label, rate.percent, f"{rate.numerator}/{rate.denominator}", rate.is_small))
    return charts.bars(given, mark=kind.of(board.total.counts).percent)


_NEAR: Final = ("at_grid", "at_community")


def said(counts: Mapping[str, int], area: Area, *, period: Period) -> Iterator[Said]:
    """Yield what the sources say in words, as numbers of this area and span; one query."""
    for key, phrase in (
        ("acceptance", gettext_lazy("Somebody takes care")),
        ("on_time", gettext_lazy("Taken care of in time")),
        ("resolution", gettext_lazy("Taken care of so that it helps")),
    ):
        kind = RATES[key]
        yield Said(phrase, kind.formula, kind.of(counts), opens=kind.opens, opens_all=kind.opens_all)
    near = Rate(sum(counts.get(name, 0) for name in _NEAR), LEVELS["at_grid"].of(counts).denominator)
    yield Said(
        gettext_lazy("Settled without leaving the neighbourhood"),
        gettext_lazy("completed in the grid or in the community ÷ completed by a post whose level is known"),
        near,
        opens="near",
        opens_all="levelled",
    )
    yield Said(
        gettext_lazy("From “cannot be done” to “can be done”"),
        gettext_lazy("not accepted at first, accepted after an appeal, and completed; by the day of acceptance"),
        None,
        count=counts.get("turned", 0),
        opens="turned",
    )
    taken_on = CommunityWorker.objects.filter(
        area__path__startswith=area.path, since__range=(period.start, period.end)
    ).count()
    yield Said(
        gettext_lazy("Community workers taken on"),
        gettext_lazy("community workers of this area whose employment began within these days"),
        None,
        count=taken_on,
    )
