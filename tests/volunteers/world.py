"""Volunteers for tests: registered by the real services."""

import uuid
from datetime import date

from people.enums import Context
from people.errors import Refusal
from people.models import Person
from tests.factories import TUESDAY
from volunteers import registering, transitions
from volunteers.models import HomePartner, Volunteer, VolunteerTeam
from volunteers.registering import Offer, Ward

NUMBER, OTHER = "13900139000", "13700137000"
WARD = Ward(name="林小红", phone=NUMBER, born_on=date(2014, 5, 1), is_proved=True)


def register(
    district, *, at=TUESDAY, by=None, home=None, skills=("repairs",), free=(1,), papers=(), work=None, **facts
):
    """Register somebody of the community; ``by``: on behalf."""
    given = {
        "name": "常帮忙", "phone": NUMBER, "agreed": True, "client_key": uuid.uuid4(), "language": "zh-hans", **facts,
    }  # fmt: skip
    offer = Offer(home=home or district.community, work=work, skills=skills, free=free, papers=papers)
    staff = district.as_staff(by, at.date()) if by is not None else None
    return registering.register(offer=offer, at=at, by=staff, **given)


def child(district, *, ward=WARD, name="常小朋", phone="", **facts):
    """Register a child by its guardian."""
    return register(district, name=name, phone=phone, ward=ward, **facts)


def taken_on(district, *, at=TUESDAY, make=register, **facts):
    """Register somebody and take him on."""
    row = make(district, at=at, **facts)
    return transitions.approve(row, by=district.as_staff(district.secretary, at.date()), at=at)


def volunteer_in(community) -> Volunteer:
    """Write down a volunteer of a community, as a row and by no rule."""
    person = Person.objects.create(context=Context.VOLUNTEER, created_at=TUESDAY)
    return Volunteer.objects.create(client_key=uuid.uuid4(), person=person, home=community, applied_at=TUESDAY)


def team_in(grid, user) -> VolunteerTeam:
    """Write down the team of a grid, as a row and by no rule."""
    return VolunteerTeam.objects.create(kind="grid", area=grid, name="志愿队", valid_from=TUESDAY.date(), made_by=user)


def partner_in(row, user) -> HomePartner:
    """Write down a partner, as a row and by no rule."""
    return HomePartner.objects.create(
        volunteer=row, area=row.home, kind="retired", duties=["tells"], mode="peace", starts_on=TUESDAY.date(),
        term_ends_on=date(2099, 12, 31), added_by=user,
    )  # fmt: skip


def refused(act) -> Refusal:
    """Do what is refused, and return the refusal."""
    try:
        act()
    except Refusal as no:
        return no
    raise AssertionError(act)
