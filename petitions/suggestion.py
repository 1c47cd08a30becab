"""A category suggested from the words, with the reason shown; a person confirms (PIPL art. 24)."""

from collections.abc import Iterable, Mapping, Sequence
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
    silent: frozenset[str]


def suggest(text: str, *, on: date, limit: int = 3) -> list[Suggestion]:
    """Return up to ``limit`` categories whose keywords stand in ``text``, best first; one query.

    Emergencies come first whatever else is said; what would call the police or the fire brigade must be meant that
    way (``petitions.meanings``).
    """
    return _suggest(_known_now(on), text, limit=limit)


def judge(text: str, *, on: date) -> tuple[list[Suggestion], bool]:
    """Return what ``suggest`` does, and whether any category that the words name must be kept silent; one query.

    For the second every word counts, meant or not, as ``Category.objects.named_in`` has it.
    """
    known = _known_now(on)
    return _suggest(known, text, limit=3), _names(known.silent, text.lower())


def _names(words: Iterable[str], text: str) -> bool:
    """Tell whether one of these words stands in the text (both in small letters); of a joint one all its parts."""
    return any(all(part in text for part in word.split("+")) for word in words)


def _known_now(on: date) -> "_Known":
    with connection.cursor() as cursor:
        cursor.execute(_STAND)
        return _known(on, *cursor.fetchone())


def _suggest(known: "_Known", text: str, *, limit: int) -> list[Suggestion]:
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
        silent=frozenset(word.lower() for one in found if one.silent for word in one.keywords if word),
    )
