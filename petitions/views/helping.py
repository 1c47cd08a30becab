"""Calls for help 一键响应 (004-27): calling everybody on duty, acknowledging first, calling off, ending."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.services import mark_read_about
from people.errors import Refusal
from people.models import User
from petitions import broadcasts
from petitions.call_enums import HELP_OPEN, HelpState
from petitions.forms.helping import EndForm, GiveBackForm, HelpForm
from petitions.models import Broadcast, BroadcastEscalation, Petition
from petitions.places import described
from petitions.views.access import StaffRequest, staff_required

PAGE = 30
LONGEST_KEY = 15
# What asks for words, by its form.
WORDED: Final[Mapping[str, type[forms.Form]]] = {"end": EndForm, "back": GiveBackForm}
KINDS: Final = ("take", "cancel", *WORDED)


@require_safe
@never_cache
@staff_required
def help_list(request: StaffRequest) -> HttpResponse:
    """Calls for help I may read: the open ones, then those that are over, newest first; ``?before=`` goes on."""
    seen = Broadcast.objects.visible_to(request.staff).select_related("area__parent", "by", "taken_by")
    given = request.GET.get("before", "")
    over = seen.exclude(state__in=HELP_OPEN)
    if given.isdecimal() and len(given) <= LONGEST_KEY:
        over = over.filter(pk__lt=int(given))
    rows = list(over.order_by("-pk")[: PAGE + 1])
    context = {
        "open": list(seen.open().order_by("state", "-pk")[: PAGE * 3]),
        "over": rows[:PAGE],
        "before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "may_call": bool(broadcasts.grids_of(request.staff)),
    }
    return render(request, "petitions/staff/helps.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def help_new(request: StaffRequest) -> HttpResponse:
    """Call for help; ``?petition=`` about a matter, whose place is filled in."""
    at = timezone.now()
    number = (request.POST if request.method == "POST" else request.GET).get("petition", "")
    seen = Petition.objects.visible_to(request.staff).select_related("grid")
    petition = get_object_or_404(seen, number=number) if number else None
    if not broadcasts.grids_of(request.staff, petition):
        raise PermissionDenied(_("You call for help from a grid you work in."))
    data = request.POST if request.method == "POST" else None
    lies = petition.place if data is None and petition is not None else None
    place = described([lies])[0].trail if lies is not None else ""
    form = HelpForm(data, by=request.staff, petition=petition, place=place)
    status = HTTPStatus.OK
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                called = broadcasts.call(by=request.staff, at=at, petition=petition, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("Everybody on duty has been called. You read here who comes."))
                return redirect("help", called.pk)
    context = {"form": form, "petition": petition, "minutes": broadcasts.minutes(at=at)}
    return render(request, "petitions/staff/help_new.html", context, status=status)


@require_safe
@never_cache
@staff_required
def help_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One call for help: where, who was called, who comes."""
    return _page(request, _seen(request, pk))


@require_POST
@never_cache
@staff_required
def help_do(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Take it, call it off, or end it or give it back with a word."""
    if what not in KINDS:
        raise Http404
    at, one, form = timezone.now(), _seen(request, pk), _form(request, what)
    try:
        said = _do(request, one, what, form, at=at)
    except Refusal as no:
        if no.status == HTTPStatus.FORBIDDEN:
            raise PermissionDenied(str(no)) from no
        kept = {what: form} if what in WORDED else {}
        return _page(request, _seen(request, pk), asked=kept, refusal=no, status=no.status)
    if not said:
        return _page(request, one, asked={what: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    mark_read_about(by=request.user, about=f"broadcast:{one.number}", at=at)
    messages.success(request, said)
    return redirect("help", one.pk)


def _do(request: StaffRequest, one: Broadcast, what: str, form: forms.Form, *, at: datetime) -> str:
    """Do it and return what to say; nothing where the form is not filled in."""
    if what == "take":
        broadcasts.take(one, by=request.staff, at=at)
        return _("It is yours. The caller and everybody else have been told.")
    if what == "cancel":
        broadcasts.cancel(one, by=request.staff, at=at)
        return _("Called off. Everybody has been told.")
    if what == "end":
        broadcasts.check_may_end(one, by=request.staff)
    if what == "back":
        broadcasts.check_may_give_back(one, by=request.staff)
    if not form.is_valid():
        return ""
    if what == "back":
        broadcasts.give_back(one, by=request.staff, at=at, words=form.cleaned_data["words"])
        return _("Given back. Everybody on duty has been called again.")
    broadcasts.end(one, by=request.staff, at=at, words=form.cleaned_data["words"])
    return _("Ended.")


def _form(request: StaffRequest, what: str) -> forms.Form:
    return WORDED.get(what, forms.Form)(request.POST, auto_id=f"{what}_%s")


def _seen(request: StaffRequest, pk: int) -> Broadcast:
    mine = Broadcast.objects.visible_to(request.staff).select_related(
        "area__parent", "by", "taken_by", "back_by", "closed_by"
    )
    return get_object_or_404(mine, pk=pk)


def _page(
    request: StaffRequest,
    one: Broadcast,
    *,
    asked: Mapping[str, forms.Form] | None = None,
    refusal: Refusal | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    told = User.objects.in_bulk(one.told)
    climbed = BroadcastEscalation.objects.filter(clock__broadcast=one).select_related("rung").order_by("pk")
    seen = Petition.objects.visible_to(request.staff).filter(pk=one.petition_id).first() if one.petition_id else None
    mine = request.user.pk in {one.by_id, one.taken_by_id}
    context = {
        "broadcast": one,
        "petition": seen,
        "told": [told[user_id].get_full_name() for user_id in one.told if user_id in told],
        "climbed": list(climbed),
        "form": next(iter((asked or {}).values()), None),
        "end_form": (asked or {}).get("end") or EndForm(auto_id="end_%s"),
        "back_form": (asked or {}).get("back") or GiveBackForm(auto_id="back_%s"),
        "gives_back": "back" in (asked or {}),
        "may_give_back": one.state == HelpState.TAKEN and one.taken_by_id == request.user.pk,
        "may_take": one.state == HelpState.CALLING and broadcasts.may_take(request.staff, one),
        "may_cancel": one.state in HELP_OPEN and one.by_id == request.user.pk,
        "may_end": one.state == HelpState.TAKEN and mine,
        "refusal": refusal,
    }
    return render(request, "petitions/staff/help.html", context, status=status)
