"""Every change of a petition's status, and nothing else writes it.

Each verb: lock the row, check who, check the table, write, append the event, move the clocks, owe the notices;
one transaction. ``by`` (the staff member with today's posts) and ``at`` (aware) come in from the edge.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from deadlines.clocks import Known
from deadlines.models import Policy
from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area, Organisation
from grids.posts import Staff
from grids.standing import standing
from people.inserting import IN_ONE_TRIP, insert, update_of
from people.models import User
from petitions import arrivals, beside, clocks, handing, lapses, notices, records, rehoming, sampling, transfers
from petitions.beside import Beside
from petitions.enums import EventCode, IssueKind, Status, TextKind, Tier, Urgency, Verb
from petitions.errors import ChangedMeanwhile, NotNow, WordsMissing
from petitions.models import Category, Petition
from petitions.moves import BACK_TO_WORK, LEADS_TO, RECORDED_AS, SENDS
from petitions.permissions import check_post, check_stays_in, post_for
from petitions.sendings import HERE, Sent

# sees the locked row, and what stands beside it
Check = Callable[[Petition, Beside], None]


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
    return move(
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
        first_contact_owner=petition.first_contact_owner or (None if by.is_system else by.user),
    )


@transaction.atomic
def decline(petition: Petition, *, by: Staff, at: datetime, reason: str, version: int | None = None) -> Petition:
    """Do not accept the matter; the petitioner is told why and where to turn.

    :raises WordsMissing: if no reason is given
    :raises NotNow: if the level above has decided on an appeal that it is taken on
    """
    return move(
        petition,
        Verb.DECLINE,
        by=by,
        at=at,
        version=version,
        words=records.required(reason),
        text_kind=TextKind.REASON,
        check=_check_not_readmitted,
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
    """Give the matter to a grid worker, to a handling unit, or to somebody of that unit.

    Whoever held it before holds it no longer. A unit's head gives to his own people only.

    :raises WordsMissing: if neither is named
    :raises NotYours: if it was designated from above, or lies outside what the post may give
    :raises BadInput: if the person may not have it, or is not of the unit
    """
    if handler is None and organisation is None:
        raise WordsMissing(_("Name either a grid worker or a handling unit."))
    facts: dict[str, Any] = {"handler": handler, "organisation": organisation}
    if not handing.stays_within(petition, handler=handler, organisation=organisation):
        facts["designated_at"] = None
    if grid is not None and petition.grid_id is None and petition.barred_from is None:
        grid = standing(grid, on=shanghai_date(at))
        line = {area.level: area for area in Area.objects.filter(pk__in=grid.ancestor_ids())}
        facts |= {"grid": grid, "area": grid, "area_path": grid.path}
        facts |= {"community": line.get(Level.COMMUNITY), "street": line.get(Level.STREET)}
    return move(
        petition,
        Verb.DISPATCH,
        by=by,
        at=at,
        version=version,
        words=note,
        text_kind=TextKind.NOTE,
        public=False,
        refs=handing.refs_of(petition, handler=handler, organisation=organisation),
        check=partial(handing.check_may_give, by=by, at=at, handler=handler, organisation=organisation),
        **facts,
    )


@transaction.atomic
def sign(petition: Petition, *, by: Staff, at: datetime, version: int | None = None) -> Petition:
    """Take the matter: from now on ``by`` owes it."""
    return move(petition, Verb.SIGN, by=by, at=at, version=version, handler=by.user)


@transaction.atomic
def contact(
    petition: Petition, *, by: Staff, at: datetime, note: str = "", version: int | None = None, sent: Sent = HERE
) -> Petition:
    """Record that the petitioner was spoken to."""
    return move(
        petition,
        Verb.CONTACT,
        by=by,
        at=at,
        version=version,
        words=note,
        text_kind=TextKind.NOTE,
        public=False,
        sent=sent,
    )


@transaction.atomic
def arrive(
    petition: Petition, *, by: Staff, at: datetime, where: str = "", version: int | None = None, sent: Sent = HERE
) -> Petition:
    """Record the arrival on the scene; ``where``: the device's place, only if its owner chose to add it."""
    return move(
        petition,
        Verb.ARRIVE,
        by=by,
        at=at,
        version=version,
        also=lambda arrived: arrivals.made(arrived, by=by.user, at=at, where=where),
        sent=sent,
    )


