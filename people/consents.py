"""Consent: given for one purpose, and taken back as easily."""

from datetime import datetime

from people import notice
from people.enums import ConsentPurpose
from people.models import Consent, Person


def given(person: Person, purpose: ConsentPurpose, *, at: datetime) -> Consent:
    """Return the unsaved consent of a person who is written down with it, and so has given none before."""
    return Consent(person=person, purpose=ConsentPurpose(purpose), version=notice.VERSION, given_at=at)


def give(person: Person, purpose: ConsentPurpose, *, at: datetime) -> Consent:
    """Write down that a person agrees to a purpose, under the privacy notice in force. Twice is once."""
    consent, _created = Consent.objects.get_or_create(
        person=person,
        purpose=ConsentPurpose(purpose),
        withdrawn_at=None,
        defaults={"version": notice.VERSION, "given_at": at},
    )
    return consent


def withdraw(person: Person, purpose: ConsentPurpose, *, at: datetime) -> bool:
    """Write down that a person takes his consent back; return whether there was one. What follows is the caller's."""
    return bool(Consent.objects.in_force().filter(person=person, purpose=purpose).update(withdrawn_at=at))


def withdraw_all(person: Person, *, at: datetime) -> int:
    """End every consent of a person whose data goes; return how many."""
    return Consent.objects.in_force().filter(person=person).update(withdrawn_at=at)


def holds(person: Person | None, purpose: ConsentPurpose) -> bool:
    """Tell whether a person agrees to a purpose now."""
    return person is not None and Consent.objects.in_force().filter(person=person, purpose=purpose).exists()
