"""How fast open clocks are computed anew after a calendar change: ``python -m tests.bench.bench_recompute [clocks]``.

1,000,000 open clocks of ten stages unless told, filed within ten days to the second, one in ten on natural time. First
every date differs, so every clock, its rungs and its petition's next date are written; then nothing differs; then one
day in the middle becomes a holiday and those that cross it move. Two workers share a run, as they do in
service. The longest batch is the longest any lock is held.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

from tests.bench.database import database

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 6, 1, 0, 0, tzinfo=SHANGHAI)
DUE = datetime(2026, 6, 20, 12, 0, tzinfo=SHANGHAI)
SPREAD = 10 * 86_400
SINCE = date(2026, 6, 1)
HOLIDAY = date(2026, 6, 12)  # a Friday
WANTED = 5_000  # clocks a second
MOST_SECONDS = 5.0  # that a batch may hold its locks
MOST_GROWTH_MB = 64


def say(line: str) -> None:
    """Print a line of the report at once."""
    print(line, flush=True)  # noqa: T201 - a report on the console is what a bench is for


def peak_mb() -> float:
    """Return the largest size this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


WORKER = """
import sys, django
django.setup()
from datetime import datetime
from deadlines import recompute
recompute.run_all(at=datetime.fromisoformat(sys.argv[1]), seconds=float("inf"))
"""


def run(since: date) -> tuple[int, int, float, float]:
    """Do one whole run, with a second worker; return clocks seen, changed, seconds, those of the longest batch."""
    from deadlines import recompute
    from deadlines.enums import RecomputeReason

    asked = recompute.ask(reason=RecomputeReason.CALENDAR, at=START, since=since)
    assert asked is not None
    longest, begun = 0.0, perf_counter()
    assert recompute.plan(asked.pk, at=START)
    with subprocess.Popen([sys.executable, "-c", WORKER, START.isoformat()]) as helper:
        walk = recompute.walk_of(asked.pk)
        while True:
            batch = perf_counter()
            if recompute.step(asked.pk, walk, at=START) is None:
                break
            longest = max(longest, perf_counter() - batch)
        assert helper.wait() == 0
    recompute.finish(asked.pk, at=START)
    taken = perf_counter() - begun
    asked.refresh_from_db()
    assert asked.finished_at is not None
    assert not asked.broken
    return asked.seen, asked.changed, taken, longest


def make_holiday() -> None:
    """Take a working day out of the calendar."""
    from deadlines.models import CalendarDay, CalendarYear

    CalendarDay.objects.create(date=HOLIDAY, kind="holiday", code="bench", name_zh="", name_en="", year_id=HOLIDAY.year)
    CalendarYear.objects.get(year=HOLIDAY.year).save()


def main(arguments: list[str]) -> int:
    """Print the rates; fail beyond a limit."""
    clocks = int(arguments[0]) if arguments else 1_000_000
    with database():
        from django.db import connection, transaction

        from tests.bench import sweep_data

        with connection.cursor() as cursor:
            with transaction.atomic():
                sweep_data.build_district(cursor)
                sweep_data.build_petitions(cursor, 1, clocks, start=START, spread=SPREAD)
                sweep_data.build_clocks(cursor, 1, clocks, due=DUE)
            sweep_data.settle(cursor)
        load = os.getloadavg()[0]
        say(f"{clocks:,} open clocks, 1,000 a batch, two workers, wanted {WANTED:,} a second; load before {load:.1f}")
        say(f"{'':<22}{'seen':>11}{'changed':>11}{'a second':>10}{'ratio':>8}{'longest batch':>15}{'peak MB':>9}")
        passed, peaks = True, [peak_mb()]
        rounds: tuple[tuple[str, date, Callable[[], object]], ...] = (
            ("every date differs", SINCE, lambda: None),
            ("nothing differs", SINCE, lambda: None),
            ("one day differs", HOLIDAY, make_holiday),
        )
        for name, since, prepare in rounds:
            prepare()
            seen, changed, taken, longest = run(since)
            peaks.append(peak_mb())
            fine = seen / taken >= WANTED and longest <= MOST_SECONDS
            passed = passed and fine
            say(
                f"{name:<22}{seen:>11,}{changed:>11,}{seen / taken:>10,.0f}{seen / taken / WANTED:>8.2f}"
                f"{longest:>13.2f} s{peaks[-1]:>9.0f}  {'PASS' if fine else 'FAIL'}"
            )
        grown = peaks[-1] - peaks[0]
        say(f"memory grew by {grown:.0f} MB, at most {MOST_GROWTH_MB}  {'PASS' if grown <= MOST_GROWTH_MB else 'FAIL'}")
        passed = passed and grown <= MOST_GROWTH_MB
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
