"""Return 退单: who was sent a matter gives it back in time, the sender decides, the clocks run on (rules.md b.3).

The second return of one matter goes to the common superior of both, who designates; who is designated may not return.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.calendar import ClockKind, Limit, Unit, due
from deadlines.explain import limit_in_words
from deadlines.timetable import Timetable, timetable
from grids.enums import Level, PostKind
from grids.models import Area
from grids.posts import HEADS, SUPERIORS, Staff
from petitions import beside, notices, records, transitions
from petitions.beside import Beside
from petitions.enums import EventCode, ReturnReason, Status, TextKind, Verb
from petitions.errors import NotNow, NotYours
from petitions.models import Petition, PetitionEvent, ReturnRequest
from petitions.permissions import check_not_recused, check_stays_in
from petitions.requests import holds
from petitions.sending import last_sent

RETURNABLE = (Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS)
# the return that the sender does not decide any more
DESIGNATED_FROM = 2


@dataclass(frozen=True, slots=True)
class Window:
    """Until when a matter may be returned (None: as long as it is not resolved), and how long that is in words."""

    until: datetime | None
    limit: str = ""

    def is_open(self, at: datetime) -> bool:
        """Tell whether a return still comes in time."""
        return self.until is None or at < self.until


def window(petition: Petition, sent: PetitionEvent | None = None, *, table: Timetable | None = None) -> Window | None:
    """Return the window of the matter as it was sent last; None where it was not sent, or its policy has no return.

    Counted on the policy's own clock from the dispatch; ``petition`` comes with its policy.
    """
    rule = rule_of(petition)
    sent = sent or last_sent(petition)
    if rule is None or sent is None or petition.policy is None:
        return None
    if "limit" not in rule:
        return Window(None)
    limit = Limit(rule["limit"]["value"], Unit(rule["limit"]["unit"]))
    table = table or timetable()
    kind = ClockKind(petition.policy.clock)
    ends = due(sent.at, limit, kind, table.calendar, table.hours_for(kind, petition.area_path))
    return Window(ends.at, limit_in_words(limit))


def rule_of(petition: Petition) -> dict[str, Any] | None:
    """Return what the policy says about returns; None if it allows none."""
    rule: dict[str, Any] = (petition.policy.rules if petition.policy else {}).get("return_rule", {})
    return rule if rule.get("allowed", bool(rule)) else None


def gives_back(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may speak for who was sent the matter: the holder, or the head of his unit."""
    heads = (held.organisation_id for held in by.holdings if held.kind == PostKind.DEPARTMENT_HEAD)
    return holds(by, petition) or (petition.organisation_id is not None and petition.organisation_id in heads)


@transaction.atomic
def ask_return(
    petition: Petition, *, by: Staff, at: datetime, reason_code: ReturnReason, words: str, version: int | None = None
) -> ReturnRequest:
    """Give a matter back, with a reason; whoever sent it decides, and until then it stays where it is.

    :raises NotYours: if ``by`` was not sent it
    :raises NotNow: if the policy has no return, the window is over, it was designated, or one waits already
    :raises WordsMissing: without words
    """
    locked = Petition.objects.locked(petition.pk)
    stands = beside.read(locked, at=at)
    check_stays_in(by, locked, recused=stands.recused)
    if not gives_back(by, locked):
        raise NotYours(_("Only who was sent %(number)s may return it.") % {"number": locked.number})
    transitions.check_version(locked, version)
    sent = _check_returnable(locked, stands, at=at)
    number = stands.returns + 1
    to_area, to_post = _decides(locked, sent, number=number)
    text, event = records.composed(
        locked,
        EventCode.RETURN_ASKED,
        at=at,
        by=by.user,
        words=records.required(words),
        text_kind=TextKind.REASON,
        public=False,
        refs={"organisation": locked.organisation_id, "reason": reason_code, "number": number},
    )
    request = ReturnRequest(
        petition=locked,
        number=number,
        organisation_id=locked.organisation_id,
        asked_by=by.user,
        asked_at=at,
        reason_code=reason_code,
        words_id=records.words_of(event),
        to_area=to_area,
        to_post=to_post,
    )
    records.write(text, event, request)
    target = (Level(to_area.level), to_post)
    notices.tell_deciders(locked, EventCode.RETURN_ASKED, (target,), asked_by=by.user.pk, at=at, recused=stands.recused)
    return request


