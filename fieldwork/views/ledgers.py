"""How far the houses are written down, which are still missing, the buildings of a grid."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from fieldwork import collecting
from fieldwork.due import words_key
from fieldwork.models.households import AT_COMMUNITY, AT_GRID
from fieldwork.permissions import IMPORTS, KEEPS_HOUSEHOLDS
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from petitions.views.access import StaffRequest, staff_required

PAGE = 50


@require_safe
@staff_required
def ledgers(request: StaffRequest) -> HttpResponse:
    """Homes known and collected below ``?area=CODE``, each line with a link further down."""
    paths = collecting.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    areas = Area.objects.under_any(paths).filter(level__lte=Level.GRID).select_related("parent")
    code = request.GET.get("area", "")
    area = areas.filter(code=code).first() if code else areas.order_by("level", "code").first()
    if area is None:
        raise Http404
    rows, whole = collecting.of_area(request.staff, area)
    parent = area.parent
    context = {
        "area": area,
        "above": parent if parent is not None and parent.path.startswith(paths) else None,
        "rows": rows,
        "whole": whole,
        "goes_down": area.level < Level.COMMUNITY,
        "sees_doors": {one.pk for one in grids_of(request.staff)} if area.level >= Level.COMMUNITY else set(),
        "may_import": request.staff.holds(*IMPORTS),
    }
    return render(request, "fieldwork/ledgers.html", context)


@require_safe
@never_cache
@staff_required
def houses_missing(request: StaffRequest) -> HttpResponse:
    """The homes of ``?grid=CODE`` behind whose door nobody is written down yet, as one walks: ``?page=2``."""
    grid = _grid(request)
    if grid is None:
        return render(request, "fieldwork/houses_missing.html", {})
    found = collecting.missing(request.staff, grid, on=shanghai_date(timezone.now()))
    rows = sorted(found, key=lambda one: words_key(*_walk(one.place), one.number))
    page = _number(request.GET.get("page", ""))
    context = {
        "grid": grid,
        "rows": rows[(page - 1) * PAGE : page * PAGE],
        "count": len(rows),
        "more": page + 1 if len(rows) > page * PAGE else None,
    }
    return render(request, "fieldwork/houses_missing.html", context)


@require_safe
@staff_required
def buildings(request: StaffRequest) -> HttpResponse:
    """The buildings of ``?grid=CODE`` with how far each is written down."""
    grids = grids_of(request.staff)
    grid = _grid(request, grids)
    context: dict[str, Any] = {"grids": grids, "grid": grid}
    if grid is not None:
        places = list(Area.objects.filter(path__startswith=grid.path, level__gte=Level.BUILDING))
        counts = collecting.by_place(grid)
        rows: dict[int, collecting.Progress] = {
            one.pk: counts.get(one.pk, collecting.Progress()) for one in places if one.level == Level.BUILDING
        }
        for one in places:
            if one.level == Level.UNIT and one.parent_id in rows:
                rows[one.parent_id] += counts.get(one.pk, collecting.Progress())
        named = sorted((one for one in places if one.pk in rows), key=lambda one: words_key(one.label))
        context["rows"] = [(one, rows[one.pk]) for one in named]
        context["loose"] = counts.get(grid.pk)
    return render(request, "fieldwork/buildings.html", context)


def grids_of(staff: Staff) -> list[Area]:
    """Return the grids whose houses this person sees one by one, in the order of their codes; one query at most."""
    own = [held.area_id for held in staff.holdings if held.kind in AT_GRID]
    communities = [held.area_id for held in staff.holdings if held.kind in AT_COMMUNITY]
    if not staff.holds(*KEEPS_HOUSEHOLDS):
        return []
    below = Area.objects.filter(parent__in=communities, level=Level.GRID, served=True)
    return list((below | Area.objects.filter(pk__in=own)).order_by("code"))


def _grid(request: StaffRequest, grids: list[Area] | None = None) -> Area | None:
    """Return the grid asked for, the first of the person's own without a question; None if he has none."""
    grids = grids_of(request.staff) if grids is None else grids
    code = request.GET.get("grid", "")
    if not code:
        return grids[0] if grids else None
    for grid in grids:
        if grid.code == code:
            return grid
    raise Http404


def _walk(place: Area) -> tuple[str, ...]:
    parent = place.parent if place.level == Level.UNIT else None
    return (parent.label if parent else "", place.label)


def _number(given: str) -> int:
    return max(1, int(given)) if given.isdecimal() and len(given) <= 4 else 1  # noqa: PLR2004 - no list is so long
