"""A resident's own data in the ledger of households and on care sheets (PIPL art. 44-50), by his proved telephone.

He is found by the blind index of his number in these contexts, which the proof itself brings; nobody of ours is asked
and nobody of ours sees that he looked. Each thing he does stands in the versions of the file and in the audit log.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork import care, residents, versions
from fieldwork.enums import FileChange
from fieldwork.errors import NotNow
from fieldwork.models import CareRecipient, Household, NotedHousehold, Resident, Visit
from people import audit
from people.enums import AuditKind, Context
from people.errors import BadInput
from people.models import Person, RevealLog
from people.services import blank_person, correct_person

HOUSEHOLD: Final = "household"
CARE: Final = "care"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the ledger where somebody has this number: the household, himself, and as what he stands there."""

    household: Household
    person: Person
    resident: Resident | None

    @property
    def key(self) -> str:
        """By what a form names it."""
        return str(self.person.pk)

    @property
    def address(self) -> str:
        """House, stairwell and door in words."""
        return self.household.address()


@dataclass(frozen=True, slots=True)
class Own:
    """Everything that is kept under a number: entries, the reasons their households agreed to, care sheets."""

    entries: tuple[Entry, ...]
    noted: tuple[NotedHousehold, ...]
    care: tuple[CareRecipient, ...]

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.entries or self.care)


def index_of(phone: str) -> bytes:
    """Return the blind index under which a number stands in the ledger of households."""
    return Person.index_of_phone(phone, context=Context.HOUSEHOLD)


def care_index_of(phone: str) -> bytes:
    """Return the blind index under which a number stands on care sheets."""
    return Person.index_of_phone(phone, context=Context.CARE)


def is_known(index: bytes) -> bool:
    """Tell whether the ledger of households holds a number; two queries at most."""
    asked = Household.objects.filter(valid_to=None, contact__phone_index=index)
    living = Resident.objects.filter(ends_on=None, household__valid_to=None, person__phone_index=index)
    return asked.exists() or living.exists()


def is_in_care(index: bytes) -> bool:
    """Tell whether a care sheet holds a number; one query."""
    return CareRecipient.objects.filter(ends_on=None, person__phone_index=index).exists()


def of(index: bytes | None, care_index: bytes | None) -> Own:
    """Return what is kept under the indexes of a proved number; four queries."""
    entries: list[Entry] = []
    if index is not None:
        asked = Household.objects.filter(valid_to=None, contact__phone_index=index)
        for home in asked.select_related("place__parent", "grid", "contact"):
            assert home.contact is not None  # noqa: S101 - found by it
            entries.append(Entry(home, home.contact, None))
        living = Resident.objects.filter(ends_on=None, household__valid_to=None, person__phone_index=index)
        entries += [
            Entry(row.household, row.person, row)
            for row in living.select_related("household__place__parent", "household__grid", "person")
        ]
    homes = {entry.household.pk for entry in entries}
    noted = NotedHousehold.objects.filter(household__in=homes, ends_on=None, duty__needs_consent=True)
    sheets = CareRecipient.objects.filter(ends_on=None, person__phone_index=care_index)
    return Own(
        tuple(entries),
        tuple(noted.select_related("duty").order_by("pk")) if homes else (),
        tuple(sheets.select_related("person", "duty", "household__place__parent")) if care_index is not None else (),
    )


@transaction.atomic
def copy(own: Own, *, at: datetime) -> bytes:
    """Return all of it as JSON: what is written down, why he was visited and when, who looked; the file says so."""
    data = {
        "households": [_entry_data(entry, own) for entry in own.entries],
        "care": [
            {
                "address": row.household.address(),
                "name": row.person.name,
                "phone": row.person.phone,
                "why": str(row.reason().label),
                "ground": [str(care.GROUNDS[row.reason()]), row.duty.ground],
                "how_often": row.duty.name,
                "agreed": row.plan,
                "agreed_on": row.agreed_on.isoformat(),
                "looked_at": _looks(row.person),
            }
            for row in own.care
        ],
    }
    homes = {entry.household.pk: entry.household for entry in own.entries}
    versions.record(FileChange.COPIED, *homes.values(), by=None, at=at)
    for key in homes:
        _audit(key, "copy", at=at)
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


