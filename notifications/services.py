"""Owing notices, sending them, reading them.

A notice is owed inside the transaction of its event; nothing is sent there. After commit a task sends what is
due, and the sweep finds whatever that task did not: delivery is at least once, under a stable Message-ID.
"""

import logging
import time
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from notifications import outbox, queue
from notifications.enums import OPEN, State
from notifications.errors import NotSent, Refused, Unreachable
from notifications.models import Delivery, DeliveryQuerySet, Notice
from notifications.outbox import NewNotice
from notifications.rendering import render
from notifications.smtp import Mailer
from people.enums import Language
from people.models import User

__all__ = ["NewNotice", "close_digest", "deliver", "deliver_due", "mark_all_read", "mark_read", "owe", "send_again"]

logger = logging.getLogger(__name__)

# How long after each failed attempt the next one waits; after the last a delivery is given up. In all over two
# days, so that a mail server down for a weekend costs nobody a notice; greylisting lets us in on the second try.
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    timedelta(hours=16),
    timedelta(hours=24),
)
# One send asks the server at most seven questions of EMAIL_TIMEOUT (20 s) each; a claim outlives that.
LEASE = timedelta(minutes=5)
# A run ends well before Celery's time limit; the next one goes on where it stopped.
RUN_SECONDS = 120


def owe(notices: Sequence[NewNotice]) -> int:
    """Owe these notices, each once per ``dedupe_key``; return how many are new. One statement.

    The message in the app is there at once; e-mail goes to recipients who have an address, after commit.
    """
    if not notices:
        return 0
    new, emails = outbox.insert(notices)
    if emails:
        queue.on_commit("notifications.deliver_due")
    return new


def close_digest(digest: uuid.UUID) -> int:
    """Send what was owed under this mark: one e-mail a recipient. Return how many. One statement; repeating is safe."""
    emails = outbox.close_digests(digest)
    if emails:
        queue.on_commit("notifications.deliver_due")
    return emails


def deliver(*, delivery_id: int, at: datetime) -> bool:
    """Send this delivery if it is due and nobody else is at it; return whether it was sent now."""
    claimed = _claim(Delivery.objects.filter(pk=delivery_id), at=at)
    if claimed is None:
        return False
    with Mailer() as mailer:
        return _attempt(claimed, mailer=mailer, at=at) is None


def deliver_due(*, at: datetime, limit: int = 500) -> int:
    """Send what is due, oldest first; return how many were sent.

    Each delivery is claimed on its own, by a lease and not by a lock that lives while mail goes out: two runs
    at once share the work, and what a killed run had in hand is due again when its lease ends. A mail server
    that cannot be reached ends the run after one attempt, not after ``limit`` of them.
    """
    started = time.monotonic()
    sent = 0
    outbox.close_digests()
    with Mailer() as mailer:
        for _turn in range(limit):
            elapsed = time.monotonic() - started
            moment = at + timedelta(seconds=elapsed)
            claimed = _claim(Delivery.objects.all(), at=moment) if elapsed < RUN_SECONDS else None
            if claimed is None:
                break
            failure = _attempt(claimed, mailer=mailer, at=moment)
            sent += failure is None
            if isinstance(failure, Unreachable):
                break
    return sent


@transaction.atomic(durable=True)
def _claim(among: DeliveryQuerySet, *, at: datetime) -> Delivery | None:
    # Counting the attempt here, and not after it, lets a message that kills its worker run out of attempts too.
    due = among.due(at).with_recipient().select_for_update(skip_locked=True, of=("self",)).first()
    if due is None:
        return None
    due.attempts += 1
    due.next_try_at = at + LEASE
    due.save(update_fields=["attempts", "next_try_at"])
    return due


def _attempt(delivery: Delivery, *, mailer: Mailer, at: datetime) -> NotSent | None:
    failure: NotSent | None = None
    try:
        _send(delivery, mailer=mailer)
    except NotSent as answer:
        failure = answer
    except Exception as bug:  # noqa: BLE001 - one bad row must not stop the others
        # The type alone: the text of an exception may quote the address or the words.
        logger.error("Delivery %s fails by a bug: %s.", delivery.pk, type(bug).__name__)  # noqa: TRY400 - as above
        failure = NotSent("bug")
    _record(delivery, failure=failure, at=at)
    return failure


def _send(delivery: Delivery, *, mailer: Mailer) -> None:
    if delivery.attempts > len(BACKOFF) + 1:
        # Its last attempt never came back to say how it ended.
        raise Refused("no_answer")
    notice = delivery.notice
    address, language = _where_to(notice)
    if not address:
        raise Refused("no_address")
    words = render(notice, language, together=_together(notice))
    mailer.send(to=address, subject=words.subject, body=words.body, message_id=delivery.message_id)


def _together(head: Notice) -> list[Notice]:
    """Return all that goes out in this e-mail, if it is a digest."""
    return list(Notice.objects.in_digest(head)) if head.digest is not None else []


def _where_to(notice: Notice) -> tuple[str, str]:
    """Return address and language of the recipient as they are now; no address if the account was closed."""
    if notice.recipient is not None:
        return notice.recipient.email if notice.recipient.is_active else "", notice.recipient.language
    if notice.person is not None:
        return notice.person.email, notice.person.language
    return "", Language.CHINESE


def _record(delivery: Delivery, *, failure: NotSent | None, at: datetime) -> None:
    still_open = Delivery.objects.filter(pk=delivery.pk, state__in=OPEN)
    if failure is None:
        still_open.update(state=State.SENT, sent_at=at, next_try_at=None, error_code="")
        return
    # Our lease may have ended meanwhile: then whoever holds the later attempt says what follows.
    still_ours = still_open.filter(attempts=delivery.attempts)
    if isinstance(failure, Refused) or delivery.attempts > len(BACKOFF):
        still_ours.update(state=State.DEAD, next_try_at=None, error_code=failure.code)
        logger.warning("Delivery %s is given up: %s.", delivery.pk, failure.code)
    else:
        wait = BACKOFF[delivery.attempts - 1]
        still_ours.update(state=State.FAILED, next_try_at=at + wait, error_code=failure.code)


@transaction.atomic
def send_again(deliveries: DeliveryQuerySet, *, at: datetime) -> int:
    """Queue given-up deliveries afresh, with all their attempts; return how many. Others stay as they are."""
    queued = deliveries.filter(state=State.DEAD).update(state=State.QUEUED, attempts=0, next_try_at=at, error_code="")
    if queued:
        queue.on_commit("notifications.deliver_due")
    return queued


def mark_read(*, notice_id: uuid.UUID, by: User, at: datetime) -> Notice:
    """Note that ``by`` opened his notice; the first time counts. Return the notice.

    :raises Notice.DoesNotExist: if it is not his
    """
    notice = Notice.objects.get(pk=notice_id, recipient=by)
    if notice.read_at is None and Notice.objects.filter(pk=notice.pk).unread().update(read_at=at):
        notice.read_at = at
    return notice


def mark_all_read(*, by: User, at: datetime) -> int:
    """Mark every notice read that ``by`` had by ``at``; return how many."""
    return Notice.objects.filter(recipient=by, created_at__lte=at).unread().update(read_at=at)
