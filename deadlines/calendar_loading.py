"""The work calendar from its two sources into the database; a re-load changes only what differs."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from deadlines.calendar_data import CalendarData, calendar_data
from deadlines.models import CalendarDay, CalendarYear


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many days a load added, changed, removed and found unchanged."""

    added: int
    changed: int
    removed: int
    unchanged: int


@transaction.atomic
def load_calendar(*, data: CalendarData | None = None) -> Loaded:
    """Load every year the sources know; the year after them is provisional until its notice is out.

    A year confirmed by hand in the admin is left as it is.
    """
    data = data or calendar_data()
    years = {row.date.year for row in data.rows} | data.confirmed_years | data.provisional_years
    by_hand = set(
        CalendarYear.objects.filter(confirmed=True)
        .exclude(year__in=data.confirmed_years)
        .values_list("year", flat=True)
    )
    for year in sorted(years - by_hand):
        CalendarYear.objects.get_or_create(year=year, defaults={"confirmed": year in data.confirmed_years})
    known = CalendarDay.objects.in_bulk()
    rows = {row.date: row for row in data.rows if row.date.year not in by_hand}
    fields = ("kind", "code", "name_zh", "name_en")
    wanted = {
        day: CalendarDay(date=day, year_id=day.year, **{name: str(getattr(row, name)) for name in fields})
        for day, row in rows.items()
    }
    added = [day for day in wanted if day not in known]
    changed = [
        day
        for day, row in wanted.items()
        if day in known and any(getattr(known[day], name) != getattr(row, name) for name in fields)
    ]
    removed = [day for day in known if day not in wanted and day.year in years - by_hand]
    CalendarDay.objects.filter(date__in=removed).delete()
    CalendarDay.objects.bulk_create([wanted[day] for day in added])
    CalendarDay.objects.bulk_update([wanted[day] for day in changed], fields)
    touched = {day.year for day in (*added, *changed, *removed)}
    for year in sorted(years - by_hand):
        confirmed = year in data.confirmed_years
        CalendarYear.objects.filter(year=year).exclude(confirmed=confirmed).update(
            confirmed=confirmed, changed_at=timezone.now()
        )
    CalendarYear.objects.filter(year__in=touched).update(changed_at=timezone.now())
    return Loaded(len(added), len(changed), len(removed), len(wanted) - len(added) - len(changed))
