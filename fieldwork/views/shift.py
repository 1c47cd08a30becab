"""One shift: taking it, offering it, giving it to somebody, handing it over and taking that over."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import handing, shifts
from fieldwork.forms.shifts import ColleagueForm, HandingForm
from fieldwork.models import DutyPoint, DutyShift
from fieldwork.permissions import may_plan, may_serve
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required


@require_safe
@never_cache
@staff_required
def duty_shift(request: StaffRequest, pk: int) -> HttpResponse:
    """One shift with what was handed over to it."""
    return _page(request, _shift(request, pk))


@require_POST
@staff_required
def duty_take(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a gap, or what was offered to one."""
    return _do(request, _shift(request, pk), shifts.take, _("It is your shift now."))


@require_POST
@staff_required
def duty_offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer one's own shift to a colleague."""
    shift = _shift(request, pk)
    if shift.user_id != request.user.pk:
        raise PermissionDenied(_("This is not your shift."))
    form = ColleagueForm(request.POST, area=shift.area, on=shanghai_date(shift.starts_at), prefix="offer")
    if not form.is_valid():
        return _page(request, shift, offer=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _do(request, shift, shifts.offer, _("It stays yours until your colleague takes it."), to=_chosen(form))


@require_POST
@staff_required
def duty_assign(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a shift to somebody."""
    shift = _shift(request, pk)
    if not may_plan(request.staff, shift.area):
        raise PermissionDenied(_("Your post does not plan the duty of this area."))
    form = ColleagueForm(request.POST, area=shift.area, on=shanghai_date(shift.starts_at), prefix="assign")
    if not form.is_valid():
        return _page(request, shift, assign=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _do(request, shift, shifts.assign, _("The shift stands in the plan."), user=_chosen(form))


@require_POST
@staff_required
def duty_hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand over at the end; what is wrong comes back with what was typed."""
    shift = _shift(request, pk)
    if shift.user_id != request.user.pk:
        raise PermissionDenied(_("This is not your shift."))
    form, status = HandingForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            handing.hand_over(shift, by=request.staff, at=timezone.now(), **form.facts())
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
            status = HTTPStatus(no.status)
        else:
            messages.success(request, _("It is handed over. Whoever comes next reads it."))
            return redirect("duty_shift", shift.pk)
    return _page(request, shift, words=form, status=status)


@require_POST
@staff_required
def duty_take_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Acknowledge what the shift before left."""
    return _do(request, _shift(request, pk), handing.take_over, _("You have taken it over."))


@require_POST
@staff_required
def duty_point(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that an open point is done."""
    seen = DutyPoint.objects.filter(shift__in=DutyShift.objects.visible_to(request.staff))
    point = get_object_or_404(seen.select_related("shift__area"), pk=pk)
    try:
        was_open = handing.done(point, by=request.staff, at=timezone.now())
    except Refusal as no:
        raise PermissionDenied(str(no)) from no
    messages.success(request, _("Done.") if was_open else _("Somebody did it already."))
    return redirect("duty_shift", point.shift_id)


def _do(request: StaffRequest, shift: DutyShift, verb: Callable[..., object], said: str, **facts: Any) -> HttpResponse:
    try:
        verb(shift, by=request.staff, at=timezone.now(), **facts)
    except Refusal as no:
        if no.status == HTTPStatus.FORBIDDEN:
            raise PermissionDenied(str(no)) from no
        messages.error(request, str(no))
    else:
        messages.success(request, said)
    return redirect("duty_shift", shift.pk)


def _page(
    request: StaffRequest,
    shift: DutyShift,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    words: HandingForm | None = None,
    offer: ColleagueForm | None = None,
    assign: ColleagueForm | None = None,
) -> HttpResponse:
    at = timezone.now()
    on = shanghai_date(shift.starts_at)
    is_mine, is_over = shift.user_id == request.user.pk, shift.ends_at <= at
    is_open = not is_over and shift.handed_at is None
    earlier = handing.before(shift)
    serves = may_serve(request.staff, shift.area)
    context = {
        "shift": shift,
        "earlier": earlier,
        "points": list(handing.open_points(shift)),
        "is_mine": is_mine,
        "is_over": is_over,
        "may_serve": serves,
        "may_take": is_open and serves and (shift.user_id is None or shift.offered_to_id == request.user.pk),
        "takes_over": is_mine and earlier is not None and earlier.handed_at is not None and earlier.taken_at is None,
        "handing": words or (HandingForm() if is_mine and shift.handed_at is None and shift.starts_at <= at else None),
        "offer": offer or (ColleagueForm(area=shift.area, on=on, prefix="offer") if is_mine and is_open else None),
        "assign": assign
        or (
            ColleagueForm(area=shift.area, on=on, prefix="assign")
            if is_open and may_plan(request.staff, shift.area)
            else None
        ),
    }
    context["form"] = next((one for one in (words, offer, assign) if one is not None), None)
    return render(request, "fieldwork/duty_shift.html", context, status=status)


def _shift(request: StaffRequest, pk: int) -> DutyShift:
    seen = DutyShift.objects.visible_to(request.staff)
    rows = seen.select_related("user", "was", "offered_to", "taken_by", "area", "station")
    return get_object_or_404(rows, pk=pk)


def _chosen(form: ColleagueForm) -> Any:
    return form.cleaned_data["user"]
