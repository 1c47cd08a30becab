"""Who is to be visited: the households of a grid that a period still asks for, and those it asked for in vain."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from fieldwork.duties import Standing, by_standing, load_rules, rules_on
from fieldwork.enums import State, VisitMode, Whom
from fieldwork.models import CareRecipient, Household, HouseholdLink, NotedHousehold, Visit, VisitRule
from fieldwork.models.households import AT_GRID, HouseholdQuerySet
from fieldwork.periods import Period
from grids.staff import Staff
from people.prepared import Prepared, Statement, put_together, rows_of

_PRESSING = tuple(State)


@dataclass(frozen=True, slots=True)
class Due:
    """One kind of visit that a household waits for."""

    standing: Standing
    state: State
    until: date

    @property
    def is_reason(self) -> bool:
        """Whether the household is visited for a reason of its own, which no list names."""
        return self.standing.duty.whom in {Whom.NOTED, Whom.CARE}


@dataclass(frozen=True, slots=True)
class Line:
    """One household of the list and what it waits for, most pressing first; ``tried`` counts vain attempts."""

    household: Household
    dues: tuple[Due, ...]
    tried: int

    @property
    def state(self) -> State:
        """Return the most pressing state."""
        return self.dues[0].state

    @property
    def until(self) -> date:
        """Return the nearest last day."""
        return min(due.until for due in self.dues)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many households wait for a visit, and how many of them in vain since the period before."""

    due: int
    late: int


# -- what a period asks, as conditions on Household ---------------------------------------------------------------


def asked(standing: Standing, period: Period, *, user_id: int | None = None) -> Q:
    """Return the condition that a household was asked for all through a period, as far as its kind concerns it.

    ``user_id``: of what is asked of linked persons, what is asked of this one.
    """
    there = Q(valid_from__lte=period.first) & (Q(valid_to=None) | Q(valid_to__gte=period.last))
    return there & _concerns(standing, period.first, period.last, user_id=user_id)


def reached(standing: Standing, period: Period) -> Exists:
    """Return the condition that somebody reached it in a period, in a way that counts; a linked person himself."""
    found = Visit.objects.standing().filter(
        household=OuterRef("pk"), on__range=(period.first, period.last), mode__in=standing.modes
    )
    if standing.duty.whom == Whom.LINKED:
        found = found.filter(
            Q(household__links__ends_on=None) | Q(household__links__ends_on__gte=F("on")),
            household__links__user=F("by"),
            household__links__starts_on__lte=F("on"),
        )
    return Exists(found)


def waiting(standing: Standing, on: date, *, user_id: int | None = None) -> Q:
    """Return the condition that a household of today waits for a visit in the period of a day."""
    return _concerns(standing, on, on, user_id=user_id) & ~Q(reached(standing, standing.now(on)))


def late(standing: Standing, on: date, *, user_id: int | None = None) -> Q:
    """Return the condition that it waits, and that the period before asked in vain."""
    return waiting(standing, on, user_id=user_id) & missed(standing, on)


def missed(standing: Standing, on: date) -> Q:
    """Return the condition that the period before that of a day asked in vain."""
    last = standing.last(on)
    if last is None:
        return Q(pk__in=())
    return asked(standing, last) & ~Q(reached(standing, last))


def _concerns(standing: Standing, first: date, last: date, *, user_id: int | None) -> Q:
    """Tell whom a kind of visit concerns all through these days; of linked ones, whoever is linked at all."""
    model: type[NotedHousehold | HouseholdLink | CareRecipient]
    match standing.duty.whom:
        case Whom.NOTED:
            model, also = NotedHousehold, {"duty": standing.duty.pk}
        case Whom.CARE:
            model, also = CareRecipient, {"duty": standing.duty.pk}
        case Whom.LINKED:
            model, also = HouseholdLink, {} if user_id is None else {"user": user_id}
        case _every:
            return Q()
    through = Q(starts_on__lte=first) & (Q(ends_on=None) | Q(ends_on__gte=last))
    return Q(Exists(model.objects.filter(through, household=OuterRef("pk"), **also)))


# -- lists and counts ---------------------------------------------------------------------------------------------


def grids_of(staff: Staff) -> dict[int, str]:
    """Return the grids whose households this person visits by his post; ids to paths, no query."""
    return {held.area_id: held.path for held in staff.holdings if held.kind in AT_GRID}


def linked_grids(staff: Staff) -> dict[int, str]:
    """Return the grids of the households linked to this person; ids to paths, one query."""
    mine = HouseholdLink.objects.filter(user=staff.user, ends_on=None)
    return dict(mine.values_list("household__grid", "household__grid__path").distinct())


def lines(
    households: HouseholdQuerySet,
    grids: Mapping[int, str],
    *,
    on: date,
    user_id: int | None = None,
    every_kind: bool = False,
) -> list[Line]:
    """Return who of these households waits for a visit, most pressing first, then house by house. Two queries.

    :param grids: the grids they lie in, ids to paths
    :param on: civil date in Shanghai
    :param user_id: the linked person whose own contacts alone are meant; without one, they are left to those persons
    :param every_kind: what linked persons owe is meant too, whoever they are
    """
    flags: dict[str, Q] = {}
    standing_of: dict[str, Standing] = {}
    for number, (standing, at) in enumerate(_standing(grids, on=on, user_id=user_id, every_kind=every_kind).items()):
        here = Q(grid__in=at)
        flags[f"due_{number}"] = here & waiting(standing, on, user_id=user_id)
        flags[f"missed_{number}"] = missed(standing, on)
        standing_of[str(number)] = standing
    if not flags:
        return []
    vain = Visit.objects.standing().filter(mode=VisitMode.ABSENT, on__gte=on.replace(day=1))
    rows = (
        households.at(on)
        .filter(grid__in=grids)
        .annotate(
            **flags,
            tried=Count("visits", filter=Q(visits__in=vain), distinct=True),
        )
        .select_related("place__parent", "grid")
    )
    # who waits is chosen here: a condition repeated in the query would cost more than the rows of a grid
    found = [line for row in rows if (line := _line(row, standing_of, on)).dues]
    return sorted(found, key=lambda line: (_PRESSING.index(line.state), line.until, address_key(line.household)))


