"""The work calendar of 2024-2026 for tests, as the file of exceptions has it, and short ways to say moments."""

import csv
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import deadlines
from deadlines.calendar import Hours, WorkCalendar, office_hours

EXCEPTIONS = Path(deadlines.__file__).parent / "data" / "workday_exceptions_2024_2026.csv"
BEIJING = ZoneInfo("Asia/Shanghai")


def exceptions() -> dict[date, tuple[str, str]]:
    with EXCEPTIONS.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["date"]): (row["kind"], row["holiday_name"]) for row in csv.DictReader(file)}


@cache
def calendar_2024_2026() -> WorkCalendar:
    days = exceptions()
    return WorkCalendar(
        {day: kind for day, (kind, _) in days.items()},
        {day: name for day, (_, name) in days.items()},
        frozenset({2024, 2025, 2026}),
    )


@cache
def office() -> Hours:
    return office_hours(calendar_2024_2026())


def at(text: str) -> datetime:
    """Return a Beijing moment: ``2025-03-03 10:00``, or midnight of ``2025-03-03``."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)
