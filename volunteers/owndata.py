"""A volunteer's own registration, and a guardian's children, by the proved telephone (PIPL art. 44-50).

He is found by the blind index of his number, which the proof itself brings; nobody of ours is asked or sees it.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from people import audit, consents
from people.enums import AuditKind, ConsentPurpose, Context
from people.errors import BadInput
from people.models import Person, RevealLog
from people.services import correct_person
from volunteers import registering, transitions
from volunteers.enums import OVER, QualificationKind, State, VolunteerCode
from volunteers.errors import NotNow
from volunteers.models import Guardian, Qualification, Volunteer
from volunteers.registering import Offer

VOLUNTEER: Final = "volunteer"
GUARDIAN: Final = "guardian"
MOST_PAPERS: Final = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One registration under a proved number: one's own, or that of a child (``guardian``: oneself)."""

    volunteer: Volunteer
    guardian: Guardian | None
    papers: tuple[Qualification, ...]

    @property
    def key(self) -> str:
        """By what a form names it."""
        return str(self.volunteer.pk)


def index_of(phone: str) -> bytes:
    """Return the blind index under which a volunteer's number stands."""
    return Person.index_of_phone(phone, context=Context.VOLUNTEER)


def guardian_index_of(phone: str) -> bytes:
    """Return the blind index under which a guardian's number stands."""
    return Person.index_of_phone(phone, context=Context.GUARDIAN)


def is_known(index: bytes) -> bool:
    """Tell whether somebody with this number is registered; one query."""
    return Volunteer.objects.exclude(state__in=OVER).filter(person__phone_index=index).exists()


def is_guardian(index: bytes) -> bool:
    """Tell whether somebody with this number agrees for a child; one query."""
    return Guardian.objects.filter(ends_on=None, person__phone_index=index).exists()


def of(index: bytes | None, guardian_index: bytes | None) -> tuple[Entry, ...]:
    """Return what stands under the indexes of a proved number; four queries at most."""
    standing = Volunteer.objects.exclude(state__in=OVER).select_related("person", "home", "work")
    own = list(standing.filter(person__phone_index=index)) if index is not None else []
    wards: list[Guardian] = []
    if guardian_index is not None:
        found = Guardian.objects.filter(ends_on=None, person__phone_index=guardian_index)
        wards = list(found.select_related("person", "volunteer__person", "volunteer__home", "volunteer__work"))
    rows: dict[Any, tuple[Volunteer, Guardian | None]] = {row.pk: (row, None) for row in own}
    rows |= {one.volunteer_id: (one.volunteer, one) for one in wards}
    papers = list(Qualification.objects.filter(volunteer__in=rows).order_by("kind")) if rows else []
    return tuple(
        Entry(row, guardian, tuple(one for one in papers if one.volunteer_id == pk))
        for pk, (row, guardian) in rows.items()
    )


@sensitive_variables("name", "phone")
@transaction.atomic
def change(entry: Entry, *, name: str, phone: str, offer: Offer, at: datetime) -> Volunteer:
    """Write down what he says of himself now. Another number is another seat.

    :raises BadInput: without a name, without a number (but for a child), or with what nobody can offer
    :raises HereAlready: if somebody else is registered with the number
    :raises NotNow: if it is over meanwhile
    """
    locked = _still(entry)
    if not name.strip():
        raise BadInput(_("Write down a name."), field="name")
    if not phone.strip() and entry.guardian is None:
        raise BadInput(_("Without a number nobody reaches you. To leave, choose “Leave” below."), field="phone")
    registering.check_offer(offer, on=shanghai_date(at))
    seat = _seat(entry, name=name, phone=phone)
    registering.claim_seat(seat, besides=locked)
    correct_person(locked.person, name=name, phone=phone, email="")
    locked.home, locked.work = offer.home, offer.work
    locked.skills, locked.free, locked.seat = sorted(offer.skills), sorted(offer.free), seat
    locked.save(update_fields=["home", "work", "skills", "free", "seat"])
    transitions.record(locked, VolunteerCode.CHANGED, by=None, at=at)
    _audit(locked, "correct", at=at)
    return locked


@transaction.atomic
def add_paper(entry: Entry, *, kind: QualificationKind, until: date | None, at: datetime) -> Qualification:
    """Write down a paper, or until when it is good now.

    :raises BadInput: if it has run out
    :raises NotNow: if there are too many, or it is over meanwhile
    """
    locked = _still(entry)
    if until is not None and until < shanghai_date(at):
        raise BadInput(_("This paper has run out."), field="until")
    if locked.qualifications.exclude(kind=kind).count() >= MOST_PAPERS:
        raise NotNow(_("At most %(most)d papers are kept.") % {"most": MOST_PAPERS}, field="kind")
    row, _created = Qualification.objects.update_or_create(volunteer=locked, kind=kind, defaults={"valid_until": until})
    transitions.record(locked, VolunteerCode.CHANGED, by=None, at=at)
    return row


