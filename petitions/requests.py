"""What is asked for on the way: more time, attention from above (``supplements``: materials). No status changes here.

Each verb locks the petition, checks who and when, writes the request, appends the event, moves the clocks, owes the
notices; one transaction. ``by`` is the staff member with today's posts; the petitioner's own verbs have none.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from deadlines import life
from deadlines.calendar import Limit, Unit
from deadlines.enums import ClockState
from deadlines.explain import limit_in_words
from deadlines.ladder import POST_MAP
from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.errors import NobodyToTell
from grids.staff import Staff
from petitions import beside, clocks, notices, records
from petitions.enums import OPEN, Decision, EventCode, Status, TextKind
from petitions.errors import NotNow, NotYours
from petitions.models import (
    ExtensionRequest,
    Petition,
    PetitionClock,
    PetitionQuerySet,
    Recusal,
    SupervisionOrder,
)
from petitions.moves import RESOLUTION
from petitions.permissions import check_not_recused, check_stays_in, covers, is_handler

# Who may order from above; never who handles (architecture.md 6: supervisor may not handle).
SUPERVISES = frozenset({PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.SUPERVISOR, PostKind.DISTRICT_COMMAND})
# Who may ask the petitioner back before somebody holds the matter.
ASKS_BACK = frozenset({PostKind.COMMUNITY_WORKER, PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER})
# more than anybody decides in a day
WAITING_AT_ONCE = 200
HANDLING = (Status.ACCEPTED, Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS)


# -- more time ---------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_extension(petition: Petition, *, by: Staff, at: datetime, value: int, reason: str) -> ExtensionRequest:
    """Ask for more time, before expiry, by who holds the matter; the policy caps how often and how much.

    :raises NotYours: if ``by`` does not hold it
    :raises NotNow: if the policy allows none, the cap is reached, the date has passed, or a request waits already
    :raises WordsMissing: without a reason
    """
    locked = Petition.objects.locked(petition.pk)
    stands = beside.read(locked, at=at)
    check_stays_in(by, locked, recused=stands.recused)
    _check_holds(by, locked)
    rule = _extension_rule(locked)
    clock = _clock_to_extend(locked)
    if clock is None or at >= clock.due_at:
        raise NotNow(_("More time can be asked for before the date only, while the matter is being handled."))
    if stands.extensions_granted >= rule.get("max_times", 1):
        raise NotNow(_("This matter has been extended as often as its rules allow."))
    if stands.extensions_waiting:
        raise NotNow(_("A request for more time is waiting for its decision already."))
    most = rule["max"]
    if not 1 <= value <= most["value"]:
        raise NotNow(_("At most %(limit)s more.") % {"limit": limit_in_words(Limit(most["value"], Unit(most["unit"])))})
    text, event = records.composed(
        locked,
        EventCode.EXTENSION_ASKED,
        at=at,
        by=by.user,
        words=records.required(reason),
        text_kind=TextKind.REASON,
        public=False,
        refs={"value": value, "unit": most["unit"], "clock": clock.pk, "due": clock.due_at.isoformat()},
    )
    request = ExtensionRequest(
        petition=locked,
        clock=clock,
        value=value,
        unit=most["unit"],
        reason_id=records.words_of(event),
        asked_by=by.user,
        asked_at=at,
    )
    records.write(text, event, request)
    notices.tell_deciders(
        locked, EventCode.EXTENSION_ASKED, approvers(locked), asked_by=by.user.pk, at=at, recused=stands.recused
    )
    return request


@transaction.atomic
def decide_extension(
    request: ExtensionRequest, *, by: Staff, at: datetime, grant: bool, reason: str
) -> ExtensionRequest:
    """Grant or refuse more time, by the post the policy names (else one level up); the petitioner is told why.

    :raises NotYours: if no post of ``by`` decides here, or he asked himself
    :raises NotNow: if it is decided, or the matter is no longer being handled
    :raises WordsMissing: without a reason
    """
    locked = Petition.objects.locked(request.petition_id)
    check_not_recused(by, locked)
    request = ExtensionRequest.objects.select_for_update().get(pk=request.pk)
    _check_decides(by, locked, request, at=at)
    if request.decision != Decision.WAITING:
        raise NotNow(_("This request has been decided already."))
    clock = _clock_to_extend(locked)
    if clock is None or clock.pk != request.clock_id:
        raise NotNow(_("The matter is no longer being handled; there is nothing to extend."))
    if clock.state == ClockState.PAUSED:
        raise NotNow(_("The clock stands still while we wait for the petitioner. Please decide when it runs again."))
    if grant and at >= clock.due_at:
        raise NotNow(_("The date has passed; what is late is not made punctual afterwards. You can only refuse."))
    request.decision = Decision.GRANTED if grant else Decision.REFUSED
    request.decided_by, request.decided_at = by.user, at
    request.save(update_fields=["decision", "decided_by", "decided_at"])
    code = EventCode.EXTENDED if grant else EventCode.EXTENSION_REFUSED
    records.append(
        locked,
        code,
        at=at,
        by=by.user,
        words=records.required(reason),
        text_kind=TextKind.REASON,
        public=grant,
        refs={"value": request.value, "unit": request.unit, "clock": request.clock_id},
    )
    if grant:
        life.extend(clocks.FAMILY, request.clock_id, amount=Limit(request.value, Unit(request.unit)), at=at)
        clocks.refresh(locked)
    # who asked may have handed the matter over meanwhile
    notices.tell_user(locked, code, locked.handler_id or request.asked_by_id, at=at)
    if grant:
        notices.tell_petitioner(locked, code, at=at)
    return request


def approvers(petition: Petition) -> tuple[tuple[Level, PostKind], ...]:
    """Return the posts that decide on more time: the policy's own, else one level above who handles."""
    name = _extension_rule(petition).get("approver", "")
    if name in POST_MAP:
        return tuple(
            (Level.STREET if where == "unit" else Level[where.upper()], post) for where, post in POST_MAP[name]
        )
    if petition.organisation_id is not None:
        return ((Level.STREET, PostKind.DEPARTMENT_HEAD),)
    return ((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),)