@transaction.atomic
def plan(
    petition: Petition, *, by: Staff, at: datetime, words: str, version: int | None = None, sent: Sent = HERE
) -> Petition:
    """Record what will be done and by when; the petitioner sees it.

    :raises WordsMissing: if the plan is empty
    """
    return move(
        petition,
        Verb.PLAN,
        by=by,
        at=at,
        version=version,
        words=records.required(words),
        text_kind=TextKind.PLAN,
        sent=sent,
    )


@transaction.atomic
def resolve(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    reply: str,
    version: int | None = None,
    also: Callable[[Petition], Sequence[Model]] | None = None,
    sent: Sent = HERE,
) -> Petition:
    """Record what was done; the reply goes to the petitioner, the handling clocks stop.

    ``also`` gives rows that are written with it, once all else is found to be right.

    :raises WordsMissing: if the reply is empty
    """
    return move(
        petition,
        Verb.RESOLVE,
        by=by,
        at=at,
        version=version,
        words=records.required(reply),
        text_kind=TextKind.REPLY,
        also=also,
        resolved_at=at,
        # who resolved it handled it, and may not verify it
        handler=by.user,
        resolved_by=by.user,
        sent=sent,
    )


@transaction.atomic
def verify(petition: Petition, *, by: Staff, at: datetime, note: str = "", version: int | None = None) -> Petition:
    """Confirm that it is really done; never by who handled it.

    :raises OwnWork: if ``by`` handled it
    """
    return move(petition, Verb.VERIFY, by=by, at=at, version=version, words=note, text_kind=TextKind.NOTE, public=False)


@transaction.atomic
def rework(petition: Petition, *, by: Staff, at: datetime, reason: str, version: int | None = None) -> Petition:
    """Send it back: not done, or not well; the handling clocks start anew as a new generation.

    :raises WordsMissing: if no reason is given
    """
    return move(
        petition,
        Verb.REWORK,
        by=by,
        at=at,
        version=version,
        words=records.required(reason),
        text_kind=TextKind.REASON,
        resolved_at=None,
        resolved_by=None,
    )


@transaction.atomic
def close(petition: Petition, *, by: Staff, at: datetime, version: int | None = None) -> Petition:
    """Close the verified matter.

    :raises NotNow: if it is not verified, or a check that it needs (004-12) is missing
    """
    return move(petition, Verb.CLOSE, by=by, at=at, version=version, check=_check_all_done, closed_at=at)


def move(
    petition: Petition,
    verb: Verb,
    *,
    by: Staff | None,
    at: datetime,
    code: EventCode | None = None,
    wrote: User | None = None,
    also: Callable[[Petition], Sequence[Model]] | None = None,
    **asked: Any,
) -> Petition:
    """Make one lawful move, for the verbs of this module and of its neighbours; ``asked``: as ``step`` takes it.

    ``also`` gives rows that are written with the event, after it.

    :raises Refusal: as ``step``
    """
    rehoming.hold_for(petition, verb)
    # The row we were handed may be stale; decide on the locked one. No key lock: the sweep refers to it meanwhile.
    locked = (
        Petition.objects.select_for_update(of=("self",), no_key=True)
        .select_related("area", "category")
        .get(pk=petition.pk)
    )
    stands = beside.read(locked, at=at)
    rows, changed = step(locked, verb, by=by, at=at, stands=stands, code=code, wrote=wrote, **asked)
    also_rows = also(locked) if also is not None else ()
    insert([*rows, *also_rows], before=[update_of(locked, changed)], most=IN_ONE_TRIP)
    notices.tell(locked, code or RECORDED_AS[verb], by=by.user if by is not None else wrote, at=at, beside=stands)
    return locked


