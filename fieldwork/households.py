"""Writing down who lives where, for what they are visited, and who keeps contact with them."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork import care, dwellings, residents, versions
from fieldwork.enums import FileChange, Whom
from fieldwork.errors import NotNow
from fieldwork.models import Dwelling, Household, HouseholdLink, Liaison, NotedHousehold, VisitDuty
from fieldwork.permissions import check_may_arrange, check_may_keep, check_may_visit
from grids.enums import Level
from grids.models import Appointment, Area
from grids.staff import Staff
from people.contacts import half_width
from people.enums import Context
from people.errors import BadInput
from people.models import Person, User
from people.prepared import Prepared
from people.services import Revealed, blank_person, create_person, reveal

MOST_DOORS: Final = 200
LONGEST_DOOR: Final = 20
_BETWEEN = re.compile(r"[\s,，、;；]+")
_SPAN = re.compile(r"(\d{1,5})[-~–至到](\d{1,5})")


def doors_in(words: str) -> list[str]:
    """Return the doors somebody typed: "101 102、201-204" is six of them, each once.

    :raises BadInput: if there is none, one is too long, or there are too many
    """
    found: dict[str, None] = {}
    for part in _BETWEEN.split(half_width(words).strip()):
        span = _SPAN.fullmatch(part)
        if span and 0 <= int(span[2]) - int(span[1]) < MOST_DOORS:
            found |= dict.fromkeys(str(door).zfill(len(span[1])) for door in range(int(span[1]), int(span[2]) + 1))
        elif part:
            found[part] = None
    if not found:
        raise BadInput(_("Write down at least one door."), field="doors")
    if len(found) > MOST_DOORS:
        raise BadInput(_("At most %(most)d doors at a time.") % {"most": MOST_DOORS}, field="doors")
    if any(len(door) > LONGEST_DOOR for door in found):
        raise BadInput(_("A door has at most %(most)d characters.") % {"most": LONGEST_DOOR}, field="doors")
    return list(found)


@sensitive_variables("name", "phone")
@transaction.atomic
def add(
    *, place: Area, doors: Sequence[str], by: Staff, at: datetime, name: str = "", phone: str = ""
) -> list[Household]:
    """Write down the households behind these doors of a place; return the new ones. A door known already stays.

    ``name`` and ``phone`` say who may be asked, for a single door only.

    :raises NotYours: if no post of ``by`` keeps the households there
    :raises Nowhere: if nobody lives at a place of that level
    :raises BadInput: if name or number cannot be one, or stand beside several doors
    """
    check_may_keep(by, place)
    if (name or phone) and len(doors) != 1:
        raise BadInput(_("Say who may be asked for one door at a time."), field="name")
    place = dwellings.locked_place(place)
    grid = dwellings.grid_of(place)
    known = set(Household.objects.filter(place=place, door__in=doors, valid_to=None).values_list("door", flat=True))
    if known and (name or phone):
        raise NotNow(_("This door is written down already."), field="doors")
    person = create_person(context=Context.HOUSEHOLD, name=name, phone=phone, at=at) if name or phone else None
    since, people = shanghai_date(at), 1 if person else 0
    dwellings.ensure(place, grid, doors, on=since)
    made = Household.objects.bulk_create(
        Household(place=place, grid=grid, door=door, contact=person, people=people, valid_from=since)
        for door in doors
        if door not in known
    )
    versions.record(FileChange.OPENED, *made, by=by.user, at=at)
    return made


@sensitive_variables("name", "phone")
@transaction.atomic
def say_contact(household: Household, *, name: str, phone: str, by: Staff, at: datetime) -> Household:
    """Say who may be asked there from now on; who was asked before is forgotten. Two empty words: nobody.

    :raises NotYours: if ``by`` neither keeps the household nor is linked to it
    :raises BadInput: if name or number cannot be one
    """
    check_may_visit(by, household)
    locked = _locked(household)
    before = locked.contact
    locked.contact = create_person(context=Context.HOUSEHOLD, name=name, phone=phone, at=at) if name or phone else None
    locked.save(update_fields=["contact"])
    if before is not None:
        blank_person(before)
    residents.recount(locked)
    versions.record(FileChange.CONTACT, locked, by=by.user, at=at)
    return locked


def look(household: Household, *, field: str, reason: str, by: Staff, at: datetime) -> Revealed:
    """Return one sealed field of who may be asked, after writing down who looked and why.

    :raises NotYours: if ``by`` neither keeps the household nor is linked to it
    :raises BadInput: if nobody is written down, or the reason says nothing
    :raises TooManyReveals: if ``by`` has looked at as much today as one person may
    """
    check_may_visit(by, household)
    person = household.contact
    if person is None:
        raise BadInput(_("Nobody is written down here."))
    about = f"household:{household.pk}"
    return reveal(person=person, field=field, reason=reason, by=by.user, about=about, at=at)


@transaction.atomic
def close(household: Household, *, by: Staff, at: datetime) -> Household:
    """Note that they moved: today is their last day here; what they were noted for and linked to ends too.

    :raises NotYours: if no post of ``by`` keeps the households there
    :raises NotNow: if it is closed
    """
    check_may_keep(by, household.grid)
    locked = _locked(household)
    if locked.valid_to is not None:
        raise NotNow(_("This household is closed already."))
    on = shanghai_date(at)
    locked.valid_to = on
    locked.save(update_fields=["valid_to"])
    for rows in (locked.noted, locked.links):
        rows.filter(ends_on=None).update(ends_on=on)
    residents.end_all(locked, at=at)
    care.end_all(locked, at=at)
    versions.record(FileChange.CLOSED, locked, by=by.user, at=at)
    return locked


@transaction.atomic
def note(household: Household, *, duty: VisitDuty, agreed: bool, by: Staff, at: datetime) -> NotedHousehold:
    """Note that a household is visited for a reason from today on (必访).

    :raises NotYours: if no post of ``by`` arranges it
    :raises BadInput: if this kind is not noted for households, or they have to agree and did not
    :raises NotNow: if it is noted already, or the household is closed
    """
    check_may_arrange(by, household)
    locked = _open(household)
    if duty.whom != Whom.NOTED:
        raise BadInput(_("This kind of visit is not noted for single households."), field="duty")
    if duty.needs_consent and not agreed:
        raise BadInput(_("Ask them first: it is noted only if they agree."), field="agreed")
    if locked.noted.filter(duty=duty, ends_on=None).exists():
        raise NotNow(_("This is noted already."), field="duty")
    on = shanghai_date(at)
    versions.record(FileChange.NOTED, locked, by=by.user, at=at)
    return NotedHousehold.objects.create(
        household=locked, duty=duty, starts_on=on, agreed_on=on if agreed else None, noted_by=by.user
    )


@transaction.atomic
def end_note(household: Household, *, duty_id: int, by: Staff, at: datetime) -> None:
    """End a reason today: the cause is gone, or they take their consent back.

    :raises NotYours: if no post of ``by`` arranges it
    :raises NotNow: if it is not noted
    """
    check_may_arrange(by, household)
    locked = _locked(household)
    if not locked.noted.filter(duty=duty_id, ends_on=None).update(ends_on=shanghai_date(at)):
        raise NotNow(_("This is not noted any more."))
    versions.record(FileChange.NOTE_ENDED, locked, by=by.user, at=at)


@transaction.atomic
def link(household: Household, *, user: User, by: Staff, at: datetime) -> HouseholdLink:
    """Link a person of the community's own to a household, to keep contact with it from today on.

    :raises NotYours: if no post of ``by`` arranges it
    :raises BadInput: if the person holds no post in the household's community
    :raises NotNow: if they are linked, or the household is closed
    """
    check_may_arrange(by, household)
    locked = _open(household)
    on = shanghai_date(at)
    if not linkable(household, on=on).filter(pk=user.pk).exists():
        raise BadInput(_("Choose somebody who holds a post in this community."), field="user")
    if locked.links.filter(user=user, ends_on=None).exists():
        raise NotNow(_("They are linked already."), field="user")
    versions.record(FileChange.LINKED, locked, by=by.user, at=at)
    return HouseholdLink.objects.create(household=locked, user=user, starts_on=on)


@transaction.atomic
def unlink(household: Household, *, user_id: int, by: Staff, at: datetime) -> None:
    """End a link today.

    :raises NotYours: if no post of ``by`` arranges it
    :raises NotNow: if there is none
    """
    check_may_arrange(by, household)
    locked = _locked(household)
    if not locked.links.filter(user=user_id, ends_on=None).update(ends_on=shanghai_date(at)):
        raise NotNow(_("They are not linked any more."))
    versions.record(FileChange.UNLINKED, locked, by=by.user, at=at)


def linkable(household: Household, *, on: date) -> QuerySet[User]:
    """Return who can be linked: active people with a post in the household's community, or under it, on a day."""
    line = household.grid.line_ids()
    community = Area.objects.filter(pk__in=line, level=Level.COMMUNITY).values("path")[:1]
    path = next((row["path"] for row in community), household.grid.path)
    seats = Appointment.objects.at(on).filter(post__area__path__startswith=path)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("display_name", "pk")


