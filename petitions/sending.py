"""Recalled and designated: what the sender, or a post over both, does to a dispatch. Status through ``transitions``."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from grids.models import Organisation
from grids.posts import Staff
from people.models import User
from petitions import duties, handing, notices, transitions
from petitions.beside import Beside
from petitions.enums import EventCode, Status, TextKind, Verb
from petitions.errors import NotYours, WordsMissing
from petitions.models import Petition, PetitionEvent
from petitions.records import required


@transaction.atomic
def recall(petition: Petition, *, by: Staff, at: datetime, reason: str, version: int | None = None) -> Petition:
    """Take back what was sent while nobody has taken it: by the post that sent it, or one over it.

    :raises NotYours: if a post further up sent it
    :raises WordsMissing: without a reason
    """
    before = Petition.objects.get(pk=petition.pk)
    recalled = transitions.move(
        petition,
        Verb.RECALL,
        by=by,
        at=at,
        version=version,
        words=required(reason),
        text_kind=TextKind.REASON,
        public=False,
        check=partial(_check_sender, by=by),
        handler=None,
        organisation=None,
        designated_at=None,
    )
    notices.tell_former(before, at=at, by=by.user)
    return recalled


@transaction.atomic
def designate(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    reason: str,
    handler: User | None = None,
    organisation: Organisation | None = None,
    note: str = "",
    version: int | None = None,
) -> Petition:
    """Name who must handle it, for good: who is designated may not return it (000-32; Weifang art. 22).

    A return that waits is decided by it: agreed to if somebody else is named.

    :raises WordsMissing: without a reason, or if nobody is named
    :raises NotYours: if no post of ``by`` stands over it, or over the return that waits
    """
    if handler is None and organisation is None:
        raise WordsMissing(_("Name either a grid worker or a handling unit."))
    before = Petition.objects.get(pk=petition.pk)
    waiting = before.returns.waiting().first()
    words = required(reason) if not note.strip() else f"{required(reason)}\n{note.strip()}"

    def check(locked: Petition, stands: Beside) -> None:
        recused = stands.recused
        handing.check_receiver(at=at, handler=handler, organisation=organisation, recused=recused)
        if organisation is None:
            duties.check_may_push_down(locked, senders=handing.givers(by, locked), at=at)
        if waiting is None:
            _check_sender(locked, stands, by=by)
            return
        if not locked.returns.waiting_for(by).exists():
            raise NotYours(_("Your post does not decide on this return of %(number)s.") % {"number": locked.number})
        same = (locked.organisation_id, locked.handler_id if locked.organisation_id is None else None) == (
            organisation.pk if organisation else None,
            handler.pk if handler and organisation is None else None,
        )
        locked.returns.waiting().update(decided_by=by.user, decided_at=at, agreed=not same)

    designated = transitions.move(
        petition,
        Verb.DESIGNATE,
        by=by,
        at=at,
        version=version,
        words=words,
        text_kind=TextKind.REASON,
        public=False,
        refs={"handler": handler.pk if handler else None, "organisation": organisation.pk if organisation else None},
        check=check,
        handler=handler,
        organisation=organisation,
        designated_at=at,
    )
    if waiting is not None and waiting.organisation_id != designated.organisation_id:
        notices.tell_user(designated, EventCode.DESIGNATED, waiting.asked_by_id, at=at)
    if (before.handler_id, before.organisation_id) != (designated.handler_id, designated.organisation_id):
        notices.tell_former(before, at=at, by=by.user)
    return designated


def last_sent(petition: Petition) -> PetitionEvent | None:
    """Return the event by which whoever has the matter got it; None if he took it by himself.

    What a unit's head gave to his own people does not count: the unit was sent it before.
    """
    moved = petition.events.filter(to_status__in=(Status.ACCEPTED, Status.DISPATCHED)).exclude(refs__has_key="within")
    last = moved.order_by("-at", "-id").first()
    return last if last is not None and last.to_status == Status.DISPATCHED else None


def _check_sender(petition: Petition, _stands: Beside, *, by: Staff) -> None:
    """Refuse who stands below the post that sent the matter: what came from above is not undone from below."""
    event = last_sent(petition)
    sender = event.refs.get("area") if event else None
    if sender is None or event is None or event.by_id == by.user.pk:
        return
    line = [int(part) for part in petition.area_path.split("/") if part]
    rank = line.index(sender) if sender in line else len(line)
    if not any(held.area_id in line and line.index(held.area_id) <= rank for held in by.holdings):
        raise NotYours(_("%(number)s was sent from above; only there it can be taken back.") % {
            "number": petition.number,
        })  # fmt: skip
