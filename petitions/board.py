"""The public board 销号公示: what was closed, for fifteen days at least, in words that name nobody (ADR 0017).

Only matters of kinds that may be shown; never what is confidential, silent, about staff or between neighbours. A
machine scrubs the words, a person reads them, nothing is published by itself. Everybody may object while it hangs.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from grids.enums import Level, PostKind
from grids.posts import HEADS, Staff
from people.crypto import SealError
from people.errors import BadInput
from people.masking import scrub
from petitions import clocks, notices, records, transitions
from petitions.anonymising import anonymous
from petitions.enums import EventCode, IssueKind, NoticeState, RecusalKind, Status, TextKind, Verb
from petitions.errors import NotNow, NotYours
from petitions.models import Objection, Petition, PetitionQuerySet, PetitionText, PublicNotice, Recusal
from petitions.permissions import check_not_recused, covers
from petitions.petitioner import back_to_work
from petitions.scopes import QUARRELS

PUBLISHES: Final = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER})
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """The words as the machine proposes them: what it was about, what was done."""

    matter: str
    done: str


def publishable() -> Q:
    """Say which closed petitions may be shown at all (their category loaded or not)."""
    quarrels = Q()
    for code in QUARRELS:
        quarrels |= Q(category__code__startswith=code)
    complained_of = Recusal.objects.filter(petition=OuterRef("pk"), kind=RecusalKind.COMPLAINED_OF)
    allowed = Q(
        status=Status.CLOSED,
        category__public_ok=True,
        category__sensitive=False,
        category__silent=False,
        category__reporter_hidden=False,
        is_confidential=False,
        barred_from=None,
        anonymised_at=None,
        contact_erased_at=None,
    )
    return allowed & ~quarrels & ~Q(issue_kind=IssueKind.MEDIATION) & ~Q(Exists(complained_of))


def publishes(by: Staff) -> bool:
    """Tell whether a post held decides on what hangs on the board."""
    return by.holds(*PUBLISHES)


def waiting(by: Staff) -> PetitionQuerySet:
    """Return the closed matters that this person's posts decide on and nobody has decided on yet, oldest first."""
    decided = PublicNotice.objects.filter(petition=OuterRef("pk"), round=OuterRef("round"))
    mine = Petition.objects.visible_to(by).filter(publishable()).exclude(Exists(decided))
    reach = Q(pk__in=())
    for held in by.holdings:
        if held.kind in PUBLISHES:
            reach |= Q(area_path__startswith=held.path)
    return mine.filter(reach).order_by("closed_at", "pk")


def draft(petition: Petition) -> Draft:
    """Return the words the machine proposes: the petitioner's and the last reply, without what reaches a human."""
    texts = dict[str, str]()
    for kind, masked in (
        PetitionText.objects.filter(petition=petition, kind__in=(TextKind.BODY, TextKind.REPLY), public=True)
        .order_by("created_at")
        .values_list("kind", "masked")
    ):
        # the first words of the petitioner, the last of whoever resolved it
        if kind == TextKind.REPLY or kind not in texts:
            texts[kind] = masked
    names = _names(petition)
    body, reply = texts.get(TextKind.BODY, petition.title), texts.get(TextKind.REPLY, "")
    return Draft(anonymous(body, names=names)[:LONGEST], anonymous(reply, names=names)[:LONGEST])


@transaction.atomic
def publish(petition: Petition, *, by: Staff, at: datetime, matter: str, done: str) -> PublicNotice:
    """Hang a closed matter on the board in these words; its minimum clock starts.

    :raises NotYours: if no post of ``by`` decides on it
    :raises NotNow: if it may not be shown, or was decided on already
    :raises BadInput: if the words are missing, too long, or still reach a human; ``field`` says which
    """
    locked = _to_decide(petition, by=by)
    names = _names(locked)
    for field, words in (("matter", matter), ("done", done)):
        _check_words(field, words, names)
    records.append(locked, EventCode.PUBLISHED, at=at, by=by.user)
    ends_at = clocks.begin(locked, clocks.PUBLIC_NOTICE, anchor="published", at=at)
    return PublicNotice.objects.create(
        petition=locked,
        round=locked.round,
        state=NoticeState.PUBLISHED,
        matter=matter.strip(),
        done=done.strip(),
        decided_by=by.user,
        decided_at=at,
        published_at=at,
        ends_at=ends_at,
    )


