"""Who comes to a community when, for everybody; which communities have nobody, for staff."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from fieldwork import advisers, coverage, legalpeople, stations
from fieldwork.views.coverage import area_asked
from fieldwork.views.stations import community_asked
from grids.enums import Level
from petitions.models import LegalStation
from petitions.views.access import StaffRequest, staff_required


@require_safe
def adviser_list(request: HttpRequest) -> HttpResponse:
    """Show who comes to a community (``?area=``) and when, and the legal stations that lie on its line."""
    on = shanghai_date(timezone.now())
    area = community_asked(request, on)
    legal = LegalStation.objects.at(on).filter(area__in=area.line_ids()) if area else LegalStation.objects.none()
    named, others = legalpeople.told(area, on=on) if area else ([], 0)
    page = {
        "named": named,
        "others": others,
        "area": area,
        "areas": stations.communities(on),
        "visits": advisers.coming(area, on=on) if area else [],
        "legal": legal.order_by("-area__level", "code"),
    }
    return render(request, "fieldwork/advisers.html", page)


@require_safe
@staff_required
def adviser_coverage(request: StaffRequest) -> HttpResponse:
    """How many communities of ``?area=CODE`` have a legal adviser, a health officer, and which have none."""
    paths = coverage.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    on = shanghai_date(timezone.now())
    area, above, below = area_asked(request, paths, on=on)
    context = {
        "area": area,
        "above": above,
        "below": below if area.level < Level.COMMUNITY else [],
        "rows": advisers.covered(area, within=paths, on=on),
        "today": on,
    }
    return render(request, "fieldwork/adviser_coverage.html", context)
