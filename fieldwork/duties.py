"""Which visits a grid is asked for: of each kind the nearest area's rule. Pure over loaded rules."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression

from fieldwork.enums import Cadence
from fieldwork.models import VisitDuty, VisitRule
from fieldwork.periods import Period, before, period_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind of visit as it is asked for somewhere: how often, and what counts."""

    duty: VisitDuty
    cadence: Cadence
    modes: tuple[str, ...]
    since: date

    def now(self, on: date) -> Period:
        """Return the period a day lies in; it is asked for, so there is one."""
        found = period_of(self.cadence, on)
        assert found is not None  # noqa: S101 - ``standings`` leaves out what is not asked for
        return found

    def last(self, on: date) -> Period | None:
        """Return the period before that one; None if the rule is younger than it."""
        found = before(self.cadence, self.now(on))
        return found if self.since <= found.first else None


def rules_on(on: date, **also: BaseExpression) -> QuerySet[VisitRule]:
    """Return the rules in force on a civil date, with their kinds and what else is asked for beside."""
    rules = VisitRule.objects.in_force(on).select_related("duty").annotate(**also)
    return rules.order_by("duty__position", "duty", "valid_from", "pk")


def load_rules(on: date) -> tuple[VisitRule, ...]:
    """Return the rules in force on a civil date, with their kinds; one query."""
    return tuple(rules_on(on))


def standings(rules: Iterable[VisitRule], path: str) -> tuple[Standing, ...]:
    """Return what is asked for at the grid with this path, in the order of the kinds.

    Of one kind the rule of the nearest area holds, of two there the younger; "never" at the nearest ends it.
    """
    line = [int(part) for part in path.split("/") if part]
    chosen: dict[int, tuple[int, VisitRule]] = {}
    for rule in rules:  # the older first: the younger of one area overwrites it
        if rule.area_id is not None and rule.area_id not in line:
            continue
        near = -1 if rule.area_id is None else line.index(rule.area_id)
        if rule.duty_id not in chosen or near >= chosen[rule.duty_id][0]:
            chosen[rule.duty_id] = (near, rule)
    return tuple(
        Standing(rule.duty, Cadence(rule.cadence), tuple(rule.modes), rule.valid_from)
        for _near, rule in chosen.values()
        if rule.cadence != Cadence.NEVER
    )


def by_standing(rules: Sequence[VisitRule], grids: Mapping[int, str]) -> dict[Standing, list[int]]:
    """Return each different standing with the grids it holds in; ``grids`` maps ids to paths."""
    found: dict[Standing, list[int]] = defaultdict(list)
    for grid_id, path in grids.items():
        for standing in standings(rules, path):
            found[standing].append(grid_id)
    return found
