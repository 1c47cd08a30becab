"""Put off 挂账, ended without a solution 终止, whose duty it is 责任争议: asked for, and decided by the level above.

Until then the matter stays where it is and its clocks run on; the decision has a clock of its own that climbs
(policy ``ruling``). What is put off is looked at again by a day, late if late (policies ``deferral_…``); what is ended
may be appealed against once (``appeals``); who is found responsible is designated and may not return it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from grids.enums import Level, PostKind
from grids.models import Area, Organisation
from grids.posts import HEADS, Staff
from petitions import beside, clocks, notices, records, requests, returns, sending, transitions
from petitions.enums import Decision, EventCode, Status, TextKind, Verb
from petitions.errors import NotNow, NotYours
from petitions.models import Petition, Ruling
from petitions.models.rulings import RulingKind
from petitions.permissions import check_not_recused, check_stays_in, covers

WORKED: Final = (Status.SIGNED, Status.IN_PROGRESS)
ASKED_WHILE: Final = {
    RulingKind.DEFER: WORKED,
    RulingKind.TERMINATE: (*WORKED, Status.DEFERRED),
    RulingKind.CONFLICT: returns.RETURNABLE,
}
# how often one matter may be put off, and how often it may be asked whose it is
MOST: Final = {RulingKind.DEFER: 2, RulingKind.CONFLICT: 1}
TAKES_UP: Final = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER})


@transaction.atomic
def ask(
    petition: Petition,
    *,
    kind: RulingKind,
    by: Staff,
    at: datetime,
    reason: str,
    days: int | None = None,
    unit: Organisation | None = None,
    version: int | None = None,
) -> Ruling:
    """Ask the level above; whoever has the matter does, and for a conflict the head of his unit too.

    :raises NotYours: if ``by`` does not have it
    :raises NotNow: if this cannot be asked now: see ``refusal``
    :raises WordsMissing: without a reason
    :raises ChangedMeanwhile: if ``version`` is no longer the petition's
    """
    locked = Petition.objects.locked(petition.pk)
    stands = beside.read(locked, at=at)
    check_stays_in(by, locked, recused=stands.recused)
    if not asks(by, locked, kind):
        raise NotYours(_("Only who has %(number)s may ask for this.") % {"number": locked.number})
    transitions.check_version(locked, version)
    why_not = refusal(locked, kind, at=at)
    if why_not:
        raise NotNow(why_not)
    if kind == RulingKind.DEFER and days not in clocks.DEFERRALS:
        raise NotNow(_("A matter is put off for 30, 60 or 90 days."))
    if kind == RulingKind.CONFLICT and (unit is None or unit.pk == locked.organisation_id):
        raise NotNow(_("Name the other unit that is responsible."))
    area, post = _decides(locked)
    text, event = records.composed(
        locked,
        EventCode.RULING_ASKED,
        at=at,
        by=by.user,
        words=records.required(reason),
        text_kind=TextKind.REASON,
        public=False,
        refs={"ruling": kind, "days": days, "organisation": unit.pk if unit else None},
    )
    ruling = Ruling(
        petition=locked, kind=kind, days=days, unit=unit, words_id=records.words_of(event), asked_by=by.user,
        asked_at=at, to_area=area, to_post=post,
    )  # fmt: skip
    records.write(text, event, ruling)
    clocks.begin(locked, clocks.RULING, anchor="ruling_asked", at=at)
    target = ((Level(area.level), post),)
    notices.tell_deciders(locked, EventCode.RULING_ASKED, target, asked_by=by.user.pk, at=at, recused=stands.recused)
    return ruling


@transaction.atomic
def decide(ruling: Ruling, *, by: Staff, at: datetime, agree: bool, reason: str) -> Petition:
    """Decide, with a reason; what concerns the petitioner he reads.

    A conflict is always settled: agreed, the unit named is designated; refused, who has it must handle it.

    :raises NotYours: if no post of ``by`` decides on it, or he asked himself
    :raises NotNow: if it is decided, or what is late would be put off
    :raises WordsMissing: without a reason
    """
    locked = Petition.objects.locked(ruling.petition_id)
    one = Ruling.objects.select_for_update(of=("self",)).get(pk=ruling.pk)
    check_not_recused(by, locked)
    if one.decision != Decision.WAITING:
        raise NotNow(_("This request has been decided already."))
    if not Ruling.objects.waiting_for(by).filter(pk=one.pk).exists():
        raise NotYours(_("Your post does not decide on this for %(number)s.") % {"number": locked.number})
    words = records.required(reason)
    if agree and one.kind == RulingKind.DEFER and not requests.time_left(locked, at=at):
        raise NotNow(_("The date has passed; what is late is not put off afterwards. You can only refuse."))
    one.decision = Decision.GRANTED if agree else Decision.REFUSED
    one.decided_by, one.decided_at = by.user, at
    one.save(update_fields=["decision", "decided_by", "decided_at"])
    if one.kind == RulingKind.CONFLICT:
        return _settle(locked, one, by=by, at=at, agree=agree, words=words)
    if not agree:
        records.append(
            locked, EventCode.RULING_REFUSED, at=at, by=by.user, words=words, text_kind=TextKind.REASON, public=False,
            refs={"ruling": one.kind},
        )  # fmt: skip
        clocks.advance(locked, at=at)
        notices.tell_holders(locked, EventCode.RULING_REFUSED, also=one.asked_by_id, at=at)
        return locked
    verb = Verb.DEFER if one.kind == RulingKind.DEFER else Verb.TERMINATE
    moved = transitions.move(
        locked,
        verb,
        by=None,
        wrote=by.user,
        at=at,
        words=words,
        text_kind=TextKind.REASON,
        refs={"ruling": one.kind, "days": one.days},
    )
    if one.days is not None:
        clocks.begin(moved, clocks.DEFERRALS[one.days], anchor="deferred", at=at)
    notices.tell_user(moved, EventCode.DEFERRED if one.days else EventCode.TERMINATED, one.asked_by_id, at=at)
    return moved


@transaction.atomic
def resume(petition: Petition, *, by: Staff, at: datetime, words: str, version: int | None = None) -> Petition:
    """Take up again what was put off, on the day or before; its promises begin anew, the petitioner reads why.

    :raises NotYours: if ``by`` neither has it nor heads its community or its subdistrict's desk
    :raises NotNow: if it is not put off
    :raises WordsMissing: without words
    """
    seen = Petition.objects.select_related("area").get(pk=petition.pk)
    check_not_recused(by, seen)
    if not takes_up(by, seen):
        raise NotYours(_("Your post does not allow this on %(number)s.") % {"number": seen.number})
    return transitions.move(
        seen,
        Verb.RESUME,
        by=None,
        wrote=by.user,
        at=at,
        version=version,
        words=records.required(words),
        text_kind=TextKind.NOTE,
    )


def asks(by: Staff, petition: Petition, kind: RulingKind) -> bool:
    """Tell whether somebody has the matter, so that he may ask; in a conflict the head of the unit speaks too."""
    if kind == RulingKind.CONFLICT:
        return petition.organisation_id is not None and returns.gives_back(by, petition)
    return requests.holds(by, petition)


def takes_up(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may take up again what was put off."""
    return requests.holds(by, petition) or any(held.kind in TAKES_UP and covers(held, petition) for held in by.holdings)