def decides(by: Staff, petition: Petition, *, asked_by: int, at: datetime) -> bool:
    """Tell whether this person decides on more time that ``asked_by`` asked for: whoever is told of it today.

    Who asked does not; where the post would be his own, the level above decides (architecture.md 4, "Who is told").
    """
    return by.user.pk in notices.at_posts(petition, approvers(petition), at=at, without=(asked_by,))


def waiting(petitions: PetitionQuerySet) -> QuerySet[ExtensionRequest]:
    """Return what was asked for and nobody has decided on, in ``petitions``."""
    return ExtensionRequest.objects.filter(decision=Decision.WAITING, petition__in=petitions)


def to_decide(by: Staff, petitions: PetitionQuerySet, *, at: datetime) -> list[int]:
    """Return which of ``petitions`` wait for this person's decision on more time, longest waiting first.

    One query where none waits, six at most however many do. A deputy decides what the absent one would, as everywhere.
    """
    rows = waiting(petitions).select_related("petition__policy")
    found = list(rows.order_by("asked_at", "pk")[:WAITING_AT_ONCE])
    if not found:
        return []
    out: dict[int, dict[int, str]] = {one.petition_id: {} for one in found}
    recusals = Recusal.objects.filter(petition__in=list(out))
    for petition_id, user_id, kind in recusals.values_list("petition", "user", "kind"):
        out[petition_id][user_id] = kind
    asked = []
    for one in found:
        # the rules of a matter may have changed since
        with suppress(NotNow):
            targets = approvers(one.petition)
            asked.append(notices.Asked(one.petition, targets, frozenset({one.asked_by_id}), out[one.petition_id]))
    try:
        told = notices.at_posts_of(asked, at=at)
    except NobodyToTell as no:
        # somebody must fill the duty list; meanwhile the others are decided on
        told = {key: answer.user_ids for key, answer in no.told.items()}
    return [
        one.petition.pk
        for one in asked
        if by.user.pk in told.get(one.petition.pk, ()) and by.user.pk not in one.without | one.recused.keys()
    ]


# -- attention ---------------------------------------------------------------------------------------------------


@transaction.atomic
def urge(petition: Petition, *, at: datetime) -> Petition:
    """The petitioner urges, once a day (Shanghai); whoever handles it and his head are told.

    Who joined another matter urges that one: each person once a day, and it stands in its history.

    :raises NotNow: if the matter is over, or was urged by him today
    """
    locked = Petition.objects.locked(petition.pk)
    matter = locked.master or locked
    if matter.status not in OPEN:
        raise NotNow(_("This matter is over; it cannot be urged."))
    # what others urged who joined it is not his
    mine = locked.events.filter(code=EventCode.URGED).exclude(refs__has_key="petition")
    last = mine.order_by("-at").values_list("at", flat=True).first()
    if last is not None and shanghai_date(last) == shanghai_date(at):
        raise NotNow(_("You have urged today already. Tomorrow you can again."))
    records.append(locked, EventCode.URGED, at=at, by=None)
    if locked.master is not None:
        records.append(matter, EventCode.URGED, at=at, by=None, refs={"petition": locked.number})
    notices.tell_holders(matter, EventCode.URGED, at=at)
    notices.tell_posts(matter, EventCode.URGED, _heads(matter), by=None, at=at)
    return locked


