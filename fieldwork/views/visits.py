"""Who is to be visited, grid by grid; and writing down the doors of a house."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from deadlines.timetable import shanghai_date
from fieldwork import due, households
from fieldwork.coverage import reach_of
from fieldwork.enums import State
from fieldwork.forms.households import DoorsForm
from fieldwork.models import Household
from fieldwork.models.households import AT_COMMUNITY
from fieldwork.permissions import CARES, KEEPS_HOUSEHOLDS
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required

PAGE = 30
MINE = "mine"
NEW = "fieldwork/household_new.html"
SEARCH = "fieldwork/place_search.html"


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def visit_list(request: StaffRequest) -> HttpResponse:
    """Who waits for a visit in one grid: ``?grid=CODE&state=late&page=2``; ``?grid=mine``: who is linked to me."""
    at = timezone.now()
    on = shanghai_date(at)
    grids = _grids(request.staff)
    linked = due.linked_grids(request.staff)
    if not grids and not linked and "grid" not in request.GET:
        return render(request, "fieldwork/visits.html", {"none_to_visit": True, "may_count": _may_count(request)})
    grid = _chosen(request, grids, linked=bool(linked))
    seen = Household.objects.visible_to(request.staff)
    if grid is None:
        lines = due.lines(seen.filter(grid__in=linked), linked, on=on, user_id=request.user.pk)
    else:
        lines = due.lines(seen.filter(grid=grid), {grid.pk: grid.path}, on=on)
    wanted = request.GET.get("state", "")
    shown = [line for line in lines if line.state == wanted] if wanted in State.values else lines
    page = _number(request.GET.get("page", ""))
    context: dict[str, Any] = {
        "lines": shown[(page - 1) * PAGE : page * PAGE],
        "more": page + 1 if len(shown) > page * PAGE else None,
        "state": wanted if wanted in State.values else "",
        "grid": grid,
        "asked": grid.code if grid else MINE,
    }
    if request.htmx:
        return render(request, "fieldwork/visits.html#rows", context)
    return render(
        request,
        "fieldwork/visits.html",
        {
            **context,
            "grids": grids,
            "linked": bool(linked),
            "counts": {state.value: sum(line.state == state for line in lines) for state in State},
            "may_keep": grid is not None and request.staff.holds(*KEEPS_HOUSEHOLDS, path=grid.path),
            "may_count": _may_count(request),
            "may_care": request.staff.holds(*CARES),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def household_new(request: StaffRequest) -> HttpResponse:
    """Write down doors of a house: ``?place=CODE`` chooses it; "Find" searches it and writes nothing."""
    paths = request.staff.reach(*KEEPS_HOUSEHOLDS)
    if not paths:
        raise PermissionDenied(_("Your post does not keep households."))
    at = timezone.now()
    offered = list(Area.objects.under_any(paths).filter(level=Level.BUILDING, served=True).order_by("path")[:PAGE])
    options: dict[str, Any] = {
        "on": shanghai_date(at),
        "within": paths[0] if len(paths) == 1 else "",
        "offered": offered,
    }
    if request.method != "POST":
        asked = {name: request.GET.get(name, "")[:40] for name in ("place", "doors")}
        form = DoorsForm(initial=asked, **options)
        return render(request, NEW, {"form": form})
    if "find" in request.POST:
        form = DoorsForm(initial=request.POST.dict(), **options)
        return render(request, SEARCH if request.htmx else NEW, {"form": form, "here": reverse("household_new")})
    form, status = DoorsForm(request.POST, **options), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid() and form.area is not None:
        try:
            added = households.add(**form.facts(), by=request.staff, at=at)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
            status = HTTPStatus(no.status)
        else:
            said = ngettext("%(count)d household written down.", "%(count)d households written down.", len(added))
            messages.success(request, said % {"count": len(added)})
            if len(added) == 1:
                return redirect("household", added[0].pk)
            return redirect("visits")
    return render(request, NEW, {"form": form}, status=status)


def _grids(staff: Staff) -> list[Area]:
    """Return the grids whose households this person sees by his posts, in the order of their codes; one query."""
    own = due.grids_of(staff)
    communities = [held.area_id for held in staff.holdings if held.kind in AT_COMMUNITY]
    if not own and not communities:
        return []
    below = Area.objects.filter(parent__in=communities, level=Level.GRID, served=True)
    return list((below | Area.objects.filter(pk__in=own)).order_by("code"))


def _chosen(request: StaffRequest, grids: list[Area], *, linked: bool) -> Area | None:
    """Return the grid asked for; None for the households linked to the person."""
    asked = request.GET.get("grid", "")
    if not asked and (grids or linked):
        return grids[0] if grids else None
    if asked == MINE and linked:
        return None
    for grid in grids:
        if grid.code == asked:
            return grid
    raise Http404


def _number(given: str) -> int:
    return max(1, int(given)) if given.isdecimal() and len(given) <= 4 else 1  # noqa: PLR2004 - no list is so long


def _may_count(request: StaffRequest) -> bool:
    return bool(reach_of(request.staff))
