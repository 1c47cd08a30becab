"""Stepping back 回避: an interest of one's own, or a matter about staff; it goes one level up (Jinan art. 32)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import DEPARTMENT_POSTS, Level, PostKind
from grids.models import Appointment
from grids.posts import HEADS, SUPERIORS, Staff
from people.models import User
from petitions import clocks, notices, records, transitions
from petitions.enums import OPEN, EventCode, RecusalKind, Status, TextKind, Verb
from petitions.errors import NotNow, NotYours
from petitions.models import Petition, PetitionEvent, Recusal
from petitions.permissions import MAY, check_may, check_not_recused, covers, post_for
from petitions.responsible import ABOUT_STAFF, answers_for

HELD = (Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS)
# Who may say that a matter is about staff: whoever takes matters in or steers them.
SAYS = frozenset(kind for kind, verbs in MAY.items() if verbs & {Verb.ACCEPT, Verb.VERIFY})
# Who may say that one is not, after all: the heads; the desk that dispatches for them may not.
CLEARS = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND})


@transaction.atomic
def step_back(petition: Petition, *, by: Staff, at: datetime, reason: str, version: int | None = None) -> Petition:
    """Declare an interest of one's own: the person neither sees nor handles the matter any more.

    If he has it, it goes one level up, to be given to somebody else; the clocks run on.

    :raises NotYours: if the matter is none of his, or he stepped back before
    :raises NotNow: if it is over
    :raises WordsMissing: without a reason
    """
    locked = _open(petition, by=by, version=version)
    check_may(by, Verb.RECUSE, locked)
    has_it = locked.handler_id == by.user.pk
    facts: dict[str, Any] = {"handler": None} if has_it else {}
    refs = {"kind": RecusalKind.CONFLICT, "user": by.user.pk}
    event, moved = _write(locked, facts, by=by, at=at, reason=reason, refs=refs)
    _record(moved, by.user, RecusalKind.CONFLICT, event, by=by, at=at)
    notices.tell_posts(moved, EventCode.RECUSED, _over(by, locked), by=by.user, at=at)
    return moved


@transaction.atomic
def complain_of(
    petition: Petition, *, user: User, by: Staff, at: datetime, reason: str, version: int | None = None
) -> Petition:
    """Say that a matter is about a member of staff: his level and all below it neither see nor handle it any more.

    :raises NotYours: if no post of ``by`` steers here, or it is about himself
    :raises NotNow: if the matter is over, or the person holds no post on its line
    :raises WordsMissing: without a reason
    """
    locked = _open(petition, by=by, version=version)
    if by.user.pk == user.pk or not may_say(by, locked):
        raise NotYours(_("Your post does not allow this on %(number)s.") % {"number": locked.number})
    seats = _seats(locked, on=shanghai_date(at))
    level = min(seats.filter(user=user).values_list("post__area__level", flat=True), default=None)
    if level is None:
        raise NotNow(_("%(name)s holds no post that answers for this matter.") % {"name": user.get_full_name()})
    barred = min(level, locked.barred_from or level)
    facts: dict[str, Any] = {"barred_from": barred}
    if locked.handler_id and seats.filter(user=locked.handler_id, post__area__level__gte=barred).exists():
        facts["handler"] = None
    if locked.organisation is not None and locked.organisation.area.level >= barred:
        facts |= {"handler": None, "organisation": None, "designated_at": None}
    refs = {"kind": RecusalKind.COMPLAINED_OF, "user": user.pk}
    event, moved = _write(locked, facts, by=by, at=at, reason=reason, refs=refs)
    _record(moved, user, RecusalKind.COMPLAINED_OF, event, by=by, at=at)
    above = max((head for head in HEADS if head < barred), default=Level.DISTRICT)
    notices.tell_posts(moved, EventCode.RECUSED, ((above, HEADS[above][0]),), by=by.user, at=at)
    return moved


@transaction.atomic
def clear_of_staff(petition: Petition, *, by: Staff, at: datetime, reason: str, version: int | None = None) -> Petition:
    """Say that a matter is not about staff after all: the line below sees it and may handle it again.

    Decided by a head of the level right above those it was closed to, or higher up; the petitioner reads why.
    Whoever stepped back for an interest of his own stays out, and whoever holds the matter keeps it.

    :raises NotYours: if no post of ``by`` is the head of a level above
    :raises NotNow: if it is not closed to anybody, is over, or is kept as a complaint about staff by its category
    :raises WordsMissing: without a reason
    """
    locked = _open(petition, by=by, version=version)
    if not _heads(by, locked):
        raise NotYours(_("Only the head one level above those complained of decides this."))
    if locked.barred_from is None:
        raise NotNow(_("This matter is closed to nobody."))
    if locked.category is not None and locked.category.code in ABOUT_STAFF:
        raise NotNow(_("Its category says that it is about staff. Please change the category first."))
    words = records.required(reason)
    answers = answers_for(locked.place)
    moved_area = answers.area.pk != locked.area_id
    locked.recusals.filter(kind=RecusalKind.COMPLAINED_OF).delete()
    refs = {"level": locked.barred_from, "area": answers.area.pk}
    locked.barred_from, locked.area, locked.area_path = None, answers.area, answers.area.path
    locked.street, locked.community, locked.grid = answers.street, answers.community, answers.grid
    locked.version += 1
    locked.save(update_fields=["barred_from", "area", "area_path", "street", "community", "grid", "version"])
    records.append(locked, EventCode.CLEARED, at=at, by=by.user, words=words, text_kind=TextKind.REASON, refs=refs)
    clocks.advance(locked, at=at)
    if moved_area:
        clocks.redate(locked, at=at)
    notices.tell(locked, EventCode.CLEARED, by=by.user, at=at)
    return locked


def may_clear(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may say that the matter is not about staff: a head of a level above those it is about."""
    return petition.barred_from is not None and _heads(by, petition)


