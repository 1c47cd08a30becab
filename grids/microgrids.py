"""Micro-grids: which houses, whose head, from when to when; and what becomes of them when grids are drawn anew."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from grids.enums import Level, PostKind
from grids.errors import NotYourRegister
from grids.models import Appointment, Area, MicroGrid, MicroGridPlace
from grids.registry import Division, Tally
from grids.staff import Staff
from people.enums import Context
from people.errors import BadInput, NotAllowedNow
from people.models import Person, User
from people.services import Revealed, blank_person, create_person, reveal

# Who says which houses of a grid make up a micro-grid, and who looks after it.
KEEPS: Final = frozenset({PostKind.GRID_LEAD, PostKind.COMMUNITY_SECRETARY})
LONGEST_NAME: Final = 40
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A micro-grid as pages show it: its houses in words, and the name of a head who holds a post."""

    micro_grid: MicroGrid
    places: tuple[str, ...]
    head: str


def may_keep(by: Staff, grid: Area) -> bool:
    """Whether the person keeps the micro-grids of a grid."""
    return by.holds(*KEEPS, path=grid.path)


def places_in(grid: Area, *, on: date) -> list[Area]:
    """Return the buildings and stairwells of a grid on a day, in the order of their codes; one query."""
    rows = Area.objects.at(on).under(grid.path).filter(level__in=(Level.BUILDING, Level.UNIT))
    return list(rows.select_related("parent").order_by("code"))


def heads_for(grid: Area, *, on: date) -> QuerySet[User]:
    """Return who can be head by his post: active people with one in the grid, its houses or its community."""
    here = Q(post__area__path__startswith=grid.path) | Q(post__area=grid.parent_id)
    seats = Appointment.objects.at(on).filter(here, post__organisation=None)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("display_name", "pk")


def lines(grids: Collection[int], *, on: date) -> dict[int, list[Line]]:
    """Return the micro-grids of these grids on a day, by grid and name. Two queries.

    A house that no longer lies in the grid is left out.
    """
    rows = MicroGrid.objects.at(on).filter(grid__in=grids).select_related("head", "grid").order_by("name", "pk")
    there = list(rows)
    covered = MicroGridPlace.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), micro_grid__in=[one.pk for one in there], starts_on__lte=on
    ).select_related("place__parent")
    houses: dict[int, list[Area]] = defaultdict(list)
    for row in covered.order_by("place__code"):
        houses[row.micro_grid_id].append(row.place)
    found: dict[int, list[Line]] = defaultdict(list)
    for one in there:
        named = tuple(in_words(place) for place in houses[one.pk] if place.path.startswith(one.grid.path))
        found[one.grid_id].append(Line(one, named, one.head.get_full_name() if one.head else ""))
    return found


def in_words(place: Area) -> str:
    """Return a building, or a stairwell with its building, in words; ``parent`` is loaded for a stairwell."""
    house = place.parent if place.level == Level.UNIT else None
    return f"{house.label} {place.label}" if house is not None else place.label


@sensitive_variables("contact_name", "contact_phone")
@transaction.atomic
def make(
    grid: Area,
    *,
    name: str,
    places: Sequence[Area],
    by: Staff,
    at: datetime,
    head: User | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    agreed: bool = False,
) -> MicroGrid:
    """Write down a micro-grid of a grid from today on.

    :raises NotYourRegister: if no post of ``by`` keeps the micro-grids there
    :raises BadInput: without a name or a house, with a house elsewhere, with two heads, a volunteer who did not agree
    :raises NotAllowedNow: if the name is taken, or a house belongs to another micro-grid
    """
    on = timezone.localdate(at)
    _lock(grid, by)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(_("Give it a name of at most %(most)d characters.") % {"most": LONGEST_NAME}, field="name")
    if MicroGrid.objects.filter(grid=grid, name=name, valid_to=None).exists():
        raise NotAllowedNow(_("There is one of this name already."), field="name")
    row = MicroGrid(grid=grid, name=name, valid_from=on, made_by=by.user)
    _set_head(row, head, contact_name, contact_phone, agreed=agreed, at=at)
    row.save(force_insert=True)
    _cover(row, places, on=on)
    return row


@transaction.atomic
def change_places(micro_grid: MicroGrid, *, places: Sequence[Area], by: Staff, at: datetime) -> MicroGrid:
    """Say which houses belong to it from today on; what belonged to it stays written down.

    :raises NotYourRegister: if no post of ``by`` keeps it
    :raises BadInput: without a house, or with one elsewhere
    :raises NotAllowedNow: if it is closed, or a house belongs to another
    """
    locked = _open(micro_grid, by)
    _cover(locked, places, on=timezone.localdate(at))
    return locked


