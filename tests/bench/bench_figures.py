"""What the figures cost: ``python -m tests.bench.bench_figures [petitions]``, 100,000 unless told.

Two years of petitions in 400 grids, ten stages, five events each. The rebuild stands beside a plain SQL reference in
the same run: the leanest statements that read the same petitions, clocks and events once and write the same months by
community. The step is measured after 1,000 petitions have moved; the sums as one figures page reads them.
"""

import resource
import sys
from datetime import date, datetime
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from tests.bench.database import database

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 20, 10, 0, tzinfo=SHANGHAI)
SINCE = datetime(2024, 7, 1, 9, 0, tzinfo=SHANGHAI)
MOVED = 1000
WANTED = 60.0  # seconds for 1,000,000 petitions

SPREAD = """
UPDATE petitions_petition SET
    submitted_at = %(since)s + (id %% 719) * interval '1 day',
    accepted_at = %(since)s + (id %% 719) * interval '1 day' + interval '20 minutes',
    channel = (ARRAY['web', 'qr', 'phone', 'window', 'patrol'])[1 + id %% 5],
    policy_id = (SELECT id FROM deadlines_policy WHERE key = 'immediate_tier' AND valid_to IS NULL),
    category_id = (SELECT min(id) FROM petitions_category) + id %% 30
"""
CLOSED = """
UPDATE petitions_petition SET status = 'closed', resolved_at = accepted_at + interval '5 hours',
    closed_at = accepted_at + interval '6 hours', handler_id = (SELECT min(id) FROM people_user)
WHERE id %% 20 <> 0
"""
CLOCKS = """
INSERT INTO petitions_petitionclock (generation, state, kind, limit_value, limit_unit, started_at, due_at, provisional,
        life, area_id, petition_id, stage_id, stopped_at, met, seconds_late)
    SELECT 1, CASE WHEN petition.resolved_at IS NULL THEN 'running' ELSE 'stopped' END, stage.clock, stage.limit_value,
        stage.limit_unit, petition.accepted_at, petition.accepted_at + interval '1 day', false, '[]', petition.area_id,
        petition.id, stage.id, petition.resolved_at,
        CASE WHEN petition.resolved_at IS NOT NULL THEN petition.id %% 9 <> 0 END, 0
    FROM petitions_petition AS petition JOIN deadlines_stage AS stage ON stage.policy_id = petition.policy_id
    ORDER BY petition.id
"""
EVENTS = """
INSERT INTO petitions_petitionevent (petition_id, code, at, recorded_at, from_status, to_status, refs)
    SELECT petition.id, step.code, petition.accepted_at, petition.accepted_at, '', '', '{}'
    FROM petitions_petition AS petition
    CROSS JOIN (VALUES ('submitted'), ('accepted'), ('dispatched'), ('resolved'), ('closed')) AS step (code)
    ORDER BY petition.id
"""
# by hand: the same petitions, their last clocks and their events read once, months by community written once
REFERENCE = """
CREATE TEMP TABLE reference AS
SELECT date_trunc('month', accepted_at AT TIME ZONE 'Asia/Shanghai') AS month, community_id, count(*) AS accepted,
    count(*) FILTER (WHERE status = 'closed') AS completed, count(*) FILTER (WHERE clock.kept) AS on_time,
    count(*) FILTER (WHERE event.dispatched) AS dispatched
FROM petitions_petition AS petition
LEFT JOIN (SELECT petition_id, bool_and(met) AS kept FROM petitions_petitionclock WHERE state = 'stopped' GROUP BY 1)
    AS clock ON clock.petition_id = petition.id
LEFT JOIN (SELECT petition_id, bool_or(code = 'dispatched') AS dispatched FROM petitions_petitionevent GROUP BY 1)
    AS event ON event.petition_id = petition.id
GROUP BY 1, 2
"""


def timed(times: int, work) -> float:
    """Return the median seconds of some runs."""
    taken = []
    for _each in range(times):
        begun = perf_counter()
        work()
        taken.append(perf_counter() - begun)
    return median(taken)


def build(petitions: int) -> None:
    """Fill the database."""
    from django.db import connection, transaction

    from tests.bench import sweep_data

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE petitions_petition DISABLE TRIGGER USER")
        with transaction.atomic():
            sweep_data.build_district(cursor)
            sweep_data.build_petitions(cursor, 1, petitions, start=SINCE)
            for statement in (SPREAD, CLOSED, CLOCKS, EVENTS):
                cursor.execute(statement, {"since": SINCE})
        cursor.execute("ALTER TABLE petitions_petition ENABLE TRIGGER USER")
        sweep_data.settle(cursor)


def main(arguments: list[str]) -> int:
    """Print the times and ratios; fail if a rebuild of 1,000,000 would take more than a minute."""
    petitions = int(arguments[0]) if arguments else 100_000
    with database():
        from django.db import connection

        from grids.models import Area
        from petitions import figures, rollups
        from petitions.models import PetitionEvent
        from petitions.periods import Period
        from petitions.spans import By

        build(petitions)

        def reference() -> None:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE IF EXISTS reference")
                cursor.execute(REFERENCE)

        by_hand = timed(3, reference)
        first = timed(1, lambda: rollups.rebuild(at=NOW))
        again = timed(3, lambda: rollups.rebuild(at=NOW))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

        def moved() -> None:
            PetitionEvent.objects.bulk_create(
                PetitionEvent(petition_id=1 + one * (petitions // MOVED), code="added", at=NOW) for one in range(MOVED)
            )
            begun = perf_counter()
            rollups.count_new(at=NOW)
            steps.append(perf_counter() - begun)

        steps: list[float] = []
        timed(5, moved)
        district = Area.objects.get(level=3)
        year = Period(date(2025, 1, 1), date(2025, 12, 31), "2025")
        page = timed(5, lambda: figures.board(district, period=year, by=By.AREA, at=NOW))
        category = timed(5, lambda: figures.board(district, period=year, by=By.CATEGORY, at=NOW))
        million = again * 1_000_000 / petitions
        for name, seconds, note in (
            ("reference by hand", by_hand, ""),
            ("rebuild, first", first, f"{first / by_hand:.1f} × the reference"),
            ("rebuild, again", again, f"{again / by_hand:.1f} × the reference, {million:.0f} s for 1,000,000"),
            ("step, 1,000 moved", median(steps), f"{MOVED / median(steps):,.0f} petitions a second"),
            ("board, year by area", page, ""),
            ("board, year by category", category, ""),
        ):
            print(f"{name:<26}{seconds:>9.3f} s  {note}")  # noqa: T201
        print(f"{petitions:,} petitions, most memory of this process {memory} MB")  # noqa: T201
    return 0 if million <= WANTED else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
