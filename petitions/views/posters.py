"""Posters with the code of a building: one A4 sheet each, a community's at once; withdrawn when torn off or copied."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deadlines.timetable import shanghai_date
from grids.views.public import qr_of
from petitions import posters
from petitions.views.access import StaffRequest, staff_required

# A community has some hundred buildings; more than this is printed grid by grid.
MOST = 300


@require_safe
@never_cache
@staff_required
def poster_page(request: StaffRequest) -> HttpResponse:
    """Choose what to print; ``?area=CODE`` prints the posters of all buildings in a community, grid or building."""
    on = shanghai_date(timezone.now())
    reach = posters.reach_of(request.staff, on=on)
    if not request.staff.holds(*posters.PRINTS):
        raise PermissionDenied(_("Your post does not print posters."))
    code = request.GET.get("area", "").replace("\x00", "")
    if not code:
        places = [(area, posters.may_withdraw(request.staff, area)) for area in posters.offered(reach)]
        return render(request, "petitions/staff/posters.html", {"places": places})
    area = reach.filter(code=code).first()
    if area is None:
        raise Http404
    found = list(posters.buildings(area, on=on)[: MOST + 1])
    sheets = [
        (around, building, qr_of(posters.filing_page(building)))
        for building, around in posters.with_surroundings(found[:MOST])
    ]
    context = {"sheets": sheets, "area": area, "more": len(found) > MOST}
    return render(request, "petitions/staff/poster_sheets.html", context)


@require_POST
@never_cache
@staff_required
def poster_withdraw(request: StaffRequest) -> HttpResponse:
    """Make the codes printed so far for an area open nothing any more."""
    at = timezone.now()
    code = request.POST.get("area", "").replace("\x00", "")
    area = posters.reach_of(request.staff, on=shanghai_date(at)).filter(code=code).first()
    if area is None:
        raise Http404
    if not posters.may_withdraw(request.staff, area):
        raise PermissionDenied(_("Your post does not withdraw printed codes."))
    if request.POST.get("sure") != "1":
        return render(request, "petitions/staff/poster_withdraw.html", {"area": area}, status=HTTPStatus.OK)
    posters.withdraw(area, by=request.staff, at=at)
    done = _("The codes printed so far for %(area)s no longer work. Print and hang up new ones.")
    messages.success(request, done % {"area": area.label})
    return redirect("posters")
