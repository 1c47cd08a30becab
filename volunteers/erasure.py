"""Ending what is kept of volunteers, and what coming of age ends."""

from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from deadlines.timetable import shanghai_date
from people.expiry import Rule
from volunteers import transitions
from volunteers.enums import State, VolunteerCode
from volunteers.models import Guardian, HomePartner, Mandate, Membership, Qualification, Volunteer


def come_of_age(key: Any, at: datetime) -> bool:
    """End what was kept because somebody was a minor: his guardian with name and number, and from when on he is not.

    Who has no number of his own keeps the guardian's until he gives one: else nobody could reach him.
    """
    row = transitions.lock(Volunteer(pk=key))
    if row.of_age_on is None or row.of_age_on > shanghai_date(at):
        return False
    transitions.end_guardian(row, at=at)
    row.of_age_on = None
    row.save(update_fields=["of_age_on"])
    transitions.record(row, VolunteerCode.OF_AGE, by=None, at=at)
    return True


def _of_age(at: datetime) -> QuerySet[Volunteer]:
    return Volunteer.objects.filter(of_age_on__lte=shanghai_date(at), person__phone_index__isnull=False)


def _refused(at: datetime) -> QuerySet[Volunteer]:
    return Volunteer.objects.filter(state=State.REFUSED, ends_on__lt=shanghai_date(Volunteer.personal.cutoff(at)))


def _forget_refused(key: Any, at: datetime) -> bool:
    locked = transitions.lock(Volunteer(pk=key))
    if locked.state != State.REFUSED:
        return False
    transitions.end(locked, State.LEFT, VolunteerCode.LEFT, by=None, at=at)
    return True


def _guardians(at: datetime) -> QuerySet[Guardian]:
    return Guardian.objects.filter(ends_on__lt=shanghai_date(Guardian.personal.cutoff(at)))


def _papers(at: datetime) -> QuerySet[Qualification]:
    return Qualification.objects.filter(valid_until__lt=shanghai_date(Qualification.personal.cutoff(at)))


def _memberships(at: datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(ends_on__lt=shanghai_date(Membership.personal.cutoff(at)))


def _mandates(at: datetime) -> QuerySet[Mandate]:
    return Mandate.objects.filter(ends_on__lt=shanghai_date(Mandate.personal.cutoff(at)))


def _partners(at: datetime) -> QuerySet[HomePartner]:
    return HomePartner.objects.filter(ends_on__lt=shanghai_date(HomePartner.personal.cutoff(at)))


RULES: Final = (
    Rule(
        "volunteers.mandates",
        ("volunteers.Mandate",),
        _mandates,
        lambda key, _at: Mandate.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "volunteers.memberships",
        ("volunteers.Membership",),
        _memberships,
        lambda key, _at: Membership.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "volunteers.partners",
        ("volunteers.HomePartner",),
        _partners,
        lambda key, _at: HomePartner.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule("volunteers.of_age", ("volunteers.Guardian", "people.Person"), _of_age, come_of_age),
    Rule("volunteers.refused", ("volunteers.Volunteer", "people.Person"), _refused, _forget_refused),
    Rule(
        "volunteers.guardians",
        ("volunteers.Guardian",),  # name and number were blanked when it ended
        _guardians,
        lambda key, _at: Guardian.objects.filter(pk=key).delete()[0] > 0,
    ),
    Rule(
        "volunteers.qualifications",
        ("volunteers.Qualification",),
        _papers,
        lambda key, _at: Qualification.objects.filter(pk=key).delete()[0] > 0,
    ),
)
