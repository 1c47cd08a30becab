"""Duty for who sits there and who plans it: now, my shifts, gaps; the plan of a week."""

from datetime import date, datetime, timedelta
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import SHANGHAI, shanghai_date
from fieldwork import shifts
from fieldwork.forms.shifts import ShiftForm
from fieldwork.models import DutyShift, ServiceStation
from fieldwork.permissions import PLANS_DUTY
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required

MOST = 100
FORTNIGHT, A_DAY = timedelta(days=14), timedelta(days=1)


@require_safe
@never_cache
@staff_required
def duty(request: StaffRequest) -> HttpResponse:
    """Who is on duty now in my areas, my own shifts, what is free to take, whose hand-over waits."""
    at = timezone.now()
    seen = DutyShift.objects.visible_to(request.staff).select_related("user", "area", "station")
    mine = Q(user=request.user) | Q(offered_to=request.user)
    coming = seen.filter(ends_at__gt=at, starts_at__lt=at + FORTNIGHT)
    context = {
        "now": seen.at(at).order_by("area__path", "starts_at", "pk")[:MOST],
        "mine": coming.filter(mine).order_by("starts_at", "pk")[:MOST],
        "gaps": coming.filter(user=None).select_related("was").order_by("starts_at", "pk")[:MOST],
        "owed": seen.filter(user=request.user, handed_at=None, ends_at__lte=at, ends_at__gt=at - FORTNIGHT).order_by(
            "starts_at", "pk"
        ),
        "may_plan": request.staff.holds(*PLANS_DUTY),
    }
    return render(request, "fieldwork/duty.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def duty_week(request: StaffRequest) -> HttpResponse:
    """The plan of a week (``?area=CODE&week=2026-06-08``); who plans adds a single shift."""
    at = timezone.now()
    if request.method == "POST" and not request.staff.holds(*PLANS_DUTY):
        raise PermissionDenied(_("Your post does not plan the duty of this area."))
    areas = _areas(request.staff)
    area, monday = _area(request, areas), _monday(request, shanghai_date(at))
    form, status = None, HTTPStatus.OK
    plans = area is not None and request.staff.holds(*PLANS_DUTY, path=area.path)
    if area is not None and plans:
        there = list(ServiceStation.objects.at(shanghai_date(at)).filter(area=area).order_by("code"))
        data = request.POST if request.method == "POST" else None
        form = ShiftForm(data, area=area, stations=there, on=max(monday, shanghai_date(at)))
    if request.method == "POST" and area is not None and form is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                added = shifts.add(by=request.staff, at=at, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The shift stands in the plan."))
                return _week(area, shanghai_date(added.starts_at))
    rows = _rows(request.staff, area, monday) if area is not None else []
    context = {
        "area": area,
        "areas": areas,
        "monday": monday,
        "days": _days(rows, monday),
        "gaps": sum(row.user_id is None for row in rows),
        "earlier": monday - 7 * A_DAY,
        "later": monday + 7 * A_DAY,
        "form": form,
        "may_plan": plans,
    }  # fmt: skip
    return render(request, "fieldwork/duty_week.html", context, status=status)


@require_POST
@staff_required
def duty_plan(request: StaffRequest) -> HttpResponse:
    """Make the shifts of a week from the pattern."""
    if not request.staff.holds(*PLANS_DUTY):
        raise PermissionDenied(_("Your post does not plan the duty of this area."))
    at = timezone.now()
    area, monday = _area(request, _areas(request.staff)), _monday(request, shanghai_date(at))
    if area is None:
        raise Http404
    try:
        planned = shifts.plan_week(area, monday=monday, by=request.staff, at=at)
    except Refusal as no:
        if no.status == HTTPStatus.FORBIDDEN:
            raise PermissionDenied(str(no)) from no
        messages.error(request, str(no))
        return _week(area, monday)
    said = ngettext("%(new)d shift is new.", "%(new)d shifts are new.", planned.new) % {"new": planned.new}
    if planned.gaps:
        gaps = ngettext("%(count)d of them nobody has.", "%(count)d of them nobody has.", planned.gaps)
        said = f"{said} {gaps % {'count': planned.gaps}}"
    messages.success(request, said)
    return _week(area, monday)


def _rows(staff: Staff, area: Area, monday: date) -> list[DutyShift]:
    first = datetime.combine(monday, datetime.min.time(), tzinfo=SHANGHAI)
    seen = DutyShift.objects.visible_to(staff).filter(area__path__startswith=area.path)
    rows = seen.filter(starts_at__gte=first, starts_at__lt=first + 7 * A_DAY)
    return list(rows.select_related("user", "was", "area", "station").order_by("starts_at", "area__path", "pk"))


def _days(rows: list[DutyShift], monday: date) -> list[tuple[date, list[DutyShift]]]:
    days = [monday + ahead * A_DAY for ahead in range(7)]
    return [(day, [row for row in rows if shanghai_date(row.starts_at) == day]) for day in days]


def _areas(staff: Staff) -> list[Area]:
    """Return the areas whose plan this person opens: his own, the communities of a street, the community of a grid."""
    held = [one for one in staff.holdings if one.organisation_id is None and one.level >= Level.STREET]
    own = {one.area_id for one in held if one.level <= Level.GRID}
    streets = [one.area_id for one in held if one.level == Level.STREET]
    above = {int(one.path.split("/")[-3]) for one in held if one.level == Level.GRID}
    served = Area.objects.served().filter(Q(pk__in=own | above) | Q(parent__in=streets), valid_to=None)
    return list(served.order_by("level", "code"))


def _area(request: StaffRequest, areas: list[Area]) -> Area | None:
    """Return the area asked for; where one plans oneself, else the first."""
    code = request.POST.get("area", "") or request.GET.get("area", "")
    if code:
        found = next((area for area in areas if area.code == code), None)
        if found is None:
            raise Http404
        return found
    own = (area for area in areas if request.staff.holds(*PLANS_DUTY, path=area.path))
    return next(own, areas[0] if areas else None)


def _monday(request: StaffRequest, on: date) -> date:
    given = request.POST.get("week", "") or request.GET.get("week", "")
    try:
        day = date.fromisoformat(given) if given else on
    except ValueError:
        day = on
    if not on - 366 * A_DAY < day < on + 366 * A_DAY:
        day = on
    return day - day.weekday() * A_DAY


def _week(area: Area, day: date) -> HttpResponse:
    return redirect(f"{reverse('duty_week')}?area={area.code}&week={day.isoformat()}")
