"""Which categories the words of a text speak for: one pass over the text for all the words of all categories. Pure.

A keyword is a word, or several joined by "+" that must stand near each other in one sentence ("楼上+吵"). What it
weighs: its length, more if few categories have it, more in the first sentence, little more when it is said again. A
word inside a longer one does not count ("电梯" in "加装电梯"), nor does one that only two others make where they meet
("下水" in "楼下水果").
"""

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind
from opencc import OpenCC

JOINT: Final = "+"
_FIRST: Final = 2.0  # in the first sentence people say what it is about
_AGAIN: Final = 0.5  # the smaller, the less a repetition adds
_SIBLINGS: Final = 0.1  # share of what speaks for the others of the group
_SHARE: Final = 0.25  # of what the best has; what has less is chance
_NEAR: Final = 16  # characters between the parts of a joint keyword
_LEAST: Final = 2  # characters that speak for it
# They belong to no category and stand where others would seem to begin or end.
_NEUTRAL: Final = ("楼下", "大门", "水果", "面包车", "南门", "西门", "门口", "一个人", "医院")
# Nothing to show as a reason beside other words.
_DULL: Final = frozenset(("两天", "三天", "几天", *"不没有要给人让大小多少"))
_ENDS: Final = re.compile(r"[。！？!?；;\n]")
# Traditional characters copied from a page with readings come as 樓(lóu)下(xià).
_READINGS: Final = re.compile(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü\s]{1,8}[)）]")


@dataclass(frozen=True, slots=True)
class Voice:
    """A category by its code, what speaks for it in sum, and the words that do, the weightiest first."""

    code: str
    weight: float
    words: tuple[str, ...]


def plain(text: str) -> str:
    """Return the text as keywords are written: simplified characters, small letters, no readings in brackets."""
    return _READINGS.sub("", _to_simplified().convert(text).lower())


class Lexicon:
    """The keywords of many categories. Making it takes milliseconds; keep it."""

    def __init__(self, keywords: Mapping[str, Iterable[str]]) -> None:
        owners: dict[str, list[str]] = defaultdict(list)
        for code, words in keywords.items():
            for word in dict.fromkeys(plain(word).strip() for word in words):
                if all(part.strip() for part in word.split(JOINT)):
                    owners[word].append(code)
        self._owners = dict(owners)
        self._weights = {
            word: len(word.replace(JOINT, "")) * math.log(1 + len(keywords) / len(codes))
            for word, codes in owners.items()
        }
        self._words = [*dict.fromkeys([*(word for word in owners if JOINT not in word), *_NEUTRAL])]
        self._joint = {word: tuple(word.split(JOINT)) for word in owners if JOINT in word}
        self._parts = [*dict.fromkeys(part for parts in self._joint.values() for part in parts)]
        self._latin = {part for part in (*self._words, *self._parts) if _is_latin(part[0]) or _is_latin(part[-1])}
        # looked up by the part that the fewest others have: few texts have it
        common = Counter(part for parts in self._joint.values() for part in parts)
        self._by_part: dict[str, list[str]] = defaultdict(list)
        for word, parts in self._joint.items():
            self._by_part[min(parts, key=lambda part: (common[part], part))].append(word)
        self._find_words = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)
        self._find_parts = AhoCorasick(self._parts)

    def voices(self, text: str) -> list[Voice]:
        """Return the categories that the words of a ``plain`` text speak for, best first; none by chance words."""
        said, first = self._said(text)
        weights: dict[str, float] = defaultdict(float)
        words: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for word, count in said.items():
            weight = self._weights[word] * (1 + _AGAIN) * count / (count + _AGAIN) * (_FIRST if word in first else 1)
            for code in self._owners[word]:
                weights[code] += weight
                words[code].append((weight, word))
        found = [
            Voice(code, weight, spoken)
            for code, weight in _with_siblings(weights).items()
            if sum(map(len, spoken := _spoken(words[code]))) >= _LEAST
        ]
        found.sort(key=lambda voice: (-voice.weight, voice.code))
        return [voice for voice in found if voice.weight >= _SHARE * found[0].weight]

    def _said(self, text: str) -> tuple[Counter[str], set[str]]:
        """Return how often each keyword is said, and which of them in the first sentence."""
        ends = [end.start() for end in _ENDS.finditer(text)]
        said: Counter[str] = Counter()
        first: set[str] = set()
        for word, starts in (*self._alone(text).items(), *self._together(text, ends)):
            said[word] = len(starts)
            if bisect_left(ends, starts[0]) == 0:
                first.add(word)
        return said, first

    def _alone(self, text: str) -> dict[str, list[int]]:
        """Return where each keyword that is one word stands."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, start, end in self._find_words.find_matches_as_indexes(text):
            word = self._words[index]
            if word in self._owners and (word not in self._latin or _is_whole(text, start, end)):
                found[word].append(start)
        return found

    def _together(self, text: str, ends: list[int]) -> Iterator[tuple[str, list[int]]]:
        """Yield the joint keywords all parts of which stand together, with the places of one part."""
        places: dict[str, list[int]] = defaultdict(list)
        for index, start, end in self._find_parts.find_matches_as_indexes(text, overlapping=True):
            part = self._parts[index]
            if part not in self._latin or _is_whole(text, start, end):
                places[part].append(start)
        for part in list(places):
            for word in self._by_part.get(part, ()):
                others = [places[other] for other in self._joint[word] if other != part and other in places]
                if len(others) == len(self._joint[word]) - 1:
                    near = [start for start in places[part] if all(_is_near(start, other, ends) for other in others)]
                    if near:
                        yield word, near


def _with_siblings(weights: Mapping[str, float]) -> dict[str, float]:
    """Let what speaks for the others of a group (the first two digits) speak a little for each of it."""
    groups: dict[str, float] = defaultdict(float)
    for code, weight in weights.items():
        groups[code[:2]] += weight
    return {code: weight + _SIBLINGS * (groups[code[:2]] - weight) for code, weight in weights.items()}


def _spoken(weighed: list[tuple[float, str]]) -> tuple[str, ...]:
    """Return the words as they stand in the text, the weightiest first, none that is part of another."""
    parts = [part for _weight, word in sorted(weighed, key=lambda one: (-one[0], one[1])) for part in word.split(JOINT)]
    whole = [part for part in dict.fromkeys(parts) if not any(part in other and part != other for other in parts)]
    return tuple([part for part in whole if part not in _DULL] or whole)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a find does not cut a word of Latin letters in two; a plural may follow it."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if _is_latin(text[start]) and _is_latin(before):
        return False
    if _is_latin(text[end - 1]) and _is_latin(after):
        return after == "s" and not _is_latin(text[end + 1 : end + 2])
    return True


def _is_near(start: int, others: list[int], ends: list[int]) -> bool:
    """Tell whether one of the others (in order) stands few characters away in the same sentence."""
    after = bisect_left(others, start)
    sentence = bisect_left(ends, start)
    return any(
        abs(other - start) <= _NEAR and bisect_left(ends, other) == sentence
        for other in others[max(after - 1, 0) : after + 1]
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("tw2s")
