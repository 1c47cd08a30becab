"""The compounds of an area: how many without management are taken over, and the projects by kind (000-54, 001-14)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from fieldwork import collecting
from grids import compounds
from grids.enums import Level
from grids.models import Area
from petitions.views.access import StaffRequest, staff_required


@require_safe
@staff_required
def compound_figures(request: StaffRequest) -> HttpResponse:
    """Coverage and projects of ``?area=CODE``, the person's own area without a question."""
    paths = collecting.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    areas = Area.objects.under_any(paths).filter(level__lte=Level.GRID)
    code = request.GET.get("area", "")
    area = areas.filter(code=code).first() if code else areas.order_by("level", "code").first()
    if area is None:
        raise Http404
    on, where = shanghai_date(timezone.now()), {"path": area.path}
    context = {
        "area": area,
        "coverage": compounds.coverage(request.staff, **where, on=on),
        "kinds": compounds.by_kind(request.staff, **where, on=on),
        "uncovered": compounds.uncovered(request.staff, **where, on=on),
        "today": on,
    }
    return render(request, "fieldwork/compounds.html", context)