def step(
    locked: Petition,
    verb: Verb,
    *,
    by: Staff | None,
    at: datetime,
    stands: Beside,
    version: int | None = None,
    words: str = "",
    text_kind: TextKind = TextKind.NOTE,
    public: bool = True,
    refs: dict[str, Any] | None = None,
    check: Check | None = None,
    code: EventCode | None = None,
    wrote: User | None = None,
    sent: Sent = HERE,
    new: Known | None = None,
    **facts: object,
) -> tuple[list[Model], list[str]]:
    """Make a move on a row that is locked, or on one that is about to be written (``new``: its clocks).

    ``by`` is None for what no post decides: the petitioner's own moves, and what follows from a callback; ``check``,
    which sees the row, decides then, ``wrote`` says who wrote it down. ``code`` names an event other than the verb's
    own. Return what is to be written beside the row, words and event, and which of its fields changed.

    :raises NotYours: if no post of ``by`` allows it here
    :raises NotNow: if the table does not allow it
    :raises ChangedMeanwhile: if ``version`` is no longer the petition's
    """
    if by is not None:
        check_stays_in(by, locked, recused=stands.recused)
        check_post(by, verb, locked)
    here = Status(locked.status)
    there = LEADS_TO.get((here, verb))
    if there is None:
        raise NotNow(
            _("%(number)s is “%(status)s”; “%(verb)s” is not possible now.")
            % {"number": locked.number, "status": here.label, "verb": verb.label}
        )
    check_version(locked, version)
    if check is not None:
        check(locked, stands)
    if by is not None and verb in SENDS and (post := post_for(by, verb, locked)) is not None:
        refs = {**(refs or {}), "post": post.kind, "area": post.area_id}
    lapses.end(locked, verb, stands, at=at, within=bool((refs or {}).get("within")))
    facts = {**rehoming.facts_for(locked, verb, at=at), **facts}
    locked.status = there
    locked.version += 1
    if verb in BACK_TO_WORK:
        locked.round += 1
    had = locked.organisation_id
    for field, value in facts.items():
        setattr(locked, field, value)
    code = code or RECORDED_AS[verb]
    user = by.user if by is not None else wrote
    clocks.bring(locked, code, at=at, beside=stands, events=stands.with_event(code, at), new=new)
    sampling.follow(locked, verb, at=at, has_rules=stands.has_check_rules)
    if user is not None and locked.organisation is not None and locked.organisation_id != had:
        transfers.note(locked, locked.organisation, by=user, at=at)
    text, event = records.composed(
        locked,
        code,
        at=at,
        by=user,
        from_status=here,
        to_status=there,
        words=words,
        text_kind=text_kind,
        public=public,
        refs={**(refs or {}), **sent.refs},
        client_key=sent.key,
    )
    changed = ["status", "version", "round", *facts, "next_due_at", "next_stage"]
    return [event] if text is None else [text, event], changed


def _check_not_readmitted(petition: Petition, stands: Beside) -> None:
    if any(code == EventCode.READMITTED for code, _at in stands.events):
        raise NotNow(_("The level above has decided that %(number)s is taken on.") % {"number": petition.number})


def _check_all_done(petition: Petition, _stands: Beside) -> None:
    sampling.check_all_done(petition)


def check_version(petition: Petition, version: int | None) -> None:
    """Refuse what was decided on a form opened before the last change; None asks nothing.

    :raises ChangedMeanwhile: if ``version`` is no longer the petition's
    """
    if version is not None and version != petition.version:
        raise ChangedMeanwhile(
            _("Somebody changed %(number)s meanwhile. Please look again.") % {"number": petition.number}
        )
