"""Owing notices, sending them, reading them.

A notice is owed inside the transaction of its event; nothing is sent there. After commit a task sends what is
due, and the sweep finds whatever that task did not: delivery is at least once, under a stable Message-ID.
"""

import logging
import time
import uuid
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from notifications import outbox, queue
from notifications.channels import BACKOFF, Ways
from notifications.enums import OPEN, Channel, State
from notifications.errors import NotSent, NoWay, Refused
from notifications.models import Delivery, DeliveryQuerySet, Notice, Webhook
from notifications.outbox import NewNotice
from notifications.registry import Keeper
from people.models import User

__all__ = [
    "NewNotice", "close_digest", "deliver", "deliver_due", "hush", "mark_all_read", "mark_read", "owe", "owe_tests",
    "send_again", "undelivered", "undelivered_count",
]  # fmt: skip

logger = logging.getLogger(__name__)

# One e-mail asks the server at most seven questions of EMAIL_TIMEOUT (20 s) each; a claim outlives that.
LEASE = timedelta(minutes=5)
# A run ends well before Celery's time limit; the next one goes on where it stopped.
RUN_SECONDS = 120


def owe(notices: Sequence[NewNotice]) -> int:
    """Owe these notices, each once per ``dedupe_key``; return how many are new. One statement.

    The message in the app is there at once. After commit staff get an e-mail, persons an SMS and an e-mail as far
    as they left a phone number and an address, a group chat its post; nobody is sent anything if ``silent`` says so.
    """
    if not notices:
        return 0
    new, waiting = outbox.insert(notices)
    if waiting:
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
    with Ways() as ways:
        return _attempt(claimed, ways=ways, at=at) is None


def deliver_due(*, at: datetime, limit: int = 500) -> int:
    """Send what is due, the channels in turn, each oldest first; return how many were sent.

    Each delivery is claimed on its own, by a lease and not by a lock that lives while a message goes out: two runs
    at once share the work, and what a killed run had in hand is due again when its lease ends. A server that cannot
    be reached ends its channel's part of the run (a group chat its own) after one attempt, not after ``limit``.
    """
    started = time.monotonic()
    sent = tried = 0
    in_turn = deque(Channel)
    shut: set[uuid.UUID] = set()
    outbox.close_digests()
    with Ways() as ways:
        while in_turn and tried < limit and (elapsed := time.monotonic() - started) < RUN_SECONDS:
            moment = at + timedelta(seconds=elapsed)
            waiting = Delivery.objects.on(in_turn[0])
            claimed = _claim(waiting.exclude(notice__webhook__in=shut) if shut else waiting, at=moment)
            if claimed is None:
                in_turn.popleft()
                continue
            failure = _attempt(claimed, ways=ways, at=moment)
            tried += 1
            sent += failure is None
            if failure is None or not failure.blocks:
                in_turn.rotate(-1)
            elif claimed.notice.webhook_id is not None:
                shut.add(claimed.notice.webhook_id)
            else:
                in_turn.popleft()
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


def _attempt(delivery: Delivery, *, ways: Ways, at: datetime) -> NotSent | None:
    failure: NotSent | None = None
    try:
        ways.send(delivery, at=at)
    except NotSent as answer:
        failure = answer
    except Exception as bug:  # noqa: BLE001 - one bad row must not stop the others
        # The type alone: the text of an exception may quote the address or the words.
        logger.error("Delivery %s fails by a bug: %s.", delivery.pk, type(bug).__name__)  # noqa: TRY400 - as above
        failure = NotSent("bug")
    _record(delivery, failure=failure, at=at)
    return failure


def _record(delivery: Delivery, *, failure: NotSent | None, at: datetime) -> None:
    still_open = Delivery.objects.filter(pk=delivery.pk, state__in=OPEN)
    if failure is None:
        still_open.update(state=State.SENT, sent_at=at, next_try_at=None, error_code="")
        return
    # Our lease may have ended meanwhile: then whoever holds the later attempt says what follows.
    still_ours = still_open.filter(attempts=delivery.attempts)
    waits = BACKOFF[Channel(delivery.channel)]
    if isinstance(failure, NoWay):
        still_ours.update(state=State.SKIPPED, next_try_at=None, error_code=failure.code)
    elif isinstance(failure, Refused) or delivery.attempts > len(waits):
        still_ours.update(state=State.DEAD, next_try_at=None, error_code=failure.code)
        logger.warning("Delivery %s is given up: %s.", delivery.pk, failure.code)
    else:
        wait = waits[delivery.attempts - 1]
        if failure.retry_after is not None:
            wait = max(wait, failure.retry_after)
            _hold_back(delivery, until=at + failure.retry_after)
        still_ours.update(state=State.FAILED, next_try_at=at + wait, error_code=failure.code)


