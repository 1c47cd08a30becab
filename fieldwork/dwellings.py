"""Writing houses down and what becomes of them; what is noted of a building."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from fieldwork import versions
from fieldwork.enums import Equipment, FileChange, HouseState, HouseUse
from fieldwork.errors import NotNow, Nowhere
from fieldwork.models import BuildingSheet, Dwelling, Household
from fieldwork.models.households import PLACES
from fieldwork.permissions import check_may_keep
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.errors import BadInput
from people.masking import mask_text

MOST_FLOORS: Final = 200
LOWEST_FLOOR: Final = -10
FIRST_YEAR: Final = 1800


def grid_of(place: Area) -> Area:
    """Return the grid a place lies in.

    :raises Nowhere: if it lies in none
    """
    found = Area.objects.filter(pk__in=place.line_ids(), level=Level.GRID).first()
    if found is None:
        raise Nowhere(_("This place lies in no grid."), field="place")
    return found


def locked_place(place: Area) -> Area:
    """Return the place, locked: two at one door wait here for each other, and for grids that are drawn anew.

    :raises Nowhere: if nobody lives at a place of that level
    """
    if place.level not in PLACES:
        raise Nowhere(_("Choose a building or a stairwell."), field="place")
    return Area.objects.select_for_update(no_key=True).get(pk=place.pk)


@transaction.atomic
def write_down(
    *,
    place: Area,
    numbers: Sequence[str],
    use: HouseUse = HouseUse.HOME,
    state: HouseState = HouseState.UNKNOWN,
    floor: int | None = None,
    by: Staff,
    at: datetime,
) -> list[Dwelling]:
    """Write down the houses with these numbers in a place; return the new ones. A house known already stays as it is.

    :raises NotYours: if no post of ``by`` keeps the houses there
    :raises Nowhere: if no house lies at a place of that level
    :raises BadInput: if there is no such floor
    """
    check_may_keep(by, place)
    _check_floor(floor)
    place = locked_place(place)
    known = set(
        Dwelling.objects.filter(place=place, number__in=numbers, valid_to=None).values_list("number", flat=True)
    )
    new = [number for number in numbers if number not in known]
    made = _make(place, grid_of(place), new, use=use, state=state, floor=floor, on=shanghai_date(at))
    versions.record(FileChange.OPENED, *made, by=by.user, at=at)
    return made


def ensure(place: Area, grid: Area, numbers: Collection[str], *, on: date) -> None:
    """See that there is a house for every door somebody lives behind; what is noted as empty is lived in now.

    The place is locked by the caller.
    """
    there = Dwelling.objects.filter(place=place, number__in=numbers, valid_to=None)
    there.filter(state__in=(HouseState.EMPTY, HouseState.UNKNOWN)).update(state=HouseState.LIVED_IN)
    there.exclude(use__in=(HouseUse.HOME, HouseUse.MIXED)).update(use=HouseUse.MIXED)
    known = set(there.values_list("number", flat=True))
    new = [number for number in numbers if number not in known]
    _make(place, grid, new, use=HouseUse.HOME, state=HouseState.LIVED_IN, floor=None, on=on)


@transaction.atomic
def change(
    dwelling: Dwelling, *, use: HouseUse, state: HouseState, floor: int | None, by: Staff, at: datetime
) -> Dwelling:
    """Say what a house is used for, whether somebody lives there, on which floor it lies. The same again is nothing.

    :raises NotYours: if no post of ``by`` keeps the houses there
    :raises NotNow: if it is closed, or a household is written down behind a door said to be empty or no home
    :raises BadInput: if there is no such floor
    """
    check_may_keep(by, dwelling.grid)
    _check_floor(floor)
    locked = _open(dwelling)
    no_home = state == HouseState.EMPTY or use not in (HouseUse.HOME, HouseUse.MIXED)
    if no_home and _household_there(locked):
        raise NotNow(_("A household is written down here. Close it first if they moved away."), field="state")
    said = {"use": use.value, "state": state.value, "floor": floor}
    changed = {name: value for name, value in said.items() if getattr(locked, name) != value}
    if changed:
        before = {name: getattr(locked, name) for name in changed}
        for name, value in changed.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(changed))
        versions.record(FileChange.HOUSE, locked, by=by.user, at=at, details={"before": before, "after": changed})
    return locked


@transaction.atomic
def close(dwelling: Dwelling, *, by: Staff, at: datetime) -> Dwelling:
    """Note that a house is no more (pulled down, joined with another, written down by mistake): today is its last day.

    :raises NotYours: if no post of ``by`` keeps the houses there
    :raises NotNow: if it is closed, or a household is written down behind its door
    """
    check_may_keep(by, dwelling.grid)
    locked = _open(dwelling)
    if _household_there(locked):
        raise NotNow(_("A household is written down here. Close it first if they moved away."))
    locked.valid_to = shanghai_date(at)
    locked.save(update_fields=["valid_to"])
    versions.record(FileChange.CLOSED, locked, by=by.user, at=at)
    return locked


@transaction.atomic
def keep_sheet(
    building: Area,
    *,
    floors: int | None,
    floors_below: int | None,
    built_in: int | None,
    equipment: Sequence[str],
    remarks: str,
    by: Staff,
    at: datetime,
) -> BuildingSheet:
    """Keep what is noted of a building; numbers of persons in the remarks are masked. The same again is nothing.

    :raises NotYours: if no post of ``by`` keeps the houses there
    :raises BadInput: if it is no building, or a number cannot be
    """
    check_may_keep(by, building)
    if building.level != Level.BUILDING:
        raise BadInput(_("Only a building has such a sheet."))
    if built_in is not None and not FIRST_YEAR <= built_in <= shanghai_date(at).year:
        raise BadInput(_("This cannot be the year it was built in."), field="built_in")
    if not set(equipment) <= set(Equipment.values):
        raise BadInput(_("Choose from the list."), field="equipment")
    Area.objects.select_for_update(no_key=True).get(pk=building.pk)
    sheet = BuildingSheet.objects.filter(building=building).first() or BuildingSheet(building=building)
    said = {
        "floors": floors,
        "floors_below": floors_below,
        "built_in": built_in,
        "equipment": [one for one in Equipment.values if one in equipment],
        "remarks": mask_text(" ".join(remarks.split()))[0],
    }
    if sheet.pk and all(getattr(sheet, name) == value for name, value in said.items()):
        return sheet
    for name, value in said.items():
        setattr(sheet, name, value)
    sheet.save()
    versions.record(FileChange.SHEET, building, by=by.user, at=at)
    return sheet


def _make(
    place: Area,
    grid: Area,
    numbers: Sequence[str],
    *,
    use: HouseUse,
    state: HouseState,
    floor: int | None,
    on: date,
) -> list[Dwelling]:
    return Dwelling.objects.bulk_create(
        Dwelling(place=place, grid=grid, number=number, use=use, state=state, floor=floor, valid_from=on)
        for number in numbers
    )


def _open(dwelling: Dwelling) -> Dwelling:
    # the place first, as whoever writes a household down does
    Area.objects.select_for_update(no_key=True).get(pk=dwelling.place_id)
    locked = Dwelling.objects.select_for_update(of=("self",), no_key=True).get(pk=dwelling.pk)
    if locked.valid_to is not None:
        raise NotNow(_("This house is closed already."))
    return locked


def _household_there(dwelling: Dwelling) -> bool:
    return Household.objects.filter(place=dwelling.place_id, door=dwelling.number, valid_to=None).exists()


def _check_floor(floor: int | None) -> None:
    if floor is not None and not LOWEST_FLOOR <= floor <= MOST_FLOORS:
        raise BadInput(_("There is no such floor."), field="floor")
