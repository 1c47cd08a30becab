"""A category suggested from the words, with the reason shown; a person confirms (PIPL art. 24)."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from people.keeping import Stamp
from petitions.lexicon import JOINT, Lexicon, plain
from petitions.likeness import Likeness
from petitions.meanings import is_meant
from petitions.models import Category

COMPLAINTS: Final = Path(__file__).resolve().parent / "data" / "complaints.csv"
# What a text resembles counts twice what its keywords do. Found by holding half of our own invented complaints back.
_LIKENESS: Final = 2.0
# Without any keyword a text must be this like a category: "你好" is a little like thanks, and means nothing.
_LIKE: Final = 0.15
_NAME_COUNTS: Final = 3
# Every edit of a category leaves an event: as long as there is none more, what was read is true.
_CATEGORIES = Stamp(
    "(SELECT max(pgh_id) FROM petitions_categoryevent)",
    "(SELECT count(*) FROM petitions_categoryevent)",
    "(SELECT count(*) FROM petitions_category)",
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category and the keywords of the text that speak for it."""

    category: Category
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """The categories of a day by code, those that call for help, the words of the others and what is like them."""

    categories: Mapping[str, Category]
    alarms: Sequence[Category]
    lexicon: Lexicon
    likeness: Likeness
    silent: frozenset[str]


def suggest(text: str, *, on: date, limit: int = 3) -> list[Suggestion]:
    """Return up to ``limit`` categories that ``text`` names or resembles, best first; one query.

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
    return _known(on, *_CATEGORIES.now())


def _suggest(known: "_Known", text: str, *, limit: int) -> list[Suggestion]:
    words = plain(text)
    alarms = [Suggestion(category, because) for category in known.alarms if (because := _alarming(category, words))]
    alarms.sort(key=lambda one: (-sum(map(len, one.because)), one.category.code))
    return [*alarms, *_others(known, words)][:limit]


def _others(known: "_Known", words: str) -> list[Suggestion]:
    """Return what keywords and likeness together speak for, best first; by likeness alone the likest one at most."""
    voices = {voice.code: voice for voice in known.lexicon.voices(words)}
    like = known.likeness.of(words)
    likest = max(like, key=lambda code: (like[code], code), default="")
    loudest = max((voice.weight for voice in voices.values()), default=1.0)
    spoken = {code: voice.words for code, voice in voices.items()}
    if likest not in spoken and like.get(likest, 0) >= _LIKE and (because := known.likeness.reasons(words, likest)):
        spoken[likest] = because

    def weight(code: str) -> float:
        heard = voices[code].weight / loudest if code in voices else 0.0
        return heard + (_LIKENESS * like[code] / like[likest] if code in like else 0.0)

    ranked = sorted(spoken, key=lambda code: (-weight(code), code))
    return [Suggestion(known.categories[code], spoken[code]) for code in ranked]


def emergency_numbers(suggestions: Sequence[Suggestion]) -> list[str]:
    """Return whom to call first, the likeliest meant first; empty where nobody is in danger. Pure."""
    return list(dict.fromkeys(number for one in suggestions for number in one.category.emergency_numbers))


def _alarming(category: Category, words: str) -> tuple[str, ...]:
    return tuple(word for word in category.keywords if word and is_meant(word, words))


@lru_cache(maxsize=4)
def _known(on: date, *_stand: int) -> _Known:
    """Read the categories in force on a day; kept until one is edited."""
    found = list(Category.objects.in_force(on).subjects().select_related("parent"))
    others = [category for category in found if not category.emergency_numbers]
    return _Known(
        categories={category.code: category for category in found},
        alarms=[category for category in found if category.emergency_numbers],
        lexicon=Lexicon({one.code: one.keywords for one in others}),
        likeness=Likeness({one.code: [*_said_of(one), *complaints()[one.code]] for one in others}),
        silent=frozenset(word.lower() for one in found if one.silent for word in one.keywords if word),
    )


def _said_of(category: Category) -> list[str]:
    words = [part for word in category.keywords for part in word.split(JOINT)]
    return plain("\n".join([category.name_zh] * _NAME_COUNTS + words)).split("\n")


@cache
def complaints() -> Mapping[str, list[str]]:
    """Return the invented complaints that ship with us, by the code of their category."""
    found: dict[str, list[str]] = defaultdict(list)
    with COMPLAINTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["category"]].append(plain(row["text"]))
    return found
