"""The changes in their order: numbered by one hand at a time, read from any number on, kept for some months."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from gateway.models import Callback, Change
from notifications.enums import State
from people.errors import Gone
from petitions.models import Petition
from petitions.story import SENTENCES
from petitions.viewers import ApiClient

KEEP: Final = timedelta(days=90)
BATCH: Final = 2000
# How far one question looks: whoever sees little of it is told to go on from there.
WINDOW: Final = 2000
LOCK: Final = 7_202_507
NUMBER: Final = """
UPDATE gateway_change AS change SET sequence = numbered.sequence
FROM (
    SELECT id, (SELECT coalesce(max(sequence), 0) FROM gateway_change) + row_number() OVER (ORDER BY id) AS sequence
    FROM (SELECT id FROM gateway_change WHERE sequence IS NULL ORDER BY id LIMIT %s) AS waiting
) AS numbered
WHERE change.id = numbered.id
RETURNING change.id
"""
OWED: Final = """
SELECT change.id, filing.client_id
FROM gateway_change AS change
JOIN gateway_filing AS filing ON filing.petition_id = change.petition_id
JOIN gateway_client AS client ON client.id = filing.client_id AND client.active AND client.callback_locked IS NOT NULL
JOIN petitions_petitionevent AS event ON event.id = change.event_id AND event.code = ANY(%s)
WHERE change.id = ANY(%s)
"""
SHOWN: Final = tuple(str(code) for code in SENTENCES)


def number(*, at: datetime) -> int:
    """Number what was committed since the last time, and owe the callbacks of it; return how many changes.

    Two at once: one waits, and finds the work done.
    """
    done = 0
    while True:
        count = _number_batch(at)
        done += count
        if count < BATCH:
            return done


@transaction.atomic
def _number_batch(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(NUMBER, [BATCH])
        numbered = [row[0] for row in cursor.fetchall()]
        cursor.execute(OWED, [list(SHOWN), numbered])
        owed: list[tuple[int, uuid.UUID]] = cursor.fetchall()
    Callback.objects.bulk_create(
        [Callback(change_id=change, client_id=client, state=State.QUEUED, next_try_at=at) for change, client in owed]
    )
    return len(numbered)


def after(sequence: int, viewer: ApiClient, *, limit: int) -> tuple[Sequence[Change], int]:
    """Return the changes in sight after a number, oldest first, and from where to ask next. Two queries.

    :raises Gone: if what came after that number is no longer kept
    """
    ends = Change.objects.aggregate(first=Min("sequence"), last=Max("sequence"))
    if sequence and ends["first"] is not None and sequence < ends["first"] - 1:
        raise Gone(_("Changes after this number are no longer kept. Read the list of petitions, and begin anew."))
    upto = min(sequence + WINDOW, ends["last"] or 0)
    found = Change.objects.filter(sequence__gt=sequence, sequence__lte=upto, event__code__in=SHOWN)
    seen = found.filter(petition__in=Petition.objects.visible_to(viewer)).select_related("petition", "event")
    rows = list(seen.order_by("sequence")[:limit])
    if len(rows) == limit:
        return rows, rows[-1].sequence or sequence
    return rows, max(upto, sequence)


def purge(*, at: datetime) -> int:
    """Forget changes that are older than is kept, but the newest and what still waits to be reported."""
    newest = Change.objects.aggregate(last=Max("sequence"))["last"]
    old = Change.objects.filter(at__lt=at - KEEP, sequence__lt=newest or 0)
    return old.exclude(callback__state__in=(State.QUEUED, State.FAILED, State.DEAD)).delete()[0]
