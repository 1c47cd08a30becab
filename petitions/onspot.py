"""Closed on the spot (004-10, 即办): a worker at the door files what he has just put right, in one sending.

Only what is small enough for it: of an immediate category, in his own area, about nobody of the staff, no emergency.
Somebody else verifies it like everything else.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from typing import IO, Any

from django.utils.translation import gettext as _

from deadlines.choice import choose, overrides_kept
from deadlines.clocks import policy_kept
from deadlines.errors import NoPolicyInForce
from deadlines.timetable import shanghai_date
from grids.staff import Staff
from petitions import beside, photos, records, services, transitions
from petitions.beside import Beside
from petitions.enums import EventCode, PhotoKind, TextKind, Tier, Urgency, Verb
from petitions.errors import NotNow, NotYours
from petitions.models import Category
from petitions.models.categories import CategoryQuerySet
from petitions.moves import RECORDED_AS
from petitions.permissions import MAY, may
from petitions.services import Filed, New


def may_close(by: Staff) -> bool:
    """Tell whether somebody holds a post that takes and resolves matters."""
    return any({Verb.SIGN, Verb.RESOLVE} <= MAY.get(held.kind, frozenset()) for held in by.holdings)


def categories(on: date) -> CategoryQuerySet:
    """Return what may be closed on the spot on a civil date: the immediate categories, in the order of their codes."""
    found = Category.objects.in_force(on).subjects().filter(tier=Tier.IMMEDIATE, sensitive=False, silent=False)
    return found.select_related("parent").order_by("code")


def file_done(
    *, by: Staff, at: datetime, category: Category, reply: str, after: Sequence[IO[bytes]], **filed: Any
) -> Filed:
    """File a matter, take it and report it as done, with the photos that show it: all of it or nothing.

    ``filed``: what ``services.file`` takes. The same key again gives the same petition and does nothing.

    :raises NotYours: if it does not lie where ``by`` takes matters, or it is about staff
    :raises NotNow: if it is an emergency, or its time limits are not in force
    :raises Refusal: as ``services.file`` says
    """
    # looked at first: no lock waits for a photo, and none that is bad leaves anything behind
    pictures = photos.clean_all(after)

    def onward(new: New) -> None:
        stands = _accept(new, category, by=by, at=at)
        stands = _go_on(new, Verb.SIGN, stands, by=by, at=at, handler=by.user)
        new.kept += [photos.stored(new.petition, one, kind=PhotoKind.AFTER, by=by.user, at=at) for one in pictures]
        said = {"words": records.required(reply), "text_kind": TextKind.REPLY}
        facts = {"resolved_at": at, "handler": by.user, "resolved_by": by.user}
        _go_on(new, Verb.RESOLVE, stands, by=by, at=at, **said, **facts)
        if new.kept:
            refs = {"photos": [str(photo.pk) for photo in new.kept]}
            shown = records.composed(new.petition, EventCode.PHOTO, at=at, by=by.user, refs=refs)[1]
            new.rows += [*new.kept, shown]

    return services.file(**filed, filed_by=by.user, at=at, onward=onward)


def _go_on(new: New, verb: Verb, stands: Beside, *, by: Staff | None, at: datetime, **asked: Any) -> Beside:
    """Make one move of a matter that is about to be written; return what stands beside it then."""
    rows, _changed = transitions.step(new.petition, verb, by=by, at=at, stands=stands, new=new.clocks, **asked)
    code = RECORDED_AS[verb]
    new.rows += rows
    new.steps.append((copy(new.petition), code))
    return replace(stands, events=stands.with_event(code, at))


def _accept(new: New, category: Category, *, by: Staff, at: datetime) -> Beside:
    """Accept it under its category: whoever may close it on the spot needs no triage for it."""
    petition, on = new.petition, shanghai_date(at)
    if petition.barred_from is not None or not may(by, Verb.SIGN, petition):
        raise NotYours(_("Only a small matter of your own area can be closed on the spot. Please file it as open."))
    if petition.urgency == Urgency.EMERGENCY:
        raise NotNow(_("The words name an emergency. Please file it as open: it is alarmed at once."))
    key = choose(
        overrides_kept(on),
        category=category.code,
        default=category.policy_key,
        tier=category.tier,
        urgency=category.urgency,
        area_path=petition.area_path,
        on=on,
    )
    try:
        policy_id = policy_kept(key, on=on)
    except NoPolicyInForce as none:
        raise NotNow(_("The category's own time limits are not in force. Please choose others.")) from none
    refs = {"category": category.code, "policy": key, "tier": category.tier, "urgency": category.urgency}
    facts = {"category": category, "policy_id": policy_id, "tier": category.tier, "urgency": category.urgency}
    stands = beside.of_new(at=at)
    return _go_on(new, Verb.ACCEPT, stands, by=None, wrote=by.user, at=at, refs=refs, accepted_at=at, **facts)
