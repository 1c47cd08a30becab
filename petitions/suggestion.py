"""A category suggested from the words, with the reason shown; a person confirms (PIPL art. 24)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from petitions.meanings import is_meant
from petitions.models import Category


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category and the keywords of the text that speak for it."""

    category: Category
    because: tuple[str, ...]


def suggest(text: str, *, on: date, limit: int = 3) -> list[Suggestion]:
    """Return up to ``limit`` categories whose keywords stand in ``text``, best first; one query.

    Longer keywords weigh more; emergencies come first whatever else is said.
    """
    return rank(text, Category.objects.in_force(on).subjects().named_in(text).select_related("parent"))[:limit]


def rank(text: str, categories: Iterable[Category]) -> list[Suggestion]:
    """Return every category with a keyword in ``text``, best first; pure.

    What would call the police or the fire brigade must be meant that way (``petitions.meanings``).
    """
    found = []
    for category in categories:
        words = _said(category, text)
        if words:
            weight = sum(len(word) ** 2 for word in words)
            found.append((not category.emergency_numbers, -weight, category.code, Suggestion(category, words)))
    return [suggestion for *_, suggestion in sorted(found, key=lambda entry: entry[:3])]


def _said(category: Category, text: str) -> tuple[str, ...]:
    if category.emergency_numbers:
        return tuple(word for word in category.keywords if word and is_meant(word, text))
    return tuple(word for word in category.keywords if word and word.lower() in text.lower())
