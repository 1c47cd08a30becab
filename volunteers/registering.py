"""Entering the register: oneself, a child by who may agree for it, or somebody by the community on his behalf.

One human is one row: a keyed digest of his number (of guardian's number and name, for a child without one) is UNIQUE,
and two who come at once wait for each other on it. Who was refused and comes again gets the same row.
"""

import uuid
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people import consents, contacts, crypto
from people.enums import ConsentPurpose, Context
from people.errors import BadInput
from people.models import Person
from people.services import correct_person, create_person
from volunteers import notices, transitions
from volunteers.enums import DayPart, QualificationKind, Skill, State, VolunteerCode
from volunteers.errors import HereAlready, NotNow
from volunteers.models import Guardian, Qualification, Volunteer
from volunteers.permissions import check_may_register

YOUNGEST: Final = 3  # the rule text of 2024 records volunteers from three years on
ADULT: Final = 18
MOST_WARDS: Final = 6  # of one telephone
FREE: Final = frozenset(10 * weekday + part for weekday in range(7) for part in DayPart)
Papers = Sequence[tuple[QualificationKind, date | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """Who agrees for a minor, and the first day of the month in which the minor was born."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    born_on: date = field(repr=False)
    is_proved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What somebody offers: where he lives and works, what he can do, when, with which papers."""

    home: Area
    work: Area | None = None
    skills: tuple[Skill, ...] = ()
    free: tuple[int, ...] = ()
    papers: Papers = ()


@sensitive_variables()
@transaction.atomic
def register(
    *,
    name: str,
    phone: str,
    offer: Offer,
    agreed: bool,
    client_key: uuid.UUID,
    language: str,
    at: datetime,
    ward: Ward | None = None,
    by: Staff | None = None,
) -> Volunteer:
    """Enter somebody, to wait for the community's decision; the same form again enters nobody.

    ``phone``: proved by the caller, unless ``by`` writes somebody down who asked for it (then it may be left out).
    ``ward``: for a minor, who then may have no number of his own.

    :raises NotYours: if no post of ``by`` works in the community
    :raises BadInput: without consent or name, elsewhere than in a community, or with an age or number that is none
    :raises HereAlready: if somebody with this number is registered
    """
    if by is not None:
        check_may_register(by, offer.home)
    on = shanghai_date(at)
    _check(name, offer, agreed=agreed, on=on)
    of_age_on = of_age(ward.born_on, on=on) if ward is not None else None
    seat = seat_of(name=name, phone=phone, ward=ward)
    _wait_for(str(client_key), seat.hex() if seat else "")
    known = Volunteer.objects.filter(client_key=client_key).first()
    if known is not None:
        return known
    facts = {
        "home": offer.home, "work": offer.work, "skills": sorted(offer.skills), "free": sorted(offer.free),
        "of_age_on": of_age_on,
    }  # fmt: skip
    here = Volunteer.objects.filter(seat=seat).first() if seat else None
    if here is not None:
        return _again(here, facts, name=name, phone=phone, offer=offer, ward=ward, by=by, at=at)
    person = create_person(context=Context.VOLUNTEER, name=name, phone=phone, language=language, at=at)
    row = Volunteer.objects.create(
        client_key=client_key,
        person=person,
        seat=seat,
        added_by=by.user if by is not None else None,
        applied_at=at,
        **facts,
    )
    consents.give(person, ConsentPurpose.VOLUNTEER, at=at)
    _add_papers(row, offer.papers)
    if ward is not None:
        add_guardian(row, ward, language=language, at=at)
    code = VolunteerCode.REGISTERED if by is None else VolunteerCode.ON_BEHALF
    transitions.record(row, code, by=by.user if by is not None else None, at=at)
    notices.tell_community(row, "volunteer_waiting", at=at)
    return row


@sensitive_variables()
def seat_of(*, name: str, phone: str, ward: Ward | None = None) -> bytes | None:
    """Return the keyed digest by which one human is known; None for who has no number at all."""
    own = contacts.normalise_phone(phone)
    if own:
        return crypto.blind(own, purpose="volunteers.seat")
    return child_seat(name=name, guardian_phone=ward.phone) if ward is not None else None


@sensitive_variables()
def child_seat(*, name: str, guardian_phone: str) -> bytes:
    """Return the keyed digest of a child without a number: of its guardian's number and its name."""
    whose = f"{contacts.normalise_phone(guardian_phone)} {contacts.normalise_name(name)}"
    return crypto.blind(whose, purpose="volunteers.child")


def claim_seat(seat: bytes | None, *, besides: Volunteer) -> None:
    """Make sure that nobody else sits there; who comes at the same time waits until the transaction ends.

    :raises HereAlready: if somebody does
    """
    if seat is None:
        return
    _wait_for(seat.hex())
    if Volunteer.objects.filter(seat=seat).exclude(pk=besides.pk).exists():
        raise HereAlready(_("Somebody with this number is registered already."), field="phone")


def _wait_for(*keys: str) -> None:
    """Let two who come at once with one of these keys wait for each other."""
    with connection.cursor() as cursor:
        for key in sorted(filter(None, keys)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"volunteers:{key}"])


def of_age(born_on: date, *, on: date) -> date:
    """Return from when on somebody born in a month is surely an adult: the first of the month after his birthday.

    :raises BadInput: if that is not a child between three and eighteen on the civil date ``on``
    """
    if born_on > on or first_of_next(born_on.replace(year=born_on.year + YOUNGEST)) > first_of_next(on):
        raise BadInput(_("A child is registered from three years on."), field="born_year")
    adult_on = first_of_next(date(born_on.year + ADULT, born_on.month, 1))
    if adult_on <= on:
        raise BadInput(_("Whoever is 18 or older registers with a telephone of their own."), field="born_year")
    return adult_on


def first_of_next(day: date) -> date:
    """Return the first day of the month after the one of ``day``."""
    return day.replace(day=1) + timedelta(days=monthrange(day.year, day.month)[1])


@sensitive_variables()
def add_guardian(row: Volunteer, ward: Ward, *, language: str, at: datetime) -> Guardian:
    """Write down who agrees for a minor, and his consent with the version of the notice he was shown.

    :raises BadInput: without his name or number
    """
    if not ward.name.strip():
        raise BadInput(_("Write down the name of the parent or guardian."), field="guardian_name")
    if not ward.phone.strip():
        raise BadInput(_("Write down the number of the parent or guardian."), field="guardian_phone")
    index = Person.index_of_phone(ward.phone, context=Context.GUARDIAN)
    if Guardian.objects.filter(ends_on=None, person__phone_index=index).count() >= MOST_WARDS:
        raise NotNow(_("At most %(most)d children are registered with one number.") % {"most": MOST_WARDS})
    person = create_person(context=Context.GUARDIAN, name=ward.name, phone=ward.phone, language=language, at=at)
    consents.give(person, ConsentPurpose.GUARDIAN, at=at)
    return Guardian.objects.create(volunteer=row, person=person, is_proved=ward.is_proved, starts_on=shanghai_date(at))


def _again(
    here: Volunteer, facts: dict[str, Any], *, name: str, phone: str, offer: Offer, ward: Ward | None,
    by: Staff | None, at: datetime,
) -> Volunteer:  # fmt: skip
    """Let who was refused apply again with what he says now."""
    if here.state != State.REFUSED:
        raise HereAlready(_("Somebody with this number is registered already."), field="phone")
    locked = transitions.lock(here)
    correct_person(locked.person, name=name, phone=phone, email="")
    Volunteer.objects.filter(pk=locked.pk).update(**facts)
    Qualification.objects.filter(volunteer=locked).delete()
    _add_papers(locked, offer.papers)
    if ward is not None:
        transitions.end_guardian(locked, at=at)
        add_guardian(locked, ward, language=locked.person.language, at=at)
    return transitions.apply_again(locked, by=by.user if by is not None else None, at=at)


def _add_papers(row: Volunteer, papers: Papers) -> None:
    found = dict(papers)  # one of a kind
    Qualification.objects.bulk_create(
        Qualification(volunteer=row, kind=kind, valid_until=until) for kind, until in found.items()
    )


def _check(name: str, offer: Offer, *, agreed: bool, on: date) -> None:
    if not agreed:
        raise BadInput(_("Nobody is registered without agreeing to it."), field="agreed")
    if not name.strip():
        raise BadInput(_("Write down a name."), field="name")
    check_offer(offer, on=on)


def check_offer(offer: Offer, *, on: date) -> None:
    """Refuse what nobody can offer.

    :raises BadInput: if so; ``field`` says where
    """
    for at, area in (("home", offer.home), ("work", offer.work)):
        if area is not None and (area.level != Level.COMMUNITY or not area.served):
            raise BadInput(_("Choose a community."), field=at)
    if not set(offer.free) <= FREE:
        raise BadInput(_("Choose from the week."), field="free")
    if any(until is not None and until < on for _kind, until in offer.papers):
        raise BadInput(_("This paper has run out."), field="until_1")
