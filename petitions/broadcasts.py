"""Calling for help 一键响应 (004-27): to everybody on duty in the grid, and the first to acknowledge takes it."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from deadlines.clocks import policy_ids, policy_kept, stages_of
from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.models import Area
from grids.posts import Staff
from notifications.services import NewNotice, mark_settled, owe
from people.errors import BadInput
from people.inserting import IN_ONE_TRIP, draw, insert, sequence_of
from people.keeping import all_at_once
from people.masking import mask_text
from petitions import broadcast_clocks, newcalls, present, records
from petitions.call_enums import HELP_OPEN, HelpState
from petitions.enums import EventCode
from petitions.errors import NotNow, NotYours
from petitions.models import Broadcast, BroadcastClock, Petition
from petitions.permissions import covers

CALLS_FOR_HELP = frozenset({PostKind.GRID_WORKER, PostKind.GRID_LEAD})
# Who of the line may take one although he was not called: the others of the community and the street.
MAY_COME = CALLS_FOR_HELP | {
    PostKind.COMMUNITY_SECRETARY,
    PostKind.COMMUNITY_WORKER,
    PostKind.DISPATCHER,
    PostKind.STREET_LEADER,
}


def grids_of(by: Staff, petition: Petition | None = None) -> list[int]:
    """Return the grids from which somebody calls for help; of a matter, those that reach it."""
    return [
        held.area_id
        for held in by.holdings
        if held.kind in CALLS_FOR_HELP and held.level == Level.GRID and (petition is None or covers(held, petition))
    ]


def may_call(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may call for help about this matter now; no query."""
    return petition.is_open and petition.barred_from is None and bool(grids_of(by, petition))


def minutes(*, at: datetime) -> int:
    """Return how long a call for help waits before it climbs, in minutes, as the policy in force says."""
    [policy_id] = policy_ids(broadcast_clocks.POLICY, on=shanghai_date(at))
    return stages_of(policy_id)[0].limit_value


def may_take(by: Staff, broadcast: Broadcast) -> bool:
    """Tell whether somebody may come: whoever was called, and the posts of the line (area loaded); never the caller."""
    if broadcast.by_id == by.user.pk:
        return False
    return by.user.pk in broadcast.told or any(
        held.kind in MAY_COME and held.reaches(broadcast.area.path) for held in by.holdings
    )


@transaction.atomic
def call(
    *,
    by: Staff,
    at: datetime,
    place_words: str,
    client_key: uuid.UUID,
    words: str = "",
    grid: Area | None = None,
    petition: Petition | None = None,
) -> Broadcast:
    """Call everybody on duty in the grid at once; never held back. The same ``client_key`` gives the same call.

    :raises NotYours: if ``by`` works in no grid, not in this one, or stays out of the matter
    :raises NotNow: if the matter is over or about staff
    :raises BadInput: if it does not say where
    """
    before = newcalls.look(Broadcast, by=by, client_key=client_key, petition=petition)
    own = grids_of(by, petition)
    if not own or (grid is not None and grid.pk not in own):
        raise NotYours(_("You call for help from a grid you work in."))
    if petition is not None and not may_call(by, petition):
        raise NotNow(_("%(number)s is over, or not for everybody's eyes.") % {"number": petition.number})
    if before.known is not None:
        return Broadcast.objects.get(pk=before.known)
    if not place_words.strip():
        raise BadInput(_("Say where they must come to."), field="place_words")
    area = grid or Area.objects.get(pk=own[0])
    out = before.out | {by.user.pk}
    there, above = present.to_call(area, at=at)
    broadcast = Broadcast(
        client_key=client_key,
        petition=petition,
        area=area,
        by=by.user,
        place_words=mask_text(place_words.strip())[0][:200],
        words=mask_text(words.strip())[0][:500],
        called_at=at,
        # nobody else is there: whoever answers for the community hears it at once
        told=_others(there, out) or _others(above, out),
    )
    _write(broadcast, by=by, at=at)
    _tell(broadcast, broadcast.told, "help_called", at=at)
    return broadcast


@transaction.atomic
def take(broadcast: Broadcast, *, by: Staff, at: datetime) -> Broadcast:
    """Acknowledge it: I am coming. The first one has it, everybody else is told who.

    :raises NotYours: if ``by`` was not called and is not of the line
    :raises NotNow: if somebody has it already (says who), or it is over
    """
    locked = _locked(broadcast)
    if not may_take(by, locked):
        raise NotYours(_("You were not called, or called yourself."))
    if locked.taken_by is not None:
        if locked.taken_by_id == by.user.pk:
            return locked
        raise NotNow(_("%(name)s was first and is coming.") % {"name": locked.taken_by.get_full_name()})
    if locked.state != HelpState.CALLING:
        raise NotNow(_("This call for help is over."))
    locked.state, locked.taken_by, locked.taken_at = HelpState.TAKEN, by.user, at
    locked.save(update_fields=["state", "taken_by", "taken_at"])
    broadcast_clocks.advance(locked, at=at)
    _on_the_petition(locked, EventCode.HELP_TAKEN, by=by, at=at)
    mark_settled(kind="help_called", about=_about(locked), at=at)
    told = [user_id for user_id in dict.fromkeys((locked.by_id, *locked.told)) if user_id != by.user.pk]
    # given back once, it is taken by somebody else: that is news again
    _tell(locked, told, "help_taken", at=at, once=f":{at.isoformat()}" if locked.back_at is not None else "")
    return locked


def check_may_give_back(broadcast: Broadcast, *, by: Staff) -> None:
    """Refuse who has not taken it.

    :raises NotYours: if ``by`` did not
    """
    if broadcast.taken_by_id != by.user.pk:
        raise NotYours(_("Only who is coming gives it back."))


