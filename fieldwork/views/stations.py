"""Stations for everybody: which there are in a community, which are open now, and one of them with its week."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from fieldwork import opening, shifts, stations
from fieldwork.enums import StationKind
from fieldwork.models import DutyShift, ServiceStation, StationItem
from grids.enums import Level
from grids.models import Area
from petitions import places

LONGEST_CODE = 40


@require_safe
def station_list(request: HttpRequest) -> HttpResponse:
    """Show the stations of a community (``?area=``), of one kind (``?kind=``), open now (``?open=1``)."""
    at = timezone.now()
    on = shanghai_date(at)
    area, kind = community_asked(request, on), request.GET.get("kind", "")
    kind = kind if kind in StationKind.values else ""
    wanted = stations.around(area, on=on)
    found = stations.places(wanted.filter(kind=kind) if kind else wanted, at=at)
    only_open = request.GET.get("open") == "1"
    shown = [one for one in found if one.now.is_open] if only_open else found
    page = {
        "near": [one for one in shown if one.station.area.level >= Level.COMMUNITY],
        "further": [one for one in shown if one.station.area.level < Level.COMMUNITY],
        "count": len(shown),
        "area": area,
        "areas": stations.communities(on),
        "kind": kind,
        "kinds": StationKind.choices,
        "only_open": only_open,
        "at": at,
    }
    return render(request, "fieldwork/stations.html", page)


@require_safe
def station(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one station: now, this week, where it is, what it offers."""
    at = timezone.now()
    on = shanghai_date(at)
    one = get_object_or_404(ServiceStation.objects.at(on).select_related("area"), pk=pk)
    place = stations.places([one], at=at)[0]
    running = list(DutyShift.objects.at(at).filter(station=one, user__is_active=True))
    page = {
        "place": place,
        "station": one,
        "week": opening.week(place.times, on),
        "equipment": StationItem.objects.filter(station=one).order_by("name"),
        # the posts alone: who sits there is told in the station
        "on_duty": sorted(set(shifts.posts_of(running, on=on).values())) if running else [],
    }
    return render(request, "fieldwork/station.html", page)


def community_asked(request: HttpRequest, on: date) -> Area | None:
    """Return the community of the area asked for, if it is one of ours; anything else asks for none."""
    found = places.by_code(request.GET.get("area", "")[:LONGEST_CODE], on=on)
    if found is None or found.level == Level.COMMUNITY:
        return found
    return Area.objects.filter(pk__in=found.ancestor_ids(), level=Level.COMMUNITY).first()
