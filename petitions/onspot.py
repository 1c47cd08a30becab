"""Closed on the spot (004-10, 即办): a worker at the door files what he has just put right, in one sending.

Only what is small enough for it: of an immediate category, in his own area, about nobody of the staff, no emergency.
Somebody else verifies it like everything else.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.choice import choose, load_overrides
from deadlines.models import Policy
from deadlines.timetable import shanghai_date
from grids.staff import Staff
from petitions import photos, services, transitions
from petitions.beside import Beside
from petitions.enums import Tier, Urgency, Verb
from petitions.errors import NotNow, NotYours
from petitions.models import Category, Petition
from petitions.models.categories import CategoryQuerySet
from petitions.permissions import MAY, may
from petitions.services import Filed


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
    :raises Refusal: as ``services.file`` and ``services.resolve_with_photos`` say
    """
    # looked at first: no lock waits for a photo, and none that is bad leaves anything behind
    pictures = photos.clean_all(after)
    with transaction.atomic():
        found = services.file(**filed, filed_by=by.user, at=at)
        if not found.created:
            return found
        petition = _accepted(found.petition, category, by=by, at=at)
        petition = transitions.sign(petition, by=by, at=at)
        resolved = services.resolve_with_photos(petition, by=by, at=at, reply=reply, cleaned=pictures)
    return Filed(resolved, found.code, created=True)


def _accepted(petition: Petition, category: Category, *, by: Staff, at: datetime) -> Petition:
    """Accept it under its category: whoever may close it on the spot needs no triage for it."""

    def check(locked: Petition, _stands: Beside) -> None:
        if locked.barred_from is not None or not may(by, Verb.SIGN, locked):
            raise NotYours(_("Only a small matter of your own area can be closed on the spot. Please file it as open."))
        if locked.urgency == Urgency.EMERGENCY:
            raise NotNow(_("The words name an emergency. Please file it as open: it is alarmed at once."))

    on = shanghai_date(at)
    key = choose(
        load_overrides(on),
        category=category.code,
        default=category.policy_key,
        tier=category.tier,
        urgency=category.urgency,
        area_path=petition.area_path,
        on=on,
    )
    policy = Policy.objects.in_force(on).filter(key=key).first()
    if policy is None:
        raise NotNow(_("The category's own time limits are not in force. Please choose others."))
    return transitions.move(
        petition,
        Verb.ACCEPT,
        by=None,
        wrote=by.user,
        at=at,
        refs={"category": category.code, "policy": policy.key, "tier": category.tier, "urgency": category.urgency},
        check=check,
        category=category,
        policy=policy,
        tier=category.tier,
        urgency=category.urgency,
        accepted_at=at,
    )
