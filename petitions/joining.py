"""Several people, one matter: duplicates are joined to a master, and separated again if that was wrong.

Every follow-up code stays alive and shows the master's public progress; every person is told; the duplicate's clocks
are cancelled, never to escalate. What is protected (confidential, silent, about staff) is never joined to anything: who
follows the one would learn of the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from grids.staff import Staff
from petitions import notices, records, transitions
from petitions.enums import EventCode, Status, TextKind, Urgency, Verb
from petitions.errors import ChangedMeanwhile, NotNow, NotYours
from petitions.models import Petition, PetitionQuerySet, SupplementRequest
from petitions.moves import LEADS_TO
from petitions.permissions import check_may, hides_reporter

# What may be joined may also be joined to.
JOINABLE: Final = tuple(status for status in Status if (status, Verb.MERGE) in LEADS_TO)
URGENCIES: Final = (Urgency.NORMAL, Urgency.URGENT, Urgency.EMERGENCY)
LOOK_BACK: Final = timedelta(days=60)
SUGGESTED: Final = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """What joining one matter to another would do; ``refusal`` says why it cannot be."""

    petition: Petition
    master: Petition
    weight: int
    cancelled: tuple[str, ...]
    told: int
    differs: tuple[str, ...]
    refusal: str


@transaction.atomic
def merge(
    petition: Petition,
    *,
    into: Petition,
    by: Staff,
    at: datetime,
    reason: str,
    version: int | None = None,
    into_version: int | None = None,
) -> Petition:
    """Join a matter, and what was joined to it, to the master ``into``.

    :raises NotYours: if ``by`` may not do so with either of the two
    :raises NotNow: if either is protected, done or over, or the one joined is the more urgent
    :raises ChangedMeanwhile: if either was changed since the preview
    :raises WordsMissing: without a reason
    """
    joined = _locked(petition, into)
    locked, master = joined.pop(petition.pk), joined.pop(into.pk, petition)
    check_may(by, Verb.MERGE, locked)
    check_may(by, Verb.MERGE, master)
    check_together(locked, master)
    _check_version(master, into_version)
    moved = transitions.move(
        locked,
        Verb.MERGE,
        by=by,
        at=at,
        version=version,
        words=records.required(reason),
        text_kind=TextKind.REASON,
        public=False,
        refs={"master": master.number},
        master=master,
    )
    SupplementRequest.objects.filter(petition=moved, ended_at=None).update(ended_at=at)
    notices.tell_former(locked, by=by.user, at=at)
    notices.tell_petitioner(moved, EventCode.MERGED, at=at)
    for one in joined.values():
        if one.master_id == moved.pk:
            _lead_on(one, master, by=by, at=at)
    touch(master)
    records.append(master, EventCode.JOINED, at=at, by=by.user, refs={"petition": moved.number})
    notices.tell_holders(master, EventCode.JOINED, at=at)
    return moved


@transaction.atomic
def split(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    reason: str,
    version: int | None = None,
    master_version: int | None = None,
) -> Petition:
    """Separate a joined matter again: it is triaged anew, and its clocks run from now on.

    :raises NotYours: if ``by`` may not do so with either of the two
    :raises NotNow: if it is not joined to any
    :raises ChangedMeanwhile: if either was changed since the page was opened
    :raises WordsMissing: without a reason
    """
    seen = Petition.objects.only("pk", "number", "master").get(pk=petition.pk)
    if seen.master is None:
        raise NotNow(_("%(number)s is not joined to any other matter.") % {"number": seen.number})
    both = _locked(seen, seen.master)
    locked, master = both[seen.pk], both[seen.master.pk]
    check_may(by, Verb.SPLIT, master)
    _check_version(master, master_version)
    moved = transitions.move(
        locked,
        Verb.SPLIT,
        by=by,
        at=at,
        version=version,
        words=records.required(reason),
        text_kind=TextKind.REASON,
        public=False,
        refs={"master": master.number},
        master=None,
        handler=None,
        organisation=None,
        policy=None,
        tier="",
    )
    notices.tell_petitioner(moved, EventCode.SPLIT, at=at)
    touch(master)
    records.append(master, EventCode.LEFT, at=at, by=by.user, refs={"petition": moved.number})
    return moved


def preview(petition: Petition, master: Petition, *, by: Staff) -> Preview:
    """Say what joining would do, or why it cannot be; both with area and category loaded."""
    refusal = ""
    try:
        check_may(by, Verb.MERGE, petition)
        check_may(by, Verb.MERGE, master)
        check_together(petition, master)
    except (NotNow, NotYours) as no:
        refusal = str(no)
    clocks = petition.clocks.filter(state__in=("running", "paused")).select_related("stage").order_by("due_at")
    follow = [petition, *petition.joined.all()]
    differs = []
    if petition.category_id != master.category_id:
        differs.append(_("They are of different categories."))
    if petition.place_id != master.place_id:
        differs.append(_("They are about different places."))
    return Preview(
        petition=petition,
        master=master,
        weight=weight(master) + len(follow),
        cancelled=tuple(clock.stage.name for clock in clocks),
        told=sum(one.petitioner_id is not None for one in follow),
        differs=tuple(differs),
        refusal=refusal,
    )


def suggestions(petition: Petition, mine: PetitionQuerySet, *, at: datetime) -> Sequence[Petition]:
    """Return matters of ``mine`` this one may be a duplicate of: same community, same kind or same building, recent.

    Same building first, then the oldest.
    """
    if petition.community_id is None:
        return []
    near = Q(place=petition.place_id) | Q(grid=petition.grid_id)
    alike = near if petition.category_id is None else Q(category=petition.category_id)
    found = (
        mine.filter(
            alike,
            status__in=JOINABLE,
            community=petition.community_id,
            submitted_at__gte=at - LOOK_BACK,
            is_confidential=False,
            barred_from=None,
        )
        .exclude(pk=petition.pk)
        .exclude(Q(category__reporter_hidden=True) | Q(category__silent=True))
        .select_related("place__parent", "grid", "community", "category")
    )
    nearest = Case(When(place=petition.place_id, then=0), When(grid=petition.grid_id, then=1), default=2)
    return list(found.order_by(nearest, "submitted_at", "pk")[:SUGGESTED])


def weight(petition: Petition) -> int:
    """Return how many petitions speak of this matter: itself and what was joined to it; one query."""
    return 1 + petition.joined.count()


def is_protected(petition: Petition) -> bool:
    """Tell whether nobody may learn of this matter by way of another one."""
    silent = petition.category is not None and petition.category.silent
    return hides_reporter(petition) or silent or petition.barred_from is not None


def check_together(petition: Petition, master: Petition) -> None:
    """Refuse what may not be joined.

    :raises NotNow: saying why
    """
    if petition.pk == master.pk:
        raise NotNow(_("A matter cannot be joined to itself."))
    for one in (petition, master):
        if one.status not in JOINABLE:
            raise NotNow(
                _("%(number)s is “%(status)s”; only what is still being handled can be joined.")
                % {"number": one.number, "status": Status(one.status).label}
            )
    if is_protected(petition) or is_protected(master):
        raise NotNow(_("Confidential matters and matters about staff are never joined to others."))
    if URGENCIES.index(Urgency(petition.urgency)) > URGENCIES.index(Urgency(master.urgency)):
        raise NotNow(
            _("%(number)s is the more urgent of the two. Join the other one to it.") % {"number": petition.number}
        )


def _locked(petition: Petition, other: Petition) -> dict[int, Petition]:
    """Return both, and what is joined to the first, locked in the order of their keys.

    Who joins or separates matters waits for whoever else does: what belongs together stands still meanwhile.
    """
    stand_still()
    joined = Petition.objects.filter(master=petition.pk).values_list("pk", flat=True)
    return {pk: Petition.objects.locked(pk) for pk in sorted({petition.pk, other.pk, *joined})}


def stand_still() -> None:
    """Wait for whoever joins or separates matters, until the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('petitions.joining', 0))")


def _check_version(petition: Petition, version: int | None) -> None:
    if version is not None and version != petition.version:
        raise ChangedMeanwhile(
            _("Somebody changed %(number)s meanwhile. Please look again.") % {"number": petition.number}
        )


def _lead_on(petition: Petition, master: Petition, *, by: Staff, at: datetime) -> None:
    """Lead what was joined to a matter that is joined itself now on to the new master."""
    petition.master = master
    touch(petition, "master")
    records.append(petition, EventCode.MERGED, at=at, by=by.user, refs={"master": master.number})
    notices.tell_petitioner(petition, EventCode.MERGED, at=at)


def touch(petition: Petition, *fields: str) -> None:
    """Raise the version: let whoever has the page open see that something changed."""
    petition.version += 1
    petition.save(update_fields=["version", *fields])