@transaction.atomic
def _hold_back(delivery: Delivery, *, until: datetime) -> None:
    """Whoever asked us to wait is asked nothing meanwhile: the other messages that go there wait too."""
    there = Delivery.objects.on(Channel(delivery.channel)).filter(state__in=OPEN, next_try_at__lt=until)
    if delivery.notice.webhook_id is not None:
        there = there.filter(notice__webhook=delivery.notice.webhook_id)
    # Two runs may be told so at once: neither waits for the other's rows.
    free = there.select_for_update(skip_locked=True, of=("self",)).values("pk")
    Delivery.objects.filter(pk__in=free).update(next_try_at=until)


@transaction.atomic
def send_again(deliveries: DeliveryQuerySet, *, at: datetime) -> int:
    """Queue given-up deliveries afresh, with all their attempts; return how many. Others stay as they are."""
    # By key: the choice may reach over joins, the update must not.
    chosen = Delivery.objects.filter(pk__in=deliveries.given_up().order_by().values("pk")).given_up()
    queued = chosen.update(state=State.QUEUED, attempts=0, next_try_at=at, error_code="")
    if queued:
        queue.on_commit("notifications.deliver_due")
    return queued


def undelivered(keeper: Keeper | None, *, among: DeliveryQuerySet) -> DeliveryQuerySet:
    """Return the given-up deliveries that this person looks after; none for anybody else."""
    return among.none() if keeper is None else among.given_up().filter(keeper.scope)


def undelivered_count(keeper: Keeper | None, *, most: int = 999) -> int:
    """How many given-up deliveries wait for this person, counted up to ``most`` + 1. No query for anybody else."""
    if keeper is None:
        return 0
    return undelivered(keeper, among=Delivery.objects.all())[: most + 1].count()


def owe_tests(webhooks: Iterable[Webhook], *, url_path: str, at: datetime) -> int:
    """Owe a test message to each of these group chats; return how many."""
    return owe(
        [
            NewNotice(
                webhook_id=webhook.pk,
                kind="webhook_test",
                dedupe_key=f"webhook_test:{webhook.pk}:{at.isoformat()}",
                at=at,
                url_path=url_path,
            )
            for webhook in webhooks
        ]
    )


def hush(*, about: str) -> int:
    """Send persons nothing more about this, on any channel, whatever waits or was given up; return how many notices.

    For a matter that turns out to be one which must not be read over a shoulder.
    """
    return Notice.objects.filter(about=about, person__isnull=False, silent=False).update(silent=True)


def mark_read(*, notice_id: uuid.UUID, by: User, at: datetime) -> Notice:
    """Note that ``by`` opened his notice; the first time counts. Return the notice.

    :raises Notice.DoesNotExist: if it is not his
    """
    notice = Notice.objects.get(pk=notice_id, recipient=by)
    if notice.read_at is None and Notice.objects.filter(pk=notice.pk).unread().update(read_at=at):
        notice.read_at = at
    return notice


def mark_read_about(*, by: User, about: str, at: datetime) -> int:
    """Mark read what ``by`` was told about a matter that he has just dealt with; return how many."""
    return Notice.objects.filter(recipient=by, about=about, created_at__lte=at).unread().update(read_at=at)


def mark_settled(*, kind: str, about: str, at: datetime) -> int:
    """Mark read, for everybody, an alarm that is over; return how many had not been opened."""
    return Notice.objects.filter(kind=kind, about=about).unread().update(read_at=at)


def mark_all_read(*, by: User, at: datetime) -> int:
    """Mark every notice read that ``by`` had by ``at``; return how many."""
    return Notice.objects.filter(recipient=by, created_at__lte=at).unread().update(read_at=at)
