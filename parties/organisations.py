"""The tree of Party organisations: founding, renaming and closing one; its counts, and which grids have no branch."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area, Organisation
from grids.staff import Staff
from parties.enums import FORMED, ONE_OF_AN_AREA, PLACES, BranchForm, PartyKind
from parties.errors import NotNow
from parties.models import PartyMember, PartyOrganisation
from parties.permissions import check_may_found, check_may_keep
from people.errors import BadInput

LISTED: Final = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation of a list: how deep it stands in it, how many members stand at and under it."""

    row: PartyOrganisation
    depth: int
    members: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """One area: how many grids it has, how many of them have a Party branch."""

    area: Area
    grids: int
    with_branch: int

    @property
    def without(self) -> int:
        """How many have none."""
        return self.grids - self.with_branch


@transaction.atomic
def found(
    *,
    kind: PartyKind,
    area: Area,
    name: str,
    by: Staff,
    at: datetime,
    parent: PartyOrganisation | None = None,
    form: str = "",
    organisation: Organisation | None = None,
) -> PartyOrganisation:
    """Found an organisation from today on (000-23, 003a-03, 000-56).

    :raises NotYours: if ``by`` does not keep the one above, or for the topmost one lead the street
    :raises BadInput: without a name, under a kind or at a level where it does not belong, outside the area of the one
        above, or without saying whether it is single or joint where that is asked
    :raises NotNow: if there is one of this name there, the area has its one, or the one above is closed
    """
    above = _open(parent) if parent is not None else None
    check_may_found(by, above.area if above is not None else None, area)
    name = " ".join(name.split())
    if not name:
        raise BadInput(_("Give it a name."), field="name")
    place = PLACES[kind]
    if (PartyKind(above.kind) not in place.under) if above is not None else place.under:
        raise BadInput(_("This kind does not stand here."), field="kind")
    if Level(area.level) not in place.levels:
        raise BadInput(_("This kind does not stand at an area of this level."), field="area")
    if above is not None and not area.path.startswith(above.area.path):
        raise BadInput(_("Choose an area of the organisation above it."), field="area")
    if (kind in FORMED) != bool(form):
        raise BadInput(_("Say of branches of enterprises, and of no others, if single or joint."), field="form")
    # two who found one there wait here for each other
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    _check_name(above, name)
    if kind in ONE_OF_AN_AREA and PartyOrganisation.objects.filter(area=area, kind=kind, valid_to=None).exists():
        raise NotNow(_("This area has one already."), field="area")
    made = PartyOrganisation.objects.create(
        kind=kind, form=form and BranchForm(form), area=area, organisation=organisation, parent=above, name=name,
        valid_from=shanghai_date(at), founded_by=by.user,
    )  # fmt: skip
    made.refresh_from_db(fields=["path"])
    return made


@transaction.atomic
def rename(row: PartyOrganisation, *, name: str, by: Staff) -> PartyOrganisation:
    """Give an organisation another name.

    :raises NotYours: if no post of ``by`` keeps organisations there
    :raises BadInput: without a name
    :raises NotNow: if another has it, or this one is closed
    """
    locked = _open(row)
    check_may_keep(by, locked.area)
    name = " ".join(name.split())
    if not name:
        raise BadInput(_("Give it a name."), field="name")
    _check_name(locked.parent, name, besides=locked)
    locked.name = name
    locked.save(update_fields=["name"])
    return locked


@transaction.atomic
def close(row: PartyOrganisation, *, because: str, by: Staff, at: datetime) -> PartyOrganisation:
    """Close an organisation today.

    :raises NotYours: if no post of ``by`` keeps organisations there
    :raises BadInput: without a reason
    :raises NotNow: while it has members or open organisations under it, or if it is closed
    """
    locked = _open(row)
    check_may_keep(by, locked.area)
    because = " ".join(because.split())
    if not because:
        raise BadInput(_("Say why it is closed."), field="because")
    if PartyMember.objects.current().filter(organisation=locked).exists():
        raise NotNow(_("It has members. Move them to another organisation first."))
    if locked.children.filter(valid_to=None).exists():
        raise NotNow(_("There are open organisations under it. Close them first."))
    locked.valid_to, locked.closed_because = max(locked.valid_from, shanghai_date(at)), because
    locked.save(update_fields=["valid_to", "closed_because"])
    return locked


