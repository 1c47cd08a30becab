"""Households of a whole file at once: who is new behind a door, who changed, each sealed as one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol

from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork import residents, versions
from fieldwork.enums import FileChange
from fieldwork.models import Household, Resident
from grids.models import Area
from grids.staff import Staff
from people.contacts import normalise_name
from people.enums import Context
from people.masking import mask_name
from people.models import Person
from people.services import blank_person, create_person

SHOWN: Final = 10


@dataclass(slots=True)
class Home:
    """What one row says of the people behind a door; its place is known once the row is read."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    others: list[str] = field(repr=False)
    since: date | None
    place: Area | None = None
    grid_id: int | None = None
    door: str = ""

    @property
    def is_somebody(self) -> bool:
        """Whether the row names anybody."""
        return bool(self.name or self.phone or self.others)


class Tally(Protocol):
    """What is counted on the way."""

    households_new: int
    households_changed: int
    persons_new: int
    doors: list[tuple[str, str]]


@sensitive_variables("homes")
def take_in(homes: Sequence[Home], tally: Tally, *, by: Staff, at: datetime) -> None:
    """Write down who lives behind these doors; the same file again changes nothing.

    Another name or number takes the place of who could be asked before, whose data is forgotten. Who else lives there
    is added, never taken away: that somebody moved out is for who stands at the door.
    """
    there = Household.objects.filter(place__in={home.place for home in homes if home.place}, valid_to=None)
    known = {(one.place_id, one.door): one for one in there.select_related("contact", "place__parent")}
    for home in homes:
        if not home.is_somebody or home.place is None or home.grid_id is None:
            continue
        household = known.get((home.place.pk, home.door))
        if len(tally.doors) < SHOWN:
            one = household or Household(place=home.place, door=home.door)
            tally.doors.append((one.address(), mask_name(home.name)))
        if household is None:
            household = Household.objects.create(
                place=home.place, grid_id=home.grid_id, door=home.door, valid_from=home.since or shanghai_date(at)
            )
            versions.record(FileChange.IMPORTED, household, by=by.user, at=at)
            tally.households_new += 1
            _complete(household, home, tally, at=at)
        elif _complete(household, home, tally, at=at):
            versions.record(FileChange.IMPORTED, household, by=by.user, at=at)
            tally.households_changed += 1


def _complete(household: Household, home: Home, tally: Tally, *, at: datetime) -> bool:
    """Give a household what the row says and it lacks; return whether that was anything."""
    changed = _contact(household, home, tally, at=at)
    people = [row.person for row in residents.of(household)] if household.people else []
    names = {normalise_name(person.name) for person in people}
    for name in home.others:
        if normalise_name(name) in names:
            continue
        person = create_person(context=Context.HOUSEHOLD, name=name, at=at)
        Resident.objects.create(household=household, person=person, starts_on=home.since or shanghai_date(at))
        names.add(normalise_name(name))
        tally.persons_new += 1
        changed = True
    if changed:
        residents.recount(household)
    return changed


def _contact(household: Household, home: Home, tally: Tally, *, at: datetime) -> bool:
    before: Person | None = household.contact
    if not home.name and not home.phone:
        return False
    if before is not None and (before.name, before.phone) == (home.name, home.phone):
        return False
    household.contact = create_person(context=Context.HOUSEHOLD, name=home.name, phone=home.phone, at=at)
    household.save(update_fields=["contact"])
    if before is None:
        tally.persons_new += 1
    else:
        blank_person(before)
    return True
