"""How many due dates a second, one core, mixed clock kinds, no SQL: ``python -m tests.bench.bench_due``.

Medians of five runs in processor time, beside a function that only adds a timedelta to each start, in the same run.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from statistics import median
from time import process_time

from deadlines.calendar import Hours, Limit, Opening, Pauses, WorkCalendar, due, office_hours
from deadlines.calendar_data import calendar_data

WANTED = 60_000  # due dates a second
NUMBER, RUNS = 50_000, 5
SEED = 20_241_001

Case = tuple[datetime, Limit, str, WorkCalendar, Hours, Pauses]

# as the shipped policies mix them
MIX = (
    ("natural", Limit(10, "minute")),
    ("natural", Limit(24, "hour")),
    ("natural", Limit(3, "day")),
    ("working", Limit(4, "hour")),
    ("working", Limit(1, "workday")),
    ("working", Limit(5, "workday")),
    ("working", Limit(10, "workday")),
    ("service_hours", Limit(30, "minute")),
    ("service_hours", Limit(2, "hour")),
    ("service_hours", Limit(1, "workday")),
    ("calendar_day", Limit(60, "day")),
)
LONG = (("working", Limit(1000, "hour")), ("working", Limit(1000, "workday")), ("service_hours", Limit(1000, "hour")))


def cases(mix: Sequence[tuple[str, Limit]], *, paused: bool) -> list[Case]:
    """Return the same drawn cases every time: starts of 2020-2026 in UTC, as the database gives them."""
    random, data = Random(SEED), calendar_data()
    cal = WorkCalendar({row.date: row.kind for row in data.rows}, {}, data.confirmed_years)
    long_days = tuple(
        Opening(day, time(8, 30), closes, *season)
        for day in range(5)
        for closes, season in ((time(21), (4, 9)), (time(20), (10, 3)))
    )
    desks = {"service_hours": Hours(cal, (*long_days, Opening(5, time(0), time(0)), Opening(6, time(0), time(0))))}
    office, found = office_hours(cal), []
    for _ in range(NUMBER):
        kind, limit = random.choice(mix)
        start = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=random.randrange(6 * 365 * 86_400_000_000))
        pause = start + timedelta(minutes=random.randrange(2000))
        pauses = [(pause, pause + timedelta(minutes=random.randrange(5000)))] if paused else ()
        found.append((start, limit, kind, cal, desks.get(kind, office), pauses))
    return found


def rate(run: Callable[[], None]) -> float:
    """Return the median rate of five runs over all cases, a second."""
    times = []
    for _ in range(RUNS):
        begun = process_time()
        run()
        times.append(process_time() - begun)
    return NUMBER / median(times)


def rates(drawn: list[Case]) -> tuple[float, float]:
    """Return the rates of ``due`` and of the bare addition."""

    def dues() -> None:
        for start, limit, kind, cal, hours, pauses in drawn:
            due(start, limit, kind, cal, hours, pauses=pauses)

    def additions() -> None:
        for start, limit, _kind, _cal, _hours, _pauses in drawn:
            _ = start + timedelta(0, 0, limit.value)

    return rate(dues), rate(additions)


def main() -> int:
    """Print the rates; fail below the limit."""
    slow = False
    print(f"{'due dates':<34}{'a second':>12}{'wanted':>10}{'bare addition':>16}{'ratio':>8}")  # noqa: T201
    for name, mix, paused in (
        ("mixed kinds", MIX, False),
        ("mixed kinds, one pause each", MIX, True),
        ("limits of 1,000 hours and days", LONG, False),
    ):
        found, bare = rates(cases(mix, paused=paused))
        slow = slow or found < WANTED
        print(f"{name:<34}{found:>12,.0f}{WANTED:>10,}{bare:>16,.0f}{found / bare:>8.3f}")  # noqa: T201
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
