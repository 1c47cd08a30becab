"""Notices to residents: written where somebody serves, approved if a grid worker wrote it, withdrawn with a reason."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from fieldwork.enums import BulletinState
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import Bulletin
from fieldwork.permissions import APPROVES_BULLETINS, WRITES_BULLETINS
from grids.enums import Level, PostKind
from grids.models import Area
from grids.posts import Request, recipients_for
from grids.staff import Staff
from notifications.services import NewNotice, owe
from people.errors import BadInput
from people.masking import mask_text

LONGEST: Final = timedelta(days=366)
LONGEST_TITLE: Final = 60
LONGEST_WORDS: Final = 2000
LONGEST_REASON: Final = 200
LEVELS: Final = (Level.COMMUNITY, Level.GRID)
SHOWN: Final = 5


@transaction.atomic
def write(
    *,
    area: Area,
    title: str,
    words: str,
    from_on: date,
    to_on: date,
    client_key: uuid.UUID,
    by: Staff,
    at: datetime,
    buildings: Sequence[Area] = (),
    office_phone: str = "",
    is_pinned: bool = False,
) -> Bulletin:
    """Write a notice; it is read from its first day on, a grid worker's only once it is approved.

    The same form again writes nothing.

    :param buildings: some buildings of the area that it is for; none: all of it
    :raises NotYours: if ``by`` writes no notices there
    :raises BadInput: if it says nothing or too much, holds somebody's number, its days are none, or a building is
        elsewhere
    """
    if not may_write(by, area):
        raise NotYours(_("Your post writes no notices for this place."))
    with connection.cursor() as cursor:  # two who press twice wait here for each other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(client_key)])
    known = Bulletin.objects.filter(client_key=client_key, by=by.user).first()
    if known is not None:
        return known
    on = shanghai_date(at)
    title, words = " ".join(title.split()), words.strip()
    for field, said, most in (("title", title, LONGEST_TITLE), ("words", words, LONGEST_WORDS)):
        _check_words(field, said, most)
    if not on <= from_on <= to_on <= from_on + LONGEST:
        raise BadInput(_("The days lie from today on, the last not before the first, within a year."), field="to_on")
    if any(one.level != Level.BUILDING or not one.path.startswith(area.path) for one in buildings):
        raise BadInput(_("Choose buildings of this place."), field="buildings")
    waits = not may_approve(by, area)
    row = Bulletin.objects.create(
        client_key=client_key,
        area=area,
        title=title,
        words=words,
        office_phone=office_phone.strip(),
        from_on=from_on,
        to_on=to_on,
        is_pinned=is_pinned and not waits,
        state=BulletinState.WAITING if waits else BulletinState.PUBLISHED,
        by=by.user,
        at=at,
    )
    row.buildings.set(buildings)
    if waits:
        _tell_who_approves(row, at=at)
    return row


@transaction.atomic
def decide(row: Bulletin, *, agree: bool, why: str, by: Staff, at: datetime) -> Bulletin:
    """Approve a grid worker's notice, or refuse it with a reason; who wrote it is told.

    :raises NotYours: if ``by`` approves none there, or wrote it
    :raises BadInput: if it is refused without a reason
    :raises NotNow: if it is decided
    """
    locked = _locked(row)
    if not may_approve(by, locked.area) or locked.by_id == by.user.pk:
        raise NotYours(_("The grid's lead or the community's secretary approves it, not who wrote it."))
    if locked.state != BulletinState.WAITING:
        raise NotNow(_("This is decided already."))
    locked.state = BulletinState.PUBLISHED if agree else BulletinState.REFUSED
    locked.why = "" if agree else _reason(why)
    _close(locked, by, at)
    owe(
        [
            NewNotice(
                recipient_id=locked.by_id,
                kind="bulletin_decided",
                about=f"bulletin:{locked.pk}",
                url_path=f"/bulletins/desk/{locked.pk}/",
                dedupe_key=f"bulletin_decided:{locked.pk}",
                at=at,
                params={"title": locked.title, "agreed": agree, "why": locked.why},
            )
        ]
    )
    return locked


@transaction.atomic
def withdraw(row: Bulletin, *, why: str, by: Staff, at: datetime) -> Bulletin:
    """Take a notice down, with a reason that stands at the desk; who wrote it may, and who approves there.

    :raises NotYours: if it is neither
    :raises BadInput: without a reason
    :raises NotNow: if it is down already
    """
    locked = _locked(row)
    if not (may_approve(by, locked.area) or (locked.by_id == by.user.pk and may_write(by, locked.area))):
        raise NotYours(_("Your post does not take this notice down."))
    if locked.state not in {BulletinState.WAITING, BulletinState.PUBLISHED}:
        raise NotNow(_("This notice is down already."))
    locked.why = _reason(why)
    locked.state = BulletinState.WITHDRAWN
    _close(locked, by, at)
    return locked


def may_write(by: Staff, area: Area) -> bool:
    """Whether the person writes notices for a community or grid."""
    return area.level in LEVELS and by.holds(*WRITES_BULLETINS, path=area.path)


def may_approve(by: Staff, area: Area) -> bool:
    """Whether the person's notices there need nobody's word, and others wait for his."""
    return by.holds(*APPROVES_BULLETINS, path=area.path)


def showing(area: Area, *, on: date) -> QuerySet[Bulletin]:
    """Return what residents of a place read on a day, pinned ones first, then the newest."""
    rows = Bulletin.objects.showing(on).for_place(area).select_related("area").prefetch_related("buildings")
    return rows.order_by("-is_pinned", "-from_on", "-pk")


def on_the_first_page(area: Area | None, at: datetime) -> dict[str, Any]:
    """Return what the residents' first page shows of a place; without one a link alone, and no query."""
    return {"area": None} if area is None else _part(area, shanghai_date(at))


