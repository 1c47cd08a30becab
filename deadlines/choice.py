"""Which policy a matter runs under: the nearest area's own rule, else the category's default. Pure over loaded rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from deadlines.models import PolicyOverride
from people.keeping import Stamp

# What narrows a rule down most comes first: a rule about the category beats one about the urgency, that one about the
# tier; two conditions beat one.
_WEIGHT = {"category": 4, "urgency": 2, "tier": 1}


_RULES = Stamp(
    "(SELECT max(pgh_id) FROM deadlines_policyoverrideevent)", "(SELECT count(*) FROM deadlines_policyoverride)"
)


@dataclass(frozen=True, slots=True)
class Override:
    """One rule as the choice needs it. ``None`` or empty holds for all."""

    policy_key: str
    area_id: int | None = None
    category: str = ""
    tier: str = ""
    urgency: str = ""
    valid_from: date = date.min
    valid_to: date | None = None


def load_overrides(on: date) -> tuple[Override, ...]:
    """Return the rules in force on the civil date ``on``; one query."""
    rows = PolicyOverride.objects.in_force(on).values_list(
        "policy_key", "area", "category_code", "tier", "urgency", "valid_from", "valid_to"
    )
    return tuple(Override(*row) for row in rows)


def overrides_kept(on: date) -> tuple[Override, ...]:
    """Return what ``load_overrides`` does, kept in the process: one query while no rule changed, or none."""
    return _kept(on, *_RULES.now())


@lru_cache(maxsize=4)
def _kept(on: date, *_rules: int) -> tuple[Override, ...]:
    return load_overrides(on)


def choose(
    overrides: Iterable[Override],
    *,
    category: str,
    default: str,
    tier: str,
    urgency: str,
    area_path: str,
    on: date,
) -> str:
    """Return the key of the policy for a matter; ``default`` is the category's own.

    ``area_path`` is the path of the area that answers. The nearest area with a fitting rule wins; within one area the
    more specific rule; of equals the one that began last. A rule for a group of categories holds for those whose code
    begins with it.
    """
    line = _line(area_path)
    fitting = [
        (_nearness(rule.area_id, line), _weight(rule), len(rule.category), rule.valid_from, rule.policy_key)
        for rule in overrides
        if (rule.area_id is None or rule.area_id in line)
        and category.startswith(rule.category)
        and rule.tier in {"", tier}
        and rule.urgency in {"", urgency}
        and rule.valid_from <= on
        and (rule.valid_to is None or on <= rule.valid_to)
    ]
    return max(fitting)[-1] if fitting else default


def _line(area_path: str) -> Sequence[int]:
    return [int(part) for part in area_path.split("/") if part]


def _nearness(area_id: int | None, line: Sequence[int]) -> int:
    return -1 if area_id is None else line.index(area_id)


def _weight(rule: Override) -> int:
    given = {"category": rule.category, "urgency": rule.urgency, "tier": rule.tier}
    conditions = [_WEIGHT[name] for name, value in given.items() if value]
    return 10 * len(conditions) + sum(conditions)
