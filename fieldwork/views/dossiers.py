"""The dossier of a grid (一网一档): on screen, on paper, as it was on a day; and the figures of many as a file."""

from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import coverage, dossier
from fieldwork.models import GridDossier
from fieldwork.permissions import ARRANGES
from fieldwork.views.coverage import area_asked
from grids import microgrids
from grids.enums import Level
from grids.models import Area
from people import exports
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 36
MOST = 2000


@require_safe
@staff_required
def dossier_list(request: StaffRequest) -> HttpResponse:
    """The grids of ``?area=CODE``, each with the heart of its figures and a link to its dossier."""
    paths = coverage.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    on = shanghai_date(timezone.now())
    area, above, below = area_asked(request, paths, on=on)
    grids = [area] if area.level == Level.GRID else [one for one in below if one.level == Level.GRID]
    numbers = dossier.figures(grids, on=on) if grids else {}
    context = {
        "area": area,
        "above": above,
        "below": [one for one in below if one.level != Level.GRID],
        "rows": [(grid, numbers[grid.pk]) for grid in grids],
    }
    return render(request, "fieldwork/dossiers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def grid_dossier(request: StaffRequest, code: str) -> HttpResponse:
    """One grid as of today, or as its dossier said on ``?on=2026-06-01``; POST keeps today's version."""
    grid = _grid(request, code)
    at = timezone.now()
    today = shanghai_date(at)
    if request.method == "POST":
        try:
            dossier.keep(grid, by=request.staff, at=at)
        except Refusal as no:
            messages.error(request, str(no))
            return _page(request, grid, today, None, status=HTTPStatus(no.status))
        messages.success(request, _("Today's version is kept."))
        return redirect("grid_dossier", grid.code)
    asked = _day(request.GET.get("on", ""))
    if asked is None or asked >= today:
        return _page(request, grid, today, None)
    kept = dossier.version(grid, on=asked)
    if kept is None:
        messages.info(request, _("No version was kept by that day. This is today's."))
        return _page(request, grid, today, None)
    return _page(request, grid, asked, kept)


@require_POST
@staff_required
def dossier_export(request: StaffRequest) -> HttpResponse:
    """The figures of all grids at or under ``?area=CODE`` as a workbook: numbers and names of grids, nobody's data.

    A POST: that it was taken is written down.
    """
    paths = coverage.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    at = timezone.now()
    on = shanghai_date(at)
    area, _above, _below = area_asked(request, paths, on=on)
    rows = Area.objects.served().at(on).under(area.path).under_any(paths).filter(level=Level.GRID)
    grids = list(rows.select_related("parent__parent").order_by("code")[:MOST])
    numbers = dossier.figures(grids, on=on)
    headings = [_("Code"), _("Street"), _("Community"), _("Grid"), *(str(one) for one in dossier.FIGURES.values())]
    lines = [
        [grid.code, *_above_of(grid), grid.label, *(numbers[grid.pk][code] for code in dossier.FIGURES)]
        for grid in grids
    ]
    mark = exports.record(what="fieldwork.griddossier", rows=len(lines), by=request.user, at=at)
    answer = HttpResponse(exports.to_xlsx(headings, lines, mark), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{mark.file_name("xlsx")}"'
    return answer


def _page(
    request: StaffRequest, grid: Area, on: date, kept: GridDossier | None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    numbers = kept.figures if kept is not None else dossier.figures([grid], on=on)[grid.pk]
    versions = GridDossier.objects.visible_to(request.staff).filter(grid=grid).select_related("by").order_by("-on")
    context = {
        "grid": grid,
        "on": on,
        "kept": kept,
        "figures": dossier.lines(numbers),
        "seats": dossier.seats(grid, on=on),
        "stations": dossier.stations(grid, on=on),
        "teams": dossier.teams(grid, on=on),
        "routes": dossier.routes(grid, on=on),
        "micro_grids": microgrids.lines([grid.pk], on=on).get(grid.pk, []),
        "versions": versions[:SHOWN],
        "may_keep": kept is None and request.staff.holds(*ARRANGES, path=grid.path),
    }
    return render(request, "fieldwork/dossier.html", context, status=status)


def _grid(request: StaffRequest, code: str) -> Area:
    """Return the grid, also one that is closed, if it lies where the person sees counts."""
    rows = Area.objects.under_any(coverage.reach_of(request.staff)).filter(level=Level.GRID, served=True)
    return get_object_or_404(rows.select_related("parent"), code=code.replace("\0", ""))


def _above_of(grid: Area) -> tuple[str, str]:
    community = grid.parent
    street = community.parent if community is not None else None
    return (street.label if street else "", community.label if community else "")


def _day(given: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as wrong:
        raise Http404 from wrong
