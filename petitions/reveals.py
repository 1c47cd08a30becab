"""Looking at who raised a matter: by one person with a reason, by two where it is about staff; who is told of it."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.timetable import SHANGHAI, shanghai_date
from grids.enums import Level, PostKind
from grids.posts import HEADS, Holding, Request, Staff, recipients_for
from notifications.services import NewNotice, owe
from people.enums import PersonField
from people.errors import BadInput
from people.models import Person, User
from people.services import Revealed, check_reason, written
from petitions.enums import RecusalKind
from petitions.errors import NotNow, NotYours
from petitions.models import Petition, PetitionReveal, Recusal, RevealRequest
from petitions.notices import ABOUT
from petitions.permissions import MAY, check_may_see_reporter, covers
from petitions.responsible import ABOUT_STAFF

# Who agrees to a look at a complaint about staff: heads, and the dispatcher for what happens in communities.
AGREES: Final = frozenset(
    {PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND}
)


def needs_two(petition: Petition) -> bool:
    """Tell whether the matter is about staff: it was filed so, categorised so, or somebody is named in it."""
    if petition.barred_from is not None or (petition.category is not None and petition.category.code in ABOUT_STAFF):
        return True
    return Recusal.objects.filter(petition=petition, kind=RecusalKind.COMPLAINED_OF).exists()


@transaction.atomic
def look(petition: Petition, *, field: str, reason: str, by: Staff, at: datetime) -> Revealed:
    """Return one field of who raised the matter, in clear; the record is written first, with the post it was done from.

    The caller has proved that ``visible_to`` admits ``by``.

    :raises NotYours: if no post of his hears who raised it
    :raises NotNow: if it needs a second person; ``ask`` for one
    :raises Refusal: as ``people.services.reveal`` says
    """
    check_may_see_reporter(by, petition)
    person = _person(petition)
    request = None
    if needs_two(petition):
        request = (
            RevealRequest.objects.select_for_update(of=("self",), no_key=True)
            .usable(at)
            .filter(petition=petition, asked_by=by.user, field=PersonField(field))
            .order_by("pk")
            .first()
        )
        if request is None:
            raise NotNow(_("This matter is about staff: a second person must agree before you can see who raised it."))
    revealed = written(
        person=person,
        field=field,
        reason=request.reason if request else reason,
        by=by.user,
        about=f"{ABOUT}{petition.number}",
        at=at,
        agreed_by=request.decided_by if request else None,
        system=by.is_system,
    )
    held = _post_of(by, petition)
    PetitionReveal.objects.create(
        log=revealed.log,
        petition=petition,
        by_kind=held.kind,
        by_level=held.level,
        by_path=held.path,
        by_organisation_id=held.organisation_id,
    )
    if request is not None:
        request.log = revealed.log
        request.save(update_fields=["log"])
    return revealed


@transaction.atomic
def ask(petition: Petition, *, field: str, reason: str, by: Staff, at: datetime) -> RevealRequest:
    """Ask for a second person's agreement; whoever may give it is told. Asking again while one waits is the same.

    :raises NotYours: if no post of his hears who raised it, or nobody stands above it
    :raises BadInput: if the reason says nothing
    """
    check_may_see_reporter(by, petition)
    _person(petition)
    reason = check_reason(reason)
    waiting = RevealRequest.objects.waiting(at).filter(petition=petition, asked_by=by.user, field=PersonField(field))
    earlier = waiting.first()
    if earlier is not None:
        return earlier
    level = _post_of(by, petition).level
    request = RevealRequest.objects.create(
        petition=petition,
        field=PersonField(field),
        reason=reason,
        asked_by=by.user,
        asked_at=at,
        asked_level=level,
        expires_at=at + timedelta(hours=settings.REVEAL_REQUEST_HOURS),
    )
    above = Level(max(level - 1, Level.DISTRICT))
    excluded = frozenset(_complained_of(petition) | {by.user.pk})
    kinds = HEADS.get(above, (PostKind.DISTRICT_COMMAND,))
    targets = tuple((above, kind) for kind in kinds)
    told = recipients_for(
        [Request(key=request.pk, path=petition.area_path, targets=targets, excluded=excluded)], on=shanghai_date(at)
    )[request.pk]
    owe([_notice(request, "reveal_asked", user_id, at=at) for user_id in told.user_ids])
    return request


def may_decide(request: RevealRequest, by: Staff) -> bool:
    """Tell whether somebody may be the second person: of a level above, over this matter, not the one complained of."""
    petition = request.petition
    if by.user.pk == request.asked_by_id or by.user.pk in _complained_of(petition):
        return False
    return any(
        held.kind in AGREES
        and held.level < request.asked_level
        and covers(held, petition)
        and (petition.barred_from is None or held.level < petition.barred_from)
        for held in by.holdings
    )


@transaction.atomic
def decide(request: RevealRequest, *, agreed: bool, by: Staff, at: datetime) -> RevealRequest:
    """Agree to a look, or not; who asked is told.

    :raises NotYours: if ``by`` may not be the second person
    :raises NotNow: if it was decided on already, or its time is over
    """
    locked = (
        RevealRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("petition__category")
        .get(pk=request.pk)
    )
    if not may_decide(locked, by):
        raise NotYours(_("The second person is somebody of a level above, whom the matter is not about."))
    if locked.decided_at is not None or at >= locked.expires_at:
        raise NotNow(_("This request was decided on already, or its time is over."))
    locked.agreed, locked.decided_by, locked.decided_at = agreed, by.user, at
    locked.save(update_fields=["agreed", "decided_by", "decided_at"])
    kind = "reveal_agreed" if agreed else "reveal_not_agreed"
    owe([_notice(locked, kind, locked.asked_by_id, at=at)])
    return locked


def waiting_for(by: Staff, *, at: datetime) -> Sequence[RevealRequest]:
    """Return the requests that somebody may decide on now."""
    mine = Petition.objects.visible_to(by)
    waiting = RevealRequest.objects.waiting(at).filter(petition__in=mine).exclude(asked_by=by.user)
    found = waiting.select_related("petition__category", "asked_by").order_by("asked_at")
    return [request for request in found if may_decide(request, by)]


# -- the weekly report


def week_of(day: date) -> date:
    """Return the Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())


