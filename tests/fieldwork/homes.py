"""Households of the small district, and visits to them."""

import uuid
from datetime import date, datetime, timedelta

from fieldwork import households, visiting
from fieldwork.enums import LiaisonKind, Outcome, VisitMode
from fieldwork.models import CareRecipient, Household, LegalPerson, Liaison, Visit, VisitDuty
from grids.models import Area
from people.enums import Context
from people.models import Person, User
from tests.factories import SHANGHAI, TUESDAY, District

# a Monday long before TUESDAY (2026-06-09): households of that day are asked for in every period since
JANUARY = datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI)


def at(day: str, hour: int = 10) -> datetime:
    """Return an hour of a day in Shanghai."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), tzinfo=SHANGHAI) + timedelta(hours=hour)


def homes(district: District, doors: str = "101", *, since: datetime = JANUARY, place=None, **facts) -> list[Household]:
    """Write down the households behind some doors of the stairwell, as the grid's worker does."""
    rows = households.add(
        place=place or district.unit,
        doors=households.doors_in(doors),
        by=district.as_staff(district.worker),
        at=since,
        **facts,
    )
    return list(
        Household.objects.filter(pk__in=[row.pk for row in rows]).select_related("place__parent", "grid", "contact")
    )


def visit(
    district: District,
    home: Household,
    when: datetime = TUESDAY,
    *,
    by: User | None = None,
    mode: VisitMode = VisitMode.DOOR,
    outcome: Outcome | None = None,
    **facts,
) -> Visit:
    """Write down a visit by the real verb."""
    came = outcome or (Outcome.NONE if mode == VisitMode.ABSENT else Outcome.WELL)
    key = facts.pop("client_key", None) or uuid.uuid4()
    by = district.as_staff(by or district.worker)
    return visiting.log(home, by=by, at=when, client_key=key, mode=mode, outcome=came, **facts)


def line_of(grid: Area, user: User) -> Liaison:
    """Write down a liaison of a grid whom this person wrote down and answers, as a row and by no rule."""
    person = Person.objects.create(context=Context.LIAISON, created_at=JANUARY)
    days = {"agreed_on": JANUARY.date(), "starts_on": JANUARY.date()}
    return Liaison.objects.create(
        client_key=uuid.uuid4(), kind=LiaisonKind.LIAISON, place=grid, grid=grid, person=person, answers=user,
        added_by=user, **days,
    )  # fmt: skip


def looked_in_on(home: Household, user: User) -> CareRecipient:
    """Write down somebody of a household who is looked in on, as a row and by no rule."""
    person = Person.objects.create(context=Context.CARE, created_at=JANUARY)
    days = {"agreed_on": JANUARY.date(), "starts_on": JANUARY.date()}
    row = CareRecipient(
        client_key=uuid.uuid4(), household=home, person=person, duty=duty("care_monthly"), consent_by="self",
        added_by=user, **days,
    )  # fmt: skip
    row.kind = "elderly"
    row.save()
    return row


def informed_in(grid: Area, user: User) -> LegalPerson:
    """Write down a legally informed resident of a grid, as a row and by no rule."""
    person = Person.objects.create(context=Context.LEGAL, created_at=JANUARY)
    days = {"agreed_on": JANUARY.date(), "starts_on": JANUARY.date(), "term_ends_on": date(2099, 12, 31)}
    return LegalPerson.objects.create(
        client_key=uuid.uuid4(), role="informed", area=grid, person=person, added_by=user, **days
    )


def duty(code: str) -> VisitDuty:
    """Return a kind of visit of the reference data."""
    return VisitDuty.objects.get(code=code)
