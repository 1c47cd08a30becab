"""Which counts of a table are withheld from the public, so that no group of fewer than five people shows.

Not by itself, not by subtracting what is shown from a sum, and not by putting several such sums together: the last is
asked of linear algebra (is an unknown determined?), not guessed. Pure: no query, no setting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

LEAST: Final = 5
# what a count is of: the measure, the area, the cut, the item of it
Key = tuple[str, ...]
Row = dict[Key | None, Fraction]


@dataclass(frozen=True, slots=True)
class Sum:
    """A count of the table that is the sum of others of it."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def members(self) -> tuple[Key, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)


def withheld(counts: Mapping[Key, int], sums: Sequence[Sum]) -> frozenset[Key]:
    """Return which counts to withhold: the small ones, and as few others as the rules ask, the smallest first.

    Of a shown sum, what is withheld adds up to five at least and is two counts at least. Nought is small too: with it
    shown, "fewer than five" would say more.
    """
    hidden = {key for key, count in counts.items() if count < LEAST}
    while True:
        open_to_guess = [one for one in sums if _gives_away(one, counts, hidden)]
        more = _best(open_to_guess[:1], open_to_guess, counts, hidden) or _given_away(counts, sums, hidden)
        if more is None:
            return frozenset(hidden)
        hidden.add(more)


def _gives_away(one: Sum, counts: Mapping[Key, int], hidden: set[Key]) -> bool:
    """Tell whether a sum says by itself what is withheld of it, or that it is a small group."""
    unknown = [key for key in one.members if key in hidden]
    if not unknown or len(unknown) == len(one.members):
        return False
    return len(unknown) == 1 or (one.total not in hidden and sum(counts[key] for key in unknown) < LEAST)


def _best(near: Sequence[Sum], open_to_guess: Sequence[Sum], counts: Mapping[Key, int], hidden: set[Key]) -> Key | None:
    """Return what to withhold next of these sums: what helps most others, the smallest of those; a total last."""
    parts = {key for one in near for key in one.parts if key not in hidden}
    totals = {one.total for one in near if one.total not in hidden}

    def helps(key: Key) -> tuple[int, int, Key]:
        return (-sum(key in one.members for one in open_to_guess), counts[key], key)

    return min(parts or totals, key=helps, default=None)


def _given_away(counts: Mapping[Key, int], sums: Sequence[Sum], hidden: set[Key]) -> Key | None:
    """Return one count to withhold as well where all sums together give away another, or a small group of them."""
    for row in _reduced(counts, sums, hidden):
        known = row.pop(None, Fraction(0))
        small = known < LEAST and all(factor > 0 for factor in row.values())
        if len(row) > 1 and not small:
            continue
        near = [one for one in sums if any(key in row for key in one.members)]
        key = _best(near, (), counts, hidden)
        if key is not None:
            return key
    return None


def _reduced(counts: Mapping[Key, int], sums: Sequence[Sum], hidden: set[Key]) -> list[Row]:
    """Return what the sums say of the withheld counts in reduced echelon form; under None what it comes to."""
    rows: dict[Key, Row] = {}
    for one in sums:
        row: Row = {}
        for key, factor in ((one.total, -1), *((part, 1) for part in one.parts)):
            if key in hidden:
                row[key] = row.get(key, Fraction(0)) + factor
            else:
                row[None] = row.get(None, Fraction(0)) - factor * counts[key]
        for lead in [key for key in row if key is not None and key in rows]:
            _subtract(row, rows[lead], row[lead])
        lead_of = next((key for key in row if key is not None), None)
        if lead_of is None:
            continue
        factor_of = row[lead_of]
        row = {key: value / factor_of for key, value in row.items()}
        for other in rows.values():
            if lead_of in other:
                _subtract(other, row, other[lead_of])
        rows[lead_of] = row
    return [dict(row) for row in rows.values()]


def _subtract(row: Row, other: Mapping[Key | None, Fraction], times: Fraction) -> None:
    for key, value in other.items():
        left = row.get(key, Fraction(0)) - times * value
        if left:
            row[key] = left
        else:
            row.pop(key, None)
