"""Patrols: today's rounds, the routes of my areas, what is kept of my own rounds, and how many were walked."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import completion, ownrounds, routes
from fieldwork.enums import Cadence
from fieldwork.forms.patrols import RouteForm
from fieldwork.models import PatrolDuty, PatrolPoint, PatrolRoute
from fieldwork.models.rounds import KEEP
from fieldwork.periods import Period, before, period_of
from fieldwork.permissions import KEEPS_ROUTES, may_keep_routes, may_walk
from grids.enums import Level, Weekday
from grids.models import Area
from people.errors import Refusal
from people.retention import before as kept_since
from petitions import arrivals
from petitions.views.access import StaffRequest, staff_required

ROUTE: Final = "fieldwork/patrol_route_form.html"
PAGE: Final = 50
A_WEEK: Final = timedelta(days=7)


@require_safe
@never_cache
@staff_required
def patrol_list(request: StaffRequest) -> HttpResponse:
    """My rounds of today, the other rounds and the routes of ``?area=CODE`` or of all my areas."""
    at = timezone.now()
    on = shanghai_date(at)
    mine = ownrounds.today(request.staff, at=at)
    area = _area(request) if request.GET.get("area") else None
    seen = PatrolDuty.objects.visible_to(request.staff).filter(on=on).exclude(pk__in=[one.duty.pk for one in mine])
    kept = PatrolRoute.objects.visible_to(request.staff).filter(valid_to=None)
    lacking = completion.unexplained(request.staff, since=on - A_WEEK)
    if area is not None:
        seen = seen.filter(route__area__path__startswith=area.path)
        kept = kept.filter(area__path__startswith=area.path)
        lacking = lacking.filter(route__area__path__startswith=area.path)
    keeps = bool(request.staff.reach(*KEEPS_ROUTES))
    context: dict[str, Any] = {
        "today": on,
        "area": area,
        "mine": mine,
        "others": ownrounds.as_rounds(seen, at=at),
        "lacking": list(lacking[:PAGE]) if keeps else [],
        "routes": kept.select_related("area").order_by("area__level", "area__code", "name")[:PAGE],
        "may_keep": keeps,
        "may_count": bool(completion.reach_of(request.staff)),
    }
    return render(request, "fieldwork/patrols.html", context)


@require_safe
@never_cache
@staff_required
def patrol_route(request: StaffRequest, pk: int) -> HttpResponse:
    """One route: how it is walked, and its rounds of ``?month=2026-06``."""
    route = _route(request, pk)
    on = shanghai_date(timezone.now())
    month = _month(request.GET.get("month", ""), on)
    context = {
        "route": route,
        "points": PatrolPoint.objects.at(on).filter(route=route).order_by("position"),
        "weekdays": [Weekday(day).label for day in route.weekdays],
        "duties": completion.days_of(route, month=month),
        "month": month,
        "earlier": before(Cadence.MONTH, month).first,
        "later": _later(month, on),
        "may_keep": may_keep_routes(request.staff, route.area) and route.valid_to is None,
        "may_walk": may_walk(request.staff, route),
    }
    return render(request, "fieldwork/patrol_route.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def patrol_route_new(request: StaffRequest) -> HttpResponse:
    """Make a route."""
    if not request.staff.reach(*KEEPS_ROUTES):
        raise PermissionDenied(_("Your post does not keep routes of patrols."))
    return _route_form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def patrol_route_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a route from its next round on."""
    route = _route(request, pk)
    if not may_keep_routes(request.staff, route.area):
        raise PermissionDenied(_("Your post does not keep the routes of this area."))
    return _route_form(request, route)


