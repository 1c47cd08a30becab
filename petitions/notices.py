"""Who is told of what happens to a petition. Codes, numbers and instants only; words stay behind the link."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from petitions import cover
from petitions.beside import Beside
from petitions.enums import EventCode, RecusalKind, TextKind, Urgency
from petitions.models import Category, Petition

ABOUT = "petition:"
# to whoever no longer has a matter; no event has this code
GONE = "gone"
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
        EventCode.READMITTED,
        EventCode.APPEAL_REFUSED,
        EventCode.CLEARED,
        EventCode.DEFERRED,
        EventCode.RESUMED,
        EventCode.TERMINATED,
    }
)

# what brings a matter before whoever takes in
ARRIVES = frozenset(
    {EventCode.SUBMITTED, EventCode.REGRIDDED, EventCode.SPLIT, EventCode.READMITTED, EventCode.CLEARED}
)


def tell_of_new(steps: Sequence[tuple[Petition, EventCode]], *, silent: bool, by: User | None, at: datetime) -> int:
    """Owe the notices of a matter that was filed a moment ago, and of what was done to it at once.

    ``steps``: the matter as it stood after each event, the filing first. ``silent``: its words name what must not be
    pushed. Nobody stays out of a new matter, and none was joined to it.
    """
    whose = {code: _posts_of(petition, code) for petition, code in steps}
    asked = [Asked(petition, whose[code], frozenset(), {}, key=code) for petition, code in steps if whose[code]]
    told = at_posts_of(asked, at=at)
    notices = []
    for petition, code in steps:
        staff = [user_id for user_id in told.get(code, ()) if by is None or user_id != by.pk]
        notices += [_to_staff(petition, code, user_id, at=at) for user_id in staff]
        if petition.petitioner_id is not None and code in TO_PETITIONER:
            hushed = silent if code == EventCode.SUBMITTED else is_silent(petition, at=at)
            notices.append(_letter(petition, code, at=at, silent=hushed))
    return owe(notices)


def tell(
    petition: Petition,
    code: EventCode,
    *,
    by: User | None,
    at: datetime,
    petitioner: bool = True,
    beside: Beside | None = None,
) -> int:
    """Owe the notices of one event: to the petitioner and to whose turn it is.

    Of a silent matter the petitioner reads on our pages and is sent nothing, also what waited to be sent before.
    ``beside``: who stays out and whether others' matters hang on it, where that is known.
    """
    notices = [
        _to_staff(petition, code, user_id, at=at)
        for user_id in _whose_turn(petition, code, at=at, recused=beside.recused if beside is not None else None)
        if by is None or user_id != by.pk
    ]
    if petitioner and code in TO_PETITIONER:
        notices += _to_everybody(petition, code, at=at, alone=beside is not None and not beside.has_joined)
    return owe(notices)


def tell_user(petition: Petition, code: EventCode, user_id: int, *, at: datetime) -> int:
    """Owe one person the notice of an event that may happen more than once between two changes of status.

    Nothing to who stays out of the matter.
    """
    if user_id in _out_of_it(petition):
        return 0
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
    told = at_posts(petition, targets, at=at)
    return owe(
        [
            _to_staff(petition, code, user_id, at=at, once=at.isoformat())
            for user_id in told
            if by is None or user_id != by.pk
        ]
    )


def tell_deciders(
    petition: Petition,
    code: EventCode,
    targets: Sequence[tuple[Level, PostKind]],
    *,
    asked_by: int,
    at: datetime,
    recused: Mapping[int, str] | None = None,
) -> int:
    """Owe it to whoever decides on what ``asked_by`` asked: never himself, then the level above does; never nobody."""
    told = at_posts(petition, targets, at=at, without=(asked_by,), recused=recused)
    return owe([_to_staff(petition, code, user_id, at=at, once=at.isoformat()) for user_id in told])


def tell_holders(petition: Petition, code: EventCode, *, also: int | None = None, at: datetime) -> int:
    """Owe it to who has the matter, or stands in for him, and to one person more."""
    told = dict.fromkeys((*_holders(petition, at=at), *([also] if also is not None else [])))
    out = _out_of_it(petition)
    once = at.isoformat()
    return owe([_to_staff(petition, code, user_id, at=at, once=once) for user_id in told if user_id not in out])


def tell_desk(petition: Petition, code: EventCode, *, also: int | None = None, at: datetime) -> int:
    """Owe it to whoever takes matters in there, and to one person more: what comes before anybody has it."""
    told = dict.fromkeys((*at_posts(petition, _intake_posts(petition), at=at), *([also] if also is not None else [])))
    out, once = _out_of_it(petition), at.isoformat()
    return owe([_to_staff(petition, code, user_id, at=at, once=once) for user_id in told if user_id not in out])


def tell_former(before: Petition, *, by: User | None, at: datetime) -> int:
    """Owe it to whoever had the matter ``before`` it went elsewhere: it is no longer theirs to do."""
    return owe(
        [
            _to_staff(before, GONE, user_id, at=at, once=at.isoformat(), url_path="/grid/")
            for user_id in _holders(before, at=at)
            if by is None or user_id != by.pk
        ]
    )


def tell_petitioner(petition: Petition, code: EventCode, *, at: datetime) -> int:
    """Owe it to the petitioner, unless he left no contact; of a silent matter he reads on our pages alone."""
    if petition.petitioner_id is None:
        return 0
    return owe([_to_petitioner(petition, code, at=at)])


def one_level_up(petition: Petition) -> tuple[tuple[Level, PostKind], ...]:
    """Return the posts above who handles a matter: the unit's head and the street, or the community's secretary."""
    if petition.organisation_id is not None:
        return ((Level.STREET, PostKind.DEPARTMENT_HEAD), (Level.STREET, HEADS[Level.STREET]))
    return ((Level.COMMUNITY, HEADS[Level.COMMUNITY]),)


def tell_everybody(petition: Petition, code: EventCode, *, at: datetime, alone: bool = False) -> int:
    """Owe it to the petitioner and to everybody whose matter was joined to this one; return how many it reaches.

    ``alone``: where it is known that none was joined.
    """
    notices = _to_everybody(petition, code, at=at, alone=alone)
    owe([replace(notice, dedupe_key=f"{notice.dedupe_key}:{at.isoformat()}") for notice in notices])
    return len(notices)


def _whose_turn(
    petition: Petition, code: EventCode, *, at: datetime, recused: Mapping[int, str] | None
) -> tuple[int, ...]:
    if code in {EventCode.DISPATCHED, EventCode.DESIGNATED, EventCode.REWORK, EventCode.REOPENED}:
        return _holders(petition, at=at, recused=recused)
    targets = _posts_of(petition, code)
    return at_posts(petition, targets, at=at, recused=recused) if targets else ()


def _posts_of(petition: Petition, code: EventCode) -> tuple[tuple[Level, PostKind], ...]:
    """Return the posts whose turn it is after an event; none where it is who holds it."""
    if code in ARRIVES or code in {EventCode.RESOLVED, EventCode.VERIFIED}:
        return _intake_posts(petition)
    if code == EventCode.ACCEPTED and petition.grid_id is not None:
        return ((Level.GRID, PostKind.GRID_WORKER),)
    return ()


def _holders(petition: Petition, *, at: datetime, recused: Mapping[int, str] | None = None) -> tuple[int, ...]:
    """Return who has the matter: the person, or who stands in for him; the unit's people while none of them has."""
    if petition.handler_id is not None:
        out = _out_of_it(petition) if recused is None else frozenset(recused)
        return cover.answering(petition, petition.handler_id, on=shanghai_date(at), excluded=out)
    if petition.organisation_id is not None:
        return at_posts(petition, ((Level.STREET, PostKind.DEPARTMENT_HANDLER),), at=at, recused=recused)
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


