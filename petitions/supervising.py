"""Doing the four checks of 004-12. What fails goes back to work at once (004-14 整改), its reason with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import IO, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grids.enums import PostKind
from grids.staff import Staff
from petitions import petitioner, photos, records, transitions
from petitions.enums import CheckKind, CheckState, EventCode, PhotoKind, Status, TextKind, Verb
from petitions.errors import NotNow, NotYours, OwnWork
from petitions.models import Petition, VerificationTask
from petitions.models.petitions import PetitionQuerySet
from petitions.permissions import WORK, check_not_recused, covers, worked_on

# Who does which check. A supervisor does all: above a matter about staff there may be nobody else.
DOES: Final[Mapping[CheckKind, frozenset[PostKind]]] = MappingProxyType(
    {
        CheckKind.NETWORK: frozenset({PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.SUPERVISOR}),
        CheckKind.ON_SITE: frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.STREET_LEADER, PostKind.SUPERVISOR}),
        CheckKind.CALLBACK: frozenset({PostKind.COMMUNITY_WORKER, PostKind.COMMUNITY_SECRETARY, PostKind.SUPERVISOR}),
        CheckKind.SURVEY: frozenset(
            {PostKind.GRID_LEAD, PostKind.COMMUNITY_WORKER, PostKind.COMMUNITY_SECRETARY, PostKind.SUPERVISOR}
        ),
    }
)
CHECKED_WHILE: Final = (Status.RESOLVED, Status.VERIFIED)


def waiting_for(staff: Staff) -> Q:
    """Return which checks wait for this person: his posts do them, and he never worked on the matter."""
    his = Q(pk__in=())
    for held in staff.holdings:
        kinds = [kind for kind, posts in DOES.items() if held.kind in posts]
        reach = PetitionQuerySet.reach_of(held)
        if kinds and reach is not None:
            reach &= Q(barred_from=None) | Q(barred_from__gt=held.level)
            his |= Q(kind__in=kinds, petition__in=Petition.objects.filter(reach))
    done = Petition.objects.filter(events__code__in=WORK, events__by=staff.user.pk)
    own = Q(petition__handler=staff.user.pk) | Q(petition__resolved_by=staff.user.pk) | Q(petition__in=done)
    return Q(state=CheckState.WAITING) & his & ~own & ~Q(petition__recusals__user=staff.user.pk)


def may_check(by: Staff, task: VerificationTask) -> bool:
    """Tell whether somebody may do this check now; two queries at most."""
    try:
        _check_may(by, task)
    except (NotYours, OwnWork):
        return False
    return task.state == CheckState.WAITING


def perform(
    task: VerificationTask,
    *,
    passed: bool,
    words: str,
    by: Staff,
    at: datetime,
    uploads: Sequence[IO[bytes]] = (),
) -> VerificationTask:
    """Record what a check found; a failed one sends the matter back to work with these words.

    :raises NotYours: if no post of ``by`` does this check
    :raises OwnWork: if he worked on the matter himself
    :raises NotNow: if it is done already, or the matter has gone back to work
    :raises WordsMissing: if it failed and nothing says why
    :raises BadPhoto: if an upload is no photo, or there are more than five
    """
    pictures = photos.clean_all(uploads)
    with photos.all_or_none() as kept, transaction.atomic():
        petition = Petition.objects.locked(task.petition_id)
        locked = VerificationTask.objects.select_for_update(of=("self",)).select_related("petition").get(pk=task.pk)
        locked.petition = petition
        _check_may(by, locked)
        if locked.state != CheckState.WAITING:
            raise NotNow(_("This check is done already, or no longer asked for."))
        if petition.status not in CHECKED_WHILE or locked.generation != petition.round:
            raise NotNow(_("%(number)s is not reported as done now.") % {"number": petition.number})
        if not passed:
            records.required(words)
        kept.extend(photos.keep(petition, picture, kind=PhotoKind.CHECK, by=by.user, at=at) for picture in pictures)
        refs = {"kind": locked.kind, "passed": passed, "photos": [str(photo.pk) for photo in kept] or None}
        event = records.append(
            petition,
            EventCode.CHECKED,
            at=at,
            by=by.user,
            words=words,
            text_kind=TextKind.NOTE,
            public=False,
            refs=refs,
        )
        locked.state = CheckState.PASSED if passed else CheckState.FAILED
        locked.by, locked.done_at, locked.words_id = by.user, at, event.text_id
        locked.save(update_fields=["state", "by", "done_at", "words_id"])
        if not passed:
            transitions.move(
                petition,
                Verb.REWORK,
                by=None,
                wrote=by.user,
                at=at,
                words=words,
                text_kind=TextKind.REASON,
                refs={"check": locked.kind},
                resolved_by=None,
                **petitioner.back_to_work(petition, at=at),
            )
    return locked


def _check_may(by: Staff, task: VerificationTask) -> None:
    petition, kind = task.petition, CheckKind(task.kind)
    check_not_recused(by, petition)
    if not any(held.kind in DOES[kind] and covers(held, petition) for held in by.holdings):
        raise NotYours(_("Your post does not do this check on %(number)s.") % {"number": petition.number})
    if petition.resolved_by_id == by.user.pk or worked_on(by, petition):
        raise OwnWork(_("You handled %(number)s; somebody else must check it.") % {"number": petition.number})