@transaction.atomic
def supervise(petition: Petition, *, by: Staff, at: datetime, words: str) -> SupervisionOrder:
    """Issue a supervision order from one level up; it has a clock of its own (policy ``supervision``).

    :raises NotYours: if no post of ``by`` supervises here, or he handles it
    :raises NotNow: if the matter is over or an order waits for its answer
    """
    locked = Petition.objects.locked(petition.pk)
    check_not_recused(by, locked)
    if by.user.pk == locked.handler_id or not any(
        held.kind in SUPERVISES and covers(held, locked) for held in by.holdings
    ):
        raise NotYours(_("Your post does not allow this on %(number)s.") % {"number": locked.number})
    if locked.status not in OPEN:
        raise NotNow(_("This matter is over; there is nothing to supervise."))
    if locked.orders.filter(answered_at=None).exists():
        raise NotNow(_("A supervision order is waiting for its answer already."))
    event = records.append(
        locked,
        EventCode.SUPERVISED,
        at=at,
        by=by.user,
        words=records.required(words),
        text_kind=TextKind.REASON,
        public=False,
    )
    due_at = clocks.supervise(locked, at=at)
    order = SupervisionOrder.objects.create(
        petition=locked, words_id=records.words_of(event), issued_by=by.user, issued_at=at, due_at=due_at
    )
    notices.tell_holders(locked, EventCode.SUPERVISED, at=at)
    notices.tell_posts(locked, EventCode.SUPERVISED, _heads(locked), by=by.user, at=at)
    return order


@transaction.atomic
def answer_order(order: SupervisionOrder, *, by: Staff, at: datetime, words: str) -> SupervisionOrder:
    """Answer a supervision order, by who holds the matter or the community's secretary; its clock stops.

    :raises NotYours: if ``by`` is neither
    :raises NotNow: if it is answered
    """
    locked = Petition.objects.locked(order.petition_id)
    check_not_recused(by, locked)
    order = SupervisionOrder.objects.select_for_update().get(pk=order.pk)
    if not (
        holds(by, locked)
        or any(held.kind == PostKind.COMMUNITY_SECRETARY and covers(held, locked) for held in by.holdings)
    ):
        raise NotYours(_("Your post does not allow this on %(number)s.") % {"number": locked.number})
    if order.answered_at is not None:
        raise NotNow(_("This order has been answered already."))
    event = records.append(
        locked,
        EventCode.SUPERVISION_ANSWERED,
        at=at,
        by=by.user,
        words=records.required(words),
        text_kind=TextKind.NOTE,
        public=False,
    )
    order.answered_at, order.answer_id = at, event.text_id
    order.save(update_fields=["answered_at", "answer_id"])
    clocks.advance(locked, at=at)
    notices.tell_user(locked, EventCode.SUPERVISION_ANSWERED, order.issued_by_id, at=at)
    return order


def _heads(petition: Petition) -> tuple[tuple[Level, PostKind], ...]:
    """Return the head of the community, and of the unit where one handles it."""
    heads = ((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),)
    return heads if petition.organisation_id is None else (*heads, (Level.STREET, PostKind.DEPARTMENT_HEAD))


# -- checks ------------------------------------------------------------------------------------------------------


def holds(by: Staff, petition: Petition) -> bool:
    """Tell whether this person holds the matter: named, or of the unit that handles it."""
    if petition.handler_id is not None:
        return is_handler(by, petition)
    departments = (PostKind.DEPARTMENT_HANDLER, PostKind.DEPARTMENT_HEAD)
    return petition.organisation_id is not None and any(
        held.kind in departments and held.organisation_id == petition.organisation_id for held in by.holdings
    )


def _check_holds(by: Staff, petition: Petition) -> None:
    if not holds(by, petition):
        raise NotYours(_("Only who holds %(number)s may ask for this.") % {"number": petition.number})


def _check_decides(by: Staff, petition: Petition, request: ExtensionRequest, *, at: datetime) -> None:
    if not decides(by, petition, asked_by=request.asked_by_id, at=at):
        raise NotYours(_("Your post does not decide on more time for %(number)s.") % {"number": petition.number})


def _extension_rule(petition: Petition) -> dict[str, Any]:
    rule: dict[str, Any] = (petition.policy.rules if petition.policy else {}).get("extension", {})
    if not rule.get("allowed"):
        raise NotNow(_("The rules of this matter allow no extension."))
    return rule


def time_left(petition: Petition, *, at: datetime) -> bool:
    """Tell whether a date still lies ahead that could be extended; one query."""
    clock = _clock_to_extend(petition)
    return clock is not None and at < clock.due_at


def _clock_to_extend(petition: Petition) -> PetitionClock | None:
    return (
        petition.clocks.filter(
            state__in=(ClockState.RUNNING, ClockState.PAUSED),
            stage__stopped_by__in=RESOLUTION,
            stage__policy=petition.policy_id,
        )
        .order_by("due_at")
        .first()
    )
