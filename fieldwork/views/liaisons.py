"""The register of liaisons and elderly people's telephones: whose number calls, what they call about, who answers."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from deadlines.timetable import shanghai_date
from fieldwork import liaisons
from fieldwork.forms.liaisons import AnswersForm, CallForm, LiaisonForm, ToldForm
from fieldwork.models import Liaison
from fieldwork.permissions import KEEPS_LIAISONS, may_keep, may_keep_liaisons
from grids.enums import Level
from grids.models import Appointment, Area
from grids.staff import Staff
from people.enums import PersonField
from people.errors import Refusal
from people.models import User
from people.services import reveals_left
from petitions.enums import Urgency
from petitions.forms.case import RevealForm
from petitions.models import Petition
from petitions.views.access import StaffRequest, staff_required

LIST: Final = "fieldwork/liaisons.html"
NEW: Final = "fieldwork/liaison_new.html"
SEARCH: Final = "fieldwork/place_search.html"
MOST: Final = 500
OFFERED: Final = 30
KINDS: Final = ("told", "look", "answers", "end")


@require_safe
@never_cache
@staff_required
def liaison_list(request: StaffRequest) -> HttpResponse:
    """Those in force that the person sees, by grid and place; name and number masked."""
    return _list(request, CallForm())


@require_POST
@never_cache
@sensitive_post_parameters("phone")
@staff_required
def liaison_call(request: StaffRequest) -> HttpResponse:
    """Look whose number calls, and go to his page; a number not known stays in the form, never in an address."""
    form = CallForm(request.POST)
    if form.is_valid():
        found = liaisons.find(form.cleaned_data["phone"], by=request.staff)
        if found is not None:
            return redirect("liaison", found.pk)
        form.add_error("phone", _("This number is in no register of yours. File it as an ordinary call."))
    return _list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _list(request: StaffRequest, form: CallForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    rows = Liaison.objects.visible_to(request.staff).filter(ends_on=None)
    found = rows.select_related("person", "place__parent", "grid", "answers").order_by("grid__code", "place__path")
    context = {
        "liaisons": list(found[:MOST]),
        "form": form,
        "may_add": request.staff.holds(*KEEPS_LIAISONS),
    }
    return render(request, LIST, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
@sensitive_post_parameters("name", "phone")
@staff_required
def liaison_new(request: StaffRequest) -> HttpResponse:
    """Write somebody down; "Find" searches the place and writes nothing."""
    paths = request.staff.reach(*KEEPS_LIAISONS)
    if not paths:
        raise PermissionDenied(_("The community keeps this register."))
    at = timezone.now()
    areas = Area.objects.under_any(paths).filter(served=True)
    options: dict[str, Any] = {
        "at": at,
        "people": _people(areas, at=at),
        "within": paths[0] if len(paths) == 1 else "",
        "offered": list(areas.filter(level=Level.BUILDING).select_related("parent").order_by("path")[:OFFERED]),
    }
    if request.method != "POST":
        return render(request, NEW, {"form": LiaisonForm(**options)})
    if "find" in request.POST:
        form = LiaisonForm(initial=request.POST.dict(), **options)
        return render(request, SEARCH if request.htmx else NEW, {"form": form, "here": reverse("liaison_new")})
    form, status = LiaisonForm(request.POST, **options), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid() and form.area is not None:
        try:
            added = liaisons.add(**form.facts(), by=request.staff, at=at)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
            status = HTTPStatus(no.status)
        else:
            messages.success(request, _("It is written down. Calls from this number are recognised from now on."))
            return redirect("liaison", added.pk)
    return render(request, NEW, {"form": form}, status=status)


@require_safe
@never_cache
@staff_required
def liaison(request: StaffRequest, liaison_id: str) -> HttpResponse:
    """One of them: where, who answers, and the form for what they call about."""
    return _page(request, _seen(request, liaison_id))


@require_POST
@never_cache
@sensitive_post_parameters("words")
@staff_required
def liaison_do(request: StaffRequest, liaison_id: str, what: str) -> HttpResponse:
    """Do one thing. What is refused changes nothing and loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    one = _seen(request, liaison_id)
    may = {"told": liaisons.may_take, "look": _may_look}.get(what, _may_keep)
    if not may(request.staff, one):
        raise PermissionDenied(_("Your post does not allow this here."))
    form = _forms(one, request.POST)[what] if what != "end" else None
    if form is not None and not form.is_valid():
        return _page(request, one, asked={what: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return _do(request, one, what, form.cleaned_data if form is not None else {})
    except Refusal as no:
        if form is None:
            messages.error(request, str(no))
            return _page(request, one, status=HTTPStatus(no.status))
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, one, asked={what: form}, status=HTTPStatus(no.status))


def _do(request: StaffRequest, one: Liaison, what: str, given: Mapping[str, Any]) -> HttpResponse:
    at, by = timezone.now(), request.staff
    if what == "told":
        filed = liaisons.take_call(one, by=by, at=at, **given)
        context = {
            "filed": filed,
            "is_emergency": filed.petition.urgency == Urgency.EMERGENCY,
            "is_in_scope": Petition.objects.visible_to(by).filter(pk=filed.petition.pk).exists(),
        }
        return render(request, "petitions/staff/filed.html", context)
    if what == "look":
        revealed = liaisons.look(one, by=by, at=at, **given)
        context = {
            "liaison": one,
            "field": given["field"],
            "label": PersonField(given["field"]).label,
            "value": revealed.value,
            "left": reveals_left(request.user, at=at),
        }
        return render(request, "fieldwork/liaison_look.html", context)
    if what == "answers":
        liaisons.let_answer(one, by=by, at=at, **given)
        messages.success(request, _("It is written down."))
        return redirect("liaison", one.pk)
    liaisons.end(one, by=by, at=at)
    messages.success(request, _("It has ended. Name and number are gone."))
    return redirect("liaisons")


def _seen(request: StaffRequest, liaison_id: str) -> Liaison:
    """Return the one asked for if it is in force and the person sees it; what does not, does not exist for him."""
    rows = Liaison.objects.visible_to(request.staff).filter(ends_on=None)
    return get_object_or_404(rows.select_related("person", "place__parent", "grid", "answers"), pk=liaison_id)


def _forms(one: Liaison, data: Any = None) -> dict[str, forms.Form]:
    sealed = (("name", one.person.name_sealed), ("phone", one.person.phone_sealed))
    return {
        "told": ToldForm(data),
        "look": RevealForm(data, fields=[field for field, blob in sealed if blob]),
        "answers": AnswersForm(data, people=liaisons.answerable(one.grid, at=timezone.now())),
    }


def _page(
    request: StaffRequest, one: Liaison, *, asked: Mapping[str, forms.Form] | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    shown = {**_forms(one), **(asked or {})}
    context = {
        "liaison": one,
        **{f"{what}_form": form for what, form in shown.items()},
        "form": next(iter((asked or {}).values()), None),
        "asked": set(asked or ()),
        "may_take": liaisons.may_take(request.staff, one),
        "may_look": _may_look(request.staff, one),
        "may_keep": _may_keep(request.staff, one),
    }
    return render(request, "fieldwork/liaison.html", context, status=status)


def _may_keep(by: Staff, one: Liaison) -> bool:
    return may_keep_liaisons(by, one.grid)


def _may_look(by: Staff, one: Liaison) -> bool:
    return may_keep(by, one.grid) or one.answers_id == by.user.pk


def _people(areas: QuerySet[Area], *, at: datetime) -> QuerySet[User]:
    on = shanghai_date(at)
    seats = Appointment.objects.at(on).filter(
        post__area__in=areas.filter(level__in=(Level.COMMUNITY, Level.GRID)), post__organisation=None
    )
    return User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("display_name", "pk")
