"""Which service items a community offers, and what of them and of the FAQ fits the words somebody has typed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from grids.enums import Level
from grids.models import Area
from petitions.models import Faq, ServiceItem
from petitions.models.guide import ServiceItemQuerySet
from petitions.suggestion import Suggestion

# How many items and how many questions are shown before filing.
MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Hints:
    """What may save somebody the filing: items and questions that fit the words, best first."""

    items: Sequence[ServiceItem] = ()
    faqs: Sequence[Faq] = ()

    def __bool__(self) -> bool:
        return bool(self.items or self.faqs)


def offered(area: Area | None, *, on: date, kind: str = "", words: str = "") -> list[ServiceItem]:
    """Return the items offered in an area on a civil date, by kind and code; one query.

    Of several rows with one code the nearest area's counts. Without an area: what is offered everywhere.
    """
    found = _offered(ServiceItem.objects.all(), area, on=on)
    said = words.lower().split()
    return [one for one in found if (not kind or one.kind == kind) and all(word in _searched(one) for word in said)]


def find(code: str, area: Area | None, *, on: date) -> ServiceItem | None:
    """Return the item of a code as an area has it on a civil date; one query. Also where it is switched off."""
    nearest = _nearest(ServiceItem.objects.filter(code=code), area, on=on)
    return nearest[0] if nearest else None


def is_offered(item: ServiceItem) -> bool:
    """Tell whether the area that an item was found for offers it; no query."""
    return bool(_switched([item]))


def hints(text: str, area: Area | None, suggestions: Sequence[Suggestion], *, on: date) -> Hints:
    """Return what fits the words of a matter; two queries.

    Nothing beside words that must not be read over a shoulder, or beside an emergency.
    """
    if not text.strip() or any(one.category.silent or one.category.emergency_numbers for one in suggestions):
        return Hints()
    items = _offered(ServiceItem.objects.named_in(text), area, on=on)
    categories = [one.category.code for one in suggestions]
    faqs = Faq.objects.in_force(on).fitting(text, categories=categories).order_by("position", "code")
    return Hints(
        items=sorted(items, key=lambda one: -_weight(one.keywords, text))[:MOST],
        faqs=sorted(faqs, key=lambda one: -_weight(one.keywords, text))[:MOST],
    )


def questions(*, on: date, words: str = "") -> list[Faq]:
    """Return the questions in force on a civil date that hold all the words; one query."""
    said = words.lower().split()
    found = Faq.objects.in_force(on).select_related("category").order_by("position", "code")
    return [one for one in found if all(word in _asked(one) for word in said)]


def communities(on: date) -> list[Area]:
    """Return the communities somebody may choose from, by name; one query."""
    return list(Area.objects.served().at(on).filter(level=Level.COMMUNITY).by_name())


def _offered(items: ServiceItemQuerySet, area: Area | None, *, on: date) -> list[ServiceItem]:
    return _switched(_nearest(items, area, on=on))


def _nearest(items: ServiceItemQuerySet, area: Area | None, *, on: date) -> list[ServiceItem]:
    rows = items.in_force(on).on_line(area).switched_in(area).select_related("area")
    rows = rows.order_by("kind", "code", "valid_from")
    # the deeper area wins, and of two rows of one area the newer
    found: dict[str, ServiceItem] = {}
    for row in rows:
        known = found.get(row.code)
        if known is None or _depth(row) >= _depth(known):
            found[row.code] = row
    return list(found.values())


def _switched(items: Collection[ServiceItem]) -> list[ServiceItem]:
    """Leave out what the nearest switch turns off, or what nobody has turned on; no query."""
    return [one for one in items if (one.everywhere if one.turned is None else one.turned)]


def _depth(item: ServiceItem) -> int:
    return item.area.level if item.area is not None else 0


def _searched(item: ServiceItem) -> str:
    return " ".join((item.code, item.name_zh, item.name_en, item.who_zh, item.who_en, *item.keywords)).lower()


def _asked(faq: Faq) -> str:
    parts = (faq.question_zh, faq.question_en, faq.answer_zh, faq.answer_en, *faq.keywords)
    return " ".join(parts).lower()


def _weight(keywords: Iterable[str], text: str) -> int:
    return sum(len(word) ** 2 for word in keywords if word and word.lower() in text.lower())