@sensitive_variables("contact_name", "contact_phone")
@transaction.atomic
def change_head(
    micro_grid: MicroGrid,
    *,
    by: Staff,
    at: datetime,
    head: User | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    agreed: bool = False,
) -> MicroGrid:
    """Say who looks after it from now on; the contact of a volunteer before is gone. Nobody: it is vacant.

    :raises NotYourRegister: if no post of ``by`` keeps it
    :raises BadInput: with two heads, a head without a post there, a volunteer who did not agree
    :raises NotAllowedNow: if it is closed
    """
    locked = _open(micro_grid, by)
    before = locked.volunteer
    _set_head(locked, head, contact_name, contact_phone, agreed=agreed, at=at)
    locked.save(update_fields=["head", "volunteer"])
    if before is not None:
        blank_person(before)
    return locked


def look(micro_grid: MicroGrid, *, field: str, reason: str, by: Staff, at: datetime) -> Revealed:
    """Return name or number of a volunteer head in clear, after writing down who looked and why.

    :raises NotYourRegister: if no post of ``by`` keeps it, or works in the grid
    :raises BadInput: if there is no volunteer, or the reason says nothing
    :raises TooManyReveals: if ``by`` has looked at as much today as one person may
    """
    if not may_look(by, micro_grid.grid):
        raise NotYourRegister(_("Your post does not see this contact."))
    if micro_grid.volunteer is None:
        raise BadInput(_("Nobody is written down here."))
    about = f"microgrid:{micro_grid.pk}"
    return reveal(person=micro_grid.volunteer, field=field, reason=reason, by=by.user, about=about, at=at)


def may_look(by: Staff, grid: Area) -> bool:
    """Whether the person sees the contact of a volunteer head there."""
    return by.holds(*KEEPS, PostKind.GRID_WORKER, PostKind.COMMUNITY_WORKER, path=grid.path)


@transaction.atomic
def close(micro_grid: MicroGrid, *, by: Staff, at: datetime) -> MicroGrid:
    """Close it: today is its last day, its houses are free from tomorrow on, a volunteer's contact is gone.

    :raises NotYourRegister: if no post of ``by`` keeps it
    :raises NotAllowedNow: if it is closed
    """
    locked = _open(micro_grid, by)
    _close(locked, on=timezone.localdate(at))
    return locked


def forget(pk: int) -> bool:
    """Take the volunteer of a closed micro-grid away; return whether there was anything."""
    row = MicroGrid.objects.select_related("volunteer").get(pk=pk)
    return row.volunteer is not None and blank_person(row.volunteer)


# -- grids drawn anew --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MicroGridPart:
    """The micro-grids of grids that are drawn anew: what goes to one new grid is a micro-grid of that one."""

    def preview(self, division: Division) -> Sequence[Tally]:
        """Return how many micro-grids each line would have. Two queries; one where there is none."""
        found: Counter[int] = Counter()
        for parts in _parted(division).values():
            found.update(line for line in parts)
        return [Tally(_("Micro-grids"), dict(found))]

    def carry_out(self, division: Division) -> int:
        """Close those whose houses leave the grid and begin them anew where the houses go; return how many changed.

        The head goes with every part, a volunteer's contact with the largest. History stays with the old.
        """
        changed = 0
        for micro_grid, parts in _parted(division).items():
            if all(division.areas[line].pk == micro_grid.grid_id for line in parts):
                continue
            changed += 1
            by_size = sorted(parts, key=lambda line: (-len(parts[line]), line))
            volunteer, micro_grid.volunteer = micro_grid.volunteer, None
            _close(micro_grid, on=max(division.on - DAY, micro_grid.valid_from))
            for line in by_size:
                _go_on(micro_grid, division.areas[line], parts[line], volunteer, division)
                volunteer = None
        return changed


def _parted(division: Division) -> dict[MicroGrid, dict[int, list[Area]]]:
    """Return each micro-grid of the grids drawn anew with its houses by the line they go to."""
    rows = MicroGrid.objects.filter(grid__in=division.grids, valid_to=None).select_related("volunteer", "head")
    found: dict[MicroGrid, dict[int, list[Area]]] = {one: defaultdict(list) for one in rows.order_by("pk")}
    if not found:
        return found
    by_key = {one.pk: one for one in found}
    there = MicroGridPlace.objects.filter(micro_grid__in=by_key, ends_on=None).select_related("place")
    for row in there.order_by("place__code"):
        one = by_key[row.micro_grid_id]
        building = row.place_id if row.place.level == Level.BUILDING else row.place.parent_id
        line = division.line_of(one.grid_id, building)
        if line is not None:
            found[one][line].append(row.place)
    return found