def week_bounds(monday: date) -> tuple[datetime, datetime]:
    """Return when a week begins and ends in Shanghai, the end left out."""
    start = datetime.combine(monday, datetime.min.time(), tzinfo=SHANGHAI)
    return start, start + timedelta(days=7)


def report_week(*, monday: date, at: datetime) -> int:
    """Owe each head who answers for looks of that week a notice with their number; return how many are new.

    The notice names nobody and no matter; the list stands behind its link. Repeating it owes nothing more.
    """
    start, end = week_bounds(monday)
    rows = PetitionReveal.objects.between(start, end).values_list(
        "pk", "by_kind", "by_level", "by_path", "by_organisation", "log__by"
    )
    requests: list[Request] = []
    looked: dict[Hashable, int] = {}
    for pk, kind, level, path, organisation, user_id in rows:
        target = _above(PostKind(kind), Level(level))
        looked[pk] = user_id
        # a head of the same level is no peer: only a look from below bars the level it was taken from
        excluded = frozenset({user_id}) if target[0] < level else frozenset()
        requests.append(Request(key=pk, path=path, targets=(target,), organisation_id=organisation, excluded=excluded))
    on = shanghai_date(at)
    told = recipients_for(requests, on=on)
    # whoever would be told of his own look alone is passed over, with his level
    alone = [request for request in requests if set(told[request.key].user_ids) == {looked[request.key]}]
    told |= recipients_for([replace(one, excluded=frozenset({looked[one.key]})) for one in alone], on=on)
    counts = Counter(user_id for pk, hearers in told.items() for user_id in hearers.user_ids if user_id != looked[pk])
    return owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind="reveals_week",
                dedupe_key=f"reveals_week:{monday.isoformat()}:{user_id}",
                at=at,
                url_path=f"/reveals/?week={monday.isoformat()}",
                params={"count": count, "week": monday.isoformat()},
            )
            for user_id, count in sorted(counts.items())
        ]
    )


def _above(kind: PostKind, level: Level) -> tuple[Level, PostKind]:
    """Return who answers for how a post looks at data: the head within its unit or level, else the next level's."""
    if kind == PostKind.DEPARTMENT_HANDLER:
        return level, PostKind.DEPARTMENT_HEAD
    if level >= Level.GRID or kind == PostKind.COMMUNITY_WORKER:
        return Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY
    if level == Level.COMMUNITY or (level == Level.STREET and kind != PostKind.STREET_LEADER):
        return Level.STREET, PostKind.STREET_LEADER
    return Level.DISTRICT, PostKind.DISTRICT_COMMAND


def _person(petition: Petition) -> Person:
    if petition.petitioner is None:
        raise BadInput(_("Nobody left a contact for this matter."))
    return petition.petitioner


def _post_of(by: Staff, petition: Petition) -> Holding:
    """Return the post a look is taken from: the nearest to the matter that may act on it."""
    acting = [held for held in by.holdings if MAY.get(held.kind) and covers(held, petition)]
    return max(acting, key=lambda held: held.level)


def _complained_of(petition: Petition) -> set[int]:
    return set(
        Recusal.objects.filter(petition=petition, kind=RecusalKind.COMPLAINED_OF).values_list("user_id", flat=True)
    )


def _notice(request: RevealRequest, kind: str, user_id: int, *, at: datetime) -> NewNotice:
    number = request.petition.number
    return NewNotice(
        recipient_id=user_id,
        kind=kind,
        about=f"{ABOUT}{number}",
        url_path=f"/reveals/requests/{request.pk}/" if kind == "reveal_asked" else f"/cases/{number}/?do=reveal",
        dedupe_key=f"{kind}:{request.pk}:{user_id}",
        at=at,
        params={"number": number},
    )


def agreed_fields(petition: Petition, by: User, *, at: datetime) -> tuple[str, ...]:
    """Return the fields a second person has agreed to, which ``by`` may look at once."""
    usable = RevealRequest.objects.usable(at).filter(petition=petition, asked_by=by)
    return tuple(usable.order_by("pk").values_list("field", flat=True))
