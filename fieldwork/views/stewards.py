"""Building and stairwell heads: how many houses have one, down to which have none."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from fieldwork import coverage, stewards
from fieldwork.views.coverage import area_asked
from grids.enums import Level
from petitions.views.access import StaffRequest, staff_required


@require_safe
@staff_required
def steward_coverage(request: StaffRequest) -> HttpResponse:
    """Count the houses of ``?area=CODE`` that have a head; in a community and a grid name those that have none."""
    paths = coverage.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    on = shanghai_date(timezone.now())
    area, above, below = area_asked(request, paths, on=on)
    whole, rows = stewards.lines(area, below, on=on)
    low = area.level >= Level.COMMUNITY
    vacant = stewards.vacant(area, on=on) if low else []
    context = {
        "area": area,
        "above": above,
        "whole": whole,
        "rows": rows,
        "vacant": vacant[: stewards.LISTED],
        "more": len(vacant) > stewards.LISTED,
        "is_low": low,
        "terms": stewards.terms(area, on=on) if low else [],
        "today": on,
    }
    return render(request, "fieldwork/stewards.html", context)