def on_the_page_of_an_area(area: Area, on: date) -> dict[str, Any] | None:
    """Return what the public page of a community or grid shows on a day; None if nothing is announced."""
    part = _part(area, on)
    return part if part["bulletins"] else None


def _part(area: Area, on: date) -> dict[str, Any]:
    return {"area": area, "bulletins": list(showing(area, on=on)[:SHOWN])}


def _check_words(field: str, said: str, most: int) -> None:
    if not said:
        raise BadInput(_("Please fill this in."), field=field)
    if len(said) > most:
        raise BadInput(_("Please keep it under %(count)d characters.") % {"count": most}, field=field)
    if mask_text(said)[1]:
        message = _("Nobody's number belongs in a public notice. Give an office telephone in its own field.")
        raise BadInput(message, field=field)


def _reason(why: str) -> str:
    why = mask_text(" ".join(why.split()))[0][:LONGEST_REASON]
    if not why:
        raise BadInput(_("Say why in a few words."), field="why")
    return why


def _close(row: Bulletin, by: Staff, at: datetime) -> None:
    row.decided_by, row.decided_at = by.user, at
    row.save(update_fields=["state", "why", "decided_by", "decided_at"])


def _locked(row: Bulletin) -> Bulletin:
    return Bulletin.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=row.pk)


def _tell_who_approves(row: Bulletin, *, at: datetime) -> None:
    target = (Level.GRID, PostKind.GRID_LEAD)
    told = recipients_for([Request(key=row.pk, path=row.area.path, targets=(target,))], on=shanghai_date(at))
    owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind="bulletin_waiting",
                about=f"bulletin:{row.pk}",
                url_path=f"/bulletins/desk/{row.pk}/",
                dedupe_key=f"bulletin_waiting:{row.pk}:{user_id}",
                at=at,
                params={"title": row.title, "from_on": row.from_on.isoformat()},
            )
            for user_id in told[row.pk].user_ids
        ]
    )
