"""Who is told of what happens to a petition. Codes, numbers and instants only; words stay behind the link."""

from collections.abc import Sequence
from datetime import datetime

from deadlines.ladder import HEADS
from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.posts import Request, recipients_for
from notifications.services import NewNotice, owe
from people.models import User
from petitions.enums import EventCode, Urgency
from petitions.models import Petition

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
    """Owe the notices of one event: to the petitioner (unless the category is silent) and to whose turn it is."""
    notices = [
        _to_staff(petition, code, user_id, at=at)
        for user_id in _whose_turn(petition, code, at=at)
        if by is None or user_id != by.pk
    ]
    if petitioner and code in TO_PETITIONER and petition.petitioner_id is not None and not _silent(petition):
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
    """Owe it to the petitioner, unless he left no contact or the category is silent."""
    if petition.petitioner_id is None or _silent(petition):
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


def _silent(petition: Petition) -> bool:
    return petition.category is not None and petition.category.silent


def _to_staff(petition: Petition, code: EventCode, user_id: int, *, at: datetime, once: str = "") -> NewNotice:
    return NewNotice(
        recipient_id=user_id,
        kind=f"petition_{code}",
        about=f"petition:{petition.number}",
        url_path=f"/cases/{petition.number}/",
        dedupe_key=f"petition:{petition.pk}:{once or petition.version}:{code}:{user_id}",
        at=at,
        urgent=petition.urgency != Urgency.NORMAL,
        params=_params(petition),
    )


def _to_petitioner(petition: Petition, code: EventCode, *, at: datetime) -> NewNotice:
    return NewNotice(
        person_id=petition.petitioner_id,
        kind=f"resident_{code}",
        about=f"petition:{petition.number}",
        url_path="/petitions/follow/",
        dedupe_key=f"petition:{petition.pk}:{petition.version}:{code}:petitioner",
        at=at,
        params=_params(petition),
    )


def _params(petition: Petition) -> dict[str, str | None]:
    return {
        "number": petition.number,
        "due_at": petition.next_due_at.isoformat() if petition.next_due_at else None,
        "status": petition.status,
    }
