"""Which roles a grid lacks (缺员): the rule chosen nearest to it, compared with who serves there today.

A constant number of queries however many grids. Somebody away still fills his role: his deputy answers. An account
that was closed fills none.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from grids.enums import DivisionType, Level
from grids.models import (
    Appointment,
    Area,
    CommunityWorker,
    GridMember,
    GridRole,
    RoleLabel,
    StaffingChoice,
    StaffingLine,
    StaffingRule,
)
from grids.models.staffing import valid_on


@dataclass(frozen=True, slots=True)
class Need:
    """One role of one grid: its local title, how many there must be, how many of those places are filled."""

    role: GridRole
    title: str
    needed: int
    filled: int

    @property
    def missing(self) -> int:
        """How many are still to be found."""
        return self.needed - self.filled


@dataclass(frozen=True, slots=True)
class GridStaffing:
    """One grid with its rule and its needs; without a rule nothing can be said of it."""

    grid: Area
    rule: StaffingRule | None
    needs: tuple[Need, ...] = ()

    @property
    def gaps(self) -> tuple[Need, ...]:
        """The roles it lacks."""
        return tuple(need for need in self.needs if need.missing)

    @property
    def missing(self) -> int:
        """How many people (or bodies) it lacks."""
        return sum(need.missing for need in self.needs)

    @property
    def is_full(self) -> bool:
        """Whether its rule is met."""
        return self.rule is not None and not self.gaps


@dataclass(frozen=True, slots=True)
class Totals:
    """Several grids together. The staffing rate counts grids with every role filled (rules.md a.2).

    Grids without a rule are in neither part of the rate and are shown beside it.
    """

    grids: int
    without_rule: int
    full: int
    missing: int
    roles_lacking: int

    @property
    def ruled(self) -> int:
        """The denominator: grids that have a rule."""
        return self.grids - self.without_rule

    @property
    def percent(self) -> float | None:
        """Full grids in per cent of those with a rule; None without any."""
        return 100 * self.full / self.ruled if self.ruled else None


@dataclass(slots=True)
class _Filled:
    """Who serves where, indexed by role or post and by area."""

    holders: dict[str, dict[int, set[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    members: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    employed: set[int] = field(default_factory=set)

    def at(self, role: GridRole, area_id: int) -> int:
        """Count the holders of a role at one area."""
        if not role.post_kind:
            return self.members[role.pk][area_id]
        users = self.holders[role.post_kind][area_id]
        return len(users & self.employed if role.community_workers_only else users)


def report(paths: Iterable[str], *, on: date, within: str = "") -> list[GridStaffing]:
    """Return every served grid at or under these areas with what it lacks on the civil date ``on``, by code.

    :param within: the path of an area to look at alone
    """
    grids = list(Area.objects.served().at(on).filter(level=Level.GRID).under_any(paths).under(within).order_by("code"))
    rules = _rules_of(grids, on)
    lines = _lines_of({rule.pk for rule in rules.values()}, on)
    wanted = [line for found in lines.values() for line in found]
    below = _below(grids, {Level(line.per) for line in wanted})
    above = {grid.pk: _above(grid, {line.role.level for line in wanted}) for grid in grids}
    filled = _filled(wanted, grids, on)
    levels = dict(_levels({pk for grid in grids for pk in above[grid.pk]}))
    titles = titles_for({line.role_id for line in wanted}, grids, on)
    found = []
    for grid in grids:
        rule = rules.get(grid.pk)
        places = {Level.GRID: [grid.pk], **below[grid.pk]}
        for pk in above[grid.pk]:
            places.setdefault(Level(levels[pk]), [pk])
        needs = tuple(
            _need(line, places, filled, titles.get((grid.pk, line.role_id), line.role.name))
            for line in (lines[rule.pk] if rule else ())
        )
        found.append(GridStaffing(grid, rule, needs))
    return found


def totals(rows: Sequence[GridStaffing]) -> Totals:
    """Add up."""
    return Totals(
        grids=len(rows),
        without_rule=sum(row.rule is None for row in rows),
        full=sum(row.is_full for row in rows),
        missing=sum(row.missing for row in rows),
        roles_lacking=sum(len(row.gaps) for row in rows),
    )


def titles_for(role_ids: Collection[int], areas: Sequence[Area], on: date) -> dict[tuple[int, int], str]:
    """Return (area, role) → the title nearest to the area, where some area on its line has one of its own."""
    if not role_ids:
        return {}
    line_ids = {pk for area in areas for pk in area.line_ids()}
    labels = {
        (label.area_id, label.role_id): label.name
        for label in RoleLabel.objects.at(on).filter(area__in=line_ids, role__in=role_ids)
    }
    if not labels:
        return {}
    found: dict[tuple[int, int], str] = {}
    for area in areas:
        for pk in area.line_ids():  # the nearest comes last and stays
            found |= {(area.pk, role_id): name for (at, role_id), name in labels.items() if at == pk}
    return found


def rule_for(area: Area, on: date) -> StaffingRule | None:
    """Return the rule that a grid is staffed by on that day."""
    return _rules_of([area], on).get(area.pk)


@dataclass(frozen=True, slots=True)
class StaffedBy:
    """How one grid calls its people: the roles of its rule, by post, with their local titles."""

    grid_id: int
    by_post: Mapping[str, GridRole]
    usual: Mapping[str, GridRole]
    titles: Mapping[tuple[int, int], str]

    def role_of(self, post_kind: str) -> tuple[GridRole | None, str]:
        """Return the role that a post is here, and its title; without a rule or a local title, no title."""
        role = self.by_post.get(post_kind)
        if role is not None:
            return role, self.title_of(role)
        usual = self.usual.get(post_kind)
        return usual, self.titles.get((self.grid_id, usual.pk), "") if usual else ""

    def title_of(self, role: GridRole) -> str:
        """Return what a role is called here."""
        return self.titles.get((self.grid_id, role.pk), role.name)


def staffed_by(grids: Sequence[Area], *, on: date) -> dict[int, StaffedBy]:
    """Return for each of these grids how its people are called on that day."""
    rules = _rules_of(grids, on)
    lines = _lines_of({rule.pk for rule in rules.values()}, on)
    roles = list(GridRole.objects.order_by("-position", "-pk"))
    usual = {role.post_kind: role for role in roles if role.post_kind}
    titles = titles_for({role.pk for role in roles}, grids, on)
    found = {}
    for grid in grids:
        rule = rules.get(grid.pk)
        named = {line.role.post_kind: line.role for line in reversed(lines[rule.pk] if rule else [])}
        found[grid.pk] = StaffedBy(grid.pk, {kind: role for kind, role in named.items() if kind}, usual, titles)
    return found


def _need(line: StaffingLine, places: Mapping[int, Sequence[int]], filled: _Filled, title: str) -> Need:
    role = line.role
    if line.per == Level.GRID:
        here = sum(filled.at(role, pk) for pk in places.get(Level(role.level), ()))
        return Need(role, title, line.least, min(here, line.least))
    each = places.get(Level(line.per), ())
    done = sum(min(filled.at(role, pk), line.least) for pk in each)
    return Need(role, title, line.least * len(each), done)


def _rules_of(grids: Sequence[Area], on: date) -> dict[int, StaffingRule]:
    line_ids = {pk for grid in grids for pk in grid.line_ids()}
    choices: dict[tuple[int, str], StaffingChoice] = {}
    rows = StaffingChoice.objects.at(on).filter(area__in=line_ids).select_related("rule")
    for choice in rows.order_by("valid_from", "pk"):  # of two that hold, the later one; an open start sorts last
        key = (choice.area_id, choice.kind_of_grid)
        if key not in choices or choice.valid_from is not None:
            choices[key] = choice
    found: dict[int, StaffingRule] = {}
    if not choices:
        return found
    for grid in grids:
        kinds = (grid.division_type,) if grid.division_type == DivisionType.LANE else (grid.division_type, "")
        keys = ((pk, kind) for pk in reversed(grid.line_ids()) for kind in kinds)
        nearest = next((choices[key] for key in keys if key in choices), None)
        if nearest is not None:
            found[grid.pk] = nearest.rule
    return found


def _lines_of(rule_ids: Collection[int], on: date) -> dict[int, list[StaffingLine]]:
    lines: dict[int, list[StaffingLine]] = defaultdict(list)
    if not rule_ids:
        return lines
    rows = StaffingLine.objects.filter(valid_on(on), rule__in=rule_ids).select_related("role")
    for line in rows.order_by("role__position", "pk"):
        lines[line.rule_id].append(line)
    return lines


def _below(grids: Sequence[Area], levels: Collection[Level]) -> dict[int, dict[int, list[int]]]:
    """Return for each grid the buildings and stairwells in it, as far as some rule counts them."""
    below: dict[int, dict[int, list[int]]] = {grid.pk: defaultdict(list) for grid in grids}
    deeper = [level for level in levels if level > Level.GRID]
    if not deeper:
        return below
    parts = Area.objects.filter(Q(level__in=deeper), Q(valid_to__isnull=True)).under_any(_widest(grids))
    for pk, level, path in parts.values_list("pk", "level", "path"):
        for ancestor in path.split("/")[:-2]:
            if int(ancestor) in below:
                below[int(ancestor)][level].append(pk)
    return below


def _above(grid: Area, levels: Collection[int]) -> tuple[int, ...]:
    return grid.ancestor_ids() if any(level < Level.GRID for level in levels) else ()


def _levels(area_ids: Collection[int]) -> Iterable[tuple[int, int]]:
    return Area.objects.filter(pk__in=area_ids).values_list("pk", "level") if area_ids else ()


def _filled(lines: Sequence[StaffingLine], grids: Sequence[Area], on: date) -> _Filled:
    filled = _Filled()
    kinds = {line.role.post_kind for line in lines if line.role.post_kind}
    roles = {line.role_id for line in lines if not line.role.post_kind}
    paths = _widest(grids)
    here = Q(pk__in=())
    for path in paths:
        here |= Q(post__area__path__startswith=path)
    if kinds:
        seats = Appointment.objects.at(on).filter(here, post__kind__in=kinds, user__is_active=True)
        for kind, area_id, user_id in seats.values_list("post__kind", "post__area_id", "user_id"):
            filled.holders[kind][area_id].add(user_id)
    if roles:
        rows = GridMember.objects.at(on).filter(role__in=roles).order_by()
        counted = rows.values_list("role_id", "area_id").annotate(n=Count("pk"))
        for role_id, area_id, n in counted:
            filled.members[role_id][area_id] = n
    if any(line.role.community_workers_only for line in lines):
        employed = CommunityWorker.objects.filter(
            Q(since__isnull=True) | Q(since__lte=on), Q(until__isnull=True) | Q(until__gte=on)
        )
        filled.employed = set(employed.values_list("user_id", flat=True))
    return filled


def _widest(grids: Sequence[Area]) -> list[str]:
    """Paths that hold all these grids and little else: their communities', or their own."""
    return sorted({grid.path.rsplit("/", 2)[0] + "/" for grid in grids})
