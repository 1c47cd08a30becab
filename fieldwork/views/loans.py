"""Lending at a station, in a few taps: what is there, who takes it, what is back."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import loans
from fieldwork.enums import LoanEnd
from fieldwork.forms.loans import LendForm
from fieldwork.models import Loan, ServiceStation, StationItem
from fieldwork.models.shifts import around
from fieldwork.permissions import may_serve
from people.enums import PersonField
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required

MOST = 200


@require_safe
@never_cache
@staff_required
def station_loans(request: StaffRequest, pk: int) -> HttpResponse:
    """What a station has, what is out, and what should be back."""
    seen = ServiceStation.objects.filter(around(request.staff)).select_related("area")
    station = get_object_or_404(seen, pk=pk)
    out = Loan.objects.out().filter(item__station=station).select_related("item", "borrower", "lent_by")
    context = {
        "station": station,
        "stock": loans.stock(station),
        "out": out.order_by("due_on", "pk")[:MOST],
        "today": shanghai_date(timezone.now()),
        "may_serve": may_serve(request.staff, station.area),
    }
    return render(request, "fieldwork/loans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("name", "phone")
@staff_required
def loan_new(request: StaffRequest, pk: int) -> HttpResponse:
    """Lend a piece of an item."""
    item = _item(request, pk)
    form, status = LendForm(request.POST if request.method == "POST" else None), HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                loan = loans.lend(item, by=request.staff, at=timezone.now(), **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(
                    request, _("Lent: %(item)s, piece %(piece)d.") % {"item": item.name, "piece": loan.piece}
                )
                return redirect("station_loans", item.station_id)
    context = {"form": form, "item": item, "station": item.station}
    return render(request, "fieldwork/loan_new.html", context, status=status)


@require_POST
@staff_required
def loan_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that a piece is back, broken or lost (``how``), or kept on (``how=longer``)."""
    loan, how = _loan(request, pk), request.POST.get("how", "")
    at = timezone.now()
    try:
        if how == "longer":
            loans.prolong(loan, by=request.staff, at=at)
        else:
            end = LoanEnd(how) if how in LoanEnd.values else LoanEnd.BACK
            loans.finish(loan, how=end, by=request.staff, at=at)
    except Refusal as no:
        _forbid(no)
        messages.error(request, str(no))
    else:
        messages.success(request, _("It is written down."))
    return redirect("station_loans", loan.item.station_id)


@require_POST
@never_cache
@staff_required
def loan_look(request: StaffRequest, pk: int) -> HttpResponse:
    """Show name or number of a borrower once, for a reason that is written down."""
    loan, field = _loan(request, pk), request.POST.get("field", "")
    asked = PersonField(field) if field in (PersonField.NAME, PersonField.PHONE) else PersonField.PHONE
    context = {"loan": loan, "station": loan.item.station, "field": asked}
    try:
        seen = loans.look(loan, field=asked, reason=request.POST.get("reason", ""), by=request.staff, at=timezone.now())
    except Refusal as no:
        _forbid(no)
        return render(request, "fieldwork/loan_look.html", {**context, "refusal": no}, status=no.status)
    return render(request, "fieldwork/loan_look.html", {**context, "value": seen.value})


@require_POST
@staff_required
def item_repair(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that what was lost or broken is there again."""
    item = _item(request, pk)
    count = loans.repair(item, by=request.staff)
    said = ngettext("%(count)d piece is there again.", "%(count)d pieces are there again.", count)
    messages.success(request, said % {"count": count})
    return redirect("station_loans", item.station_id)


def _item(request: StaffRequest, pk: int) -> StationItem:
    there = ServiceStation.objects.filter(around(request.staff))
    item = get_object_or_404(StationItem.objects.filter(station__in=there).select_related("station__area"), pk=pk)
    if not may_serve(request.staff, item.station.area):
        raise PermissionDenied(_("Your post does not work at this station."))
    return item


def _loan(request: StaffRequest, pk: int) -> Loan:
    rows = Loan.objects.visible_to(request.staff).select_related("item__station__area", "borrower")
    return get_object_or_404(rows, pk=pk)


def _forbid(no: Refusal) -> None:
    if no.status == HTTPStatus.FORBIDDEN:
        raise PermissionDenied(str(no)) from no
