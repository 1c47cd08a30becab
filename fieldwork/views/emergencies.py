"""The emergency mode of areas: what is in force, what was; ordering it and ending it."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from deadlines.timetable import shanghai_date
from fieldwork import emergencies
from fieldwork.forms.emergencies import EmergencyForm
from fieldwork.models import Emergency
from fieldwork.permissions import ORDERS_EMERGENCIES
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def emergency_list(request: StaffRequest) -> HttpResponse:
    """Emergency modes that reach my areas, those in force first; POST orders one."""
    at = timezone.now()
    orders = bool(request.staff.reach(*ORDERS_EMERGENCIES))
    form = EmergencyForm(by=request.staff, on=shanghai_date(at)) if orders else None
    status = HTTPStatus.OK
    if request.method == "POST":
        if not orders:
            raise PermissionDenied(_("The street's leader or the district's command orders this."))
        form = EmergencyForm(request.POST, by=request.staff, on=shanghai_date(at))
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                emergencies.order(by=request.staff, at=at, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The emergency mode is on. Everybody at a post there is told."))
                return redirect("emergencies")
    seen = Emergency.objects.visible_to(request.staff).select_related("area", "ordered_by")
    context = {
        "running": seen.running(at).order_by("ends_at", "pk"),
        "over": seen.filter(ends_at__lte=at).order_by("-ends_at", "-pk")[:PAGE],
        "form": form,
        "asked": request.method == "POST",
        "reach": request.staff.reach(*ORDERS_EMERGENCIES) if orders else (),
        "orders": orders,
    }
    return render(request, "fieldwork/emergencies.html", context, status=status)


@require_POST
@never_cache
@staff_required
def emergency_end(request: StaffRequest, pk: int) -> HttpResponse:
    """End one before its time."""
    rows = Emergency.objects.visible_to(request.staff).select_related("area")
    one = get_object_or_404(rows, pk=pk)
    try:
        emergencies.end(one, by=request.staff, at=timezone.now())
    except Refusal as no:
        if no.status == HTTPStatus.FORBIDDEN:
            raise PermissionDenied(str(no)) from no
        messages.error(request, str(no))
        return redirect("emergencies")
    messages.success(request, _("The emergency mode has ended."))
    return redirect("emergencies")
