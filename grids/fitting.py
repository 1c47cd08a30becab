"""Whether a plan to draw grids anew is whole, and whether the areas still are as it found them. Reads only."""

from collections import Counter

from django.utils.translation import gettext as _

from grids.enums import Level
from grids.models import Area, Redivision, RedivisionGrid

NAMED = 5


def loose_ends(plan: Redivision) -> list[str]:
    """Return what the plan leaves open, a sentence each; nothing for a plan that is whole. Two queries."""
    lines = list(plan.grids.select_related("heir").order_by("code"))
    rows = list(plan.buildings.values_list("to", "from_grid", "building__name"))
    after, before = Counter(to for to, _grid, _name in rows), Counter(grid for _to, grid, _name in rows)
    of_grid = {line.pk: line.grid_id for line in lines}
    problems = []
    for line in lines:
        had = before[line.grid_id] if line.grid_id else 0
        if line.ends and after[line.pk]:
            problems.append(
                _("%(grid)s ends, and these buildings go nowhere: %(names)s.")
                % {"grid": line.name, "names": _few([name for to, _grid, name in rows if to == line.pk])}
            )
        elif line.ends and (line.heir is None or line.heir.ends):
            said = _("%(grid)s ends: name the grid that takes what lies in no building.")
            problems.append(said % {"grid": line.name})
        elif not line.ends and not after[line.pk] and not line.stays_empty and (line.is_new or had):
            problems.append(
                _("%(grid)s would have no building: let it end, or say that it stays empty on purpose.")
                % {"grid": line.name}
            )
    if all(line.ends for line in lines):
        problems.append(_("No grid would be left."))
    if not any(line.ends or line.is_new for line in lines) and all(of_grid[to] == grid for to, grid, _name in rows):
        problems.append(_("Nothing changes: move a building, add a grid or let one end."))
    return problems


def drift(plan: Redivision) -> list[str]:
    """Return in what the areas are no longer as the plan found them, a sentence each. Four queries.

    A building added meanwhile to a grid that goes on stays in it.
    """
    lines = list(plan.grids.order_by("code"))
    known = {line.grid_id: line for line in lines if line.grid_id is not None}
    today = dict(Area.objects.filter(level=Level.GRID, parent=plan.community_id).at(plan.on).values_list("pk", "name"))
    changed = [_("%(grid)s is closed meanwhile.") % {"grid": known[pk].name} for pk in known.keys() - today.keys()]
    changed += [_("%(grid)s is new and not in the plan.") % {"grid": today[pk]} for pk in today.keys() - known.keys()]
    rows = plan.buildings.values_list("building", "from_grid", "building__name")
    planned = {pk: (grid, name) for pk, grid, name in rows}
    found = Area.objects.filter(level=Level.BUILDING, parent__in={*known, *today}).at(plan.on)
    lies = {pk: (grid, name) for pk, grid, name in found.values_list("pk", "parent_id", "name")}
    moved = [name for pk, (grid, name) in planned.items() if pk not in lies or lies[pk][0] != grid]
    if moved:
        changed.append(_("These buildings lie elsewhere or are closed meanwhile: %(names)s.") % {"names": _few(moved)})
    ending = {line.grid_id for line in lines if line.ends}
    added = [name for pk, (grid, name) in lies.items() if pk not in planned and grid in ending]
    if added:
        said = _("These buildings lie in a grid that ends and are not in the plan: %(names)s.")
        changed.append(said % {"names": _few(added)})
    new = [line.code for line in lines if line.is_new]
    if new and Area.objects.filter(code__in=new).exists():
        changed.append(_("The code of a new grid is taken meanwhile."))
    return sorted(changed)


def line_of_grid(lines: list[RedivisionGrid]) -> dict[int, RedivisionGrid]:
    """Return which line takes what lies in no building of each grid of today."""
    by_id = {line.pk: line for line in lines}
    found = {}
    for line in lines:
        if line.grid_id is not None and not line.is_new:
            found[line.grid_id] = by_id[line.heir_id] if line.ends and line.heir_id in by_id else line
    return found


def _few(names: list[str]) -> str:
    shown = "、".join(sorted(names)[:NAMED])
    return shown if len(names) <= NAMED else _("%(names)s and %(more)s more") % {
        "names": shown, "more": len(names) - NAMED,
    }  # fmt: skip
