"""The figure page: a span of an area, cut by what lies below it, by month, category, channel, tier or unit.

What is closed is read from the sums of months and days, what is late now from the partial index of open petitions;
only the odd days at the edge of a span that begins within an older month are counted from facts. The number of
statements never changes, and none of them grows with the petitions of closed months.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar

from django.db.models import Count, F, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext as _

from deadlines.timetable import SHANGHAI, shanghai_date
from grids.enums import Level
from grids.models import Area, Organisation
from petitions import publishing
from petitions.enums import OPEN, Channel, Tier
from petitions.figure_cases import place
from petitions.kpis import bounds, late_counts
from petitions.models import Category, FigureRow, FigureState, Petition, PetitionFact, PublishedRow
from petitions.models.figures import BY_RECEIPT, MEASURES
from petitions.periods import Period
from petitions.rates import LEVELS, RATES, Kind, Rate
from petitions.spans import By, Cut, Grain

Counts = Mapping[str, int]
# Area codes, month names or items → what was counted; None is what lies in the area itself, below nothing.
Key = int | date | str | None
T = TypeVar("T", int, date, str)
_SUMS: Final = {f"sum_{name}": Sum(name) for name in MEASURES}
_PUBLISHED: Final = {**_SUMS, "sum_late": Sum("late_open"), "sum_contact_owed": Sum("contact_owed")}


_OF_PLACES: Final = frozenset({By.AREA, By.COMMUNITY, By.MONTH})


@dataclass(frozen=True, slots=True)
class Cell:
    """One rate of a line, and what was published of it if that reads differently now."""

    kind: Kind
    rate: Rate
    published: Rate | None = None

    @property
    def is_corrected(self) -> bool:
        """Whether it reads differently from what was published."""
        return self.published is not None and self.published.percent != self.rate.percent


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. ``area``, ``month`` or ``item`` narrow a list to it; ``own``: what lies in no part."""

    label: str
    counts: Counts
    share: Rate
    area: Area | None = None
    month: date | None = None
    item: str | None = None
    own: bool = False
    is_total: bool = False
    published: Counts | None = None

    @property
    def cells(self) -> list[Cell]:
        """Every rate of this line."""
        return [self._cell(kind) for kind in RATES.values()]

    @property
    def levels(self) -> list[Cell]:
        """At which level its completed matters were completed."""
        return [self._cell(kind) for kind in LEVELS.values()]

    @property
    def corrected(self) -> list[Cell]:
        """The rates that read differently from what was published."""
        return [cell for cell in self.cells if cell.is_corrected]

    @property
    def reasons(self) -> list[str]:
        """What changed since, in words."""
        return publishing.reasons(self.published, self.counts) if self.published is not None else []

    def _cell(self, kind: Kind) -> Cell:
        return Cell(kind, kind.of(self.counts), kind.of(self.published) if self.published is not None else None)


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of an area and span. ``counted_at``: up to when the sums are; what is late is as of now."""

    total: Line
    lines: list[Line]
    counted_at: datetime | None
    published_at: datetime | None = None
    published_by: str = ""
    corrected: list[Line] = field(default_factory=list)


def board(area: Area, *, period: Period, by: By, at: datetime) -> Board:
    """Return the figures of ``area`` in ``period``, and a line for each part; at most six statements."""
    asked = _Asked(area, period, by, at)
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    rolled, counted_at = _rolled(asked)
    for key, found in (*rolled, *_edges(asked), *_late(asked)):
        counts[key].update(found)
    published, published_at, published_by = _published(asked)
    together: Counter[str] = Counter()
    for found in counts.values():
        together.update(found)
    total = Line(
        label=_("Together"),
        counts=together,
        share=Rate(together["received"], together["received"]),
        area=area,
        is_total=True,
        published=_added(published.values()) if published_at is not None else None,
    )
    lines = [
        Line(
            counts=counts.get(key, Counter()),
            share=Rate(counts[key]["received"] if key in counts else 0, together["received"]),
            published=published.get(key, Counter()) if published_at is not None else None,
            **named,
        )
        for key, named in _names(asked, counts)
    ]
    corrected = [line for line in (total, *lines) if line.corrected]
    return Board(total, lines, counted_at, published_at, published_by, corrected)


def counts(area: Area, *, period: Period, at: datetime) -> Counter[str]:
    """Return the counts of ``area`` in ``period`` all together; at most four statements."""
    asked = _Asked(area, period, By.AREA, at)
    rolled, _counted_at = _rolled(asked)
    return _added(Counter(found) for _key, found in (*rolled, *_edges(asked), *_late(asked)))


@dataclass(frozen=True, slots=True)
class _Asked:
    area: Area
    period: Period
    by: By
    at: datetime

    @property
    def fine(self) -> bool:
        """Whether the lines lie below a community: then sums by grid are read."""
        return self.area.level >= (Level.COMMUNITY if self.by == By.AREA else Level.GRID)

    @property
    def cut(self) -> Cut | None:
        """Which sums answer; none for the categories and channels of one grid, which are counted from its facts."""
        if self.by in _OF_PLACES:
            return Cut.GRID if self.fine else Cut.TOTAL
        return None if self.fine else Cut(self.by)

    def part(self, path: str) -> Key:
        """Return which part of the area a path lies in."""
        rest = path.removeprefix(self.area.path).split("/", 1)[0]
        return int(rest) if rest else None

    def spans(self) -> tuple[list[date], list[Period], list[Period]]:
        """Return the whole months, the days read as days, and the days counted from facts."""
        months, days, facts = self.period.months(), [], []
        for edge in self.period.edges():
            if edge.start.day == 1 and edge.end == shanghai_date(self.at):
                months.append(edge.start)  # the running month: nothing lies after today
            elif edge.start >= shanghai_date(self.at).replace(day=1):
                days.append(edge)
            else:
                facts.append(edge)
        return (months, days, facts) if self.cut is not None else ([], [], [self.period])


def _rolled(asked: _Asked) -> tuple[list[tuple[Key, Counts]], datetime | None]:
    """Read the sums, and up to when they are."""
    months, days, _facts = asked.spans()
    span = Q(grain=Grain.MONTH, begins_on__in=months)
    for edge in days:
        span |= Q(grain=Grain.DAY, begins_on__range=(edge.start, edge.end))
    counted_at = FigureState.objects.order_by("pk").values("counted_at")[:1]
    if not months and not days:
        return [], FigureState.objects.values_list("counted_at", flat=True).first()
    # the stubs know no names that are made at run time; so too below
    rows: Any = FigureRow.objects.filter(span, cut=asked.cut, area__path__startswith=asked.area.path)
    named: dict[By, Any] = {By.AREA: F("area__path"), By.COMMUNITY: F("area"), By.MONTH: TruncMonth("begins_on")}
    key = named.get(asked.by, F("item"))
    found = list(rows.order_by().values(key=key).annotate(**_SUMS, counted_at=Subquery(counted_at)))
    if not found:
        return [], FigureState.objects.values_list("counted_at", flat=True).first()
    sums: list[tuple[Key, Counts]] = [
        (_key(asked, row["key"]), {name: row[f"sum_{name}"] for name in MEASURES}) for row in found
    ]
    return sums, found[0]["counted_at"]


def _edges(asked: _Asked) -> Iterable[tuple[Key, Counts]]:
    _months, _days, edges = asked.spans()
    if not edges:
        return
    received, accepted = Q(pk__in=()), Q(pk__in=())
    for edge in edges:
        received |= Q(received_on__range=(edge.start, edge.end))
        accepted |= Q(accepted_on__range=(edge.start, edge.end))
    facts: Any = PetitionFact.objects.filter(received | accepted).filter(place(asked.area))
    if asked.by == By.MONTH:
        for part, names in ((received, BY_RECEIPT), (accepted, MEASURES[len(BY_RECEIPT) :])):
            day = "received_on" if names is BY_RECEIPT else "accepted_on"
            rows = facts.filter(part).order_by().values(key=TruncMonth(day))
            for row in rows.annotate(**_counted(names, Q())):
                yield row["key"], {name: row[f"sum_{name}"] for name in names}
        return
    places = F("area__path") if asked.fine else F("community__path")
    key = places if asked.by == By.AREA else F(asked.by.value)
    sums = _counted(BY_RECEIPT, received) | _counted(MEASURES[len(BY_RECEIPT) :], accepted)
    for row in facts.order_by().values(key=key).annotate(**sums):
        yield _key(asked, row["key"]), {name: row[f"sum_{name}"] for name in MEASURES}


def _late(asked: _Asked) -> Iterable[tuple[Key, Counts]]:
    """Count what is open and late at this moment, of what was accepted in the period."""
    since, until = bounds(asked.period.start, asked.period.end)
    late: Any = Petition.objects.filter(
        status__in=OPEN, next_due_at__lte=asked.at, accepted_at__gte=since, accepted_at__lt=until
    )
    column = {Level.GRID: "grid", Level.COMMUNITY: "community", Level.STREET: "street"}.get(Level(asked.area.level))
    late = late.filter(**{column: asked.area.pk} if column else {"area_path__startswith": asked.area.path})
    key: Any = {
        By.AREA: F("area_path"),
        By.MONTH: TruncMonth("accepted_at", tzinfo=SHANGHAI),
        By.CATEGORY: F("category__code"),
        By.CHANNEL: F("channel"),
        By.TIER: F("tier"),
        By.UNIT: F("organisation"),
        By.COMMUNITY: Coalesce("community", "street", "area"),
    }[asked.by]
    for row in late.order_by().values(key=key).annotate(**late_counts(asked.at)):
        yield _key(asked, row["key"]), {"late": row["late"], "contact_owed": row["contact_owed"]}


def _published(asked: _Asked) -> tuple[dict[Key, Counter[str]], datetime | None, str]:
    """Return what was published of this month, by part; only of a whole month, and by area."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    month = asked.period.month
    if month is None or asked.by != By.AREA:
        return found, None, ""
    at, by = None, ""
    rows: Any = PublishedRow.objects.filter(
        publication__month=month, cut=asked.cut or Cut.TOTAL, area__path__startswith=asked.area.path
    )
    who = {"at": F("publication__published_at"), "by": F("publication__published_by__display_name")}
    for row in rows.order_by().values(key=F("area__path"), **who).annotate(**_PUBLISHED):
        at, by = row["at"], row["by"] or ""
        found[_key(asked, row["key"])].update(
            {name.removeprefix("sum_"): value for name, value in row.items() if name.startswith("sum_")}
        )
    return found, at, by