def at_posts(
    petition: Petition,
    targets: Sequence[tuple[Level, PostKind]],
    *,
    at: datetime,
    without: Collection[int] = (),
    recused: Mapping[int, str] | None = None,
) -> tuple[int, ...]:
    """Return who answers for these posts on the petition's line today: never who stays out of it, never nobody.

    ``without``: who may not decide on what he asked himself; where he would, the level above does. ``recused``: who
    stays out and why, where that is known.
    """
    out = dict(petition.recusals.values_list("user_id", "kind")) if recused is None else recused
    asked = Asked(petition, tuple(targets), frozenset(without), out)
    return at_posts_of([asked], at=at)[petition.pk]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who answers for some posts on the line of one matter; as ``at_posts`` says it."""

    petition: Petition
    targets: tuple[tuple[Level, PostKind], ...]
    without: frozenset[int]
    recused: Mapping[int, str]
    # what its answer is found by, if not by the key of the matter
    key: Hashable = None


def at_posts_of(asked: Iterable[Asked], *, at: datetime) -> dict[Hashable, tuple[int, ...]]:
    """Return for many at once, by their keys, what ``at_posts`` does for one; four queries at most."""
    on = shanghai_date(at)
    requests: dict[Hashable, Request] = {}
    stay_out: dict[Hashable, frozenset[int]] = {}
    for one in asked:
        key = one.key if one.key is not None else one.petition.pk
        about = frozenset(user_id for user_id, kind in one.recused.items() if kind == RecusalKind.COMPLAINED_OF)
        requests[key] = Request(
            key=key,
            path=one.petition.area_path,
            targets=tuple(_lifted(one.petition, target) for target in one.targets),
            organisation_id=one.petition.organisation_id,
            excluded=about,
        )
        stay_out[key] = frozenset(one.recused) | one.without
    told = {key: resolved.user_ids for key, resolved in recipients_for(list(requests.values()), on=on).items()}
    again = [
        replace(request, excluded=request.excluded | passed)
        for key, request in requests.items()
        if (passed := stay_out[key].intersection(told[key]))
    ]
    return told | {key: resolved.user_ids for key, resolved in recipients_for(again, on=on).items()} if again else told


def _out_of_it(petition: Petition) -> frozenset[int]:
    return frozenset(petition.recusals.values_list("user_id", flat=True))


def _lifted(petition: Petition, target: tuple[Level, PostKind]) -> tuple[Level, PostKind]:
    """Return the post that is told instead where a matter about staff is closed to the level wanted."""
    level, _kind = target
    barred = petition.barred_from
    if barred is None or level < barred:
        return target
    above = [head for head in HEADS if head < barred]
    return (max(above), HEADS[max(above)]) if above else (Level.PROVINCE, PostKind.DISTRICT_COMMAND)


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


def is_silent(petition: Petition, *, at: datetime) -> bool:
    """Whether nothing may be pushed and nobody called: the category says so, or before triage any that the words name.

    One word too many costs a message; one too few may cost a beating.
    """
    if petition.category is not None:
        return petition.category.silent
    texts = petition.texts.filter(kind__in=(TextKind.TITLE, TextKind.BODY)).values_list("masked", flat=True)
    words = "\n".join((petition.title, *texts))
    return Category.objects.in_force(shanghai_date(at)).subjects().named_in(words).filter(silent=True).exists()


def _to_staff(
    petition: Petition, code: str, user_id: int, *, at: datetime, once: str = "", url_path: str = ""
) -> NewNotice:
    return NewNotice(
        recipient_id=user_id,
        kind=f"petition_{code}",
        about=_about(petition),
        url_path=url_path or f"/cases/{petition.number}/",
        dedupe_key=f"petition:{petition.pk}:{once or petition.version}:{code}:{user_id}",
        at=at,
        urgent=petition.urgency != Urgency.NORMAL,
        params=_params(petition),
    )


def _to_petitioner(petition: Petition, code: EventCode, *, at: datetime) -> NewNotice:
    silent = is_silent(petition, at=at)
    if silent:
        # also what waits to be sent from before anybody knew
        hush(about=_about(petition))
    return _letter(petition, code, at=at, silent=silent)


def _letter(petition: Petition, code: EventCode, *, at: datetime, silent: bool) -> NewNotice:
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


def _to_everybody(petition: Petition, code: EventCode, *, at: datetime, alone: bool = False) -> list[NewNotice]:
    """Return the notices to the petitioner and to those whose matters were joined, each about his own number."""
    notices = [] if petition.petitioner_id is None else [_to_petitioner(petition, code, at=at)]
    if code == EventCode.SUBMITTED or alone:
        return notices
    for one in petition.joined.exclude(petitioner=None).select_related("category"):
        key = f"petition:{petition.pk}:{petition.version}:{code}:joined:{one.pk}"
        params = {**_params(petition), "number": one.number}
        notices.append(replace(_to_petitioner(one, code, at=at), dedupe_key=key, params=params))
    return notices


def _params(petition: Petition) -> dict[str, str | None]:
    return {
        "number": petition.number,
        "due_at": petition.next_due_at.isoformat() if petition.next_due_at else None,
        "status": petition.status,
    }
