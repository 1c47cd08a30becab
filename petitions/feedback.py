"""Word to the petitioner on the way: prompt, periodic, special (source 004: 及时反馈、定期反馈、专项反馈).

Every public step tells its petitioner by itself. Beside that, whoever has the matter gives word in his own words; on a
long matter word is owed at intervals (policy ``feedback``), and a matter that several people share, or that is urgent,
gets special word to all of them at once.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.enums import OPEN_STATES
from grids.staff import Staff
from petitions import beside, clocks, notices, records, requests
from petitions.enums import EventCode, FeedbackKind, Status, TextKind, Urgency
from petitions.errors import NotNow, NotYours
from petitions.models import Feedback, Petition
from petitions.permissions import check_stays_in, covers

GIVEN_WHILE = (
    Status.ACCEPTED,
    Status.DISPATCHED,
    Status.SIGNED,
    Status.IN_PROGRESS,
    Status.DEFERRED,
    Status.RESOLVED,
    Status.VERIFIED,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """When the petitioner last had word, and by when the next is owed."""

    last_at: datetime | None
    next_due_at: datetime | None


@transaction.atomic
def give(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    kind: FeedbackKind,
    words: str,
    shared: int = 0,
    client_key: UUID | None = None,
) -> Feedback:
    """Give word to the petitioner and to everybody whose matter was joined; the interval begins anew.

    ``shared``: how many matters hear the same word; such word is special, whatever the matter.

    :raises NotYours: if ``by`` neither has the matter nor works at its desk
    :raises NotNow: if it is not under way, or special word is given on what is neither shared nor urgent
    :raises WordsMissing: without words
    """
    locked = Petition.objects.locked(petition.pk)
    stands = beside.read(locked, at=at)
    check_stays_in(by, locked, recused=stands.recused)
    if not may_give(by, locked):
        raise NotYours(_("Your post does not allow this on %(number)s.") % {"number": locked.number})
    if locked.status not in GIVEN_WHILE:
        raise NotNow(_("There is no word to give on %(number)s now.") % {"number": locked.number})
    if kind == FeedbackKind.SPECIAL and not shared and not is_special(locked):
        raise NotNow(_("Special feedback is for what several people share, what is urgent, and what is supervised."))
    text, event = records.composed(
        locked,
        EventCode.FEEDBACK,
        at=at,
        by=by.user,
        words=records.required(words),
        text_kind=TextKind.NOTE,
        refs={"kind": kind, "shared": shared or None},
        client_key=client_key,
    )
    given = Feedback(
        petition=locked,
        kind=kind,
        words_id=records.words_of(event),
        reached=1 + (locked.joined.count() if stands.has_joined else 0),
        at=at,
        by=by.user,
    )
    records.write(text, event, given)
    clocks.follow(locked, EventCode.FEEDBACK, at=at, beside=stands)
    notices.tell_everybody(locked, EventCode.FEEDBACK, at=at, alone=not stands.has_joined)
    return given


def may_give(by: Staff, petition: Petition) -> bool:
    """Tell whether somebody may give word on a petition: who has it, and its desk."""
    at_desk = any(held.kind in requests.ASKS_BACK and covers(held, petition) for held in by.holdings)
    return at_desk or requests.holds(by, petition)


def is_special(petition: Petition) -> bool:
    """Tell whether special word is called for: shared, urgent, or under a supervision order; two queries at most."""
    return (
        petition.urgency != Urgency.NORMAL
        or petition.joined.exists()
        or petition.orders.filter(answered_at=None).exists()
    )


def interval(petition: Petition) -> Interval:
    """Return when word was last given and when it is owed next; two queries."""
    last = petition.events.filter(code__in=clocks.WORD_GIVEN).order_by("-at").values_list("at", flat=True).first()
    clock = (
        petition.clocks.filter(stage__policy__key=beside.FEEDBACK, state__in=OPEN_STATES)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    return Interval(last, clock)