@require_POST
@staff_required
def patrol_route_end(request: StaffRequest, pk: int) -> HttpResponse:
    """End a route today."""
    route = _route(request, pk)
    try:
        routes.end(route, by=request.staff, at=timezone.now())
    except Refusal as no:
        if no.status == HTTPStatus.FORBIDDEN:
            raise PermissionDenied(str(no)) from no
        messages.error(request, str(no))
        return redirect("patrol_route", route.pk)
    messages.success(request, _("The route has ended. What was walked stays in the figures."))
    return redirect("patrols")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def patrols_mine(request: StaffRequest) -> HttpResponse:
    """All that is kept of my own rounds; the places of my device are deleted on request (POST)."""
    if request.method == "POST":
        gone = ownrounds.forget_where(request.user)
        said = ngettext("%(count)d place is deleted.", "%(count)d places are deleted.", gone)
        messages.success(request, said % {"count": gone})
        return redirect("patrols_mine")
    given = request.GET.get("page", "")
    page = max(1, int(given)) if given.isdecimal() and len(given) <= 4 else 1  # noqa: PLR2004 - nobody walks so much
    rows = list(ownrounds.kept(request.user)[(page - 1) * PAGE : page * PAGE + 1])
    arrived = list(arrivals.kept(request.user)[:PAGE])
    context = {
        "checks": rows[:PAGE],
        "more": page + 1 if len(rows) > PAGE else None,
        "since": kept_since(timezone.now(), KEEP),
        "arrivals": arrived,
        "has_places": bool(arrived) or any(check.where for check in rows),
    }
    return render(request, "fieldwork/patrols_mine.html", context)


@require_safe
@staff_required
def patrol_figures(request: StaffRequest) -> HttpResponse:
    """How many rounds were walked of ``?month=2026-06`` in ``?area=CODE``: its own routes, and what lies below it."""
    if not completion.reach_of(request.staff):
        raise PermissionDenied(_("Your post does not see these counts."))
    on = shanghai_date(timezone.now())
    month = _month(request.GET.get("month", ""), on)
    area = _area(request)
    own = completion.of_routes(request.staff, area, month=month)
    below = completion.of_areas(request.staff, area, month=month)
    parent = area.parent
    context = {
        "area": area,
        "above": parent if parent and parent.path.startswith(completion.reach_of(request.staff)) else None,
        "routes": own,
        "areas": below,
        "total": completion.total_of([*own, *below]),
        "month": month,
        "earlier": before(Cadence.MONTH, month).first,
        "later": _later(month, on),
        "running": month.holds(on),
    }
    return render(request, "fieldwork/patrol_figures.html", context)


def _route(request: StaffRequest, pk: int) -> PatrolRoute:
    return get_object_or_404(PatrolRoute.objects.visible_to(request.staff).select_related("area", "team"), pk=pk)


def _route_form(request: StaffRequest, route: PatrolRoute | None) -> HttpResponse:
    at = timezone.now()
    data = request.POST if request.method == "POST" else None
    form, status = RouteForm(data, by=request.staff, on=shanghai_date(at), route=route), HTTPStatus.OK
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                if route is None:
                    done = routes.make(by=request.staff, at=at, **form.facts())
                else:
                    done = routes.change(route, by=request.staff, at=at, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The route is written down. Its next rounds are made by themselves."))
                return redirect("patrol_route", done.pk)
    return render(request, ROUTE, {"form": form, "route": route}, status=status)


def _area(request: StaffRequest) -> Area:
    """Return the area asked for, or the person's own; what lies outside does not exist for him."""
    code = request.GET.get("area", "")
    areas = Area.objects.under_any(completion.reach_of(request.staff)).filter(level__lte=Level.GRID)
    if code:
        found = areas.filter(code=code).first()
        if found is None:
            raise Http404
        return found
    return areas.order_by("level", "code")[0]


def _month(given: str, on: date) -> Period:
    """Return the month asked for, the running one where it is none or has not come."""
    try:
        day = date.fromisoformat(f"{given}-01") if given else on
    except ValueError:
        day = on
    found = period_of(Cadence.MONTH, min(day, on))
    assert found is not None  # noqa: S101 - a month is a period
    return found


def _later(month: Period, on: date) -> Period | None:
    return None if month.holds(on) else period_of(Cadence.MONTH, month.last + timedelta(days=1))
