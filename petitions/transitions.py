"""Every change of a petition's status, and nothing else writes it.

Each verb: lock the row, check who, check the table, write, append the event, move the clocks, owe the notices;
one transaction. ``by`` (the staff member with today's posts) and ``at`` (aware) come in from the edge.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.models import Policy
from grids.enums import Level
from grids.models import Area, Organisation
from grids.posts import Staff
from people.models import User
from petitions import clocks, notices, records
from petitions.enums import Decision, EventCode, IssueKind, Status, TextKind, Tier, Urgency, Verb
from petitions.errors import ChangedMeanwhile, NotNow, WordsMissing
from petitions.models import Category, Petition
from petitions.moves import LEADS_TO, MOMENTS, RECORDED_AS
from petitions.permissions import check_may


@transaction.atomic
def accept(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    category: Category,
    policy: Policy,
    tier: Tier,
    urgency: Urgency,
    issue_kind: IssueKind = IssueKind.SMALL,
    needs_deliberation: bool = False,
    version: int | None = None,
) -> Petition:
    """Triage: accept the matter under a category, tier and policy; intake stops, the policy's clocks start.

    :raises NotYours: if no post of ``by`` allows it here
    :raises NotNow: if it is not waiting for triage
    :raises ChangedMeanwhile: if ``version`` is no longer the petition's
    """
    return _move(
        petition,
        Verb.ACCEPT,
        by=by,
        at=at,
        version=version,
        refs={"category": category.code, "policy": policy.key, "tier": tier, "urgency": urgency},
        category=category,
        policy=policy,
        tier=tier,
        urgency=urgency,
        issue_kind=issue_kind,
        needs_deliberation=needs_deliberation,
        accepted_at=at,
        first_contact_owner=petition.first_contact_owner or by.user,
    )


@transaction.atomic
def decline(petition: Petition, *, by: Staff, at: datetime, reason: str, version: int | None = None) -> Petition:
    """Do not accept the matter; the petitioner is told why and where to turn.

    :raises WordsMissing: if no reason is given
    """
    return _move(
        petition, Verb.DECLINE, by=by, at=at, version=version, words=_required(reason), text_kind=TextKind.REASON
    )


@transaction.atomic
def dispatch(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    handler: User | None = None,
    organisation: Organisation | None = None,
    grid: Area | None = None,
    note: str = "",
    version: int | None = None,
) -> Petition:
    """Give the matter to a grid worker or to a handling unit; whoever held it before holds it no longer.

    :raises WordsMissing: if neither or both are named
    """
    if (handler is None) == (organisation is None):
        raise WordsMissing(_("Name either a grid worker or a handling unit."))
    facts: dict[str, Any] = {"handler": handler, "organisation": organisation}
    if grid is not None and petition.grid_id is None:
        line = {area.level: area for area in Area.objects.filter(pk__in=grid.ancestor_ids())}
        facts |= {"grid": grid, "area": grid, "area_path": grid.path}
        facts |= {"community": line.get(Level.COMMUNITY), "street": line.get(Level.STREET)}
    return _move(
        petition,
        Verb.DISPATCH,
        by=by,
        at=at,
        version=version,
        words=note,
        text_kind=TextKind.NOTE,
        public=False,
        refs={"handler": handler.pk if handler else None, "organisation": organisation.pk if organisation else None},
        **facts,
    )


@transaction.atomic
def sign(petition: Petition, *, by: Staff, at: datetime, version: int | None = None) -> Petition:
    """Take the matter: from now on ``by`` owes it."""
    return _move(petition, Verb.SIGN, by=by, at=at, version=version, handler=by.user)


@transaction.atomic
def contact(petition: Petition, *, by: Staff, at: datetime, note: str = "", version: int | None = None) -> Petition:
    """Record that the petitioner was spoken to."""
    return _move(
        petition, Verb.CONTACT, by=by, at=at, version=version, words=note, text_kind=TextKind.NOTE, public=False
    )


@transaction.atomic
def arrive(petition: Petition, *, by: Staff, at: datetime, version: int | None = None) -> Petition:
    """Record the arrival on the scene."""
    return _move(petition, Verb.ARRIVE, by=by, at=at, version=version)


@transaction.atomic
def plan(petition: Petition, *, by: Staff, at: datetime, words: str, version: int | None = None) -> Petition:
    """Record what will be done and by when; the petitioner sees it.

    :raises WordsMissing: if the plan is empty
    """
    return _move(petition, Verb.PLAN, by=by, at=at, version=version, words=_required(words), text_kind=TextKind.PLAN)


@transaction.atomic
def resolve(petition: Petition, *, by: Staff, at: datetime, reply: str, version: int | None = None) -> Petition:
    """Record what was done; the reply goes to the petitioner, the handling clocks stop.

    :raises WordsMissing: if the reply is empty
    """
    moved = _move(
        petition,
        Verb.RESOLVE,
        by=by,
        at=at,
        version=version,
        words=_required(reply),
        text_kind=TextKind.REPLY,
        resolved_at=at,
        # who resolved it handled it, and may not verify it
        handler=by.user,
    )
    moved.extensions.filter(decision=Decision.WAITING).update(decision=Decision.LAPSED, decided_at=at)
    return moved


@transaction.atomic
def verify(petition: Petition, *, by: Staff, at: datetime, note: str = "", version: int | None = None) -> Petition:
    """Confirm that it is really done; never by who handled it.

    :raises OwnWork: if ``by`` handled it
    """
    return _move(
        petition, Verb.VERIFY, by=by, at=at, version=version, words=note, text_kind=TextKind.NOTE, public=False
    )


@transaction.atomic
def rework(petition: Petition, *, by: Staff, at: datetime, reason: str, version: int | None = None) -> Petition:
    """Send it back: not done, or not well; the handling clocks start anew as a new generation.

    :raises WordsMissing: if no reason is given
    """
    moved = _move(
        petition,
        Verb.REWORK,
        by=by,
        at=at,
        version=version,
        words=_required(reason),
        text_kind=TextKind.REASON,
        resolved_at=None,
    )
    clocks.restart(moved, stopped_by=MOMENTS[EventCode.RESOLVED], at=at)
    return moved


@transaction.atomic
def close(petition: Petition, *, by: Staff, at: datetime, version: int | None = None) -> Petition:
    """Close the verified matter."""
    return _move(petition, Verb.CLOSE, by=by, at=at, version=version, closed_at=at)


def _required(words: str) -> str:
    if not words.strip():
        raise WordsMissing(_("Say it in a few words."))
    return words


def _move(
    petition: Petition,
    verb: Verb,
    *,
    by: Staff,
    at: datetime,
    version: int | None = None,
    words: str = "",
    text_kind: TextKind = TextKind.NOTE,
    public: bool = True,
    refs: dict[str, Any] | None = None,
    **facts: object,
) -> Petition:
    # The row we were handed may be stale; decide on the locked one. No key lock: the sweep refers to it meanwhile.
    locked = Petition.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=petition.pk)
    check_may(by, verb, locked)
    here = Status(locked.status)
    there = LEADS_TO.get((here, verb))
    if there is None:
        raise NotNow(
            _("%(number)s is “%(status)s”; “%(verb)s” is not possible now.")
            % {"number": locked.number, "status": here.label, "verb": verb.label}
        )
    if version is not None and version != locked.version:
        raise ChangedMeanwhile(
            _("Somebody changed %(number)s meanwhile. Please look again.") % {"number": locked.number}
        )
    locked.status = there
    locked.version += 1
    for field, value in facts.items():
        setattr(locked, field, value)
    locked.save(update_fields=["status", "version", *facts])
    records.append(
        locked,
        RECORDED_AS[verb],
        at=at,
        by=by.user,
        from_status=here,
        to_status=there,
        words=words,
        text_kind=text_kind,
        public=public,
        refs=refs,
    )
    clocks.advance(locked, at=at)
    notices.tell(locked, RECORDED_AS[verb], by=by.user, at=at)
    return locked