def may_say(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may say that this matter is about staff: whoever takes in or steers matters here."""
    return any(held.kind in SAYS and covers(held, petition) for held in by.holdings)


def candidates(petition: Petition, *, on: date) -> list[Appointment]:
    """Return who a matter could be about: all who hold a post on its line or in its unit that day, each once."""
    seats = _seats(petition, on=on).select_related("user", "post__area", "post__organisation")
    by_user = {seat.user_id: seat for seat in seats.order_by("post__area__level", "user__display_name", "pk")}
    return list(by_user.values())


def _seats(petition: Petition, *, on: date) -> QuerySet[Appointment]:
    # a matter about staff is answered for above them: who serves where it is stands on its line all the same
    paths = (petition.area_path, petition.place.path if petition.place else "")
    line = {int(part) for path in paths for part in path.split("/") if part}
    in_line = Q(post__area__in=line) & ~Q(post__kind__in=DEPARTMENT_POSTS)
    in_unit = Q(post__organisation=petition.organisation_id) if petition.organisation_id else Q(pk__in=())
    return Appointment.objects.at(on).filter(in_line | in_unit, user__is_active=True)


def _heads(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody is a head over this matter; where it is closed to levels, of one above them."""
    return any(held.kind in CLEARS and covers(held, petition) for held in by.holdings)


def _open(petition: Petition, *, by: Staff, version: int | None) -> Petition:
    locked = Petition.objects.locked(petition.pk)
    check_not_recused(by, locked)
    if locked.status not in OPEN:
        raise NotNow(_("This matter is over."))
    transitions.check_version(locked, version)
    return locked


def _write(
    petition: Petition, facts: dict[str, Any], *, by: Staff, at: datetime, reason: str, refs: dict[str, Any]
) -> tuple[PetitionEvent, Petition]:
    """Write it; a matter that loses who has it waits to be given to somebody else."""
    words = records.required(reason)
    if petition.status in HELD and "handler" in facts:
        moved = transitions.move(
            petition,
            Verb.RECUSE,
            by=by,
            at=at,
            words=words,
            text_kind=TextKind.REASON,
            public=False,
            refs=refs,
            **facts,
        )
        return moved.events.filter(code=EventCode.RECUSED).order_by("-id")[0], moved
    for field, value in facts.items():
        setattr(petition, field, value)
    petition.version += 1
    petition.save(update_fields=["version", *facts])
    event = records.append(
        petition, EventCode.RECUSED, at=at, by=by.user, words=words, text_kind=TextKind.REASON, public=False, refs=refs
    )
    return event, petition


def _record(
    petition: Petition, user: User, kind: RecusalKind, event: PetitionEvent, *, by: Staff, at: datetime
) -> None:
    Recusal.objects.update_or_create(
        petition=petition,
        user=user,
        defaults={"kind": kind, "words_id": event.text_id, "declared_by": by.user, "declared_at": at},
    )


def _over(by: Staff, petition: Petition) -> tuple[tuple[Level, PostKind], ...]:
    """Return the post that stands over the one by which somebody had to do with the matter."""
    post = post_for(by, Verb.RECUSE, petition)
    if post is None:
        return ((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),)
    over = SUPERIORS.get(post.kind, ())
    if over:
        return ((post.level, over[0]),)
    above = max((head for head in HEADS if head < post.level), default=Level.DISTRICT)
    return ((above, HEADS[above][0]),)
