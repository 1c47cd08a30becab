"""Happy Home partners: who they are in my community, how many there are in each area; naming one, honouring, ending."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import coverage
from fieldwork.views.coverage import area_asked
from grids.enums import Level
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required
from volunteers import partners
from volunteers.forms.partners import HonourForm, PartnerForm
from volunteers.models import HomePartner, Volunteer
from volunteers.permissions import may_keep

WHAT: Final = ("honour", "end")
MOST: Final = 500


@require_safe
@never_cache
@staff_required
def home_partners(request: StaffRequest) -> HttpResponse:
    """The partners of my community, masked, with category, duties, term and years they were outstanding."""
    on = shanghai_date(timezone.now())
    rows = HomePartner.objects.visible_to(request.staff).filter(ends_on=None)
    found = rows.select_related("volunteer__person", "area").prefetch_related("awards").order_by("area__code", "-pk")
    context = {"rows": list(found[:MOST]), "today": on, "may_count": bool(coverage.reach_of(request.staff))}
    return render(request, "volunteers/partners.html", context)


@require_safe
@staff_required
def home_partner_counts(request: StaffRequest) -> HttpResponse:
    """How many partners ``?area=CODE`` has, by category and duty, and how many were outstanding this year (001-24)."""
    paths = coverage.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    on = shanghai_date(timezone.now())
    area, above, below = area_asked(request, paths, on=on)
    context = {
        "area": area,
        "above": above,
        "below": below if area.level < Level.COMMUNITY else [],
        "count": partners.counted(area, on=on),
        "today": on,
    }
    return render(request, "volunteers/partner_counts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def home_partner_new(request: StaffRequest, volunteer_id: str) -> HttpResponse:
    """Name a volunteer a partner."""
    rows = Volunteer.objects.visible_to(request.staff).select_related("person", "home")
    row = get_object_or_404(rows, pk=volunteer_id)
    if not may_keep(request.staff, row.home):
        raise PermissionDenied(_("The community where they live keeps this register."))
    at = timezone.now()
    data = request.POST if request.method == "POST" else None
    form, status = PartnerForm(data, on=shanghai_date(at)), HTTPStatus.OK
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                made = partners.name(row, by=request.staff, at=at, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("It is written down."))
                return redirect("home_partner", made.pk)
    return render(request, "volunteers/partner_new.html", {"form": form, "row": row}, status=status)


@require_safe
@never_cache
@staff_required
def home_partner(request: StaffRequest, pk: int) -> HttpResponse:
    """One partner."""
    return _page(request, _seen(request, pk))


@require_POST
@never_cache
@staff_required
def home_partner_do(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Honour or end. What is refused changes nothing and loses nothing that was typed."""
    if what not in WHAT:
        raise Http404
    one, at = _seen(request, pk), timezone.now()
    if not may_keep(request.staff, one.area):
        raise PermissionDenied(_("The community where they live keeps this register."))
    form = HonourForm(request.POST, on=shanghai_date(at)) if what == "honour" else None
    if form is not None and not form.is_valid():
        return _page(request, one, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return _do(request, one, form, at=at)
    except Refusal as no:
        if form is None:
            messages.error(request, str(no))
        else:
            form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, one, form=form, status=HTTPStatus(no.status))


def _do(request: StaffRequest, one: HomePartner, form: forms.Form | None, *, at: datetime) -> HttpResponse:
    if form is None:
        partners.end(one, by=request.staff, at=at)
        messages.success(request, _("It has ended."))
        return redirect("home_partners")
    partners.honour(one, year=form.cleaned_data["year"], by=request.staff, at=at)
    messages.success(request, _("It is written down."))
    return redirect("home_partner", one.pk)


def _seen(request: StaffRequest, pk: int) -> HomePartner:
    rows = HomePartner.objects.visible_to(request.staff).select_related("volunteer__person", "area")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: StaffRequest, one: HomePartner, *, form: Any = None, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    on = shanghai_date(timezone.now())
    context = {
        "partner": one,
        "years": list(one.awards.order_by("-year").values_list("year", flat=True)),
        "may_keep": may_keep(request.staff, one.area) and one.ends_on is None,
        "honour_form": form or HonourForm(on=on),
        "form": form,
        "is_over": one.term_ends_on < on,
    }
    return render(request, "volunteers/partner.html", context, status=status)
