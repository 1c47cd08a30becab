"""Another category, tier or urgency after triage, with a reason; and what that does to the time limits.

The rule: the new limits count from the moments they name, so nobody gains time by a new label; with ``afresh``, or
where that date would lie behind us, from the change. So a change never makes a matter late. A limit of the old rules
that was missed by then stays missed; one that ran is removed, and the history says so.
"""

import copy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.models import Policy
from deadlines.rounds import Converted
from grids.staff import Staff
from petitions import clocks, notices, records
from petitions.enums import EventCode, IssueKind, Status, TextKind, Tier, Urgency, Verb
from petitions.errors import ChangedMeanwhile, NotNow, OwnWork
from petitions.models import Category, Petition
from petitions.permissions import check_may, is_handler, may

CHANGEABLE = (Status.ACCEPTED, Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS)
FIELDS = ("category", "policy", "tier", "urgency", "issue_kind", "needs_deliberation")


@transaction.atomic
def recategorise(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    category: Category,
    policy: Policy,
    tier: Tier,
    urgency: Urgency,
    reason: str,
    issue_kind: IssueKind = IssueKind.SMALL,
    needs_deliberation: bool = False,
    afresh: bool = False,
    version: int | None = None,
) -> Petition:
    """Put an accepted matter under another category, tier, urgency or policy; the petitioner reads why.

    :raises NotYours: if no post of ``by`` triages here
    :raises OwnWork: if ``by`` handles it himself
    :raises NotNow: if it is not being handled, nothing would change, or others joined what is to be protected now
    :raises ChangedMeanwhile: if ``version`` is no longer the petition's
    :raises WordsMissing: without a reason
    """
    locked = Petition.objects.locked(petition.pk)
    check_may(by, Verb.ACCEPT, locked)
    if is_handler(by, locked):
        raise OwnWork(_("You handle %(number)s; somebody else must change its category.") % {"number": locked.number})
    _check_now(locked, version)
    wanted = {
        "category": category,
        "policy": policy,
        "tier": tier,
        "urgency": urgency,
        "issue_kind": issue_kind,
        "needs_deliberation": needs_deliberation,
    }
    changed = [name for name in FIELDS if getattr(locked, name) != wanted[name]]
    if not changed and not afresh:
        raise NotNow(_("Nothing would change."))
    if (category.reporter_hidden or category.silent) and locked.joined.exists():
        raise NotNow(_("Others have joined this matter. Separate them before it becomes confidential."))
    records.required(reason)
    before = {"was": {name: _code(getattr(locked, name)) for name in changed}}
    old = locked.policy_id or policy.pk
    _set(locked, wanted)
    locked.version += 1
    locked.save(update_fields=["version", *FIELDS])
    done = clocks.convert(locked, old=old, at=at, afresh=afresh)
    records.append(
        locked,
        EventCode.RECATEGORISED,
        at=at,
        by=by.user,
        words=reason,
        text_kind=TextKind.REASON,
        refs={
            **before,
            **{name: _code(wanted[name]) for name in changed},
            "removed": done.removed,
            "missed": done.missed,
            "anew": done.anew,
        },
    )
    clocks.follow(locked, EventCode.RECATEGORISED, at=at)
    notices.tell_everybody(locked, EventCode.RECATEGORISED, at=at)
    notices.tell_holders(locked, EventCode.RECATEGORISED, at=at)
    return locked


def preview(petition: Petition, *, at: datetime, afresh: bool = False, **wanted: Any) -> Converted:
    """Say what a change would do to the time limits; nothing is changed. ``wanted`` as ``recategorise`` takes it."""
    imagined = copy.copy(petition)
    _set(imagined, {name: wanted[name] for name in FIELDS if name in wanted})
    with transaction.atomic():  # the clocks are locked while they are looked at
        return clocks.convert(imagined, old=petition.policy_id or wanted["policy"].pk, at=at, afresh=afresh, dry=True)


def may_recategorise(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may change what an accepted matter is now."""
    return petition.status in CHANGEABLE and may(by, Verb.ACCEPT, petition) and not is_handler(by, petition)


def _check_now(petition: Petition, version: int | None) -> None:
    if petition.status not in CHANGEABLE:
        raise NotNow(
            _("The category can be changed while the matter is being handled; it is “%(status)s”.")
            % {"status": Status(petition.status).label}
        )
    if version is not None and version != petition.version:
        raise ChangedMeanwhile(
            _("Somebody changed %(number)s meanwhile. Please look again.") % {"number": petition.number}
        )


def _set(petition: Petition, wanted: dict[str, Any]) -> None:
    for name, value in wanted.items():
        setattr(petition, name, value)


def _code(value: Any) -> Any:
    match value:
        case Category():
            return value.code
        case Policy():
            return value.key
        case _:
            return value