@transaction.atomic
def withhold(petition: Petition, *, by: Staff, at: datetime, reason: str) -> PublicNotice:
    """Keep a closed matter off the board, with a reason for staff.

    :raises NotYours: if no post of ``by`` decides on it
    :raises NotNow: if it was decided on already
    :raises WordsMissing: without a reason
    """
    locked = _to_decide(petition, by=by)
    words = scrub(records.required(reason).strip()[:LONGEST], names=_names(locked))
    records.append(
        locked, EventCode.NOT_PUBLISHED, at=at, by=by.user, words=words, text_kind=TextKind.REASON, public=False
    )
    return PublicNotice.objects.create(
        petition=locked,
        round=locked.round,
        state=NoticeState.WITHHELD,
        reason=words,
        decided_by=by.user,
        decided_at=at,
    )


@transaction.atomic
def object_to(notice: PublicNotice, *, words: str, at: datetime, client_key: uuid.UUID) -> Objection:
    """Take an objection of anybody while the notice hangs; the community's secretary is told.

    The same ``client_key`` again is the same objection.

    :raises WordsMissing: without words
    :raises NotNow: if the notice has ended
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(client_key)])
    earlier = Objection.objects.filter(client_key=client_key, notice=notice).first()
    if earlier is not None:
        return earlier
    petition = Petition.objects.locked(notice.petition_id)
    locked = PublicNotice.objects.select_for_update().get(pk=notice.pk)
    if locked.state != NoticeState.PUBLISHED or petition.status != Status.CLOSED or petition.round != locked.round:
        raise NotNow(_("This notice has ended. Please raise a new matter and say what is wrong."))
    event = records.append(
        petition, EventCode.OBJECTED, at=at, by=None, words=records.required(words)[:2000], public=False
    )
    made = Objection.objects.create(notice=locked, client_key=client_key, words_id=records.words_of(event), at=at)
    level = Level.COMMUNITY if petition.community_id else Level(petition.area.level)
    kind = PostKind.COMMUNITY_SECRETARY if petition.community_id else HEADS[level][0]
    notices.tell_posts(petition, EventCode.OBJECTED, ((level, kind),), by=None, at=at)
    return made


@transaction.atomic
def answer(objection: Objection, *, by: Staff, at: datetime, upheld: bool, words: str) -> Objection:
    """Answer an objection; upheld, the notice comes down and the matter goes back to work as one not solved.

    :raises NotYours: if no post of ``by`` decides on it
    :raises NotNow: if it is answered
    :raises WordsMissing: without words
    """
    petition = Petition.objects.locked(objection.notice.petition_id)
    _check_decides(by, petition)
    notice = PublicNotice.objects.select_for_update().get(pk=objection.notice_id)
    one = Objection.objects.select_for_update().get(pk=objection.pk)
    if one.answered_at is not None:
        raise NotNow(_("This objection has been answered already."))
    event = records.append(
        petition,
        EventCode.OBJECTION_ANSWERED,
        at=at,
        by=by.user,
        words=records.required(words),
        text_kind=TextKind.REASON,
        public=False,
        refs={"upheld": upheld},
    )
    one.upheld, one.answer_id, one.answered_at, one.answered_by = upheld, records.words_of(event), at, by.user
    one.save(update_fields=["upheld", "answer_id", "answered_at", "answered_by"])
    if upheld and petition.status == Status.CLOSED and petition.round == notice.round:
        _take_down(notice, petition, at=at)
        transitions.move(
            petition,
            Verb.REOPEN,
            by=None,
            wrote=by.user,
            at=at,
            code=EventCode.REWORK,
            refs={"objection": one.pk},
            **back_to_work(petition, at=at),
        )
    elif notice.state == NoticeState.ENDED:
        _close_out(notice, petition, at=at)
    return one


@transaction.atomic
def end(notice: PublicNotice, *, at: datetime) -> PublicNotice:
    """End a notice whose time is over; closed out, unless an objection waits for its answer.

    :raises NotNow: before its time, or if it does not hang
    """
    petition = Petition.objects.locked(notice.petition_id)
    locked = PublicNotice.objects.select_for_update().get(pk=notice.pk)
    if locked.state != NoticeState.PUBLISHED or locked.ends_at is None:
        raise NotNow(_("This notice does not hang on the board."))
    if petition.status != Status.CLOSED or petition.round != locked.round:
        return _take_down(locked, petition, at=at)
    if at < locked.ends_at:
        raise NotNow(_("A notice hangs for 15 days at least and cannot be ended earlier."))
    locked.state, locked.ended_at = NoticeState.ENDED, at
    locked.save(update_fields=["state", "ended_at"])
    records.append(petition, EventCode.NOTICE_ENDED, at=at, by=None)
    clocks.advance(petition, at=at)
    _close_out(locked, petition, at=at)
    return locked


def end_due(*, at: datetime) -> int:
    """End every notice whose time is over; return how many."""
    due = PublicNotice.objects.filter(state=NoticeState.PUBLISHED, ends_at__lte=at).order_by("pk")
    for notice in list(due):
        end(notice, at=at)
    return len(due)


def _close_out(notice: PublicNotice, petition: Petition, *, at: datetime) -> None:
    if notice.objections.filter(answered_at=None).exists():
        return
    notice.state = NoticeState.CLOSED_OUT
    notice.save(update_fields=["state"])
    records.append(petition, EventCode.CLOSED_OUT, at=at, by=None)


def _take_down(notice: PublicNotice, petition: Petition, *, at: datetime) -> PublicNotice:
    notice.state, notice.ended_at = NoticeState.TAKEN_DOWN, at
    notice.save(update_fields=["state", "ended_at"])
    records.append(petition, EventCode.NOTICE_ENDED, at=at, by=None, refs={"taken_down": True})
    clocks.advance(petition, at=at)
    return notice


def _to_decide(petition: Petition, *, by: Staff) -> Petition:
    locked = Petition.objects.locked(petition.pk)
    _check_decides(by, locked)
    if not Petition.objects.filter(publishable(), pk=locked.pk).exists():
        raise NotNow(_("%(number)s may not be shown on the public board.") % {"number": locked.number})
    if PublicNotice.objects.filter(petition=locked, round=locked.round).exists():
        raise NotNow(_("It has been decided already whether %(number)s is shown.") % {"number": locked.number})
    return locked


def _check_decides(by: Staff, petition: Petition) -> None:
    check_not_recused(by, petition)
    if not any(held.kind in PUBLISHES and covers(held, petition) for held in by.holdings):
        raise NotYours(_("Your post does not decide what of %(number)s is shown.") % {"number": petition.number})


def _check_words(field: str, words: str, names: Sequence[str]) -> None:
    if not words.strip():
        raise BadInput(_("Say it in a few words."), field=field)
    if len(words) > LONGEST:
        raise BadInput(_("Please keep it under %(count)d characters.") % {"count": LONGEST}, field=field)
    if anonymous(words, names=names) != words:
        raise BadInput(_("A name, a number or an address still stands in it. Take it out."), field=field)


def _names(petition: Petition) -> list[str]:
    """Return the names that must not stand on the board: the petitioner's, and those of who handled it."""
    people = [user.display_name for user in (petition.handler, petition.resolved_by) if user is not None]
    try:
        return [*people, petition.petitioner.name] if petition.petitioner is not None else people
    except SealError:
        return people
