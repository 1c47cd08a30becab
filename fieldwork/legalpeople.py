"""Legally informed residents (003a-20): the register with consent, term and training; how many of how many wanted."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork.enums import LegalRole
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import LegalGoal, LegalPerson, LegalTraining
from fieldwork.permissions import KEEPS_LEGAL
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.enums import Context
from people.errors import BadInput
from people.services import Revealed, blank_person, create_person, reveal

LONGEST_TERM: Final = 5  # years
MOST_HOURS: Final = 80
LEVELS: Final = (Level.COMMUNITY, Level.GRID)


@dataclass(frozen=True, slots=True)
class Told:
    """What residents read of one: the role, where, and the name of who agreed to that."""

    role: str
    where: str
    name: str


@dataclass(frozen=True, slots=True)
class Goal:
    """One role: how many serve, how many of them were trained this year, how many are wanted, in how many areas."""

    role: LegalRole
    there: int
    trained: int
    wanted: int
    lacking: tuple[tuple[Area, int], ...]

    @property
    def percent(self) -> float | None:
        """Of those wanted so many are there, in percent, no area beyond what it wants; None if none is wanted."""
        short = sum(number for _area, number in self.lacking)
        return round(100 * (self.wanted - short) / self.wanted, 1) if self.wanted else None


def may_keep(by: Staff, area: Area) -> bool:
    """Whether the person keeps the register of an area."""
    return by.holds(*KEEPS_LEGAL, path=area.path)


@sensitive_variables("name", "phone")
@transaction.atomic
def add(
    *,
    role: LegalRole,
    area: Area,
    name: str,
    term_ends_on: date,
    agreed: bool,
    client_key: uuid.UUID,
    by: Staff,
    at: datetime,
    phone: str = "",
    is_named: bool = False,
) -> LegalPerson:
    """Write down somebody who agreed, from today on; the same form again adds nothing.

    :param is_named: they agreed, apart from that, that residents read their name
    :param term_ends_on: last day of the term, within five years
    :raises NotYours: if no post of ``by`` keeps the register there
    :raises BadInput: without consent or name, elsewhere than in a grid or community, or with a term that is none
    """
    _check(by, area)
    with connection.cursor() as cursor:  # two who press twice wait here for each other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(client_key)])
    known = LegalPerson.objects.filter(client_key=client_key, added_by=by.user).first()
    if known is not None:
        return known
    if area.level not in LEVELS:
        raise BadInput(_("Choose a grid or a community."), field="area")
    if not agreed:
        raise BadInput(_("Ask them first: they are written down only if they agree."), field="agreed")
    if not name.strip():
        raise BadInput(_("Write down a name."), field="name")
    on = shanghai_date(at)
    _check_term(term_ends_on, on)
    return LegalPerson.objects.create(
        client_key=client_key,
        role=role,
        area=area,
        person=create_person(context=Context.LEGAL, name=name, phone=phone, at=at),
        is_named=is_named,
        agreed_on=on,
        starts_on=on,
        term_ends_on=term_ends_on,
        added_by=by.user,
    )


@transaction.atomic
def trained(row: LegalPerson, *, taken_on: date, subject: str, hours: int, by: Staff, at: datetime) -> LegalTraining:
    """Write down a training.

    :raises NotYours: if no post of ``by`` keeps the register there
    :raises BadInput: if it lies ahead or before they began, says nothing, or lasts no hours anybody sits through
    :raises NotNow: if it is written down already, or they have ended
    """
    locked = _open(row, by)
    subject = " ".join(subject.split())
    if not locked.starts_on <= taken_on <= shanghai_date(at):
        raise BadInput(_("A training lies between their first day and today."), field="taken_on")
    if not subject:
        raise BadInput(_("Say what it was about."), field="subject")
    if not 1 <= hours <= MOST_HOURS:
        raise BadInput(_("Give between 1 and %(most)d hours.") % {"most": MOST_HOURS}, field="hours")
    if locked.trainings.filter(taken_on=taken_on, subject=subject).exists():
        raise NotNow(_("This is written down already."), field="subject")
    return LegalTraining.objects.create(legal_person=locked, taken_on=taken_on, subject=subject, hours=hours)


@transaction.atomic
def change(row: LegalPerson, *, term_ends_on: date, is_named: bool, by: Staff, at: datetime) -> LegalPerson:
    """Say until when the term lasts, and whether residents read the name.

    :raises NotYours: if no post of ``by`` keeps the register there
    :raises BadInput: with a term that is none
    :raises NotNow: if they have ended
    """
    locked = _open(row, by)
    _check_term(term_ends_on, shanghai_date(at))
    locked.term_ends_on, locked.is_named = term_ends_on, is_named
    locked.save(update_fields=["term_ends_on", "is_named"])
    return locked


@transaction.atomic
def end(row: LegalPerson, *, by: Staff, at: datetime) -> LegalPerson:
    """End it today, also because they take their consent back: name and number are gone at once.

    :raises NotYours: if no post of ``by`` keeps the register there
    :raises NotNow: if it has ended
    """
    locked = _open(row, by)
    locked.ends_on, locked.is_named = shanghai_date(at), False
    locked.save(update_fields=["ends_on", "is_named"])
    blank_person(locked.person)
    return locked


def look(row: LegalPerson, *, field: str, reason: str, by: Staff, at: datetime) -> Revealed:
    """Return name or number in clear, after writing down who looked and why.

    :raises NotYours: if no post of ``by`` keeps the register there
    :raises NotNow: if it has ended
    :raises BadInput: if the reason says nothing
    :raises TooManyReveals: if ``by`` has looked at as much today as one person may
    """
    _check(by, row.area)
    if row.ends_on is not None:
        raise NotNow(_("They do not serve any more."))
    return reveal(person=row.person, field=field, reason=reason, by=by.user, about=f"legal:{row.pk}", at=at)


def told(community: Area, *, on: date) -> tuple[list[Told], int]:
    """Return whom residents of a community read of by name, and how many others serve; two queries at most."""
    rows = LegalPerson.objects.at(on).filter(area__path__startswith=community.path).select_related("area", "person")
    there = list(rows.order_by("area__level", "area__code", "starts_on", "pk"))
    named = [Told(row.get_role_display(), row.area.label, row.person.name) for row in there if row.is_named]
    return [one for one in named if one.name], len(there) - len(named)


def goals(area: Area, *, within: Sequence[str], on: date) -> list[Goal]:
    """Return how many of each role serve at and under an area against what is wanted; three queries.

    The goal of the nearest area counts, for each community or grid of its own.
    """
    served = Area.objects.served().at(on).under(area.path).under_any(within)
    areas = list(served.filter(level__in=LEVELS).order_by("code"))
    year = LegalTraining.objects.filter(legal_person=OuterRef("pk"), taken_on__year=on.year)
    rows = LegalPerson.objects.at(on).filter(area__in=areas).annotate(is_trained=Exists(year))
    there: Counter[tuple[str, int]] = Counter()
    serving: Counter[str] = Counter()
    taught: Counter[str] = Counter()
    path_of = {one.pk: one.path for one in areas}
    for role, area_id, is_trained in rows.values_list("role", "area", "is_trained"):
        for one in areas:  # whoever serves in a grid counts for its community too
            there[role, one.pk] += path_of[area_id].startswith(one.path)
        serving[role] += 1
        taught[role] += is_trained
    line = {pk for one in areas for pk in one.line_ids()}
    wanted = {(row.area_id, row.role, row.per): row.least for row in LegalGoal.objects.filter(area__in=line)}
    found = []
    for role in LegalRole:
        total, lacking = _lacking(role, areas, there, wanted)
        found.append(Goal(role, serving[role], taught[role], total, lacking))
    return found


def _lacking(
    role: LegalRole, areas: Sequence[Area], there: Counter[tuple[str, int]], wanted: dict[tuple[int, str, int], int]
) -> tuple[int, tuple[tuple[Area, int], ...]]:
    """Return how many are wanted in all, and the areas that lack some with how many."""
    total, lacking = 0, []
    for one in areas:
        near = (wanted[pk, role, one.level] for pk in reversed(one.line_ids()) if (pk, role, one.level) in wanted)
        least = next(near, 0)
        total += least
        if there[role, one.pk] < least:
            lacking.append((one, least - there[role, one.pk]))
    return total, tuple(lacking)


def _check(by: Staff, area: Area) -> None:
    if not may_keep(by, area):
        raise NotYours(_("The community keeps this register."))


def _check_term(last: date, on: date) -> None:
    if not on <= last <= date(on.year + LONGEST_TERM, 12, 31):
        raise BadInput(_("The term ends between today and five years from now."), field="term_ends_on")


def _open(row: LegalPerson, by: Staff) -> LegalPerson:
    rows = LegalPerson.objects.select_for_update(of=("self",), no_key=True).select_related("person", "area")
    locked = rows.get(pk=row.pk)
    _check(by, locked.area)
    if locked.ends_on is not None:
        raise NotNow(_("They do not serve any more."))
    return locked
