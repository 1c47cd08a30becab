"""How late escalations are: clocks fall due every second while many more run, under two real workers and a beat.

``python -m tests.bench.bench_lateness [running] [seconds]``: 200,000 and 20 unless told; the promise is made for
1,000,000 and 60. Late is from the rung's moment to the commit of its escalation, by PostgreSQL's own commit times.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench import sweep_data
from tests.bench.database import database
from tests.daemons import celery_beat, celery_worker

A_SECOND = 200
INTERVAL, GRACE = 10, 2  # seconds between sweeps, and what a sweep may take
SHARE = 0.99
LEAD = 15  # seconds until the first falls due: the workers are up by then

LATENESS = """
SELECT count(*), percentile_disc(%s) WITHIN GROUP (ORDER BY late), max(late) FROM (
    SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin) - fell_due_at) AS late FROM petitions_petitionescalation
) AS escalations
"""


def main(arguments: list[str]) -> int:
    """Print how late they were; fail beyond the limit."""
    running = int(arguments[0]) if arguments else 200_000
    seconds = int(arguments[1]) if len(arguments) > 1 else 20
    wanted, limit = A_SECOND * seconds, INTERVAL + GRACE
    with database(track_commit_timestamp="on") as env, tempfile.TemporaryDirectory() as folder:
        from django.db import connection, transaction

        with connection.cursor() as cursor:
            now = datetime.now(UTC)
            with transaction.atomic():
                sweep_data.build_district(cursor)
                sweep_data.build_petitions(cursor, 1, running + wanted, start=now - timedelta(days=20))
                sweep_data.build_clocks(cursor, 1, running, due=now + timedelta(days=30), spread=86_400)
            sweep_data.settle(cursor)
            env |= {"SWEEP_SECONDS": str(INTERVAL), "LINLI_DB_ROLE": "app", "EMAIL_URL": "dummymail://"}
            daemons = [celery_worker(env, Path(folder) / f"worker{number}.log", threads=2) for number in range(2)]
            daemons.append(celery_beat(env, Path(folder) / "beat.log"))
            try:
                first = datetime.now(UTC) + timedelta(seconds=LEAD)
                with transaction.atomic():
                    sweep_data.build_clocks(cursor, running + 1, running + wanted, due=first, spread=seconds)
                time.sleep(LEAD + seconds + limit)
                cursor.execute(LATENESS, [SHARE])
                found, late, latest = cursor.fetchone()
            finally:
                for daemon in daemons:
                    daemon.kill()
    passed = found == wanted and late <= limit
    print(  # noqa: T201
        f"{A_SECOND} a second for {seconds} s, {running:,} running: {found:,} of {wanted:,} escalated,"
        f" 99 % within {late:.1f} s (limit {limit}), the last after {latest:.1f} s  {'PASS' if passed else 'FAIL'}"
    )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
