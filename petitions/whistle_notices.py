"""Who is told of a whistle: whoever checks it, whoever is called, whoever called. Codes and numbers only."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from deadlines.timetable import office_opens_at, shanghai_date
from grids.enums import Level, PostKind
from grids.errors import NobodyToTell
from grids.posts import Request, recipients_for
from notifications.services import NewNotice, owe
from people.models import User
from petitions.call_enums import WhistleKind
from petitions.models import Recusal, Whistle, WhistleCall
from petitions.whistle_clocks import url_of

Targets = tuple[tuple[Level, PostKind], ...]
OF_A_UNIT: Targets = (
    (Level.STREET, PostKind.DEPARTMENT_HEAD),
    (Level.STREET, PostKind.DEPARTMENT_HANDLER),
)
OF_A_COMMUNITY: Targets = ((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),)


def to_checkers(whistle: Whistle, targets: Targets, *, at: datetime, out: frozenset[int]) -> int:
    """Tell the posts above, the caller and who stays ``out`` left out, that a whistle waits to be checked."""
    request = Request(key=0, path=whistle.area.path, targets=targets, excluded=out)
    told = [user_id for user_id in _told([request], at=at) if user_id != whistle.by_id]
    return _owe(whistle, told, "whistle_to_check", {}, at=at)


def to_called(
    whistle: Whistle, calls: Sequence[WhistleCall], what: str, *, at: datetime, out: frozenset[int] | None = None
) -> int:
    """Tell the called units (their head and their handlers) or the called community; never nobody.

    ``out``: who stays out of the matter, where that is known.
    """
    out = _out(whistle) if out is None else out
    requests = [
        Request(
            key=call.pk,
            path=call.area.path if call.area is not None else whistle.area.path,
            targets=OF_A_COMMUNITY if call.organisation_id is None else OF_A_UNIT,
            organisation_id=call.organisation_id,
            excluded=out,
        )
        for call in calls
    ]
    return _owe(whistle, _told(requests, at=at), "whistle_called", {"what": what, "kind": whistle.kind}, at=at)


def to_caller(whistle: Whistle, what: str, *, by: User, at: datetime, call: WhistleCall | None = None) -> int:
    """Tell who called that it was checked, or what a unit did."""
    if whistle.by_id == by.pk:
        return 0
    unit = call.name if call is not None else ""
    return _owe(whistle, [whistle.by_id], "whistle_answered", {"what": what, "unit": unit}, at=at)


def _out(whistle: Whistle) -> frozenset[int]:
    if whistle.petition_id is None:
        return frozenset()
    return frozenset(Recusal.objects.filter(petition=whistle.petition_id).values_list("user", flat=True))


def _told(requests: Sequence[Request], *, at: datetime) -> list[int]:
    try:
        answers = recipients_for(requests, shanghai_date(at))
    except NobodyToTell as nobody:
        answers = nobody.told
    return list(dict.fromkeys(user_id for answer in answers.values() for user_id in answer.user_ids))


def _owe(whistle: Whistle, told: Iterable[int], kind: str, params: dict[str, str], *, at: datetime) -> int:
    """Owe one notice each; an emergency is never held back until the offices open."""
    urgent = whistle.kind == WhistleKind.EMERGENCY
    return owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind=kind,
                about=f"whistle:{whistle.number}",
                url_path=url_of(whistle),
                dedupe_key=f"whistle:{whistle.pk}:{kind}:{params.get('what', '')}:{at.isoformat()}:{user_id}",
                at=at,
                not_before=None if urgent else office_opens_at(at),
                urgent=urgent,
                params={"number": whistle.number, **params},
            )
            for user_id in told
        ]
    )