def _go_on(old: MicroGrid, grid: Area, places: Sequence[Area], volunteer: Person | None, division: Division) -> None:
    taken = MicroGrid.objects.filter(grid=grid, name=old.name, valid_to=None).exists()
    name = f"{old.name[: LONGEST_NAME - 8]} {old.pk}" if taken else old.name
    first = max(division.on, old.valid_from)
    new = MicroGrid.objects.create(
        grid=grid, name=name, head=old.head, valid_from=first, made_by=division.by,
        volunteer=volunteer if old.head_id is None else None,
    )  # fmt: skip
    for place in places:
        MicroGridPlace.objects.filter(place=place, ends_on__gte=first).delete()
        MicroGridPlace.objects.create(micro_grid=new, place=place, starts_on=first)


# -- inside ------------------------------------------------------------------------------------------------------------


def _lock(grid: Area, by: Staff) -> None:
    # two who divide one grid wait here for each other
    locked = Area.objects.select_for_update(of=("self",), no_key=True).get(pk=grid.pk)
    if locked.level != Level.GRID or not may_keep(by, locked):
        raise NotYourRegister(_("The grid's lead or the community's secretary keeps the micro-grids."))


def _open(micro_grid: MicroGrid, by: Staff) -> MicroGrid:
    _lock(micro_grid.grid, by)
    rows = MicroGrid.objects.select_for_update(of=("self",), no_key=True).select_related("grid", "volunteer", "head")
    locked = rows.get(pk=micro_grid.pk)
    if locked.valid_to is not None:
        raise NotAllowedNow(_("This micro-grid is closed already."))
    return locked


def _set_head(
    row: MicroGrid, head: User | None, contact_name: str, contact_phone: str, *, agreed: bool, at: datetime
) -> None:
    row.head = row.volunteer = None
    is_volunteer = bool(contact_name.strip() or contact_phone.strip())
    if head is not None and is_volunteer:
        raise BadInput(_("Choose one head: somebody with a post, or a volunteer."), field="contact_name")
    if head is not None:
        if not heads_for(row.grid, on=timezone.localdate(at)).filter(pk=head.pk).exists():
            raise BadInput(_("Choose somebody who holds a post there."), field="head")
        row.head = head
    if is_volunteer:
        if not agreed:
            raise BadInput(_("Ask them first: the contact is kept only if they agree."), field="agreed")
        row.volunteer = create_person(context=Context.MICRO_GRID, name=contact_name, phone=contact_phone, at=at)


def _cover(row: MicroGrid, places: Sequence[Area], *, on: date) -> None:
    inside = {one.pk: one for one in places_in(row.grid, on=on)}
    wanted = [inside[one.pk] for one in places if one.pk in inside]
    if not wanted or len(wanted) != len(places):
        raise BadInput(_("Choose buildings or stairwells of this grid."), field="places")
    if any(one.pk != other.pk and other.path.startswith(one.path) for one in wanted for other in wanted):
        raise BadInput(_("A building holds its stairwells: choose one or the other."), field="places")
    others = MicroGridPlace.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on)).exclude(micro_grid=row)
    for taken in others.filter(place__in=inside).select_related("place__parent", "micro_grid"):
        if any(taken.place.path.startswith(one.path) or one.path.startswith(taken.place.path) for one in wanted):
            said = {"place": in_words(taken.place), "name": taken.micro_grid.name}
            raise NotAllowedNow(_("%(place)s belongs to “%(name)s”.") % said, field="places")
    keys = {one.pk for one in wanted}
    now = row.places.filter(ends_on=None)
    now.exclude(place__in=keys).filter(starts_on__gte=on).delete()
    now.exclude(place__in=keys).update(ends_on=on - DAY)
    there = set(now.values_list("place", flat=True))
    MicroGridPlace.objects.bulk_create(
        MicroGridPlace(micro_grid=row, place=one, starts_on=on) for one in wanted if one.pk not in there
    )


def _close(row: MicroGrid, *, on: date) -> None:
    row.valid_to = on
    row.save(update_fields=["valid_to", "volunteer"])
    row.places.filter(ends_on=None, starts_on__gt=on).delete()
    row.places.filter(ends_on=None).update(ends_on=on)
    if row.volunteer is not None:
        blank_person(row.volunteer)
