"""To whom a matter may be given, and by whom: never to who stepped back, never past a designation."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import DEPARTMENT_POSTS, PostKind
from grids.models import Appointment, Area, Organisation
from grids.posts import Holding, Staff
from people.errors import BadInput
from people.models import User
from petitions import duties
from petitions.beside import Beside
from petitions.enums import EventCode, Verb
from petitions.errors import NotYours
from petitions.models import Petition
from petitions.permissions import MAY, covers


def stays_within(petition: Petition, *, handler: User | None, organisation: Organisation | None) -> bool:
    """Tell whether a matter only changes hands inside the unit that has it."""
    return handler is not None and organisation is not None and organisation.pk == petition.organisation_id


def refs_of(petition: Petition, *, handler: User | None, organisation: Organisation | None) -> dict[str, Any]:
    """Return what the event of a dispatch keeps: to whom, and whether it stayed within the unit."""
    within = stays_within(petition, handler=handler, organisation=organisation)
    return {
        "handler": handler.pk if handler else None,
        "organisation": organisation.pk if organisation else None,
        "within": True if within else None,
    }


def givers(by: Staff, petition: Petition) -> list[Holding]:
    """Return the posts by which somebody may give the matter to others."""
    return [held for held in by.holdings if Verb.DISPATCH in MAY.get(held.kind, ()) and covers(held, petition)]


def only_within(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may give it to the people of his own unit only."""
    posts = givers(by, petition)
    return bool(posts) and all(held.kind == PostKind.DEPARTMENT_HEAD for held in posts)


def check_may_give(
    petition: Petition,
    stands: Beside,
    *,
    by: Staff,
    at: datetime,
    handler: User | None,
    organisation: Organisation | None,
) -> None:
    """Refuse a dispatch that the posts or the matter do not allow (the petition is locked).

    :raises NotYours: if a unit's head gives it out of his unit, or it was designated by a post further up
    :raises BadInput: if the person stepped back from it or is not of the unit, or if it is pushed down to a
        community whose list of duties does not hold it
    """
    check_receiver(at=at, handler=handler, organisation=organisation, recused=stands.recused)
    if stays_within(petition, handler=handler, organisation=organisation):
        return
    if only_within(by, petition):
        raise NotYours(_("You can give it to your own people only. If it is not yours, return it."))
    if organisation is None:
        duties.check_may_push_down(petition, senders=givers(by, petition), at=at)
    if petition.designated_at is not None:
        level = _designated_at_level(petition)
        if not any(Verb.DESIGNATE in MAY.get(held.kind, ()) and held.level <= level for held in givers(by, petition)):
            raise NotYours(_("%(number)s was designated from above; only there it can be given to somebody else.") % {
                "number": petition.number,
            })  # fmt: skip


def check_receiver(
    *,
    at: datetime,
    handler: User | None,
    organisation: Organisation | None,
    recused: Collection[int],
) -> None:
    """Refuse whoever may not have the matter; ``recused`` stay out of it.

    :raises BadInput: if he stepped back from it, it is about him, or he is not of the unit named with him
    """
    if handler is not None and handler.pk in recused:
        raise BadInput(_("%(name)s stays out of this matter.") % {"name": handler.get_full_name()}, field="to")
    if handler is None or organisation is None:
        return
    members = Appointment.objects.at(shanghai_date(at)).filter(post__organisation=organisation)
    if not members.filter(user=handler, post__kind__in=DEPARTMENT_POSTS).exists():
        raise BadInput(_("%(name)s holds no post in that unit today.") % {"name": handler.get_full_name()}, field="to")


def _designated_at_level(petition: Petition) -> int:
    event = petition.events.filter(code=EventCode.DESIGNATED).order_by("-at", "-id").first()
    area = Area.objects.filter(pk=event.refs.get("area")).first() if event else None
    return area.level if area is not None else petition.area.level
