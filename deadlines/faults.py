"""Clocks set aside: what the sweep could not do, for which clock, and how often; tried again, never forgotten."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, connection

from deadlines.models import SweepFault

# What is wrong with a clock seldom mends itself within minutes.
RETRY_AFTER: Final = timedelta(minutes=10)
NOBODY: Final = "NobodyToTell"

RECORD: Final = """
INSERT INTO deadlines_sweepfault (family, clock_id, first_seen_at, last_seen_at, times, error)
SELECT %s, clock_id, %s, %s, 1, %s FROM unnest(%s::bigint[]) AS found (clock_id) ORDER BY clock_id
ON CONFLICT (family, clock_id) DO UPDATE
    SET last_seen_at = excluded.last_seen_at, times = deadlines_sweepfault.times + 1, error = excluded.error,
        settled_at = NULL
"""


def named(error: Exception) -> str:
    """Return the kind of an error; its text may quote what is nobody's business."""
    kind = type(error).__name__
    return f"{kind} (database)" if isinstance(error, DatabaseError) else kind


def record(family: str, clock_ids: Collection[int], error: str, *, at: datetime) -> None:
    """Note that these clocks of a kind could not be handled at ``at`` (aware). One statement."""
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [family, at, at, error[:200], sorted(clock_ids)])


def settle(family: str, clock_ids: Collection[int], *, at: datetime) -> None:
    """Note that what was wrong with some of these is over. One statement."""
    SweepFault.objects.filter(family=family, clock_id__in=clock_ids, settled_at=None).update(settled_at=at)


def without_anybody(family: str) -> list[int]:
    """Return the clocks of a kind that wait for somebody to be on the duty list."""
    waiting = SweepFault.objects.filter(family=family, error=NOBODY, settled_at=None)
    return list(waiting.values_list("clock_id", flat=True))


def unsettled_count(*, most: int = 10_000) -> int:
    """Return how many clocks are set aside now, counted up to ``most``."""
    return SweepFault.objects.filter(settled_at=None)[:most].count()
