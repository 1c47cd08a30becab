"""Who lives behind a door, beside who may be asked: added, looked at, moved out; how many that makes."""

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork import versions
from fieldwork.enums import FileChange
from fieldwork.errors import NotNow
from fieldwork.models import Household, Resident
from fieldwork.permissions import check_may_keep
from grids.staff import Staff
from people.enums import Context
from people.errors import BadInput
from people.models import Person
from people.services import Revealed, blank_person, create_person, reveal

MOST: Final = 20


def of(household: Household) -> QuerySet[Resident]:
    """Return who lives there now, with their persons, in the order in which they were written down."""
    return household.residents.filter(ends_on=None).select_related("person").order_by("starts_on", "person__created_at")


@sensitive_variables("name", "phone")
@transaction.atomic
def add(household: Household, *, name: str, phone: str = "", by: Staff, at: datetime) -> Resident:
    """Write down one more person of a household: a name and, if they want, a telephone.

    :raises NotYours: if no post of ``by`` keeps the households there
    :raises BadInput: if name or number cannot be one
    :raises NotNow: if the household is closed, or there are as many as one file holds
    """
    check_may_keep(by, household.grid)
    locked = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    if locked.valid_to is not None:
        raise NotNow(_("This household is closed already."))
    if not name.strip():
        raise BadInput(_("Write down a name."), field="name")
    if of(locked).count() >= MOST:
        raise NotNow(_("One file holds at most %(most)d persons.") % {"most": MOST}, field="name")
    person = create_person(context=Context.HOUSEHOLD, name=name, phone=phone, at=at)
    resident = Resident.objects.create(household=locked, person=person, starts_on=shanghai_date(at))
    recount(locked)
    versions.record(FileChange.PERSON_ADDED, locked, by=by.user, at=at)
    return resident


@transaction.atomic
def move_out(resident: Resident, *, by: Staff, at: datetime) -> None:
    """Note that somebody moved out: today is his last day, and his name and number are forgotten at once.

    :raises NotYours: if no post of ``by`` keeps the households there
    :raises NotNow: if that is written down already
    """
    check_may_keep(by, resident.household.grid)
    locked = Resident.objects.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=resident.pk)
    if locked.ends_on is not None:
        raise NotNow(_("This is written down already."))
    end_all(resident.household, at=at, only=resident)
    versions.record(FileChange.PERSON_GONE, resident.household, by=by.user, at=at)


def look(resident: Resident, *, field: str, reason: str, by: Staff, at: datetime) -> Revealed:
    """Return one sealed field of a person of the household, after writing down who looked and why.

    :raises NotYours: if no post of ``by`` keeps the households there
    :raises BadInput: if the reason says nothing
    :raises TooManyReveals: if ``by`` has looked at as much today as one person may
    """
    check_may_keep(by, resident.household.grid)
    about = f"household:{resident.household_id}"
    return reveal(person=resident.person, field=field, reason=reason, by=by.user, about=about, at=at)


def end_all(household: Household, *, at: datetime, only: Resident | None = None) -> int:
    """End who lives there (or one of them) today and forget names and numbers; return how many. Records nothing."""
    rows = household.residents.filter(ends_on=None).select_related("person")
    ending = [row for row in rows if only is None or row.pk == only.pk]
    household.residents.filter(pk__in=[row.pk for row in ending]).update(ends_on=shanghai_date(at))
    for row in ending:
        blank_person(row.person)
    recount(household)
    return len(ending)


def recount(household: Household) -> int:
    """Count the persons written down and keep the count with the household; return it."""
    asked = 1 if household.contact_id and _known(household.contact_id) else 0
    count = asked + household.residents.filter(ends_on=None).count()
    Household.objects.filter(pk=household.pk).update(people=count)
    household.people = count
    return count


def _known(person_id: uuid.UUID) -> bool:
    return not Person.objects.filter(pk=person_id, name_sealed=None, phone_sealed=None, email_sealed=None).exists()
