"""The members of an organisation: written down, moved, let go. One human stands in one organisation at a time."""

import uuid
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from parties.enums import WITHOUT_MEMBERS, Ground
from parties.errors import MemberAlready, NotNow
from parties.models import PartyMember, PartyOrganisation
from parties.permissions import check_may_keep_members, may_keep_members
from people import consents, contacts, crypto
from people.enums import ConsentPurpose, Context
from people.errors import BadInput
from people.services import create_person

PAGE: Final = 30
FIRST: Final = date(1921, 7, 1)  # nobody was a member before


@sensitive_variables()
@transaction.atomic
def join(
    organisation: PartyOrganisation,
    *,
    name: str,
    phone: str,
    joined_on: date,
    ground: Ground,
    client_key: uuid.UUID,
    by: Staff,
    at: datetime,
) -> PartyMember:
    """Write somebody down as a member who agreed to it or handed in his letter; the same form again writes nobody.

    ``joined_on``: since when he stands in this organisation, a civil date in Shanghai.

    :raises NotYours: if ``by`` does not keep the members there
    :raises BadInput: without a name, with a number or day that is none
    :raises MemberAlready: if somebody with this name and number is a member
    :raises NotNow: if the organisation is closed or of a kind without members
    """
    here = _open(organisation, by)
    if not name.strip():
        raise BadInput(_("Give the name."), field="name")
    if not FIRST <= joined_on <= shanghai_date(at):
        raise BadInput(_("This day is past, and not before 1 July 1921."), field="joined_on")
    seat = seat_of(name=name, phone=phone)
    _wait_for(str(client_key), seat.hex() if seat else "")
    known = PartyMember.objects.filter(client_key=client_key).first()
    if known is not None:
        return known
    if seat and PartyMember.objects.current().filter(seat=seat).exists():
        raise MemberAlready(
            _("Somebody with this name and number is a member of an organisation. They leave there first."),
            field="phone",
        )
    person = create_person(context=Context.MEMBER, name=name, phone=phone, at=at)
    if ground == Ground.CONSENT:
        consents.give(person, ConsentPurpose.MEMBER, at=at)
    return PartyMember.objects.create(
        client_key=client_key, person=person, organisation=here, joined_here_on=joined_on, seat=seat, ground=ground,
        added_by=by.user,
    )  # fmt: skip


@transaction.atomic
def move(member: PartyMember, *, to: PartyOrganisation, by: Staff, at: datetime) -> PartyMember:
    """Move a member to another organisation today; where he was before stays written until its time is over.

    :raises NotYours: if ``by`` does not keep the members of both
    :raises NotNow: if he has left, stands there already, or the other is closed or of a kind without members
    """
    # the organisation first, then the row: as whoever writes a member down does
    there = _open(to, by)
    locked = _lock(member, by)
    if locked.organisation_id == there.pk:
        raise NotNow(_("They stand in this organisation already."), field="to")
    seat = locked.seat
    _end(locked, at=at)
    return PartyMember.objects.create(
        client_key=uuid.uuid4(), person=locked.person, organisation=there,
        joined_here_on=max(locked.joined_here_on, shanghai_date(at)), seat=seat, ground=locked.ground,
        added_by=by.user,
    )  # fmt: skip


@transaction.atomic
def leave(member: PartyMember, *, by: Staff, at: datetime) -> PartyMember:
    """Let a member go today: his letter goes elsewhere, or he took his consent back.

    Name and number are blanked a year later with the last of his rows (``erasure``).

    :raises NotYours: if ``by`` does not keep the members there
    :raises NotNow: if he has left
    """
    locked = _lock(member, by)
    _end(locked, at=at)
    consents.withdraw_all(locked.person, at=at)
    return locked


@sensitive_variables()
def seat_of(*, name: str, phone: str) -> bytes | None:
    """Return the keyed digest by which one human is known; None for who has no number. A couple may share one."""
    own = contacts.normalise_phone(phone)
    return crypto.blind(f"{own} {contacts.normalise_name(name)}", purpose="parties.seat") if own else None


def movable(member: PartyMember, staff: Staff) -> list[PartyOrganisation]:
    """Return where a person may move a member to; one query."""
    rows = PartyOrganisation.objects.visible_to(staff).filter(valid_to=None).exclude(kind__in=WITHOUT_MEMBERS)
    near = rows.exclude(pk=member.organisation_id).select_related("area").order_by("path")
    return [row for row in near if may_keep_members(staff, row.area)]


def after(cursor: str) -> Q:
    """Return the condition of the page after a cursor; everything for one that is none."""
    day, _dash, key = cursor.partition("_")
    try:
        on = date.fromisoformat(day)
        return Q(joined_here_on__lt=on) | Q(joined_here_on=on, pk__gt=uuid.UUID(key))
    except ValueError:
        return Q()


def cursor_of(row: PartyMember) -> str:
    """Return the cursor of the page after this row."""
    return f"{row.joined_here_on.isoformat()}_{row.pk.hex}"


def _open(organisation: PartyOrganisation, by: Staff) -> PartyOrganisation:
    rows = PartyOrganisation.objects.select_for_update(of=("self",), no_key=True).select_related("area")
    locked = rows.get(pk=organisation.pk)
    check_may_keep_members(by, locked.area)
    if locked.valid_to is not None:
        raise NotNow(_("This organisation is closed."))
    if locked.kind in WITHOUT_MEMBERS:
        raise NotNow(_("Members stand in a branch or a part of one, not here."))
    return locked


def _lock(member: PartyMember, by: Staff) -> PartyMember:
    rows = PartyMember.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("person", "organisation__area").get(pk=member.pk)
    check_may_keep_members(by, locked.organisation.area)
    if locked.left_on is not None:
        raise NotNow(_("They have left this organisation."))
    return locked


def _end(locked: PartyMember, *, at: datetime) -> None:
    locked.left_on, locked.seat = max(locked.joined_here_on, shanghai_date(at)), None
    locked.save(update_fields=["left_on", "seat"])


def _wait_for(*keys: str) -> None:
    """Let two who come at once with one of these keys wait for each other."""
    with connection.cursor() as cursor:
        for key in sorted(filter(None, keys)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"parties:{key}"])
