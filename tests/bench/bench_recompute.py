"""How fast open clocks are computed anew after a calendar change: ``python -m tests.bench.bench_recompute [clocks]``.

1,000,000 open clocks unless told, one in ten on natural time (untouched). Every date differs, so every clock and rung
is written; then once more over the same clocks, where nothing differs. The longest batch is the longest any lock is
held.
"""

import sys
from datetime import date, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

from tests.bench.database import database

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 6, 9, 10, 0, tzinfo=SHANGHAI)
DUE = datetime(2026, 6, 20, 12, 0, tzinfo=SHANGHAI)
SINCE = date(2026, 6, 9)
WANTED = 5_000  # clocks a second


def run() -> tuple[int, int, float, float]:
    """Do one whole run; return clocks seen, clocks changed, seconds in all, seconds of the longest batch."""
    from deadlines import recompute
    from deadlines.enums import RecomputeReason

    asked = recompute.ask(reason=RecomputeReason.CALENDAR, at=START, since=SINCE)
    assert asked is not None
    longest, begun = 0.0, perf_counter()
    while True:
        batch = perf_counter()
        if recompute.step(asked.pk, at=START) is None:
            break
        longest = max(longest, perf_counter() - batch)
    taken = perf_counter() - begun
    asked.refresh_from_db()
    return asked.seen, asked.changed, taken, longest


def main(arguments: list[str]) -> int:
    """Print the rates; fail below the limit."""
    clocks = int(arguments[0]) if arguments else 1_000_000
    with database():
        from tests.bench import sweep_data

        sweep_data.build_district()
        sweep_data.build_petitions(1, clocks, start=START)
        sweep_data.build_clocks(1, clocks, due=DUE)
        sweep_data.settle()
        print(f"{clocks:,} open clocks, 1,000 a batch")  # noqa: T201
        print(f"{'':<28}{'seen':>12}{'changed':>12}{'a second':>12}{'wanted':>10}{'longest batch':>16}")  # noqa: T201
        slow = False
        for name in ("every date differs", "nothing differs"):
            seen, changed, taken, longest = run()
            slow = slow or seen / taken < WANTED
            print(f"{name:<28}{seen:>12,}{changed:>12,}{seen / taken:>12,.0f}{WANTED:>10,}{longest:>14.2f} s")  # noqa: T201
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