def tree(staff: Staff) -> tuple[list[Line], bool]:
    """Return the organisations a person sees, two levels of areas below his own at most, and if more were left out.

    Two queries.
    """
    deepest = max((held.level for held in staff.holdings if any(held.path == p for p in staff.paths)), default=0) + 2
    seen = PartyOrganisation.objects.visible_to(staff).filter(valid_to=None, area__level__lte=deepest)
    rows = list(seen.select_related("area").order_by("area__path", "path")[: LISTED + 1])
    rows.sort(key=lambda row: row.line_ids())
    return lines(rows[:LISTED]), len(rows) > LISTED


def lines(rows: Sequence[PartyOrganisation]) -> list[Line]:
    """Return organisations, in the order of the tree, each with its depth among them and its members; one query."""
    here = {row.pk for row in rows}
    tops = [row for row in rows if not here.intersection(row.line_ids()[:-1])]
    counted = _members_under(row.path for row in tops)
    return [
        Line(row, len(here.intersection(row.line_ids()[:-1])), counted[row.pk]) for row in rows
    ]  # fmt: skip


def _members_under(paths: Iterable[str]) -> Counter[int]:
    """Return how many members stand at and under each organisation below these paths; one query."""
    scope = PartyOrganisation.objects.none()
    for path in paths:
        scope = scope | PartyOrganisation.objects.under(path)
    found: Counter[int] = Counter()
    counts = PartyMember.objects.current().filter(organisation__in=scope).order_by()
    for path, number in counts.values_list("organisation__path").annotate(number=Count("pk")):
        for pk in path.split("/")[:-1]:
            found[int(pk)] += number
    return found


def coverage(area: Area, below: Sequence[Area], *, on: date) -> tuple[Coverage, list[Coverage], list[Area]]:
    """Return how an area stands, each one below it, and the grids without a branch (at most so many); two queries."""
    grids = list(Area.objects.served().at(on).under(area.path).filter(level=Level.GRID).order_by("code"))
    branches = PartyOrganisation.objects.at(on).filter(kind=PartyKind.GRID_BRANCH, area__path__startswith=area.path)
    has = set(branches.values_list("area", flat=True))

    def line(one: Area) -> Coverage:
        here = Counter(grid.pk in has for grid in grids if grid.path.startswith(one.path))
        return Coverage(one, here.total(), here[True])

    return line(area), [line(one) for one in below], [grid for grid in grids if grid.pk not in has][:LISTED]


def kinds(area: Area, *, on: date) -> list[tuple[str, int]]:
    """Return how many organisations of each kind, single and joint apart, stand at or under an area; one query."""
    rows = PartyOrganisation.objects.at(on).filter(area__path__startswith=area.path).order_by()
    counted = {(kind, form): n for kind, form, n in rows.values_list("kind", "form").annotate(n=Count("pk"))}
    asked = [(kind, form) for kind in PartyKind for form in (BranchForm if kind in FORMED else ("",))]
    return [
        (f"{kind.label} · {BranchForm(form).label}" if form else str(kind.label), counted.get((kind, form), 0))
        for kind, form in asked
    ]


def _check_name(above: PartyOrganisation | None, name: str, *, besides: PartyOrganisation | None = None) -> None:
    there = PartyOrganisation.objects.filter(parent=above, name=name, valid_to=None)
    if besides is not None:
        there = there.exclude(pk=besides.pk)
    if above is not None and there.exists():
        raise NotNow(_("There is one of this name already."), field="name")


def _open(row: PartyOrganisation) -> PartyOrganisation:
    rows = PartyOrganisation.objects.select_for_update(of=("self",), no_key=True).select_related("area", "parent")
    locked = rows.get(pk=row.pk)
    if locked.valid_to is not None:
        raise NotNow(_("This organisation is closed."))
    return locked