@sensitive_variables("name", "phone")
@transaction.atomic
def correct(entry: Entry, *, name: str, phone: str, at: datetime) -> None:
    """Write his name and number down as he says; an empty one is taken away.

    :raises BadInput: if both are empty (that is erasing), or one cannot be what it is said to be
    :raises NotNow: if it is gone meanwhile
    """
    if not (name.strip() or phone.strip()):
        raise BadInput(_("To have both taken away, choose “Erase” below."), field="name")
    locked = _still(entry)
    correct_person(locked, name=name, phone=phone, email="")
    versions.record(FileChange.CORRECTED, entry.household, by=None, at=at)
    _audit(entry.household.pk, "correct", at=at)


@transaction.atomic
def erase(entry: Entry, *, at: datetime) -> None:
    """Take him out of the ledger: name and number are gone at once; the household stays, without him.

    :raises NotNow: if it is gone meanwhile
    """
    _still(entry)
    if entry.resident is not None:
        residents.end_all(entry.household, at=at, only=entry.resident)
    else:
        Household.objects.filter(pk=entry.household.pk).update(contact=None)
        blank_person(entry.person)
        entry.household.contact = None
        residents.recount(Household.objects.get(pk=entry.household.pk))
    versions.record(FileChange.ERASED, entry.household, by=None, at=at)
    _audit(entry.household.pk, "erase", at=at)


@transaction.atomic
def object_to(noted: NotedHousehold, *, at: datetime) -> None:
    """End a reason for visits that his household had agreed to: he takes the consent back.

    :raises NotNow: if it has ended
    """
    home = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=noted.household_id)
    if not NotedHousehold.objects.filter(pk=noted.pk, ends_on=None).update(ends_on=shanghai_date(at)):
        raise NotNow(_("This is not noted any more."))
    versions.record(FileChange.NOTE_ENDED, home, by=None, at=at)
    _audit(home.pk, "object", at=at)


@transaction.atomic
def leave_care(recipient: CareRecipient, *, at: datetime) -> None:
    """Take the consent to care back: the sheet is gone at once.

    :raises NotNow: if it has ended
    """
    if not care.withdraw(recipient, at=at):
        raise NotNow(_("Care has ended here; nothing is kept."))
    audit.record(
        AuditKind.RIGHTS, by=None, at=at, about=f"fieldwork.carerecipient:{recipient.pk}", details={"asked": "withdraw"}
    )


def _still(entry: Entry) -> Person:
    """Lock the household and return the person, if he still stands there."""
    home = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.household.pk)
    person = Person.objects.get(pk=entry.person.pk)
    there = (
        home.contact_id == person.pk
        if entry.resident is None
        else Resident.objects.filter(pk=entry.resident.pk, ends_on=None).exists()
    )
    if home.valid_to is not None or not there or person.phone_index is None:
        raise NotNow(_("This is not written down any more."))
    return person


def _entry_data(entry: Entry, own: Own) -> dict[str, Any]:
    home = entry.household
    visits = Visit.objects.standing().filter(household=home).order_by("on", "written_at")
    return {
        "address": home.address(),
        "as": str(_("who lives there") if entry.resident else _("who may be asked")),
        "name": entry.person.name,
        "phone": entry.person.phone,
        "since": (entry.resident.starts_on if entry.resident else home.valid_from).isoformat(),
        "reasons_for_visits": [
            {"reason": one.duty.name, "ground": one.duty.ground, "since": one.starts_on.isoformat()}
            for one in own.noted
            if one.household_id == home.pk
        ],
        "visits": [
            {"on": one.on.isoformat(), "how": one.get_mode_display(), "outcome": one.get_outcome_display()}
            for one in visits
        ],
        "looked_at": _looks(entry.person),
    }


def _looks(person: Person) -> list[dict[str, str]]:
    rows = RevealLog.objects.filter(person=person).order_by("at")
    return [{"at": row.at.isoformat(), "field": row.get_field_display()} for row in rows]


def _audit(household_id: object, asked: str, *, at: datetime) -> None:
    """Write the request into the audit log; a resident is nobody's account, so the actor is empty."""
    about = f"fieldwork.household:{household_id}"
    audit.record(AuditKind.RIGHTS, by=None, at=at, about=about, details={"asked": asked})
