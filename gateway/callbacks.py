"""Reporting changes to the system that filed: signed, at least once, in order as far as it answers.

A callback says how the matter stands when it is sent, with the number of the change: one that comes late or twice tells
nothing wrong, and the higher number holds. Address guard, signature and meaning of answers: ``notifications.http``.
"""

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from deadlines.timetable import shanghai_date
from gateway.callers import is_open, viewer_of
from gateway.models import Callback, Client
from gateway.models.changes import CallbackQuerySet
from notifications import http
from notifications.channels import BACKOFF
from notifications.enums import OPEN, Channel, State
from notifications.errors import NotSent, NoWay, Refused, TurnedAway
from petitions.models import Petition

logger = logging.getLogger(__name__)
# over two days in all: a neighbour's weekend costs it nothing
WAITS: Final = BACKOFF[Channel.EMAIL]
LEASE: Final = timedelta(minutes=5)


def deliver_due(*, at: datetime, limit: int = 500) -> int:
    """Send what is due, oldest first; return how many were taken.

    Each is claimed by a lease, so two runs share the work. A server that cannot be reached is asked once in a run.
    """
    taken, shut = 0, set[uuid.UUID]()
    for _turn in range(limit):
        claimed = _claim(at=at, without=shut)
        if claimed is None:
            break
        failure = _send(claimed, at=at)
        _record(claimed, failure, at=at)
        taken += failure is None
        if failure is not None and failure.blocks:
            shut.add(claimed.client_id)
    return taken


@transaction.atomic
def _claim(*, at: datetime, without: set[uuid.UUID]) -> Callback | None:
    due = Callback.objects.due(at).exclude(client__in=without)
    named = due.select_related("client__area", "change__event")
    found = named.select_for_update(skip_locked=True, of=("self",)).first()
    if found is not None:
        found.attempts += 1
        found.next_try_at = at + LEASE
        found.save(update_fields=["attempts", "next_try_at"])
    return found


def _send(callback: Callback, *, at: datetime) -> NotSent | None:
    client = callback.client
    try:
        if not is_open(client, shanghai_date(at)) or not client.callback_locked:
            return NoWay("not_configured")
        petition = Petition.objects.visible_to(viewer_of(client)).filter(pk=callback.change.petition_id).first()
        if petition is None:
            return NoWay("out_of_sight")
        key = f"{callback.pk.hex}.status"
        http.post(client.callback, body_of(callback, petition), secret=client.secret, delivery_key=key, at=at)
    except NotSent as failure:
        return failure
    except Exception as bug:  # noqa: BLE001 - one bad row must not stop the others
        # the type alone: the text of an exception may quote the address
        logger.error("Callback %s fails by a bug: %s.", callback.pk, type(bug).__name__)  # noqa: TRY400 - as above
        return NotSent("bug")
    return None


def body_of(callback: Callback, petition: Petition) -> dict[str, Any]:
    """Return what is reported: codes, numbers and instants, nothing about a person."""
    event = callback.change.event
    number = petition.external_id
    return {
        "id": str(callback.pk),
        "sequence": callback.change.sequence,
        "number": petition.number,
        "external_id": number.removeprefix(f"{petition.channel}:") if number else None,
        "event": event.code,
        "at": event.at.isoformat(),
        "status": petition.status,
        "version": petition.version,
    }


def _record(callback: Callback, failure: NotSent | None, *, at: datetime) -> None:
    ours = Callback.objects.filter(pk=callback.pk, state__in=OPEN, attempts=callback.attempts)
    if failure is None:
        ours.update(state=State.SENT, sent_at=at, next_try_at=None, error_code="")
    elif isinstance(failure, NoWay):
        ours.update(state=State.SKIPPED, next_try_at=None, error_code=failure.code)
    elif (isinstance(failure, Refused) and not isinstance(failure, TurnedAway)) or callback.attempts > len(WAITS):
        ours.update(state=State.DEAD, next_try_at=None, error_code=failure.code)
        logger.warning("Callback %s is given up: %s.", callback.pk, failure.code)
    else:
        # also who turns us away now may have been set up wrong for an hour: nothing is lost for that
        wait = max(WAITS[callback.attempts - 1], failure.retry_after or timedelta())
        ours.update(state=State.FAILED, next_try_at=at + wait, error_code=failure.code)


def send_again(callbacks: CallbackQuerySet, *, at: datetime) -> int:
    """Queue given-up callbacks afresh, with all their attempts; return how many."""
    chosen = Callback.objects.filter(pk__in=callbacks.given_up().order_by().values("pk")).given_up()
    return chosen.update(state=State.QUEUED, attempts=0, next_try_at=at, error_code="")


def given_up_count(client: Client | None = None, *, most: int = 999) -> int:
    """How many callbacks nobody tries any more, counted up to ``most`` + 1."""
    found = Callback.objects.given_up()
    return (found if client is None else found.filter(client=client))[: most + 1].count()
