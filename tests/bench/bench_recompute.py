"""How fast open clocks are computed anew after a calendar change: ``python -m tests.bench.bench_recompute [clocks]``.

1,000,000 open clocks of ten stages unless told, filed within ten days to the second, one in ten on natural time. First
every date differs, so every clock, its rungs and its petition's next date are written; then nothing differs; then one
day in the middle becomes a holiday and those that cross it move. Two workers share a run, as they do in
service. The longest batch is the longest any lock is held. What a clock costs in time of processors, Python's and
PostgreSQL's together, is told besides: that hardly depends on what else the machine does.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
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


def fields_of(stat: Path) -> list[str]:
    """Return what the kernel says of a process after its name: state, parent …"""
    return stat.read_text().rpartition(")")[2].split()


def parent_of(pid: int) -> int:
    """Return the parent of a process, 0 where the kernel does not say it so."""
    stat = Path(f"/proc/{pid}/stat")
    return int(fields_of(stat)[1]) if stat.exists() else 0


def cpu_seconds(postmaster: int) -> float:
    """Return the processor time that we, the helpers that ended, and this PostgreSQL with all its processes have used.

    Of Linux alone; elsewhere that of PostgreSQL is left out.
    """
    ours = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    theirs = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it may have ended meanwhile
            fields = fields_of(stat)
            times = [int(ticks) for ticks in fields[11:15]]  # its own, and that of children it has waited for
            if int(stat.parent.name) == postmaster:
                theirs += sum(times)
            elif int(fields[1]) == postmaster:
                theirs += sum(times[:2])
    return sum(used.ru_utime + used.ru_stime for used in ours) + theirs / os.sysconf("SC_CLK_TCK")


WORKER = """
import sys, django
django.setup()
from datetime import datetime
from deadlines import recompute
recompute.run_all(at=datetime.fromisoformat(sys.argv[1]), seconds=float("inf"))
"""


def run(since: date, postmaster: int) -> tuple[int, int, float, float, float]:
    """Do one whole run, with a second worker.

    Return clocks seen, changed, seconds, those of the longest batch, those of processors.
    """
    from deadlines import recompute
    from deadlines.enums import RecomputeReason

    asked = recompute.ask(reason=RecomputeReason.CALENDAR, at=START, since=since)
    assert asked is not None
    longest, begun, used = 0.0, perf_counter(), cpu_seconds(postmaster)
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
    taken, used = perf_counter() - begun, cpu_seconds(postmaster) - used
    asked.refresh_from_db()
    assert asked.finished_at is not None
    assert not asked.broken
    return asked.seen, asked.changed, taken, longest, used


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
            cursor.execute("SELECT pg_backend_pid()")
            postmaster = parent_of(cursor.fetchone()[0])
        say(f"{clocks:,} open clocks, 1,000 a batch, two workers, wanted {WANTED:,} a second")
        say(
            f"{'':<20}{'seen':>10}{'changed':>10}{'a second':>10}{'ratio':>7}{'CPU each':>10}{'longest batch':>15}"
            f"{'peak MB':>9}{'load':>6}"
        )
        passed, peaks = True, [peak_mb()]
        rounds: tuple[tuple[str, date, Callable[[], object]], ...] = (
            ("every date differs", SINCE, lambda: None),
            ("nothing differs", SINCE, lambda: None),
            ("one day differs", HOLIDAY, make_holiday),
        )
        for name, since, prepare in rounds:
            prepare()
            seen, changed, taken, longest, used = run(since, postmaster)
            peaks.append(peak_mb())
            fine = seen / taken >= WANTED and longest <= MOST_SECONDS
            passed = passed and fine
            say(
                f"{name:<20}{seen:>10,}{changed:>10,}{seen / taken:>10,.0f}{seen / taken / WANTED:>7.2f}"
                f"{used / seen * 1e6:>7,.0f} µs{longest:>13.2f} s{peaks[-1]:>9.0f}{os.getloadavg()[0]:>6.1f}"
                f"  {'PASS' if fine else 'FAIL'}"
            )
        grown = peaks[-1] - peaks[0]
        say(f"memory grew by {grown:.0f} MB, at most {MOST_GROWTH_MB}  {'PASS' if grown <= MOST_GROWTH_MB else 'FAIL'}")
        passed = passed and grown <= MOST_GROWTH_MB
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
