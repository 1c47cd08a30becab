"""What the sweep costs beside the same work hand-written in SQL, and what it costs when there is nothing to do.

``python -m tests.bench.bench_sweep [clocks] [running]``: 100,000 due clocks and 1,000,000 idle ones unless told.
"""

import resource
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from tests.bench import sweep_data
from tests.bench.database import database

SHANGHAI = ZoneInfo("Asia/Shanghai")
# a Tuesday, the offices being closed: what is not urgent waits
DUE = datetime(2026, 6, 9, 12, 0, tzinfo=SHANGHAI)
AT = datetime(2026, 6, 9, 19, 0, tzinfo=SHANGHAI)
OPENS = datetime(2026, 6, 10, 9, 0, tzinfo=SHANGHAI)
RUNS, BATCH = 5, 1000
RATIO = 0.5
IDLE_MS, IDLE_STATEMENTS = 10, 3
MOST_GROWTH_MB = 10

TOLD = """
SELECT count(*), count(DISTINCT told), md5(string_agg(clock_id || ':' || rung_id || ':' || (
    SELECT string_agg(one::text, ',' ORDER BY one) FROM unnest(told) AS one), ';' ORDER BY clock_id, rung_id)),
    (SELECT count(*) FROM petitions_petitionevent),
    (SELECT count(*) FROM notifications_notice WHERE kind = 'escalation'),
    (SELECT count(*) FROM petitions_petitionclock WHERE next_action_at > %s),
    (SELECT count(*) FROM petitions_petitionclock WHERE next_action_at <= %s)
FROM petitions_petitionescalation
"""


def say(text: str = "") -> None:
    """Print one line at once: a bench of minutes should show that it lives."""
    print(text, flush=True)  # noqa: T201


def verdict(*, passed: bool) -> str:
    """Say it in one word."""
    return "PASS" if passed else "FAIL"


def sections() -> dict[str, list[str]]:
    """Return the statements of ``reference.sql``, by the name of their section."""
    found: dict[str, list[str]] = {}
    for section in Path(__file__).with_name("reference.sql").read_text().split("-- :")[1:]:
        title, _newline, body = section.partition("\n")
        found[title.split()[0]] = [text for text in body.split(";\n") if text.strip()]
    return found


def fill(clocks: int) -> None:
    """Have this many due clocks and nothing that came of them."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        with transaction.atomic():
            sweep_data.clear(cursor)
            sweep_data.build_clocks(cursor, 1, clocks, due=DUE)
        sweep_data.settle(cursor)


def by_hand() -> int:
    """Run the reference until it claims nothing; return how many batches it took."""
    from django.db import connection, transaction

    statements = sections()
    with connection.cursor() as cursor:
        for statement in statements["session"]:
            cursor.execute(statement)
        batches = 0
        while True:
            with transaction.atomic():
                for place, statement in enumerate(statements["batch"]):
                    cursor.execute(statement, {"at": AT, "opens": OPENS, "batch": BATCH} if place else None)
                    if place == 1 and not cursor.rowcount:
                        cursor.execute("DROP TABLE claimed, fired")
                        return batches
            batches += 1


def by_product() -> int:
    """Run the product's sweep."""
    from deadlines.sweep import sweep

    return sweep(at=AT, batch=BATCH).escalations


def result() -> tuple[object, ...]:
    """Return what must be equal after both: escalations, whom they tell, events, notices, clocks moved on."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(TOLD, [AT, AT])
        return cursor.fetchone()


def compare(clocks: int) -> bool:
    """Time both ways in turns over the same rows, five times; return whether the product is fast enough."""
    times: dict[Callable[[], int], list[float]] = {by_hand: [], by_product: []}
    results = set()
    for _ in range(RUNS):
        for way, measured in times.items():
            fill(clocks)
            begun = perf_counter()
            way()
            measured.append(perf_counter() - begun)
            results.add(result())
            say(f"  {way.__name__:<12}{clocks / measured[-1]:>12,.0f} rows/s")
    assert len(results) == 1, results
    hand, product = (clocks / median(measured) for measured in times.values())
    ratio = product / hand
    passed = ratio >= RATIO
    say(f"{'sweep, rows/s':<34}{product:>12,.0f}{'  by hand':>12}{hand:>12,.0f}")
    say(f"{'ratio':<34}{ratio:>12.2f}{'  wanted':>12}{RATIO:>12.2f}  {verdict(passed=passed)}")
    return passed


def memory(clocks: int) -> bool:
    """Sweep ten batches, then all; return whether the peak of the process stayed where it was."""
    peaks = []
    for number in (10 * BATCH, clocks):
        fill(number)
        by_product()
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    grown = peaks[1] - peaks[0]
    passed = grown < MOST_GROWTH_MB
    say(f"{'peak MB after 10 batches, after all':<36}{peaks[0]:>10.0f}{peaks[1]:>12.0f}{verdict(passed=passed):>20}")
    return passed


def bench_idle(running: int) -> bool:
    """Sweep over running clocks none of which is due, then with as many exhausted ones beside them."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from deadlines.sweep import sweep

    passed = True
    with connection.cursor() as cursor:
        sweep_data.clear(cursor)
    for name, first, due in (
        (f"idle over {running:,} running", 1, AT + timedelta(days=30)),
        (f"and {running:,} exhausted", running + 1, AT - timedelta(days=90)),
    ):
        with connection.cursor() as cursor:
            with transaction.atomic():
                sweep_data.build_petitions(cursor, first, first + running - 1, start=AT - timedelta(days=100))
                sweep_data.build_clocks(cursor, first, first + running - 1, due=due, spread=86_400)
                if due < AT:
                    cursor.execute(
                        "UPDATE petitions_petitionclockrung SET fired_at = fire_at WHERE fire_at <= %s", [AT]
                    )
                    cursor.execute("UPDATE petitions_petitionclock SET next_action_at = NULL WHERE due_at <= %s", [AT])
            sweep_data.settle(cursor)
        times = []
        for _ in range(RUNS):
            begun = perf_counter()
            swept = sweep(at=AT)
            times.append((perf_counter() - begun) * 1000)
            assert not swept.clocks
        with CaptureQueriesContext(connection) as captured:
            sweep(at=AT)
        fine = median(times) <= IDLE_MS and len(captured) <= IDLE_STATEMENTS
        passed = passed and fine
        say(f"{name:<34}{median(times):>9.2f} ms{len(captured):>12} statements   {verdict(passed=fine)}")
    return passed


def main(arguments: list[str]) -> int:
    """Print the figures; fail beyond a limit."""
    clocks = int(arguments[0]) if arguments else 100_000
    running = int(arguments[1]) if len(arguments) > 1 else 1_000_000
    with database():
        from django.db import connection, transaction

        with connection.cursor() as cursor, transaction.atomic():
            sweep_data.build_district(cursor)
            sweep_data.build_petitions(cursor, 1, clocks, start=DUE - timedelta(days=20))
            for statement in sections()["prepare"]:
                cursor.execute(statement)
        say(f"{clocks:,} clocks whose rung has come, {BATCH:,} a batch, 400 grids, 847 people; medians of {RUNS}")
        passed = [compare(clocks), memory(clocks)]
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE petitions_petition CASCADE")
        passed.append(bench_idle(running))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