@sensitive_variables("phone")
def with_phone(phone: str) -> list[Household]:
    """Return the households of today where somebody has exactly this number, however it was typed; with their places.

    Two queries, and one more where there are any: joining three areas to each of the two cost more to plan than all
    of it costs now.

    For a resident who has proved the number, and for staff only through ``visible_to`` of what comes back.
    """
    index = Person.index_of_phone(phone, context=Context.HOUSEHOLD)
    # two walks along their indexes: one condition with OR would read every household
    found = {one.pk: one for walk in (_ASKED_BY_PHONE, _LIVING_BY_PHONE) for one in walk(index)}
    _locate(found.values())
    return list(found.values())


def _locate(homes: Collection[Household]) -> None:
    """Load place, what the place lies in, and grid of some households."""
    if not homes:
        return
    areas = {area.pk: area for area in _AREAS(sorted({pk for one in homes for pk in (one.place_id, one.grid_id)}))}
    for one in homes:
        one.place, one.grid = areas[one.place_id], areas[one.grid_id]


def _today() -> QuerySet[Household]:
    return Household.objects.filter(valid_to=None)


# one array, so that the SQL is the same however many there are
_AREAS: Prepared[Area] = Prepared(
    lambda ids: Area.objects.select_related("parent").filter(
        RawSQL("grids_area.id = ANY(%s)", [ids], output_field=BooleanField())
    ),
    [-1],
)
_ASKED_BY_PHONE: Prepared[Household] = Prepared(lambda index: _today().filter(contact__phone_index=index), b"index")
_LIVING_BY_PHONE: Prepared[Household] = Prepared(
    lambda index: _today().filter(residents__person__phone_index=index, residents__ends_on=None), b"index"
)


