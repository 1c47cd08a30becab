"""Who is told of what happens to a petition. Codes, numbers and instants only; words stay behind the link."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr
from django.http import HttpRequest

from deadlines.ladder import HEADS
from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.posts import Request, recipients_for
from grids.scoped import staff_of
from notifications.registry import Keeper
from notifications.services import NewNotice, hush, owe
from people.models import User
from petitions.enums import EventCode, TextKind, Urgency
from petitions.models import Category, Petition

ABOUT = "petition:"
# what the petitioner hears of
TO_PETITIONER = frozenset(
    {
        EventCode.SUBMITTED,
        EventCode.ACCEPTED,
        EventCode.DECLINED,
        EventCode.DISPATCHED,
        EventCode.PLANNED,
        EventCode.RESOLVED,
        EventCode.CLOSED,
    }
)


def tell(petition: Petition, code: EventCode, *, by: User | None, at: datetime, petitioner: bool = True) -> int:
    """Owe the notices of one event: to the petitioner and to whose turn it is.

    Of a silent matter the petitioner reads on our pages and is sent nothing, also what waited to be sent before.
    """
    notices = [
        _to_staff(petition, code, user_id, at=at)
        for user_id in _whose_turn(petition, code, at=at)
        if by is None or user_id != by.pk
    ]
    if petitioner and code in TO_PETITIONER and petition.petitioner_id is not None:
        notices.append(_to_petitioner(petition, code, at=at))
    return owe(notices)


def tell_user(petition: Petition, code: EventCode, user_id: int, *, at: datetime) -> int:
    """Owe one person the notice of an event that may happen more than once between two changes of status."""
    return owe([_to_staff(petition, code, user_id, at=at, once=at.isoformat())])


def tell_posts(
    petition: Petition,
    code: EventCode,
    targets: Sequence[tuple[Level, PostKind]],
    *,
    by: User | None,
    at: datetime,
) -> int:
    """Owe it to whoever holds these posts on the petition's line today, ``by`` apart; never to nobody."""
    told = _at_posts(petition, targets, at=at)
    return owe(
        [
            _to_staff(petition, code, user_id, at=at, once=at.isoformat())
            for user_id in told
            if by is None or user_id != by.pk
        ]
    )


def tell_petitioner(petition: Petition, code: EventCode, *, at: datetime) -> int:
    """Owe it to the petitioner, unless he left no contact; of a silent matter he reads on our pages alone."""
    if petition.petitioner_id is None:
        return 0
    return owe([_to_petitioner(petition, code, at=at)])


def _whose_turn(petition: Petition, code: EventCode, *, at: datetime) -> tuple[int, ...]:
    if code == EventCode.SUBMITTED:
        return _at_posts(petition, _intake_posts(petition), at=at)
    if code in {EventCode.DISPATCHED, EventCode.REWORK}:
        if petition.handler_id is not None:
            return (petition.handler_id,)
        return _at_posts(petition, ((Level.STREET, PostKind.DEPARTMENT_HANDLER),), at=at)
    if code == EventCode.ACCEPTED and petition.grid_id is not None:
        return _at_posts(petition, ((Level.GRID, PostKind.GRID_WORKER),), at=at)
    if code in {EventCode.RESOLVED, EventCode.VERIFIED}:
        return _at_posts(petition, _intake_posts(petition), at=at)
    return ()


def _intake_posts(petition: Petition) -> tuple[tuple[Level, PostKind], ...]:
    """Return who triages: the community where there is one, else the head of the area that answers."""
    if petition.community_id is None:
        level = Level(petition.area.level)
        return ((level, HEADS.get(level, PostKind.DISTRICT_COMMAND)),)
    posts = [(Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY), (Level.COMMUNITY, PostKind.COMMUNITY_WORKER)]
    if petition.urgency == Urgency.EMERGENCY:
        posts += [(Level.GRID, PostKind.GRID_WORKER), (Level.STREET, PostKind.DISPATCHER)]
    return tuple(posts)


def _at_posts(petition: Petition, targets: Sequence[tuple[Level, PostKind]], *, at: datetime) -> tuple[int, ...]:
    request = Request(
        key=petition.pk, path=petition.area_path, targets=tuple(targets), organisation_id=petition.organisation_id
    )
    return recipients_for([request], on=shanghai_date(at))[petition.pk].user_ids


def keeper_of(request: HttpRequest) -> Keeper | None:
    """Who looks after undelivered messages: administrators after all, street leaders after those of their matters."""
    staff = staff_of(request)
    if staff.is_administrator:
        return Keeper(Q(), keeps_webhooks=True)
    if not staff.holds(PostKind.STREET_LEADER):
        return None
    number = Substr(OuterRef("notice__about"), len(ABOUT) + 1)
    mine = Petition.objects.visible_to(staff).filter(number=number)
    return Keeper(Q(Exists(mine), notice__about__startswith=ABOUT))


def _about(petition: Petition) -> str:
    return f"{ABOUT}{petition.number}"


def _silent(petition: Petition, *, at: datetime) -> bool:
    """Whether nothing may be pushed: the category says so, or before triage any that the words name.

    One word too many costs a message; one too few may cost a beating.
    """
    if petition.category is not None:
        return petition.category.silent
    texts = petition.texts.filter(kind__in=(TextKind.TITLE, TextKind.BODY)).values_list("masked", flat=True)
    words = "\n".join((petition.title, *texts))
    return Category.objects.in_force(shanghai_date(at)).subjects().named_in(words).filter(silent=True).exists()


def _to_staff(petition: Petition, code: EventCode, user_id: int, *, at: datetime, once: str = "") -> NewNotice:
    return NewNotice(
        recipient_id=user_id,
        kind=f"petition_{code}",
        about=_about(petition),
        url_path=f"/cases/{petition.number}/",
        dedupe_key=f"petition:{petition.pk}:{once or petition.version}:{code}:{user_id}",
        at=at,
        urgent=petition.urgency != Urgency.NORMAL,
        params=_params(petition),
    )


def _to_petitioner(petition: Petition, code: EventCode, *, at: datetime) -> NewNotice:
    silent = _silent(petition, at=at)
    if silent:
        # also what waits to be sent from before anybody knew
        hush(about=_about(petition))
    return NewNotice(
        person_id=petition.petitioner_id,
        kind=f"resident_{code}",
        about=_about(petition),
        url_path="/petitions/follow/",
        dedupe_key=f"petition:{petition.pk}:{petition.version}:{code}:petitioner",
        at=at,
        silent=silent,
        params=_params(petition),
    )


def _params(petition: Petition) -> dict[str, str | None]:
    return {
        "number": petition.number,
        "due_at": petition.next_due_at.isoformat() if petition.next_due_at else None,
        "status": petition.status,
    }
