"""The figures of a published month as the public reads them: no personal data, small counts withheld (ADR 0017).

Only published months: they never change, so that two issues of the same figures cannot be subtracted either.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from redis.exceptions import RedisError

from grids.models import Area
from petitions.disclosure import LEAST, Key, Sum, withheld
from petitions.enums import Channel
from petitions.models import Category, Publication, PublishedRow
from petitions.rates import RATES
from petitions.spans import Cut

MEASURES: Final = ("received", "completed")
SHARES: Final = ("on_time", "satisfaction")
# tiers, units and grids are not given away: too few cases each
CUTS: Final = (Cut.TOTAL, Cut.CATEGORY, Cut.CHANNEL)
# a matter of a category that is not shown publicly, or has none yet
OTHER: Final = "other"
KEPT_SECONDS: Final = 86_400
TOP: Final = 5
OTHER_NAME: Final = gettext_lazy("Other matters")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: where, of what, and the counts; None is withheld."""

    area: str
    area_name: str
    cut: str
    item: str
    received: int | None
    completed: int | None


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """One month as it is given away. ``lines``: the whole first, then by area; ``shares`` in whole percent by area."""

    month: date
    published_at: datetime
    lines: tuple[Line, ...]
    shares: dict[str, dict[str, int | None]]

    def of(self, *, area: str = "", cut: str = "total") -> list[Line]:
        """Return the lines of one area (empty: of all) by one cut."""
        return [line for line in self.lines if line.area == area and line.cut == cut]

    def areas(self) -> list[Line]:
        """Return the sums by area."""
        return [line for line in self.lines if line.area and line.cut == Cut.TOTAL]

    def causes(self, *, area: str = "") -> list[Line]:
        """Return the most frequent main groups that are shown, ``other`` apart."""
        found = [
            line for line in self.of(area=area, cut=Cut.CATEGORY) if line.received is not None and line.item != OTHER
        ]
        return sorted(found, key=lambda line: (-(line.received or 0), line.item))[:TOP]


def months() -> list[date]:
    """Return the published months, newest first; one query."""
    return list(Publication.objects.order_by("-month").values_list("month", flat=True))


def open_month(month: date) -> OpenMonth | None:
    """Return a published month, None if it is not published; four queries, none while it is kept."""
    key = f"openfigures:1:{month}"
    try:
        kept: OpenMonth | None = cache.get(key)
        if kept is None and (kept := _read(month)) is not None:
            cache.set(key, kept, KEPT_SECONDS)
    except (RedisError, OSError):
        return _read(month)
    return kept


def item_name(cut: str, item: str, groups: dict[str, Category]) -> str:
    """Return what an item is called in the reader's language."""
    if cut == Cut.CHANNEL:
        return str(Channel(item).label)
    if cut == Cut.CATEGORY:
        return str(groups[item].name) if item in groups else str(OTHER_NAME)
    return _("All")


def groups() -> dict[str, Category]:
    """Return the main groups by code; one query."""
    return {group.code: group for group in Category.objects.filter(parent=None)}


def _read(month: date) -> OpenMonth | None:
    publication = Publication.objects.filter(month=month).first()
    if publication is None:
        return None
    shown = dict(Category.objects.filter(public_ok=True, parent__isnull=False).values_list("code", "parent__code"))
    areas: dict[int, Area] = {}
    raw: Counter[Key] = Counter()
    rates: dict[str, Counter[str]] = {}
    rows: Any = PublishedRow.objects.filter(publication=publication, cut__in=CUTS).select_related("area")
    for row in rows.order_by("area__code", "cut", "item"):
        areas[row.area_id] = row.area
        item = shown.get(row.item, OTHER) if row.cut == Cut.CATEGORY else row.item
        for measure in MEASURES:
            for area in ("", row.area.code):
                raw[measure, area, row.cut, item] += getattr(row, measure)
        if row.cut == Cut.TOTAL:
            for area in ("", row.area.code):
                _add(rates.setdefault(area, Counter()), row)
    counts, sums = _table(raw)
    hidden = withheld(counts, sums)
    names = {area.code: area.label for area in areas.values()}
    return OpenMonth(
        month=month,
        published_at=publication.published_at,
        lines=tuple(_lines(counts, hidden, names)),
        shares={area: {kind: _share(kind, found) for kind in SHARES} for area, found in rates.items()},
    )


def _table(raw: Counter[Key]) -> tuple[dict[Key, int], list[Sum]]:
    """Return every count of every cut offered, also what is nought, and which of them are sums of which."""
    areas = sorted({area for _measure, area, _cut, _item in raw if area})
    items = {
        cut: sorted({item for _measure, _area, its, item in raw if its == cut})
        for cut in (Cut.CATEGORY.value, Cut.CHANNEL.value)
    }
    counts: dict[Key, int] = {}
    sums: list[Sum] = []
    for measure in MEASURES:
        for area in ("", *areas):
            total = (measure, area, Cut.TOTAL.value, "")
            counts[total] = raw[total]
            for cut, known in items.items():
                parts = tuple((measure, area, cut, item) for item in known)
                counts |= {part: raw[part] for part in parts}
                sums.append(Sum(total, parts))
        for cut, known in [(Cut.TOTAL.value, [""]), *items.items()]:
            for item in known:
                parts = tuple((measure, area, cut, item) for area in areas)
                sums.append(Sum((measure, "", cut, item), parts))
    return counts, sums


def _lines(counts: dict[Key, int], hidden: frozenset[Key], names: dict[str, str]) -> Iterator[Line]:
    order = {Cut.TOTAL.value: 0, Cut.CATEGORY.value: 1, Cut.CHANNEL.value: 2}
    found = {key[1:] for key in counts}
    for area, cut, item in sorted(found, key=lambda key: (key[0], order[key[1]], key[2] == OTHER, key[2])):
        shown = {
            measure: None if (measure, area, cut, item) in hidden else counts[measure, area, cut, item]
            for measure in MEASURES
        }
        yield Line(area, names.get(area, ""), cut, item, shown["received"], shown["completed"])


def _add(found: Counter[str], row: PublishedRow) -> None:
    for kind in SHARES:
        rate = RATES[kind].of({name: getattr(row, name) for name in (RATES[kind].count, *RATES[kind].over)})
        found[f"{kind}_of"] += rate.denominator
        found[kind] += rate.numerator


def _share(kind: str, found: Counter[str]) -> int | None:
    """Return a share in whole percent, cut off; None where it is, or leaves, fewer than five."""
    yes, total = found[kind], found[f"{kind}_of"]
    return yes * 100 // total if yes >= LEAST and total - yes >= LEAST else None