def refusal(
    petition: Petition, kind: RulingKind, *, at: datetime, known: Sequence[tuple[str, str]] | None = None
) -> str:
    """Return why this cannot be asked now, in words; empty if it can. Two queries at most, four for a conflict.

    ``known``: kind and decision of what was asked so far, where that was read already.
    """
    if petition.status not in ASKED_WHILE[kind]:
        return _("%(number)s is “%(status)s”; this is not possible now.") % {
            "number": petition.number, "status": Status(petition.status).label,
        }  # fmt: skip
    before = list(petition.rulings.values_list("kind", "decision")) if known is None else known
    if any(decision == Decision.WAITING for _kind, decision in before):
        return _("A decision of the level above is waited for already.")
    granted = [one for one in before if one[0] == kind and (one[1] == Decision.GRANTED or kind == RulingKind.CONFLICT)]
    if len(granted) >= MOST.get(kind, len(granted) + 1):
        return _("This has been decided on this matter as often as it may be.")
    if kind == RulingKind.DEFER and not requests.time_left(petition, at=at):
        return _("It can be put off before its date only, while the matter is being handled.")
    if kind == RulingKind.CONFLICT:
        return _not_disputed(petition, at=at)
    return ""


def _not_disputed(petition: Petition, *, at: datetime) -> str:
    if petition.designated_at is not None:
        return _("You were designated for this matter: it cannot be returned, you must handle it.")
    window = returns.window(petition)
    if window is not None and not window.is_open(at):
        return _("The time for returning it (%(limit)s) is over: you must handle it.") % {"limit": window.limit}
    return ""


def _settle(petition: Petition, ruling: Ruling, *, by: Staff, at: datetime, agree: bool, words: str) -> Petition:
    keeps = petition.organisation if not agree else None
    unit = keeps or ruling.unit
    handler = petition.handler if keeps is not None else None
    return sending.designate(petition, by=by, at=at, reason=words, organisation=unit, handler=handler)


def _decides(petition: Petition) -> tuple[Area, PostKind]:
    """Return who decides: the subdistrict's dispatcher; the head over it where the matter is closed to that level."""
    street = petition.street
    if street is not None and (petition.barred_from is None or petition.barred_from > Level.STREET):
        return street, PostKind.DISPATCHER
    line = Area.objects.filter(pk__in=petition.area.line_ids(), level__in=list(HEADS)).order_by("-level")
    limit = petition.barred_from or Level.STREET
    area = next((one for one in line if one.level < limit), petition.area)
    return area, HEADS.get(Level(area.level), (PostKind.DISTRICT_COMMAND,))[0]
