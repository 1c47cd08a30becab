"""The prepared work calendar and opening hours, from the database; kept in the process until a row changes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Subquery, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from deadlines.hours import Hours, OnHoliday, OnMakeup, Opening, office_hours
from deadlines.models import CalendarDay, CalendarYear
from deadlines.workdays import BEIJING as SHANGHAI
from deadlines.workdays import DayKind, WorkCalendar, beijing
from grids.models import ServiceHours
from people.keeping import Stamp

__all__ = [
    "SHANGHAI", "Timetable", "office", "office_of", "office_opens_at", "shanghai_date", "stand", "timetable",
    "timetable_of", "with_version",
]  # fmt: skip

# When a year of the calendar last changed, and how many there are.
Version = tuple[datetime | None, int]
# The same, the last change of any opening hours, and how many rows of them there are. Every edit leaves an event.
_STAMP = Stamp(
    "(SELECT max(changed_at) FROM deadlines_calendaryear)",
    "(SELECT count(*) FROM deadlines_calendaryear)",
    "(SELECT max(pgh_id) FROM grids_servicehoursevent)",
    "(SELECT count(*) FROM grids_servicehours)",
)
# Our default until a district says otherwise (rules.md d): weekdays 08:30-20:00, weekends 09:00-18:00.
DEFAULT_SERVICE_HOURS = ((range(5), time(8, 30), time(20)), (range(5, 7), time(9), time(18)))


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """Everything the arithmetic needs: the calendar, office hours, service hours by area (``None`` = default)."""

    calendar: WorkCalendar
    office: Hours
    service: dict[int | None, Hours]
    holidays: dict[str, tuple[str, str]]

    def holiday_name(self, code: str) -> str:
        """Return a holiday's name in the active language."""
        chinese, english = self.holidays.get(code, (code, code))
        return english if (get_language() or "").startswith("en") else chinese

    def hours_for(self, kind: str, area_path: str) -> Hours:
        """Return the hours a clock counts in: the nearest area's own service hours, else the default."""
        if kind != "service_hours":
            return self.office
        for area_id in reversed([int(part) for part in area_path.split("/") if part]):
            if area_id in self.service:
                return self.service[area_id]
        return self.service[None]


def timetable() -> Timetable:
    """Return the timetable as the database has it now. One query while nothing changed."""
    return timetable_of(_STAMP.now())


def stand() -> tuple[RawSQL, ...]:
    """Return columns that bring along with a row of any query how the timetable stands, for ``timetable_of``."""
    return tuple(RawSQL(column, []) for column in _STAMP.expressions)  # noqa: S611 - our own columns


def timetable_of(stood: Sequence[Any]) -> Timetable:
    """Return the timetable as a row says that it stands (``stand``); no query if the process knows it."""
    changed, years, *hours = stood
    return _prepared((changed, years), *hours)


def office() -> Hours:
    """Return the offices' hours over the work calendar as the database has it now. One query while nothing changed."""
    return _office(_version())


def with_version() -> dict[str, Subquery]:
    """Return annotations that bring the calendar's version along with the rows of any query, for ``office_of``."""
    years = CalendarYear.objects.order_by().values(all=Value(1))
    return {
        "calendar_changed": Subquery(years.annotate(found=Max("changed_at")).values("found")),
        "calendar_years": Subquery(years.annotate(found=Count("year")).values("found")),
    }


def office_of(row: Any) -> Hours:
    """Return the offices' hours of the version that a row brought along (``with_version``); no query if it is known."""
    return _office((row.calendar_changed, row.calendar_years))


def _version() -> Version:
    years = CalendarYear.objects.aggregate(changed=Max("changed_at"), years=Count("year"))
    return years["changed"], years["years"]


@lru_cache(maxsize=4)
def _office(_version: Version) -> Hours:
    return office_hours(_load_calendar())


@lru_cache(maxsize=4)
def _prepared(version: Version, *_hours: int) -> Timetable:
    rows = ServiceHours.objects.order_by("pk").values_list(
        "area", "weekday", "month_from", "month_to", "opens", "closes"
    )
    hours = _office(version)
    calendar = hours.cal
    service: dict[int | None, list[Opening]] = defaultdict(list)
    for area_id, weekday, month_from, month_to, opens, closes in rows:
        service[area_id].append(Opening(weekday, opens, closes, month_from, month_to))
    if None not in service:
        service[None] = [Opening(day, opens, closes) for days, opens, closes in DEFAULT_SERVICE_HOURS for day in days]
    return Timetable(
        calendar=calendar,
        office=hours,
        service={
            area_id: Hours(calendar, tuple(openings), on_holiday=OnHoliday.AS_SUNDAY, on_makeup=OnMakeup.AS_MONDAY)
            for area_id, openings in service.items()
        },
        holidays={
            code: (chinese, english)
            for code, chinese, english in CalendarDay.objects.values_list("code", "name_zh", "name_en").distinct()
        },
    )


def _load_calendar() -> WorkCalendar:
    days = list(CalendarDay.objects.values_list("date", "kind", "code"))
    return WorkCalendar(
        days={day: DayKind(kind) for day, kind, _code in days},
        names={day: code for day, _kind, code in days},
        confirmed_years=frozenset(CalendarYear.objects.filter(confirmed=True).values_list("year", flat=True)),
    )


def shanghai_date(at: datetime) -> date:
    """Return the civil date in Shanghai of an aware instant."""
    return beijing(at).date()


def office_opens_at(at: datetime) -> datetime | None:
    """Return when the offices open next, or ``None`` while they are open at ``at``."""
    hours = timetable().office
    opens = hours.latest(hours.position(beijing(at)))
    return opens if opens > at + timedelta(seconds=1) else None
