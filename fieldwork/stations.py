"""Stations as people look for them, and closing one for some days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date, timetable
from fieldwork.enums import StationKind
from fieldwork.errors import NotNow
from fieldwork.models import ServiceStation, StationDays, StationHours
from fieldwork.opening import Now, Times
from fieldwork.permissions import check_may_close_station
from grids.enums import Level, PostKind
from grids.models import Area, Post
from grids.staff import Staff
from people.errors import BadInput
from people.masking import mask_text

LONGEST_CLOSING: Final = 90
LONGEST_WORDS: Final = 120


@dataclass(frozen=True, slots=True)
class Place:
    """One station as people see it: itself, how it stands now, its times, the telephone to call."""

    station: ServiceStation
    now: Now
    times: Times
    phone: str

    @property
    def is_home(self) -> bool:
        """Whether it is somebody's home: only the grid is shown."""
        return self.station.kind == StationKind.HOME


def communities(on: date) -> list[Area]:
    """Return the communities of ours on a civil date, by name; one query."""
    return list(Area.objects.served().at(on).filter(level=Level.COMMUNITY).by_name())


def around(area: Area | None, *, on: date) -> QuerySet[ServiceStation]:
    """Return the stations in an area and of the areas above it; without one, those of streets and of the district."""
    there = ServiceStation.objects.at(on).select_related("area")
    if area is None:
        return there.filter(area__level__lte=Level.STREET, area__served=True)
    return there.filter(Q(area__path__startswith=area.path) | Q(area__in=area.ancestor_ids()))


def places(stations: Iterable[ServiceStation], *, at: datetime) -> list[Place]:
    """Return them as they stand at an instant, nearest level first; six queries. They come with their areas."""
    found = list(stations)
    keys = [one.pk for one in found]
    hours: dict[int, list[StationHours]] = defaultdict(list)
    days: dict[int, list[StationDays]] = defaultdict(list)
    for row in StationHours.objects.filter(station__in=keys).order_by("weekday", "opens"):
        hours[row.station_id].append(row)
    on = shanghai_date(at)
    for other in StationDays.objects.filter(station__in=keys, ends_on__gte=on).order_by("starts_on"):
        days[other.station_id].append(other)
    phones = _phones_of_leads([one.area_id for one in found if one.kind == StationKind.HOME], on)
    table = timetable()
    lines = []
    for one in found:
        times = Times.of(one, hours[one.pk], days[one.pk], table)
        phone = phones.get(one.area_id, "") if one.kind == StationKind.HOME else one.office_phone
        lines.append(Place(one, times.now(at), times, phone))
    kinds = list(StationKind.values)
    return sorted(lines, key=lambda line: (-line.station.area.level, kinds.index(line.station.kind), line.station.code))


def _phones_of_leads(grids: Sequence[int], on: date) -> dict[int, str]:
    """Return the telephone of the lead's post of these grids."""
    if not grids:
        return {}
    posts = Post.objects.at(on).filter(area__in=grids, kind=PostKind.GRID_LEAD).exclude(office_phone="")
    return dict(posts.values_list("area", "office_phone"))


@transaction.atomic
def close(
    station: ServiceStation, *, starts_on: date, ends_on: date, words: str, by: Staff, at: datetime
) -> StationDays:
    """Close a station from one civil day to another, both included; everybody reads the words.

    :raises NotYours: if no post of ``by`` reaches the station
    :raises BadInput: without words, with a wrong or too long span, or one that is over
    :raises NotNow: if other hours stand there for one of these days
    """
    check_may_close_station(by, station.area)
    said = mask_text(" ".join(words.split()))[0][:LONGEST_WORDS]
    if not said:
        raise BadInput(_("Say in a few words why, and where people can go meanwhile."), field="words")
    if ends_on < starts_on:
        raise BadInput(_("The last day lies before the first."), field="ends_on")
    if ends_on < shanghai_date(at):
        raise BadInput(_("The last day is over already."), field="ends_on")
    if (ends_on - starts_on).days >= LONGEST_CLOSING:
        raise BadInput(
            _("At most %(most)d days; what closes for longer gets a last day in the register.")
            % {"most": LONGEST_CLOSING},
            field="ends_on",
        )
    locked = _locked(station)
    if StationDays.objects.filter(station=locked, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise NotNow(_("Other hours stand there for one of these days already."), field="starts_on")
    return StationDays.objects.create(station=locked, starts_on=starts_on, ends_on=ends_on, words=said)


@transaction.atomic
def reopen(station: ServiceStation, *, days_id: int, by: Staff, at: datetime) -> None:
    """Take a closing back from today on; the days that are over stay written down.

    :raises NotYours: if no post of ``by`` reaches the station
    :raises NotNow: if there is none, or it is over
    """
    check_may_close_station(by, station.area)
    locked, on = _locked(station), shanghai_date(at)
    row = StationDays.objects.filter(pk=days_id, station=locked, opens=None, ends_on__gte=on).first()
    if row is None:
        raise NotNow(_("It is not closed in these days any more."))
    if row.starts_on >= on:
        row.delete()
        return
    row.ends_on = date.fromordinal(on.toordinal() - 1)
    row.save(update_fields=["ends_on"])


def _locked(station: ServiceStation) -> ServiceStation:
    return ServiceStation.objects.select_for_update(no_key=True).get(pk=station.pk)
