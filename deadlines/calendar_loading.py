"""The work calendar from its two sources into the database, year by year; a re-load changes only what differs."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import transaction

from deadlines import recompute
from deadlines.calendar_data import CalendarData, CalendarRow, calendar_data
from deadlines.enums import RecomputeReason
from deadlines.loading import Loaded
from deadlines.models import CalendarDay, CalendarYear

# comparing the packages takes two seconds, and they do not change while we run
_from_packages = cache(calendar_data)


@transaction.atomic
def load_calendar(*, at: datetime, data: CalendarData | None = None) -> Loaded:
    """Load every year the sources know, and count years; a year confirmed by hand before they knew it stays.

    The year after them is provisional until its notice is out. A changed year moves its ``changed_at``, which tells
    every process to read the calendar anew, and open clocks that cross a changed day are recomputed after commit.

    :raises CalendarDataError: if the sources contradict each other and no decision has been reviewed
    """
    data = data or _from_packages()
    wanted: dict[int, list[CalendarRow]] = defaultdict(list)
    for row in data.rows:
        wanted[row.date.year].append(row)
    known = CalendarYear.objects.in_bulk()
    stored: dict[int, set[tuple[object, ...]]] = defaultdict(set)
    for day in CalendarDay.objects.all():
        stored[day.year_id].add((day.date, day.kind, day.code, day.name_zh, day.name_en))
    added = changed = unchanged = 0
    days: list[date] = []
    for number in sorted(data.confirmed_years | data.provisional_years):
        confirmed, year = number in data.confirmed_years, known.get(number)
        rows = {(row.date, row.kind.value, row.code, row.name_zh, row.name_en) for row in wanted[number]}
        by_hand = year is not None and year.confirmed and not confirmed
        if by_hand or (year is not None and (year.confirmed, stored[number]) == (confirmed, rows)):
            unchanged += 1
            continue
        days.append(first_change(number, rows, stored[number], confirmed_now=confirmed != (year and year.confirmed)))
        year = year or CalendarYear(year=number)
        year.confirmed = confirmed
        year.notice = ", ".join(sorted({row.source for row in wanted[number]}))[:200]
        year.save()
        CalendarDay.objects.filter(year=year).delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(date=day, kind=kind, code=code, name_zh=name_zh, name_en=name_en, year=year)
            for day, kind, code, name_zh, name_en in sorted(rows)
        )
        added, changed = added + (number not in known), changed + (number in known)
    if days:
        recompute.ask(reason=RecomputeReason.CALENDAR, at=at, since=min(days))
    return Loaded(added=added, changed=changed, unchanged=unchanged)


def first_change(
    year: int, rows: Collection[tuple[Any, ...]], stored: Collection[tuple[Any, ...]], *, confirmed_now: bool
) -> date:
    """Return the first day of a year on which the calendar is another than before; rows are (date, …)."""
    if confirmed_now:
        return date(year, 1, 1)  # every date that crosses into it loses its flag
    return min((row[0] for row in set(rows) ^ set(stored)), default=date(year, 1, 1))
