"""Proof that a recurring job runs: one row each, written when it has finished."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from deadlines.models import Heartbeat

SWEEP: Final = "deadlines.sweep"
# One run missed is the network; three in a row is a stopped beat or worker.
MISSED: Final = 3
MOST: Final = 2**31 - 1

BEAT: Final = """
INSERT INTO deadlines_heartbeat (name, last_run_at, handled) VALUES (%s, %s, %s)
ON CONFLICT (name) DO UPDATE SET last_run_at = excluded.last_run_at, handled = excluded.handled
"""


def beat(name: str, *, at: datetime, handled: int) -> None:
    """Note that the job ``name`` was at work at ``at`` (aware) and what it handled. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(BEAT, [name, at, min(handled, MOST)])


def last(name: str) -> datetime | None:
    """Return when the job was last at work, None if never."""
    return Heartbeat.objects.filter(name=name).values_list("last_run_at", flat=True).first()


def first(name: str, *, at: datetime) -> datetime:
    """Note ``at`` as the job's first time, unless there was one before; return the first."""
    return Heartbeat.objects.get_or_create(name=name, defaults={"last_run_at": at})[0].last_run_at


def is_silent(since: datetime, *, at: datetime, every: timedelta) -> bool:
    """Tell whether a job that runs ``every`` so often and last ran at ``since`` has missed three runs by ``at``."""
    return at - since > MISSED * every