def counts(staff: Staff, *, on: date) -> Counts | None:
    """Count who waits for this person's visit; None if nobody is his to visit. Two queries."""
    asked_for = counting(staff, on=on)
    if asked_for is None:
        return None
    ((_name, waiting_now, waited_in_vain),) = rows_of(asked_for)
    return Counts(waiting_now, waited_in_vain)


def counting(staff: Staff, *, on: date) -> Statement | None:
    """Return the statement whose row is "visits", who waits and who has waited in vain; None if nobody is his to visit.

    One query, for the rules. It is the longest of the worker's day and the same all day long: its text is kept.
    """
    mine, me = grids_of(staff), staff.user.pk
    rules, linked = _rules_and_links(staff, on)
    if not mine and not linked:
        return None
    asked_of_post = _own(rules, mine, linked=False)
    asked_of_linked = _own(rules, linked, linked=True)
    return _counting(asked_of_post, asked_of_linked, tuple(sorted({*mine, *linked})), me, on)


Asked = tuple[tuple[Standing, tuple[int, ...]], ...]


def _own(rules: Sequence[VisitRule], grids: Mapping[int, str], *, linked: bool) -> Asked:
    found = by_standing(rules, grids)
    return tuple((one, tuple(at)) for one, at in found.items() if (one.duty.whom == Whom.LINKED) is linked)


def _rules_and_links(staff: Staff, on: date) -> tuple[tuple[VisitRule, ...], dict[int, str]]:
    """Return the rules in force, and the grids of the households linked to a person (ids to paths); one query."""
    rules = tuple(_RULES_AND_LINKS(on, staff.user.pk))
    rows: list[dict[str, Any]] = rules[0].linked if rules else []  # type: ignore[attr-defined]  # annotated
    return rules, {row["id"]: row["path"] for row in rows}


def _with_links(on: date, user_id: int) -> QuerySet[VisitRule]:
    links = HouseholdLink.objects.filter(user=user_id, ends_on=None).order_by().distinct()
    grids = links.values(found=JSONObject(id="household__grid", path="household__grid__path"))
    return rules_on(on, linked=ArraySubquery(grids))


_RULES_AND_LINKS: Prepared[VisitRule] = Prepared(_with_links, date.max, -1)


@lru_cache(maxsize=512)
def _counting(of_post: Asked, of_linked: Asked, grids: tuple[int, ...], me: int, on: date) -> Statement:
    """Return the statement that counts who waits and who has waited in vain."""
    due, behind = Q(pk__in=()), Q(pk__in=())
    for standing, at in of_post:
        here = Q(grid__in=at)
        due, behind = due | (here & waiting(standing, on)), behind | (here & late(standing, on))
    for standing, at in of_linked:
        here = Q(grid__in=at)
        due |= here & waiting(standing, on, user_id=me)
        behind |= here & late(standing, on, user_id=me)
    there = Household.objects.at(on).filter(grid__in=grids).order_by().values(name=Value("visits"))
    counted = there.annotate(due=Count("pk", filter=due), late=Count("pk", filter=behind))
    return put_together(counted.values_list("name", "due", "late"))


def of_household(household: Household, *, on: date) -> tuple[Due, ...]:
    """Return what one household waits for; it comes with its grid. Two queries."""
    one = Household.objects.filter(pk=household.pk)
    found = lines(one, {household.grid_id: household.grid.path}, on=on, every_kind=True)
    return found[0].dues if found else ()


def _standing(
    grids: Mapping[int, str], *, on: date, user_id: int | None, every_kind: bool
) -> dict[Standing, list[int]]:
    found = by_standing(load_rules(on), grids)
    if every_kind:
        return found
    linked = user_id is not None
    return {standing: at for standing, at in found.items() if (standing.duty.whom == Whom.LINKED) is linked}


def _line(row: Any, standing_of: Mapping[str, Standing], on: date) -> Line:
    dues = [
        Due(standing, _state(standing, on, is_late=getattr(row, f"missed_{name}")), standing.now(on).last)
        for name, standing in standing_of.items()
        if getattr(row, f"due_{name}")
    ]
    dues.sort(key=lambda due: (_PRESSING.index(due.state), due.until))
    return Line(row, tuple(dues), row.tried)


def _state(standing: Standing, on: date, *, is_late: bool) -> State:
    if is_late:
        return State.LATE
    return State.SOON if standing.now(on).is_nearly_over(on) else State.DUE


def address_key(household: Household) -> tuple[object, ...]:
    """Return where a household stands in the order of a walk: house, stairwell and door as people count them."""
    place = household.place
    houses = [place.parent.label] if place.parent is not None else []
    return words_key(*houses, place.label, household.door)


def words_key(*names: str) -> tuple[object, ...]:
    """Return where names stand in order as people count: 10 after 9."""
    return tuple(part for words in names for part in _natural(words))


def _natural(words: str) -> Iterable[tuple[int, int, str]]:
    """Cut a name into numbers and words, so that 10 stands after 9; the mark at the end keeps parts apart."""
    parts: Sequence[str] = re.findall(r"\d{1,9}|\D+", words)
    return [*((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts), (-1, 0, "")]
