"""Ending what is kept of members who have left."""

from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from deadlines.timetable import shanghai_date
from parties.models import PartyMember
from people import consents
from people.expiry import Rule
from people.models import Person
from people.services import blank_person


def _left(at: datetime) -> QuerySet[PartyMember]:
    return PartyMember.objects.filter(left_on__lt=shanghai_date(PartyMember.personal.cutoff(at)))


def forget(key: Any, at: datetime) -> bool:
    """Delete a membership that ended long ago; with somebody's last one his name and number go."""
    row = PartyMember.objects.filter(pk=key, left_on__isnull=False).first()
    if row is None:
        return False
    # who moves him at this moment waits, or is waited for
    person = Person.objects.select_for_update().get(pk=row.person_id)
    row.delete()
    if not PartyMember.objects.filter(person=person).exists():
        consents.withdraw_all(person, at=at)
        blank_person(person)
    return True


RULES: Final = (Rule("parties.members", ("parties.PartyMember", "people.Person"), _left, forget),)
