"""Keeping the register of liaisons and elderly people's telephones (004-06), and filing what they call about.

The number is sealed; a call is recognised by its blind index. What is filed goes to the intake as every matter does,
and the worker who answers for the line hears of it at once and is its first contact: nobody is sent about.
"""

import uuid
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork.dwellings import grid_of
from fieldwork.enums import LiaisonKind
from fieldwork.errors import NotNow, NotYours, Nowhere
from fieldwork.models import Liaison
from fieldwork.models.households import PLACES
from fieldwork.permissions import check_may_keep_liaisons, may_keep, may_keep_liaisons
from grids.enums import Level, PostKind
from grids.models import Appointment, Area
from grids.staff import Staff
from people.contacts import normalise_phone
from people.enums import Context
from people.errors import BadInput
from people.models import Person, User
from people.services import Revealed, blank_person, create_person, reveal
from petitions import notices, services
from petitions.enums import Channel, EventCode
from petitions.models import Petition
from petitions.permissions import FILES
from petitions.services import Contact, Filed


@sensitive_variables("name", "phone")
@transaction.atomic
def add(
    *,
    kind: LiaisonKind,
    place: Area,
    name: str,
    phone: str,
    answers: User,
    agreed: bool,
    client_key: uuid.UUID,
    by: Staff,
    at: datetime,
    lent: str = "",
) -> Liaison:
    """Write down a liaison, or an elderly person with a telephone, from today on; the same form again adds nothing.

    :raises NotYours: if no post of ``by`` keeps the register there
    :raises Nowhere: if nobody lives at a place of that level
    :raises BadInput: without consent or number, if the name or number can be none, or who answers has no post there
    :raises NotNow: if the number is in the register already
    """
    check_may_keep_liaisons(by, place)
    known = Liaison.objects.filter(client_key=client_key, added_by=by.user).first()
    if known is not None:
        return known
    if place.level not in PLACES:
        raise Nowhere(_("Choose a building or a stairwell."), field="place")
    if not agreed:
        raise BadInput(_("Ask them first: the number is kept only if they agree."), field="agreed")
    if not phone:
        raise BadInput(_("Give the number that calls will come from."), field="phone")
    grid, on = grid_of(place), shanghai_date(at)
    if not answerable(grid, at=at).filter(pk=answers.pk).exists():
        raise BadInput(_("Choose somebody who holds a post there."), field="answers")
    # two who write down one number wait here for each other
    with connection.cursor() as cursor:
        index = Person.index_of_phone(phone, context=Context.LIAISON)
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"liaison:{index.hex()}"])
    if _of_number(phone).exists():
        raise NotNow(_("This number is in the register already."), field="phone")
    return Liaison.objects.create(
        client_key=client_key,
        kind=kind,
        place=place,
        grid=grid,
        person=create_person(context=Context.LIAISON, name=name, phone=phone, at=at),
        answers=answers,
        lent=lent.strip(),
        agreed_on=on,
        starts_on=on,
        added_by=by.user,
    )


@sensitive_variables("phone")
def find(phone: str, *, by: Staff) -> Liaison | None:
    """Return whose number this is, among those the person sees; None for any other. However it was typed."""
    return _of_number(phone).filter(pk__in=Liaison.objects.visible_to(by).values("pk")).first()


@transaction.atomic
def take_call(liaison: Liaison, *, words: str, client_key: uuid.UUID, by: Staff, at: datetime) -> Filed:
    """File what a liaison called about: the place and the contact are known, the way it came is the one telephone.

    Who answers for the line (or, if he has no post there any more, the grid's worker) is told at once and is the first
    contact; not where the words are about staff, which goes above them. The same key again files nothing.

    :raises NotYours: if no post of ``by`` files for others there
    :raises NotNow: if the line has ended
    :raises Refusal: as ``services.file`` says
    """
    row = Liaison.objects.select_related("person", "place", "grid", "answers").get(pk=liaison.pk)
    if not may_take(by, row):
        raise NotYours(_("Your post does not file for others."))
    if row.ends_on is not None:
        raise NotNow(_("This line has ended."))
    filed = services.file(
        text=words,
        at=at,
        client_key=client_key,
        channel=Channel.DEVICE,
        place=row.place,
        contact=Contact(name=row.person.name, phone=row.person.phone),
        filed_by=by.user,
    )
    petition = filed.petition
    if filed.created and petition.barred_from is None:
        _hand_to(petition, row, by=by, at=at)
    return filed