@transaction.atomic
def give_back(broadcast: Broadcast, *, by: Staff, at: datetime, words: str) -> Broadcast:
    """Give it back as who was coming and cannot: everybody is called again, and it climbs anew if nobody takes it.

    :raises NotYours: if ``by`` did not take it
    :raises NotNow: if it is over
    :raises WordsMissing: without words
    """
    locked = _locked(broadcast)
    check_may_give_back(locked, by=by)
    if locked.state not in HELP_OPEN:
        raise NotNow(_("This call for help is over."))
    locked.back_words = mask_text(records.required(words).strip())[0][:500]
    locked.state, locked.taken_by, locked.taken_at = HelpState.CALLING, None, None
    locked.back_by, locked.back_at = by.user, at
    locked.save(update_fields=["state", "taken_by", "taken_at", "back_by", "back_at", "back_words"])
    broadcast_clocks.again(locked, at=at)
    _on_the_petition(locked, EventCode.HELP_GIVEN_BACK, by=by, at=at)
    once = f":{at.isoformat()}"
    _tell(locked, [user_id for user_id in locked.told if user_id != by.user.pk], "help_called", at=at, once=once)
    _tell(locked, [locked.by_id], "help_given_back", at=at, once=once)
    return locked


@transaction.atomic
def cancel(broadcast: Broadcast, *, by: Staff, at: datetime) -> Broadcast:
    """Call it off as the caller; whoever is coming is told.

    :raises NotYours: if ``by`` did not call
    :raises NotNow: if it is over
    """
    locked = _locked(broadcast)
    if locked.by_id != by.user.pk:
        raise NotYours(_("Only who called for help calls it off."))
    return _over(locked, HelpState.CANCELLED, by=by, at=at)


def check_may_end(broadcast: Broadcast, *, by: Staff) -> None:
    """Refuse who neither called nor came.

    :raises NotYours: if ``by`` did neither
    """
    if by.user.pk not in {broadcast.by_id, broadcast.taken_by_id}:
        raise NotYours(_("Who called or who came ends it."))


@transaction.atomic
def end(broadcast: Broadcast, *, by: Staff, at: datetime, words: str) -> Broadcast:
    """End it with a word, as the caller or as who came.

    :raises NotYours: if ``by`` is neither
    :raises NotNow: if nobody has taken it yet, or it is over
    :raises WordsMissing: without words
    """
    locked = _locked(broadcast)
    check_may_end(locked, by=by)
    if locked.state == HelpState.CALLING:
        raise NotNow(_("Nobody has taken it yet: call it off instead."))
    return _over(locked, HelpState.ENDED, by=by, at=at, words=records.required(words))


def _over(locked: Broadcast, state: HelpState, *, by: Staff, at: datetime, words: str = "") -> Broadcast:
    if locked.state not in HELP_OPEN:
        raise NotNow(_("This call for help is over."))
    locked.state, locked.closed_at, locked.closed_by = state, at, by.user
    locked.end_words = mask_text(words.strip())[0][:500]
    locked.save(update_fields=["state", "closed_at", "closed_by", "end_words"])
    broadcast_clocks.advance(locked, at=at)
    mark_settled(kind="help_called", about=_about(locked), at=at)
    coming = locked.told if locked.taken_by_id is None else [locked.by_id, locked.taken_by_id]
    _tell(locked, [user_id for user_id in coming if user_id != by.user.pk], "help_over", at=at)
    return locked


def _write(broadcast: Broadcast, *, by: Staff, at: datetime) -> None:
    """Write a new call, its clock, and the matter's entry of it: three trips, one of them for what is kept."""
    with all_at_once():
        broadcast.policy_id = policy_kept(broadcast_clocks.POLICY, on=shanghai_date(at))
        clocks = [sequence_of(BroadcastClock)] * len(stages_of(broadcast.policy_id))
        broadcast.pk, *keys = draw(sequence_of(Broadcast), *clocks)
        rows: list[Model] = [broadcast, *broadcast_clocks.opening(broadcast, keys=keys)]
    if broadcast.petition is not None:
        refs = {"broadcast": broadcast.pk}
        rows.append(records.composed(broadcast.petition, EventCode.HELP_CALLED, at=at, by=by.user, refs=refs)[1])
    insert(rows, most=IN_ONE_TRIP)


def _others(found: Iterable[int], out: Collection[int]) -> list[int]:
    """Return whom to call: not the caller, and nobody who stays out of the matter."""
    return [user_id for user_id in found if user_id not in out]


def _locked(broadcast: Broadcast) -> Broadcast:
    rows = Broadcast.objects.select_for_update(of=("self",), no_key=True)
    # not who took it: a row joined while we waited for the lock is that of before
    return rows.select_related("area", "petition").get(pk=broadcast.pk)


def _on_the_petition(broadcast: Broadcast, code: EventCode, *, by: Staff, at: datetime) -> None:
    if broadcast.petition is not None:
        records.append(broadcast.petition, code, at=at, by=by.user, refs={"broadcast": broadcast.pk})


def _about(broadcast: Broadcast) -> str:
    return f"broadcast:{broadcast.number}"


def _tell(broadcast: Broadcast, told: Iterable[int], kind: str, *, at: datetime, once: str = "") -> None:
    """Owe one notice each, at once and each by itself: nobody waits for the offices to open."""
    owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind=kind,
                about=_about(broadcast),
                url_path=broadcast_clocks.url_of(broadcast),
                dedupe_key=f"{kind}:{broadcast.pk}:{user_id}{once}",
                at=at,
                urgent=True,
                params={"number": broadcast.number},
            )
            for user_id in told
        ]
    )