@transaction.atomic
def decide_return(request: ReturnRequest, *, by: Staff, at: datetime, agree: bool, reason: str) -> ReturnRequest:
    """Take the matter back, or refuse with a reason: then it stays with who has it. The clocks run on in both cases.

    :raises NotYours: if no post of ``by`` decides on it
    :raises NotNow: if it is decided, or must be decided by designation
    :raises WordsMissing: without a reason
    """
    locked = Petition.objects.locked(request.petition_id)
    request = ReturnRequest.objects.select_for_update().get(pk=request.pk)
    check_not_recused(by, locked)
    if request.decided_at is not None:
        raise NotNow(_("This return has been decided already."))
    if not decides(by, request):
        raise NotYours(_("Your post does not decide on this return of %(number)s.") % {"number": locked.number})
    if request.number >= DESIGNATED_FROM:
        raise NotNow(_("It came back for the second time: designate who must handle it."))
    words = records.required(reason)
    request.agreed, request.decided_by, request.decided_at = agree, by.user, at
    request.save(update_fields=["agreed", "decided_by", "decided_at"])
    refs = {"organisation": request.organisation_id, "number": request.number}
    if agree:
        transitions.move(
            locked,
            Verb.TAKE_BACK,
            by=by,
            at=at,
            words=words,
            text_kind=TextKind.REASON,
            public=False,
            refs=refs,
            handler=None,
            organisation=None,
        )
        notices.tell_former(locked, by=by.user, at=at)
    else:
        records.append(
            locked, EventCode.RETURN_REFUSED, at=at, by=by.user, words=words, text_kind=TextKind.REASON, public=False,
            refs=refs,
        )  # fmt: skip
        notices.tell_holders(locked, EventCode.RETURN_REFUSED, also=request.asked_by_id, at=at)
    return request


def decides(by: Staff, request: ReturnRequest) -> bool:
    """Tell whether one of the posts held decides on a return, and the person did not ask for it; one query."""
    return ReturnRequest.objects.waiting_for(by).filter(pk=request.pk).exists()


def _check_returnable(petition: Petition, stands: Beside, *, at: datetime) -> PetitionEvent:
    """Return the event that sent the matter.

    :raises NotNow: if it may not be returned
    """
    if petition.status not in RETURNABLE:
        raise NotNow(_("Only what was sent and is not resolved can be returned."))
    if petition.designated_at is not None:
        raise NotNow(_("You were designated for this matter: it cannot be returned, you must handle it."))
    if rule_of(petition) is None:
        raise NotNow(_("The rules of this matter allow no return: whoever has it first handles it."))
    sent = last_sent(petition)
    if sent is None:
        raise NotNow(_("Nobody sent you this matter; there is nobody to return it to."))
    if stands.returns_waiting:
        raise NotNow(_("A return is waiting for its decision already."))
    open_for = window(petition, sent, table=stands.table)
    if open_for is not None and not open_for.is_open(at):
        raise NotNow(_("The time for returning it (%(limit)s) is over: you must handle it.") % {
            "limit": open_for.limit,
        })  # fmt: skip
    return sent


def _decides(petition: Petition, sent: PetitionEvent, *, number: int) -> tuple[Area, PostKind]:
    """Return the post that decides: the sender's at first, then the head over sender and receiver both."""
    sender_area, sender_post = _sender(petition, sent)
    if number < DESIGNATED_FROM:
        return sender_area, sender_post
    receiver = petition.organisation.area if petition.organisation else petition.grid or petition.area
    line = _common_line(sender_area, receiver)
    common = line[-1]
    heads = HEADS[Level(common.level)]
    if sender_area != common or sender_post not in heads:
        return common, heads[0]
    over = [kind for kind in SUPERIORS.get(sender_post, ()) if kind in heads]
    if over:
        return common, over[0]
    above = line[-2] if len(line) > 1 else common
    return above, HEADS[Level(above.level)][0]


def _sender(petition: Petition, sent: PetitionEvent) -> tuple[Area, PostKind]:
    area = Area.objects.filter(pk=sent.refs.get("area")).first()
    if area is not None:
        return area, PostKind(sent.refs["post"])
    # an imported dispatch does not say from which post it came
    nearest = petition.community or petition.street or petition.area
    return nearest, HEADS[max(Level(nearest.level), Level.DISTRICT)][0]


def _common_line(one: Area, other: Area) -> list[Area]:
    """Return the areas that hold both and have a head, widest first; never none, the district holds everything."""
    both = set(one.line_ids()) & set(other.line_ids())
    found = Area.objects.filter(pk__in=both, level__in=list(HEADS)).order_by("level")
    return list(found) or [one]
