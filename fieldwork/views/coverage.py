"""How many households were visited of how many, month by month, down to each grid."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from fieldwork import coverage
from fieldwork.enums import Cadence
from fieldwork.periods import Period, before, period_of
from grids.enums import Level
from grids.models import Area
from petitions.views.access import StaffRequest, staff_required


@require_safe
@staff_required
def visit_coverage(request: StaffRequest) -> HttpResponse:
    """The counts of ``?month=2026-06`` for ``?area=CODE``: what lies right below it, each with a link further down."""
    paths = coverage.reach_of(request.staff)
    if not paths:
        raise PermissionDenied(_("Your post does not see these counts."))
    on = shanghai_date(timezone.now())
    month = month_of(request.GET.get("month", ""), on)
    area = _area(request, paths)
    duties, rows = coverage.of_month(request.staff, area, month=month, on=on)
    earlier = before(Cadence.MONTH, month)
    context = {
        "area": area,
        "above": _above(area, paths),
        "duties": duties,
        "rows": rows,
        "goes_down": area.level < Level.COMMUNITY,
        "month": month,
        "earlier": earlier.first,
        "later": None if month.holds(on) else period_of(Cadence.MONTH, date.fromordinal(month.last.toordinal() + 1)),
        "running": month.holds(on),
    }
    return render(request, "fieldwork/coverage.html", context)


def area_asked(request: StaffRequest, paths: tuple[str, ...], *, on: date) -> tuple[Area, Area | None, list[Area]]:
    """Return the area of ``?area=`` within these paths, the one above it if they hold it too, and those right below.

    :raises Http404: for an area outside
    """
    area = _area(request, paths)
    below = Area.objects.served().at(on).filter(parent=area, level__lte=Level.GRID).order_by("code")
    return area, _above(area, paths), list(below)


def month_of(given: str, on: date) -> Period:
    """Return the month asked for, the running one where it is none or has not come."""
    try:
        day = date.fromisoformat(f"{given}-01") if given else on
    except ValueError:
        day = on
    found = period_of(Cadence.MONTH, min(day, on))
    assert found is not None  # noqa: S101 - a month is a period
    return found


def _area(request: StaffRequest, paths: tuple[str, ...]) -> Area:
    """Return the area asked for, or the person's own; what lies outside does not exist for him."""
    code = request.GET.get("area", "")
    areas = Area.objects.under_any(paths).filter(level__lte=Level.GRID)
    if code:
        found = areas.filter(code=code).first()
        if found is None:
            raise Http404
        return found
    return areas.order_by("level", "code")[0]


def _above(area: Area, paths: tuple[str, ...]) -> Area | None:
    """Return the area above this one, if the person sees its counts too."""
    parent = area.parent
    return parent if parent is not None and parent.path.startswith(paths) else None
