"""The register of legally informed residents, and how many there are of how many wanted (003a-20)."""

from collections.abc import Mapping
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
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import coverage, legalpeople
from fieldwork.forms.legalpeople import LegalPersonForm, TermForm, TrainingForm
from fieldwork.models import LegalPerson
from fieldwork.permissions import KEEPS_LEGAL
from fieldwork.views.coverage import area_asked
from fieldwork.views.doing import answered, looked_at
from grids.enums import Level
from grids.models import Area
from people.errors import Refusal
from petitions.forms.case import RevealForm
from petitions.views.access import StaffRequest, staff_required

KINDS: Final = ("training", "term", "look", "end")
MOST: Final = 500


@require_safe
@never_cache
@staff_required
def legal_people(request: StaffRequest) -> HttpResponse:
    """Those who serve where the person works, masked, with their term and trainings."""
    rows = LegalPerson.objects.visible_to(request.staff).filter(ends_on=None)
    found = rows.select_related("person", "area").prefetch_related("trainings").order_by("area__code", "starts_on")
    context = {
        "rows": list(found[:MOST]),
        "may_add": request.staff.holds(*KEEPS_LEGAL),
        "may_count": bool(coverage.reach_of(request.staff)),
        "today": shanghai_date(timezone.now()),
    }
    return render(request, "fieldwork/legal_people.html", context)


@require_safe
@staff_required
def legal_people_goals(request: StaffRequest) -> HttpResponse:
    """How many serve at and under ``?area=CODE`` against what is wanted, and where some are lacking."""
    paths = coverage.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    on = shanghai_date(timezone.now())
    area, above, below = area_asked(request, paths, on=on)
    context = {
        "area": area,
        "above": above,
        "below": below if area.level < Level.COMMUNITY else [],
        "rows": legalpeople.goals(area, within=paths, on=on),
        "today": on,
    }
    return render(request, "fieldwork/legal_goals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("name", "phone")
@staff_required
def legal_person_new(request: StaffRequest) -> HttpResponse:
    """Write somebody down who agreed."""
    paths = request.staff.reach(*KEEPS_LEGAL)
    if not paths:
        raise PermissionDenied(_("The community keeps this register."))
    at = timezone.now()
    areas = Area.objects.under_any(paths).filter(served=True, level__in=legalpeople.LEVELS).at(shanghai_date(at))
    given = request.POST if request.method == "POST" else None
    form = LegalPersonForm(given, areas=list(areas.order_by("code")), on=shanghai_date(at))
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                added = legalpeople.add(**form.facts(), by=request.staff, at=at)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("It is written down."))
                return redirect("legal_person", added.pk)
    return render(request, "fieldwork/legal_person_new.html", {"form": form}, status=status)


@require_safe
@never_cache
@staff_required
def legal_person(request: StaffRequest, legal_id: str) -> HttpResponse:
    """One of them: role, term, trainings, and the forms for whoever keeps the register."""
    return _page(request, _seen(request, legal_id))


@require_POST
@never_cache
@staff_required
def legal_person_do(request: StaffRequest, legal_id: str, what: str) -> HttpResponse:
    """Do one thing. What is refused changes nothing and loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    one, at = _seen(request, legal_id), timezone.now()
    if not legalpeople.may_keep(request.staff, one.area):
        raise PermissionDenied(_("The community keeps this register."))
    form = _forms(one, request.POST).get(what)
    return answered(request, one, what, form, do=lambda: _do(request, one, form, at=at), page=_page)


def _do(request: StaffRequest, one: LegalPerson, form: forms.Form | None, *, at: Any) -> HttpResponse:
    by = request.staff
    if isinstance(form, RevealForm):
        revealed = legalpeople.look(one, **form.cleaned_data, by=by, at=at)
        shown = looked_at(request, form.cleaned_data["field"], revealed)
        return render(request, "fieldwork/legal_look.html", {"legal": one, **shown})
    if isinstance(form, TrainingForm):
        legalpeople.trained(one, **form.facts(), by=by, at=at)
    elif isinstance(form, TermForm):
        legalpeople.change(one, **form.facts(), by=by, at=at)
    else:
        legalpeople.end(one, by=by, at=at)
        messages.success(request, _("It has ended. Name and number are gone."))
        return redirect("legal_people")
    messages.success(request, _("It is written down."))
    return redirect("legal_person", one.pk)


def _seen(request: StaffRequest, legal_id: str) -> LegalPerson:
    rows = LegalPerson.objects.visible_to(request.staff).filter(ends_on=None)
    return get_object_or_404(rows.select_related("person", "area__parent"), pk=legal_id)


def _forms(one: LegalPerson, data: Any = None) -> dict[str, forms.Form]:
    sealed = (("name", one.person.name_sealed), ("phone", one.person.phone_sealed))
    return {
        "training": TrainingForm(data),
        "term": TermForm(data, row=one),
        "look": RevealForm(data, fields=[field for field, blob in sealed if blob]),
    }


def _page(
    request: StaffRequest,
    one: LegalPerson,
    *,
    asked: Mapping[str, forms.Form] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    shown = {**_forms(one), **(asked or {})}
    context = {
        "legal": one,
        "trainings": one.trainings.order_by("-taken_on", "-pk"),
        **{f"{what}_form": form for what, form in shown.items()},
        "asked": set(asked or ()),
        "form": next(iter((asked or {}).values()), None),
        "may_keep": legalpeople.may_keep(request.staff, one.area),
        "is_over": one.term_ends_on < shanghai_date(timezone.now()),
    }
    return render(request, "fieldwork/legal_person.html", context, status=status)
