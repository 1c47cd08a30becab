"""Emptying corridor opinion boxes (001-11): the slips are counted when the box is opened, then filed one by one."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from people.errors import BadInput
from petitions import services
from petitions.enums import Channel
from petitions.errors import NotNow, NotYours
from petitions.models import BoxEmptying, BoxSlip, Petition, SuggestionBox
from petitions.permissions import FILES
from petitions.services import Filed


def may_empty(by: Staff, box: SuggestionBox) -> bool:
    """Tell whether somebody empties this box and files its slips: whoever files for others where it hangs."""
    return by.holds(*FILES, path=box.area.path)


@transaction.atomic
def empty(box: SuggestionBox, *, slips: int, blank: int, client_key: uuid.UUID, by: Staff, at: datetime) -> BoxEmptying:
    """Record that a box was emptied, with the slips that lay in it; the same form again records nothing more.

    :raises NotYours: if no post of ``by`` files where it hangs
    :raises NotNow: if the box does not hang there any more
    :raises BadInput: if more slips are blank than there were
    """
    locked = SuggestionBox.objects.select_for_update(of=("self",)).select_related("area").get(pk=box.pk)
    if not may_empty(by, locked):
        raise NotYours(_("Your post does not empty this box."))
    known = BoxEmptying.objects.filter(client_key=client_key, box=locked).first()
    if known is not None:
        return known
    on = shanghai_date(at)
    if not hangs(locked, on):
        raise NotNow(_("Box %(code)s does not hang there any more.") % {"code": locked.code})
    if blank > slips:
        raise BadInput(_("There cannot be more empty slips than slips."), field="blank")
    emptying = BoxEmptying.objects.create(
        box=locked, client_key=client_key, slips_found=slips, blank=blank, by=by.user, at=at
    )
    locked.last_emptied_on = on
    locked.save(update_fields=["last_emptied_on"])
    return emptying


@transaction.atomic
def file_slip(emptying: BoxEmptying, *, by: Staff, at: datetime, client_key: uuid.UUID, **facts: Any) -> Filed:
    """File one slip through the box channel; the same form again files nothing more.

    ``facts``: what ``services.file`` takes beside the channel.

    :raises NotYours: if no post of ``by`` files where the box hangs
    :raises NotNow: if all slips of this emptying are filed
    :raises Refusal: as ``services.file`` says
    """
    locked = BoxEmptying.objects.select_for_update(of=("self",)).select_related("box__area").get(pk=emptying.pk)
    if not may_empty(by, locked.box):
        raise NotYours(_("Your post does not empty this box."))
    known = locked.slips.filter(petition__client_key=client_key).exists()
    if not known and locked.slips.count() >= locked.to_file:
        raise NotNow(_("All slips of this emptying are filed."))
    filed = services.file(client_key=client_key, filed_by=by.user, at=at, **{**facts, "channel": Channel.BOX})
    if not known:
        BoxSlip.objects.create(emptying=locked, petition=filed.petition)
    return filed


def numbers_seen(box: SuggestionBox, *, viewer: Staff) -> list[Petition]:
    """Return the matters of a box that ``viewer`` may see, newest first; a hundred at most."""
    mine = Petition.objects.visible_to(viewer).filter(box_slip__emptying__box=box)
    return list(mine.order_by("-submitted_at", "-pk")[:100])


def hangs(box: SuggestionBox, on: date) -> bool:
    """Tell whether a box hangs on a civil date in Shanghai."""
    return box.opened_on <= on and (box.closed_on is None or on <= box.closed_on)
