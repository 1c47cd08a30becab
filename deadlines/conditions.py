"""The words that rules of policies may name, told by whoever uses the policies: lower down they are only words."""

from collections.abc import Mapping
from typing import Final

Words = tuple[tuple[str, object], ...]

NAMES: Final = ("tier", "urgency")
_conditions: dict[str, Words] = dict.fromkeys(NAMES, ())


def set_conditions(*, tiers: Words, urgencies: Words) -> None:
    """Say which tiers and urgencies a rule of policies may name, as (code, name)."""
    _conditions.update(tier=tiers, urgency=urgencies)


def conditions(name: str) -> Words:
    """Return the codes and names that a rule may hold for "tier" or "urgency"."""
    return _conditions[name]


def unknown(given: Mapping[str, object]) -> dict[str, str]:
    """Return which of these conditions have a word that nobody announced, and the word. Empty holds for all."""
    return {
        name: word
        for name in NAMES
        if isinstance(word := given.get(name), str) and word and word not in dict(conditions(name))
    }
