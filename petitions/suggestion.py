"""A category suggested from the words, with the reason shown; a person confirms (PIPL art. 24)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection

from petitions.lexicon import Lexicon, plain
from petitions.meanings import is_meant
from petitions.models import Category

# Every edit of a category leaves an event: as long as there is none more, what was read is true.
_STAND = """
SELECT (SELECT max(pgh_id) FROM petitions_categoryevent), (SELECT count(*) FROM petitions_categoryevent),
    (SELECT count(*) FROM petitions_category)
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category and the keywords of the text that speak for it."""

    category: Category
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """The categories of a day by code, those of them that call for help, and the words of the others."""

    categories: Mapping[str, Category]
    alarms: Sequence[Category]
    lexicon: Lexicon


def suggest(text: str, *, on: date, limit: int = 3) -> list[Suggestion]:
    """Return up to ``limit`` categories whose keywords stand in ``text``, best first; one query.

    Emergencies come first whatever else is said; what would call the police or the fire brigade must be meant that
    way (``petitions.meanings``).
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAND)
        known = _known(on, *cursor.fetchone())
    words = plain(text)
    alarms = [Suggestion(category, because) for category in known.alarms if (because := _alarming(category, words))]
    alarms.sort(key=lambda one: (-sum(map(len, one.because)), one.category.code))
    voices = known.lexicon.voices(words)
    return [*alarms, *(Suggestion(known.categories[voice.code], voice.words) for voice in voices)][:limit]


def emergency_numbers(suggestions: Sequence[Suggestion]) -> list[str]:
    """Return whom to call first, the likeliest meant first; empty where nobody is in danger. Pure."""
    return list(dict.fromkeys(number for one in suggestions for number in one.category.emergency_numbers))


def _alarming(category: Category, words: str) -> tuple[str, ...]:
    return tuple(word for word in category.keywords if word and is_meant(word, words))


@lru_cache(maxsize=4)
def _known(on: date, *_stand: int) -> _Known:
    """Read the categories in force on a day; kept until one is edited."""
    found = list(Category.objects.in_force(on).subjects().select_related("parent"))
    return _Known(
        categories={category.code: category for category in found},
        alarms=[category for category in found if category.emergency_numbers],
        lexicon=Lexicon({one.code: one.keywords for one in found if not one.emergency_numbers}),
    )
