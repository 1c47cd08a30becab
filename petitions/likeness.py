"""Which categories a text resembles: characters and pairs of them, weighed as in any search (TF-IDF, cosine). Pure.

Keywords find what is called by its name; this finds what is told in other words. It knows the
names and keywords of the categories and the invented complaints of ``petitions/data/complaints.csv``.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

# what people say first is what it is about; comparing more costs time and brings in other things
_FIRST: Final = 300
_RUNS: Final = re.compile(r"[a-z]{2,}|[\u3400-\u9fff]+")
_MOST: Final = 3  # reasons shown
_RARE: Final = 12  # categories that share what can be a reason


class Likeness:
    """Texts of many categories. Making it takes a tenth of a second; keep it."""

    def __init__(self, texts: Mapping[str, Iterable[str]]) -> None:
        """``texts``: of each category what speaks for it, as ``lexicon.plain`` writes it."""
        counts = {code: Counter(gram for text in own for gram, _start in _grams(text)) for code, own in texts.items()}
        shared = Counter(gram for own in counts.values() for gram in own)
        self._rarity = {gram: math.log(1 + len(counts) / many) for gram, many in shared.items()}
        self._shared = shared
        self._found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for code, own in counts.items():
            weights = {gram: (1 + math.log(count)) * self._rarity[gram] for gram, count in own.items()}
            length = math.hypot(*weights.values()) or 1
            for gram, weight in weights.items():
                self._found[gram].append((code, weight / length))

    def of(self, text: str) -> dict[str, float]:
        """Return how like a ``plain`` text is to each category, from nought to one; nought is left out."""
        like: dict[str, float] = defaultdict(float)
        length = 0.0
        for gram, count in Counter(gram for gram, _start in _grams(text[:_FIRST])).items():
            if gram in self._rarity:
                weight = (1 + math.log(count)) * self._rarity[gram]
                length += weight * weight
                for code, own in self._found[gram]:
                    like[code] += weight * own
        return {code: sum_ / math.sqrt(length) for code, sum_ in like.items()}

    def reasons(self, text: str, code: str) -> tuple[str, ...]:
        """Return the stretches of a ``plain`` text that speak for a category, the weightiest first."""
        text = text[:_FIRST]
        worth = [0.0] * len(text)
        for gram, start in _grams(text):
            if len(gram) > 1 and self._shared[gram] <= _RARE:
                weight = next((own for its, own in self._found.get(gram, ()) if its == code), 0.0)
                for place in range(start, start + len(gram)):
                    worth[place] = max(worth[place], weight)
        spans = [(sum(worth[start:end]), -start, text[start:end]) for start, end in _stretches(worth)]
        return tuple(dict.fromkeys(span for _worth, _start, span in sorted(spans, reverse=True)[:_MOST]))


def _grams(text: str) -> Iterator[tuple[str, int]]:
    """Yield characters, pairs of neighbours and Latin words, with where they begin."""
    for run in _RUNS.finditer(text):
        word, start = run[0], run.start()
        if word.isascii():
            yield word, start
            continue
        for place, character in enumerate(word):
            yield character, start + place
            if place:
                yield word[place - 1 : place + 1], start + place - 1


def _stretches(worth: list[float]) -> Iterator[tuple[int, int]]:
    """Yield where what is worth something begins and ends."""
    start = None
    for place, value in enumerate([*worth, 0.0]):
        if value and start is None:
            start = place
        elif not value and start is not None:
            yield start, place
            start = None