def _hand_to(petition: Petition, row: Liaison, *, by: Staff, at: datetime) -> None:
    still = answerable(row.grid, at=at).filter(pk=row.answers_id).exists()
    told = (row.answers_id,) if still else notices.at_posts(petition, ((Level.GRID, PostKind.GRID_WORKER),), at=at)
    petition.first_contact_owner_id = told[0]
    petition.save(update_fields=["first_contact_owner"])
    if told[0] != by.user.pk:
        notices.tell_user(petition, EventCode.SUBMITTED, told[0], at=at)


@transaction.atomic
def let_answer(liaison: Liaison, *, answers: User, by: Staff, at: datetime) -> Liaison:
    """Say who answers for the line from now on.

    :raises NotYours: if no post of ``by`` keeps the register there
    :raises BadInput: if who answers holds no post there
    :raises NotNow: if it has ended
    """
    locked = _open(liaison, by=by)
    if not answerable(locked.grid, at=at).filter(pk=answers.pk).exists():
        raise BadInput(_("Choose somebody who holds a post there."), field="answers")
    locked.answers = answers
    locked.save(update_fields=["answers"])
    return locked


def look(liaison: Liaison, *, field: str, reason: str, by: Staff, at: datetime) -> Revealed:
    """Return name or number in clear, after writing down who looked and why.

    :raises NotYours: if ``by`` neither keeps the grid's households nor answers for the line
    :raises NotNow: if it has ended
    :raises BadInput: if the reason says nothing
    :raises TooManyReveals: if ``by`` has looked at as much today as one person may
    """
    if not (may_keep(by, liaison.grid) or liaison.answers_id == by.user.pk):
        raise NotYours(_("Your post does not see this number."))
    if liaison.ends_on is not None:
        raise NotNow(_("This line has ended."))
    return reveal(person=liaison.person, field=field, reason=reason, by=by.user, about=f"liaison:{liaison.pk}", at=at)


@transaction.atomic
def end(liaison: Liaison, *, by: Staff, at: datetime) -> Liaison:
    """End it today, also because they take their consent back: name and number are gone at once.

    :raises NotYours: if no post of ``by`` keeps the register there
    :raises NotNow: if it has ended
    """
    locked = _open(liaison, by=by)
    locked.ends_on = shanghai_date(at)
    locked.save(update_fields=["ends_on"])
    blank_person(locked.person)
    return locked


def may_take(by: Staff, liaison: Liaison) -> bool:
    """Tell whether somebody files what this line calls about (``grid`` loaded): whoever files for others there."""
    return by.holds(*FILES, path=liaison.grid.path) or liaison.answers_id == by.user.pk


def answerable(grid: Area, *, at: datetime) -> QuerySet[User]:
    """Return who can answer for a line of a grid: active people with a post in it, or in its community."""
    on = shanghai_date(at)
    seats = Appointment.objects.at(on).filter(
        post__area__in=[grid.pk, *([grid.parent_id] if grid.parent_id is not None else [])], post__organisation=None
    )
    return User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("display_name", "pk")


def _of_number(phone: str) -> QuerySet[Liaison]:
    persons = Person.objects.with_phone(normalise_phone(phone), context=Context.LIAISON)
    rows = Liaison.objects.filter(ends_on=None, person__in=persons)
    return rows.select_related("person", "place__parent", "grid", "answers")


def _open(liaison: Liaison, *, by: Staff) -> Liaison:
    rows = Liaison.objects.select_for_update(of=("self",), no_key=True).select_related("person", "grid")
    locked = rows.get(pk=liaison.pk)
    if not may_keep_liaisons(by, locked.grid):
        raise NotYours(_("The community keeps this register."))
    if locked.ends_on is not None:
        raise NotNow(_("This line has ended."))
    return locked
