"""Proof that a recurring job runs: one row each, written when it has finished."""

from datetime import datetime

from django.db import connection

MOST = 2**31 - 1

BEAT = """
INSERT INTO deadlines_heartbeat (name, last_run_at, handled) VALUES (%s, %s, %s)
ON CONFLICT (name) DO UPDATE SET last_run_at = excluded.last_run_at, handled = excluded.handled
"""


def beat(name: str, *, at: datetime, handled: int) -> None:
    """Note that the job ``name`` was at work at ``at`` (aware) and what it handled. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(BEAT, [name, at, min(handled, MOST)])