def _names(asked: _Asked, counts: Mapping[Key, Counts]) -> Iterable[tuple[Key, dict[str, Any]]]:
    """Return what each line is called, in order."""
    if asked.by == By.MONTH:
        return [(key, {"label": f"{key:%Y-%m}", "month": key}) for key in sorted(_of(date, counts))]
    if asked.by == By.CHANNEL:
        present = [channel for channel in Channel if channel.value in counts]
        return [(channel.value, {"label": channel.label, "item": channel.value}) for channel in present]
    if asked.by == By.TIER:
        tiers = [(tier.value, {"label": tier.label, "item": tier.value}) for tier in Tier if tier.value in counts]
        return [*tiers, *_without(_("No tier yet"), counts)]
    if asked.by == By.UNIT:
        return _units(counts)
    return _categories(counts) if asked.by == By.CATEGORY else _parts(asked, counts)


def _categories(counts: Mapping[Key, Counts]) -> Iterator[tuple[Key, dict[str, Any]]]:
    for category in Category.objects.filter(code__in=_of(str, counts)).order_by("code"):
        yield category.code, {"label": str(category.name), "item": category.code}
    yield from _without(_("No category yet"), counts)


def _units(counts: Mapping[Key, Counts]) -> Iterator[tuple[Key, dict[str, Any]]]:
    ids = [int(key) for key in _of(str, counts) if key]
    for unit in Organisation.objects.filter(pk__in=ids).order_by("name", "pk"):
        yield str(unit.pk), {"label": unit.name, "item": str(unit.pk)}
    yield from _without(_("The grids and communities themselves"), counts)


