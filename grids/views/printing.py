"""Notice boards of a whole community in one go, for the printer. Mounted on the admin site."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grids import boards
from grids.enums import Level
from grids.models import Area
from grids.scoped import staff_of
from grids.staff import Staff
from grids.views.public import sheets
from grids.views.staffing import area_of

# A community has some ten grids and some hundred stairwells; more than this is printed grid by grid.
MOST = 400
KINDS = {"grids": (Level.GRID,), "buildings": (Level.BUILDING,), "units": (Level.UNIT,)}


@require_safe
@never_cache
def boards_page(request: HttpRequest, **context: Any) -> HttpResponse:
    """Choose what to print; ``?area=CODE&kind=units`` prints all boards of that kind in a community or grid."""
    staff, today = staff_of(request), timezone.localdate()
    kind, code = request.GET.get("kind", ""), request.GET.get("area", "")
    if code and kind in KINDS:
        area = area_of(staff, code)
        if area is None or area.level not in {Level.COMMUNITY, Level.GRID}:
            raise Http404
        wanted = boards.postable(today).under(area.path).filter(level__in=KINDS[kind]).order_by("path")
        found = list(wanted[: MOST + 1])
        page = {"sheets": sheets(found[:MOST]), "area": area, "more": len(found) > MOST}
        return render(request, "grids/boards.html", page)
    page = {**context, "title": _("Notice boards"), "communities": _communities(staff)}
    return render(request, "admin/grids/boards.html", page)


def _communities(staff: Staff) -> list[tuple[Area, list[Area]]]:
    """Return the communities in sight, each with its grids; those of one's own posts alone."""
    served = Area.objects.served().at(timezone.localdate())
    mine = served if staff.is_administrator else served.under_any(staff.paths)
    grids = list(mine.filter(level=Level.GRID).order_by("code"))
    above = Area.objects.in_bulk({grid.parent_id for grid in grids if grid.parent_id})
    ordered = sorted(above.values(), key=lambda area: area.code)
    return [(community, [grid for grid in grids if grid.parent_id == community.pk]) for community in ordered]
