"""Micro-grids of a grid (000-27): the list, a new one, its houses and its head."""

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
from fieldwork.forms.microgrids import HeadForm, MicroGridForm, PlacesForm
from fieldwork.views.doing import answered, looked_at
from grids import microgrids
from grids.enums import Level
from grids.models import Area, MicroGrid
from people.errors import Refusal
from petitions.forms.case import RevealForm
from petitions.views.access import StaffRequest, staff_required

KINDS: Final = ("places", "head", "look", "close")
MOST: Final = 200


@require_safe
@staff_required
def micro_grid_list(request: StaffRequest) -> HttpResponse:
    """The micro-grids of today that lie in the person's areas, grid by grid."""
    on = shanghai_date(timezone.now())
    seen = MicroGrid.objects.at(on).visible_to(request.staff).values("grid")
    kept = _kept(request)
    mine = Area.objects.filter(pk__in=[grid.pk for grid in kept])
    grids = list((Area.objects.filter(pk__in=seen) | mine).order_by("code")[:MOST])
    found = microgrids.lines([grid.pk for grid in grids], on=on)
    may = {grid.pk for grid in kept}
    context = {"rows": [(grid, found.get(grid.pk, []), grid.pk in may) for grid in grids]}
    return render(request, "fieldwork/micro_grids.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("contact_name", "contact_phone")
@staff_required
def micro_grid_new(request: StaffRequest) -> HttpResponse:
    """Write down a micro-grid of ``?grid=CODE``; of the person's first grid without a question."""
    grids = {grid.code: grid for grid in _kept(request)}
    if not grids:
        raise PermissionDenied(_("The grid's lead or the community's secretary keeps the micro-grids."))
    code = request.GET.get("grid", "")
    grid = grids.get(code) if code else next(iter(grids.values()))
    if grid is None:
        raise Http404
    at = timezone.now()
    form = MicroGridForm(request.POST if request.method == "POST" else None, **_offered(grid, at=at))
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                made = microgrids.make(grid, **form.facts(), by=request.staff, at=at)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("It is written down."))
                return redirect("micro_grid", made.pk)
    return render(request, "fieldwork/micro_grid_new.html", {"grid": grid, "form": form}, status=status)


@require_safe
@never_cache
@staff_required
def micro_grid(request: StaffRequest, pk: int) -> HttpResponse:
    """One micro-grid: its houses, its head, since when; and the forms for whoever keeps it."""
    return _page(request, _seen(request, pk))


@require_POST
@never_cache
@sensitive_post_parameters("contact_name", "contact_phone")
@staff_required
def micro_grid_do(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Do one thing. What is refused changes nothing and loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    one, at = _seen(request, pk), timezone.now()
    allowed = microgrids.may_look if what == "look" else microgrids.may_keep
    if not allowed(request.staff, one.grid):
        raise PermissionDenied(_("Your post does not allow this here."))
    form = _forms(one, request.POST).get(what)
    return answered(request, one, what, form, do=lambda: _do(request, one, form, at=at), page=_page)


def _do(request: StaffRequest, one: MicroGrid, form: forms.Form | None, *, at: Any) -> HttpResponse:
    by = request.staff
    if isinstance(form, RevealForm):
        revealed = microgrids.look(one, **form.cleaned_data, by=by, at=at)
        shown = looked_at(request, form.cleaned_data["field"], revealed)
        return render(request, "fieldwork/micro_grid_look.html", {"micro_grid": one, **shown})
    if isinstance(form, PlacesForm):
        microgrids.change_places(one, **form.facts(), by=by, at=at)
    elif isinstance(form, HeadForm):
        microgrids.change_head(one, **form.facts(), by=by, at=at)
    else:
        microgrids.close(one, by=by, at=at)
        messages.success(request, _("The micro-grid is closed."))
        return redirect("micro_grids")
    messages.success(request, _("It is written down."))
    return redirect("micro_grid", one.pk)


def _kept(request: StaffRequest) -> list[Area]:
    """Return the grids whose micro-grids this person keeps, in the order of their codes; one query at most."""
    paths = request.staff.reach(*microgrids.KEEPS)
    if not paths:
        return []
    return list(Area.objects.under_any(paths).filter(level=Level.GRID, served=True).order_by("code"))


def _seen(request: StaffRequest, pk: int) -> MicroGrid:
    rows = MicroGrid.objects.visible_to(request.staff).select_related("grid__parent", "head", "volunteer")
    return get_object_or_404(rows, pk=pk)


def _offered(grid: Area, *, at: Any) -> dict[str, Any]:
    on = shanghai_date(at)
    return {"offered": microgrids.places_in(grid, on=on), "people": microgrids.heads_for(grid, on=on)}


def _forms(one: MicroGrid, data: Any = None) -> dict[str, forms.Form]:
    offered = _offered(one.grid, at=timezone.now())
    chosen = list(one.places.filter(ends_on=None).values_list("place", flat=True))
    person = one.volunteer
    sealed = (("name", person.name_sealed), ("phone", person.phone_sealed)) if person is not None else ()
    return {
        "places": PlacesForm(data, offered=offered["offered"], chosen=chosen),
        "head": HeadForm(data, people=offered["people"], head=one.head),
        "look": RevealForm(data, fields=[field for field, blob in sealed if blob]),
    }


def _page(
    request: StaffRequest,
    one: MicroGrid,
    *,
    asked: Mapping[str, forms.Form] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    may_keep = one.valid_to is None and microgrids.may_keep(request.staff, one.grid)
    shown = {**(_forms(one) if one.valid_to is None else {}), **(asked or {})}
    volunteer = one.volunteer
    history = one.places.select_related("place__parent").order_by("place__code", "starts_on")
    context = {
        "micro_grid": one,
        "history": [(microgrids.in_words(row.place), row) for row in history],
        **{f"{what}_form": form for what, form in shown.items()},
        "asked": set(asked or ()),
        "form": next(iter((asked or {}).values()), None),
        "may_keep": may_keep,
        "may_look": microgrids.may_look(request.staff, one.grid)
        and volunteer is not None
        and bool(volunteer.name_sealed or volunteer.phone_sealed),
    }
    return render(request, "fieldwork/micro_grid.html", context, status=status)