def _without(label: str, counts: Mapping[Key, Counts]) -> list[tuple[Key, dict[str, Any]]]:
    return [("", {"label": label, "item": ""})] if "" in counts else []


def _parts(asked: _Asked, counts: Mapping[Key, Counts]) -> Iterator[tuple[Key, dict[str, Any]]]:
    """The parts of an area, also those where nothing was counted, and what lies in none of them."""
    if asked.area.level >= Level.GRID:
        return
    served = Q(served=True, valid_to=None)
    if asked.by == By.COMMUNITY:
        served &= Q(path__startswith=asked.area.path, level=Level.COMMUNITY)
    else:
        served &= Q(parent=asked.area, level__lte=Level.GRID)
    for area in Area.objects.filter(served | Q(pk__in=_of(int, counts))).order_by("code"):
        above = asked.by == By.COMMUNITY and area.level < Level.COMMUNITY
        yield area.pk, {"label": area.label, "area": area, "own": above}
    if None in counts:
        yield None, {"label": _("Not placed below"), "area": asked.area, "own": True}


def _of(kind: type[T], counts: Mapping[Key, Counts]) -> list[T]:
    return [key for key in counts if isinstance(key, kind)]


def _key(asked: _Asked, value: Any) -> Key:
    if asked.by == By.AREA:
        return asked.part(value)
    if asked.by == By.MONTH:
        return value.date() if isinstance(value, datetime) else value
    return value if asked.by == By.COMMUNITY else str(value or "")


def _counted(names: Iterable[str], within: Q) -> dict[str, Count]:
    return {
        f"sum_{name}": Count("pk", filter=within & (Q() if name in {"received", "accepted"} else Q(**{name: True})))
        for name in names
    }


def _added(rows: Iterable[Counter[str]]) -> Counter[str]:
    together: Counter[str] = Counter()
    for row in rows:
        together.update(row)
    return together
