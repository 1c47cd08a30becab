"""Pages of the desk about staff: who holds what, what is vacant, which roles grids lack. Mounted on the admin site."""

from datetime import date
from io import BytesIO
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from grids import roster
from grids.enums import Level
from grids.figures import figures
from grids.models import Area
from grids.roster import Show
from grids.scoped import staff_of
from grids.staff import Staff
from grids.staffing import GridStaffing, report, totals

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LISTED = 200


@require_safe
@never_cache
def posts_page(request: HttpRequest, **context: Any) -> HttpResponse:
    """Who holds what in my areas: ``?show=vacant&area=CODE&q=words&after=cursor``."""
    staff, today = _staff(request), timezone.localdate()
    asked = request.GET.get("show", "")
    show = Show(asked) if asked in Show.values else Show.ALL
    area, words = area_of(staff, request.GET.get("area", "")), request.GET.get("q", "")[:60]
    found = roster.posts_of(staff, show, on=today, area=area, words=words)
    found = found.filter(roster.after_cursor(request.GET.get("after", ""))).select_related("area", "organisation")
    posts = list(found[: roster.PAGE + 1])
    page = {
        **context,
        "title": _("Who holds which post"),
        "show": show,
        "area": area,
        "words": words,
        "counts": roster.counts(staff, on=today, area=area),
        "lines": roster.lines(posts[: roster.PAGE], staff, on=today),
        "after": roster.cursor_of(posts[roster.PAGE - 1]) if len(posts) > roster.PAGE else "",
        "areas": areas_below(staff, area),
        "today": today,
    }
    return render(request, "admin/grids/posts.html", page)


@require_safe
@never_cache
def staffing_page(request: HttpRequest, **context: Any) -> HttpResponse:
    """Which roles grids lack: ``?area=CODE`` goes down a level, ``&gaps=1`` leaves out the grids that are full."""
    staff, today = _staff(request), timezone.localdate()
    area = area_of(staff, request.GET.get("area", ""))
    only_gaps = request.GET.get("gaps") == "1"
    rows = _report(staff, area, today)
    down = areas_below(staff, area)
    groups = [(part, totals([row for row in rows if row.grid.path.startswith(part.path)])) for part in down]
    listed = [row for row in rows if row.gaps or not only_gaps] if only_gaps or _is_low(area, down) else []
    page = {
        **context,
        "title": _("Staffing of the grids"),
        "area": area,
        "only_gaps": only_gaps,
        "totals": totals(rows),
        "groups": [group for group in groups if group[1].grids],
        "rows": listed[:LISTED],
        "more": max(0, len(listed) - LISTED),
        "figures": figures(_paths(staff, area), on=today),
        "sent_down": roster.sent_down(_paths(staff, area), on=today),
        "today": today,
    }
    return render(request, "admin/grids/staffing.html", page)


@require_safe
@never_cache
def staffing_export(request: HttpRequest, **_context: Any) -> HttpResponse:
    """The vacancy report as XLSX: a line for every role of every grid in scope, and who asked for it when."""
    staff, today = _staff(request), timezone.localdate()
    area = area_of(staff, request.GET.get("area", ""))
    response = HttpResponse(_workbook(_report(staff, area, today), staff, today), content_type=XLSX)
    code = area.code if area else "all"
    response["Content-Disposition"] = f'attachment; filename="staffing-{code}-{today:%Y%m%d}.xlsx"'
    return response


def lacking(request: HttpRequest) -> dict[str, Any]:
    """Return the morning page's number of roles that lack somebody; nothing for who keeps no area."""
    staff = staff_of(request)
    if not any(held.level <= Level.GRID and held.organisation_id is None for held in staff.holdings):
        return {}
    found = totals(_report(staff, None, timezone.localdate()))
    return {"staffing": found if found.ruled else None}


def area_of(staff: Staff, code: str) -> Area | None:
    """Return the area of that code if it lies at or under the person's own; None for any other."""
    area = Area.objects.visible_to(staff).filter(code=code.replace("\0", "")).first() if code else None
    if area is None or staff.is_administrator:
        return area
    return area if any(area.path.startswith(path) for path in staff.paths) else None


def areas_below(staff: Staff, area: Area | None) -> list[Area]:
    """Return the parts to go down to: of the chosen area, else of the person's widest posts; grids are the lowest."""
    served = Area.objects.served().at(timezone.localdate()).filter(level__lte=Level.GRID)
    if area is not None:
        return list(served.filter(parent=area).order_by("code"))
    if staff.is_administrator:
        return list(served.filter(level=Level.STREET).order_by("code"))
    tops = [held.area_id for held in staff.holdings if held.level < Level.GRID]
    own = set(served.filter(path__in=staff.paths).values_list("pk", flat=True)) & set(tops)
    return list(served.filter(parent__in=own).order_by("code"))


def _staff(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    if not staff.holdings and not staff.is_administrator:
        raise PermissionDenied(_("You hold no post today. Please ask the administrator of your street."))
    return staff


def _paths(staff: Staff, area: Area | None) -> tuple[str, ...]:
    if area is not None:
        return (area.path,)
    if staff.is_administrator:
        return tuple(Area.objects.served().filter(level=Level.STREET).values_list("path", flat=True))
    return staff.paths


def _report(staff: Staff, area: Area | None, today: date) -> list[GridStaffing]:
    return report(_paths(staff, area), on=today)


def _is_low(area: Area | None, down: list[Area]) -> bool:
    return (area is not None and area.level >= Level.COMMUNITY) or any(part.level == Level.GRID for part in down)


def _workbook(rows: list[GridStaffing], staff: Staff, today: date) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Staffing of the grids"))
    headings = (
        _("Community"),
        _("Grid"),
        _("code"),
        _("staffing rule"),
        _("role"),
        _("needed"),
        _("filled"),
        _("missing"),
    )
    sheet.append(headings)
    names = dict(Area.objects.filter(pk__in={row.grid.parent_id for row in rows}).values_list("pk", "name"))
    for community, found in groupby(rows, key=lambda row: row.grid.parent_id):
        for row in found:
            place = (names.get(community or 0, ""), row.grid.label, row.grid.code)
            if row.rule is None:
                sheet.append(_cells((*place, _("no rule chosen"), "", "", "", "")))
            for need in row.needs:
                numbers = (need.needed, need.filled, need.missing)
                sheet.append([*_cells((*place, row.rule.name if row.rule else "", need.title)), *numbers])
    said = _("Exported by %(name)s on %(day)s") % {"name": staff.user.get_full_name(), "day": today.isoformat()}
    sheet.append(_cells((said,)))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(values: tuple[str, ...]) -> list[str]:
    """Text that no spreadsheet reads as a formula."""
    return [f"'{value}" if value.startswith(FORMULA_STARTS) else value for value in values]
