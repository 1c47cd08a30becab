"""Appeal against a decline 不予受理申诉: by the petitioner, once, in words; decided one level above, in words.

Agreed to, the matter is triaged anew with fresh time limits and cannot be declined again.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.models import Area
from grids.posts import HEADS, Staff, staff_for
from petitions import clocks, notices, records, transitions
from petitions.enums import EventCode, Status, TextKind, Verb
from petitions.errors import NotNow, NotYours
from petitions.models import Appeal, Petition, PetitionEvent
from petitions.permissions import check_not_recused, post_for

# What the petitioner may appeal against: not taken on, or ended without a solution.
NOT_DONE = (Status.DECLINED, Status.TERMINATED)


def may_appeal(petition: Petition) -> bool:
    """Tell whether its petitioner may appeal now; no query unless it was declined."""
    return petition.status in NOT_DONE and not Appeal.objects.filter(petition=petition).exists()


@transaction.atomic
def appeal(petition: Petition, *, at: datetime, words: str, version: int | None = None) -> Appeal:
    """Take the appeal of the petitioner; its clock starts, whoever decides is told.

    :raises NotNow: if the matter was not declined, or there was an appeal already
    :raises WordsMissing: without words
    :raises ChangedMeanwhile: if ``version`` is no longer the petition's
    """
    locked = Petition.objects.locked(petition.pk)
    if locked.status not in NOT_DONE:
        raise NotNow(_("%(number)s was not declined; there is nothing to appeal against.") % {"number": locked.number})
    if Appeal.objects.filter(petition=locked).exists():
        raise NotNow(_("You have appealed already. An appeal is decided once."))
    transitions.check_version(locked, version)
    declined = (
        locked.events.filter(code__in=(EventCode.DECLINED, EventCode.TERMINATED))
        .select_related("by")
        .latest("at", "id")
    )
    area, post = _above(locked, declined)
    event = records.append(
        locked, EventCode.APPEALED, at=at, by=None, words=records.required(words), text_kind=TextKind.BODY
    )
    made = Appeal.objects.create(
        petition=locked,
        words_id=records.words_of(event),
        asked_at=at,
        declined_by=declined.by,
        to_area=area,
        to_post=post,
    )
    clocks.begin(locked, clocks.DECLINE_APPEAL, anchor="appealed", at=at)
    target = (Level(area.level), post)
    if declined.by_id is None:
        notices.tell_posts(locked, EventCode.APPEALED, (target,), by=None, at=at)
    else:
        notices.tell_deciders(locked, EventCode.APPEALED, (target,), asked_by=declined.by_id, at=at)
    return made


@transaction.atomic
def decide(made: Appeal, *, by: Staff, at: datetime, agree: bool, reason: str) -> Petition:
    """Decide on an appeal with a reason that the petitioner reads; agreed to, the matter is triaged anew.

    :raises NotYours: if no post of ``by`` decides on it, or he declined himself
    :raises NotNow: if it is decided
    :raises WordsMissing: without a reason
    """
    locked = Petition.objects.locked(made.petition_id)
    one = Appeal.objects.select_for_update(of=("self",)).get(pk=made.pk)
    check_not_recused(by, locked)
    if one.decided_at is not None:
        raise NotNow(_("This appeal has been decided already."))
    if not decides(by, one):
        raise NotYours(_("Your post does not decide on the appeal in %(number)s.") % {"number": locked.number})
    words = records.required(reason)
    one.agreed, one.decided_by, one.decided_at = agree, by.user, at
    one.save(update_fields=["agreed", "decided_by", "decided_at"])
    if agree:
        # what was ended had a handler and limits; what was declined had neither
        return transitions.move(
            locked,
            Verb.READMIT,
            by=None,
            wrote=by.user,
            at=at,
            words=words,
            text_kind=TextKind.REASON,
            handler=None,
            organisation=None,
            designated_at=None,
            policy=None,
            tier="",
        )
    records.append(locked, EventCode.APPEAL_REFUSED, at=at, by=by.user, words=words, text_kind=TextKind.REASON)
    clocks.advance(locked, at=at)
    notices.tell(locked, EventCode.APPEAL_REFUSED, by=by.user, at=at)
    return locked


def decides(by: Staff, made: Appeal) -> bool:
    """Tell whether one of the posts held decides on an appeal, and the person did not decline; one query."""
    return Appeal.objects.waiting_for(by).filter(pk=made.pk).exists()


def _above(petition: Petition, declined: PetitionEvent) -> tuple[Area, PostKind]:
    """Return the area and the post one level above who declined; the district's command where nobody is above."""
    level = Level(petition.area.level)
    if declined.by is not None:
        held = post_for(staff_for(declined.by, shanghai_date(declined.at)), Verb.DECLINE, petition)
        level = held.level if held is not None else level
    line = Area.objects.filter(pk__in=petition.area.line_ids(), level__in=list(HEADS)).order_by("-level")
    above = [area for area in line if area.level < level] or [area for area in line if area.level <= level]
    area = above[0] if above else petition.area
    # a street has two heads: the leader stands over the dispatcher
    return area, HEADS[max(Level(area.level), Level.DISTRICT)][-1]