@transaction.atomic
def drop_paper(entry: Entry, *, kind: str, at: datetime) -> None:
    """Take a paper out.

    :raises NotNow: if it is gone already
    """
    locked = _still(entry)
    if not Qualification.objects.filter(volunteer=locked, kind=kind).delete()[0]:
        raise NotNow(_("This is not written down any more."))
    transitions.record(locked, VolunteerCode.CHANGED, by=None, at=at)


@transaction.atomic
def leave(entry: Entry, *, at: datetime) -> None:
    """Leave, which is also taking one's own consent back: everything but days and states is gone at once.

    :raises NotNow: if it is over already
    """
    locked = transitions.leave(entry.volunteer, by=None, at=at)
    _audit(locked, "erase", at=at)


@transaction.atomic
def withdraw(entry: Entry, *, at: datetime) -> None:
    """A guardian takes the consent back: the child's registration is suspended at once, and can be resumed.

    :raises NotNow: if there is none to take back
    """
    guardian = entry.guardian
    locked = transitions.lock(entry.volunteer)
    if guardian is None or not consents.withdraw(guardian.person, ConsentPurpose.GUARDIAN, at=at):
        raise NotNow(_("This consent is not in force any more."))
    if locked.state == State.REFUSED:  # nothing to suspend: without consent it is not kept for another try either
        transitions.leave(locked, by=None, at=at)
    else:
        transitions.suspend(locked, at=at)
    _audit(entry.volunteer, "withdraw", at=at)


@transaction.atomic
def agree(entry: Entry, *, at: datetime) -> None:
    """A guardian agrees again, under the notice of today.

    :raises NotNow: if nothing waits for it
    """
    if entry.guardian is None:
        raise NotNow(_("This consent is not in force any more."))
    transitions.resume(entry.volunteer, at=at)
    consents.give(entry.guardian.person, ConsentPurpose.GUARDIAN, at=at)


@transaction.atomic
def copy(entries: tuple[Entry, ...], *, at: datetime) -> bytes:
    """Return all of it as JSON: what is written down, what was agreed to, what happened, who looked."""
    data = [_data(entry) for entry in entries]
    for entry in entries:
        transitions.record(entry.volunteer, VolunteerCode.COPIED, by=None, at=at)
        _audit(entry.volunteer, "copy", at=at)
    return json.dumps({"volunteers": data}, ensure_ascii=False, indent=2).encode()


def _data(entry: Entry) -> dict[str, Any]:
    row, guardian = entry.volunteer, entry.guardian
    people = [row.person, *([guardian.person] if guardian is not None else [])]
    return {
        "name": row.person.name,
        "phone": row.person.phone,
        "home": row.home.label,
        "work": row.work.label if row.work is not None else "",
        "state": row.get_state_display(),
        "why_not": row.refusal,
        "skills": row.skill_labels,
        "free": sorted(row.free),
        "of_age_from": row.of_age_on.isoformat() if row.of_age_on is not None else None,
        "qualifications": [
            {"kind": one.get_kind_display(), "good_until": one.valid_until.isoformat() if one.valid_until else None}
            for one in entry.papers
        ],
        "guardian": {"name": guardian.person.name, "phone": guardian.person.phone} if guardian is not None else None,
        "consents": [
            {
                "purpose": str(ConsentPurpose(one.purpose).label),
                "version": one.version,
                "given_at": one.given_at.isoformat(),
                "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at is not None else None,
            }
            for person in people
            for one in person.consents.order_by("given_at")
        ],
        "history": [
            {"at": one.at.isoformat(), "what": one.get_code_display()} for one in row.events.order_by("at", "pk")
        ],
        "looked_at": [
            {"at": one.at.isoformat(), "field": one.get_field_display()}
            for one in RevealLog.objects.filter(person__in=people).order_by("at")
        ],
    }


def _seat(entry: Entry, *, name: str, phone: str) -> bytes | None:
    guardian = entry.guardian
    if phone.strip() or guardian is None:
        return registering.seat_of(name=name, phone=phone)
    return registering.child_seat(name=name, guardian_phone=guardian.person.phone)


def _still(entry: Entry) -> Volunteer:
    locked = transitions.lock(entry.volunteer)
    if locked.state in OVER:
        raise NotNow(_("This registration is over."))
    return locked


def _audit(row: Volunteer, asked: str, *, at: datetime) -> None:
    """Write the request into the audit log; a resident is nobody's account, so the actor is empty."""
    audit.record(AuditKind.RIGHTS, by=None, at=at, about=f"volunteers.volunteer:{row.pk}", details={"asked": asked})
