"""Who comes to a community when, which day is the next, and which communities have nobody (003a-18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from deadlines.timetable import timetable
from deadlines.workdays import DayKind, WorkCalendar
from fieldwork.coverage import Share
from fieldwork.enums import AdviserKind
from fieldwork.models import Adviser
from grids.enums import Level, Weekday
from grids.models import Area

AHEAD: Final = 92
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Visit:
    """One adviser with the days in words and the next of them that is no holiday."""

    adviser: Adviser
    days: str
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Covered:
    """Of so many communities so many have somebody of a kind; which have nobody."""

    kind: AdviserKind
    share: Share
    without: tuple[Area, ...]


def coming(area: Area, *, on: date) -> list[Visit]:
    """Return who comes to a community from a civil date on; three queries."""
    rows = list(Adviser.objects.at(on).filter(area=area).select_related("area"))
    calendar = timetable().calendar if rows else None
    kinds = list(AdviserKind.values)
    rows.sort(key=lambda one: (kinds.index(one.kind), one.weekday, one.code))
    return [Visit(one, in_words(one), next_day(one, on, calendar)) for one in rows if calendar is not None]


def next_day(one: Adviser, on: date, calendar: WorkCalendar) -> date | None:
    """Return the first day from ``on`` on that is one of his and no holiday; None if none comes in three months."""
    for ahead in range(AHEAD):
        day = on + timedelta(days=ahead)
        if one.valid_to is not None and day > one.valid_to:
            return None
        falls = day.weekday() == one.weekday and one.week in {0, (day.day - 1) // WEEK + 1}
        if falls and calendar.kind_of(day) is not DayKind.HOLIDAY:
            return day
    return None


def in_words(one: Adviser) -> str:
    """Return the days and hours of an adviser as people say them."""
    words = {"weekday": Weekday(one.weekday).label, "from": f"{one.opens:%H:%M}", "to": f"{one.closes:%H:%M}"}
    if one.week:
        return _("week %(week)d of the month, %(weekday)s %(from)s–%(to)s") % {**words, "week": one.week}
    return _("every %(weekday)s %(from)s–%(to)s") % words


def covered(area: Area, *, within: Sequence[str], on: date) -> list[Covered]:
    """Return how many communities of an area, as far as ``within`` reaches, have somebody of each kind; two queries."""
    served = Area.objects.served().at(on).filter(level=Level.COMMUNITY, path__startswith=area.path)
    communities = list(served.under_any(within).order_by("code"))
    there = set(Adviser.objects.at(on).filter(area__in=communities).values_list("area", "kind"))
    found = []
    for kind in AdviserKind:
        without = tuple(one for one in communities if (one.pk, kind.value) not in there)
        found.append(Covered(kind, Share(len(communities), len(communities) - len(without)), without))
    return found


def forget(pk: int) -> bool:
    """Take name and number of an adviser who is gone away."""
    return bool(Adviser.objects.filter(pk=pk).update(name="", office_phone=""))
