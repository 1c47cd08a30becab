"""Notices to residents: what everybody reads of a place, one to print; and the desk where they are written."""

from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import bulletins, stations
from fieldwork.enums import BulletinState
from fieldwork.forms.bulletins import BulletinForm, DecideForm, WithdrawForm
from fieldwork.models import Bulletin
from fieldwork.permissions import WRITES_BULLETINS
from fieldwork.views.stations import LONGEST_CODE
from grids.enums import Level
from grids.models import Area
from people.errors import Refusal
from petitions import places
from petitions.views.access import StaffRequest, staff_required

KINDS: Final = ("decide", "withdraw")
MOST: Final = 50
MOST_HOUSES: Final = 60


@require_safe
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """What is announced for a place: ``?area=CODE`` of a community, a grid or a house."""
    on = shanghai_date(timezone.now())
    area = places.by_code(request.GET.get("area", "")[:LONGEST_CODE], on=on)
    page = {
        "area": area,
        "areas": stations.communities(on),
        "bulletins": bulletins.showing(area, on=on)[:MOST] if area is not None else [],
    }
    return render(request, "fieldwork/bulletins.html", page)


@require_safe
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice, while it shows."""
    return render(request, "fieldwork/bulletin.html", {"one": _showing(pk)})


@require_safe
def bulletin_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on one A4 sheet, large."""
    return render(request, "fieldwork/bulletin_poster.html", {"one": _showing(pk)})


@require_safe
@never_cache
@staff_required
def bulletin_desk(request: StaffRequest) -> HttpResponse:
    """The notices of the person's areas: those that wait first, then by their days."""
    rows = Bulletin.objects.visible_to(request.staff).select_related("area", "by").prefetch_related("buildings")
    context = {
        "waiting": list(rows.filter(state=BulletinState.WAITING).order_by("at")[:MOST]),
        "rows": list(rows.exclude(state=BulletinState.WAITING).order_by("-to_on", "-pk")[:MOST]),
        "may_write": request.staff.holds(*WRITES_BULLETINS),
        "today": shanghai_date(timezone.now()),
    }
    return render(request, "fieldwork/bulletin_desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def bulletin_new(request: StaffRequest) -> HttpResponse:
    """Write a notice for ``?area=CODE``; for the person's first area without a question."""
    paths = request.staff.reach(*WRITES_BULLETINS)
    if not paths:
        raise PermissionDenied(_("Your post writes no notices."))
    at = timezone.now()
    on = shanghai_date(at)
    own = Area.objects.served().at(on).under_any(paths).filter(level__in=bulletins.LEVELS)
    areas = list(own.order_by("level", "code"))
    code = request.GET.get("area", "")
    area = next((one for one in areas if one.code == code), None) if code else (areas[0] if areas else None)
    if area is None:
        raise Http404
    houses = Area.objects.at(on).under(area.path).filter(level=Level.BUILDING).order_by("code")[:MOST_HOUSES]
    may_pin = bulletins.may_approve(request.staff, area)
    given = request.POST if request.method == "POST" else None
    form = BulletinForm(given, on=on, houses=list(houses), may_pin=may_pin)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                row = bulletins.write(area=area, **form.facts(), by=request.staff, at=at)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                waits = row.state == BulletinState.WAITING
                said = _("It waits for the lead or the secretary.") if waits else _("Residents read it from its day.")
                messages.success(request, said)
                return redirect("bulletin_work", row.pk)
    context = {"area": area, "areas": areas, "form": form, "waits": not may_pin}
    return render(request, "fieldwork/bulletin_new.html", context, status=status)


@require_safe
@never_cache
@staff_required
def bulletin_work(request: StaffRequest, pk: int) -> HttpResponse:
    """One notice at the desk: how it stands, who wrote and decided it, and what can be done."""
    return _page(request, _seen(request, pk))


@require_POST
@never_cache
@staff_required
def bulletin_do(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Approve, refuse or take down. What is refused loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    one, at = _seen(request, pk), timezone.now()
    if not _may(request, one, what):
        raise PermissionDenied(_("Your post does not allow this here."))
    form: forms.Form = DecideForm(request.POST) if what == "decide" else WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, one, asked=(what, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    verb = bulletins.decide if what == "decide" else bulletins.withdraw
    try:
        verb(one, **form.cleaned_data, by=request.staff, at=at)
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, one, asked=(what, form), status=HTTPStatus(no.status))
    messages.success(request, _("It is written down."))
    return redirect("bulletin_work", one.pk)


def _may(request: StaffRequest, one: Bulletin, what: str) -> bool:
    approves = bulletins.may_approve(request.staff, one.area)
    if what == "decide":
        return approves and one.by_id != request.user.pk
    return approves or (one.by_id == request.user.pk and bulletins.may_write(request.staff, one.area))


def _showing(pk: int) -> Bulletin:
    on = shanghai_date(timezone.now())
    rows = Bulletin.objects.showing(on).select_related("area__parent").prefetch_related("buildings")
    return get_object_or_404(rows, pk=pk)


def _seen(request: StaffRequest, pk: int) -> Bulletin:
    rows = Bulletin.objects.visible_to(request.staff).select_related("area", "by", "decided_by")
    return get_object_or_404(rows.prefetch_related("buildings"), pk=pk)


def _page(
    request: StaffRequest, one: Bulletin, *, asked: tuple[str, forms.Form] | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    what, form = asked or ("", None)
    on = shanghai_date(timezone.now())
    is_up = one.state in {BulletinState.WAITING, BulletinState.PUBLISHED}
    context: dict[str, Any] = {
        "one": one,
        "form": form,
        "asked": what,
        "decide_form": form if what == "decide" else DecideForm(),
        "withdraw_form": form if what == "withdraw" else WithdrawForm(),
        "may_decide": one.state == BulletinState.WAITING and _may(request, one, "decide"),
        "may_withdraw": is_up and _may(request, one, "withdraw"),
        "is_showing": one.state == BulletinState.PUBLISHED and one.from_on <= on <= one.to_on,
    }
    return render(request, "fieldwork/bulletin_work.html", context, status=status)