@transaction.atomic
def follow_grids() -> int:
    """Let what is kept of a house follow it to another grid where it was moved; return how many households moved."""
    grids = set(Area.objects.filter(level=Level.GRID).values_list("pk", flat=True))
    moved = 0
    for there in (
        Household.objects.filter(valid_to=None),
        Dwelling.objects.filter(valid_to=None),
        Liaison.objects.filter(ends_on=None),
    ):
        for place_id, path, grid_id in there.order_by().values_list("place", "place__path", "grid").distinct():
            now = next((pk for pk in map(int, path.split("/")[:-1]) if pk in grids), grid_id)
            if now != grid_id:
                rows = there.filter(place=place_id).update(grid=now)
                moved += rows if there.model is Household else 0
    return moved


def _locked(household: Household) -> Household:
    rows = Household.objects.select_for_update(of=("self",), no_key=True).select_related("contact", "grid")
    return rows.get(pk=household.pk)


def _open(household: Household) -> Household:
    locked = _locked(household)
    if locked.valid_to is not None:
        raise NotNow(_("This household is closed already."))
    return locked


def forget(household: Household) -> bool:
    """Take door and contact of a closed household away; return whether there was anything. The row stays."""
    person: Person | None = household.contact
    gone = blank_person(person) if person is not None else False
    return bool(Household.objects.filter(pk=household.pk).exclude(door="").update(door="", people=0)) or gone
