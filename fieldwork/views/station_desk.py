"""Stations for who works there: the list, one of them with its closings, and how many are wanted where."""

from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import coverage, placing, stations
from fieldwork.forms.stations import CloseForm
from fieldwork.models import ServiceStation, StationDays
from fieldwork.permissions import may_close, may_serve
from fieldwork.views.coverage import area_asked
from grids.enums import Level
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required

MOST = 200
LONGEST_ID = 9


@require_safe
@never_cache
@staff_required
def station_desk(request: StaffRequest) -> HttpResponse:
    """The stations at and under my areas and of the areas above, as they stand now."""
    at = timezone.now()
    on = shanghai_date(at)
    seen = ServiceStation.objects.visible_to(request.staff).at(on).select_related("area")
    rows = list(seen.order_by("-area__level", "area__path", "code")[: MOST + 1])
    context = {
        "places": stations.places(rows[:MOST], at=at),
        "more": len(rows) > MOST,
        "may_count": bool(coverage.reach_of(request.staff)),
    }
    return render(request, "fieldwork/station_desk.html", context)


@require_safe
@never_cache
@staff_required
def station_work(request: StaffRequest, pk: int) -> HttpResponse:
    """One station as who works there sees it; a form closes it for some days."""
    at = timezone.now()
    return _page(request, _station(request, pk), CloseForm(on=shanghai_date(at)), at=at)


@require_POST
@staff_required
def station_close(request: StaffRequest, pk: int) -> HttpResponse:
    """Close it from one day to another; what is wrong comes back with what was typed."""
    at = timezone.now()
    one = _station(request, pk)
    if not may_close(request.staff, one.area):
        raise PermissionDenied(_("Your post does not close this station."))
    form, status = CloseForm(request.POST, on=shanghai_date(at)), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            stations.close(one, by=request.staff, at=at, **form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
            status = HTTPStatus(no.status)
        else:
            messages.success(request, _("It is written down. Everybody sees it on the page of the station."))
            return redirect("station_work", one.pk)
    return _page(request, one, form, at=at, status=status)


@require_POST
@staff_required
def station_reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a closing back (``days``)."""
    one = _station(request, pk)
    given = request.POST.get("days", "")
    days_id = int(given) if given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID else 0
    try:
        stations.reopen(one, days_id=days_id, by=request.staff, at=timezone.now())
    except Refusal as no:
        if no.status == HTTPStatus.FORBIDDEN:
            raise PermissionDenied(str(no)) from no
        messages.error(request, str(no))
    else:
        messages.success(request, _("It is open again."))
    return redirect("station_work", one.pk)


@require_safe
@staff_required
def station_coverage(request: StaffRequest) -> HttpResponse:
    """How many stations of which kind there are of how many wanted, in ``?area=CODE``; which grids lack a point."""
    paths = coverage.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    on = shanghai_date(timezone.now())
    area, above, below = area_asked(request, paths, on=on)
    context = {
        "area": area,
        "above": above,
        "below": below if area.level < Level.COMMUNITY else [],
        "figures": placing.placed(area, within=paths, on=on),
        "today": on,
    }
    return render(request, "fieldwork/station_coverage.html", context)


def _page(
    request: StaffRequest, one: ServiceStation, form: CloseForm, *, at: datetime, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    on = shanghai_date(at)
    context = {
        "station": one,
        "place": stations.places([one], at=at)[0],
        "form": form,
        "closings": StationDays.objects.filter(station=one, ends_on__gte=on).order_by("starts_on"),
        "may_close": may_close(request.staff, one.area),
        "may_serve": may_serve(request.staff, one.area),
        "today": on,
    }
    return render(request, "fieldwork/station_work.html", context, status=status)


def _station(request: StaffRequest, pk: int) -> ServiceStation:
    seen = ServiceStation.objects.visible_to(request.staff)
    return get_object_or_404(seen.select_related("area"), pk=pk)
