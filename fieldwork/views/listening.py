"""How each of the six ones was used in a month, down to each grid."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from fieldwork import coverage, listening
from fieldwork.enums import Cadence
from fieldwork.periods import before, period_of
from fieldwork.views.coverage import area_asked, month_of
from grids.enums import Level
from petitions.channels import SIX_ONES
from petitions.views.access import StaffRequest, staff_required


@require_safe
@never_cache
@staff_required
def listening_page(request: StaffRequest) -> HttpResponse:
    """The six ways of ``?month=2026-06`` for ``?area=CODE``: what lies right below it, with links further down."""
    paths = coverage.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    on = shanghai_date(timezone.now())
    month = month_of(request.GET.get("month", ""), on)
    area, above, below = area_asked(request, paths, on=on)
    context = {
        "area": area,
        "above": above,
        "ways": [(channel.label, name) for channel, name in SIX_ONES.items()],
        "rows": listening.of_month(request.staff, below or [area], month=month),
        "goes_down": area.level < Level.COMMUNITY,
        "month": month,
        "earlier": before(Cadence.MONTH, month).first,
        "later": None if month.holds(on) else period_of(Cadence.MONTH, date.fromordinal(month.last.toordinal() + 1)),
        "running": month.holds(on),
    }
    return render(request, "fieldwork/listening.html", context)
