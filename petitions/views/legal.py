"""The figures of legal stations."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from petitions import legal
from petitions.views.access import StaffRequest, staff_required

YEAR_DIGITS = 4


@require_safe
@never_cache
@staff_required
def legal_figures(request: StaffRequest) -> HttpResponse:
    """Consultations and referrals of a year (``?year=``), by station and by kind, in my areas."""
    this_year = shanghai_date(timezone.now()).year
    given = request.GET.get("year", "")
    is_year = given.isascii() and given.isdecimal() and len(given) == YEAR_DIGITS and int(given) > 0
    year = int(given) if is_year else this_year
    context = {"year": year, "this_year": this_year, "figures": legal.year_of(request.staff, year)}
    return render(request, "petitions/staff/legal.html", context)
