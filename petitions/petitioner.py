"""What petitioners may do by themselves to where their matter stands: withdraw it, and reopen it once.

Nobody's post decides here; who may is who has proved number and follow-up code (``viewers.Follower``).
"""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.posts import staff_for
from people.models import User
from petitions import notices, records, transitions
from petitions.enums import EventCode, Status, TextKind, Urgency, Verb
from petitions.errors import NotNow
from petitions.models import Petition
from petitions.moves import LEADS_TO
from petitions.permissions import covers

# Calendar days after the closing within which a matter may be reopened (issue 5; the day of closing not counted).
REOPEN_DAYS: Final = 15


@transaction.atomic
def withdraw(petition: Petition, *, at: datetime, words: str = "", version: int | None = None) -> Petition:
    """Take the matter back before it is resolved: its clocks are cancelled, whoever has it is told.

    Not a matter that may cost life or property, which must be looked at all the same; nor one that others have joined,
    which goes on for them. What was joined to another matter may be taken out of it.

    :raises NotNow: if it is resolved or over, urgent, or others have joined it
    """
    before = Petition.objects.locked(petition.pk)
    master = before.master
    moved = transitions.move(
        petition,
        Verb.WITHDRAW,
        by=None,
        at=at,
        version=version,
        words=words,
        text_kind=TextKind.REASON,
        refs={"master": master.number if master else None},
        check=lambda one, stands: _check_may_withdraw(one, has_joined=stands.has_joined),
        master=None,
    )
    notices.tell_holders(moved, EventCode.WITHDRAWN, at=at)
    if master is not None:
        records.append(master, EventCode.LEFT, at=at, by=None, refs={"petition": moved.number})
    return moved


def may_withdraw(petition: Petition) -> bool:
    """Tell whether the petitioner may take it back now."""
    if (Status(petition.status), Verb.WITHDRAW) not in LEADS_TO:
        return False
    try:
        _check_may_withdraw(petition, has_joined=petition.joined.exists())
    except NotNow:
        return False
    return True


def offers_withdrawal(petition: Petition) -> bool:
    """Tell, without a query, whether the way to withdrawing is shown; what it says there may still be no."""
    lawful = (Status(petition.status), Verb.WITHDRAW) in LEADS_TO
    return lawful and (petition.status == Status.MERGED or petition.urgency == Urgency.NORMAL)


@transaction.atomic
def reopen(petition: Petition, *, at: datetime, words: str, version: int | None = None) -> Petition:
    """Take a closed matter up again, once, within 15 days: back to who handled it, and the level above is told.

    The handling clocks run anew as a next generation; what the earlier ones recorded stays as it is.

    :raises WordsMissing: if nothing says what is still wrong
    :raises NotNow: if it is not closed, was reopened before, or was closed more than 15 days ago
    """
    locked = Petition.objects.locked(petition.pk)
    moved = transitions.move(
        locked,
        Verb.REOPEN,
        by=None,
        at=at,
        version=version,
        words=records.required(words),
        text_kind=TextKind.BODY,
        check=lambda one, _stands: _check_may_reopen(one, at=at),
        **back_to_work(locked, at=at),
    )
    notices.tell_posts(moved, EventCode.REOPENED, notices.one_level_up(moved), by=None, at=at)
    return moved


def may_reopen_until(petition: Petition, *, at: datetime) -> date | None:
    """Return the last day on which the petitioner may reopen it; None if he may not (at most one query)."""
    if petition.status != Status.CLOSED or petition.closed_at is None:
        return None
    last = shanghai_date(petition.closed_at) + timedelta(days=REOPEN_DAYS)
    return last if shanghai_date(at) <= last and not _was_reopened(petition) else None


def back_to_work(petition: Petition, *, at: datetime) -> dict[str, Any]:
    """Return what changes on a matter that was done and is not: nothing is done any more, and who has it now.

    Whoever handled it; if he no longer holds a post that reaches it, whoever answers at that post today.
    """
    handler_id = petition.handler_id
    if handler_id is None or not _still_reaches(handler_id, petition, at=at):
        department = petition.organisation_id is not None
        post = (Level.STREET, PostKind.DEPARTMENT_HANDLER) if department else (Level.GRID, PostKind.GRID_WORKER)
        handler_id = notices.at_posts(petition, (post,), at=at)[0]
    return {"resolved_at": None, "closed_at": None, "handler_id": handler_id}


def _still_reaches(user_id: int, petition: Petition, *, at: datetime) -> bool:
    user = User.objects.get(pk=user_id)
    return any(covers(held, petition) for held in staff_for(user, shanghai_date(at)).holdings)


def _was_reopened(petition: Petition) -> bool:
    return petition.events.filter(code=EventCode.REOPENED).exists()


def _check_may_withdraw(petition: Petition, *, has_joined: bool) -> None:
    if petition.status == Status.MERGED:
        return  # the matter it was joined to goes on
    if petition.urgency != Urgency.NORMAL:
        raise NotNow(
            _("%(number)s may put somebody in danger, so it is looked at all the same. Tell us what has changed.")
            % {"number": petition.number}
        )
    if has_joined:
        raise NotNow(
            _("Others have joined %(number)s, so it goes on for them. It cannot be withdrawn.")
            % {"number": petition.number}
        )


def _check_may_reopen(petition: Petition, *, at: datetime) -> None:
    if _was_reopened(petition):
        raise NotNow(
            _("%(number)s was reopened once already. Please file a new matter and name this number.")
            % {"number": petition.number}
        )
    if may_reopen_until(petition, at=at) is None:
        raise NotNow(
            _("A matter can be reopened within %(days)d days of its closing. Please file a new one.")
            % {"days": REOPEN_DAYS}
        )
