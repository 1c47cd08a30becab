"""What residents read without signing in: the staff page of a community or grid, the notice board of any of ours."""

from datetime import date

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from grids import boards, microgrids
from grids.enums import Level
from grids.models import Area, AreaSuccession
from grids.registry import area_parts, filing_path

PAGE_LEVELS = (Level.COMMUNITY, Level.GRID)


@require_safe
def area_page(request: HttpRequest, code: str) -> HttpResponse:
    """Who serves here: names, posts, pledges, office and supervision telephone, service hours."""
    today = timezone.localdate()
    code = code.replace("\0", "")
    area = boards.postable(today).filter(level__in=PAGE_LEVELS, code=code).first()
    if area is None:
        return _closed_page(request, code, on=today)
    below = Area.objects.served().at(today).filter(parent=area, level=Level.GRID).order_by("code")
    page = {
        "board": boards.board(area, on=today),
        "grids": list(below) if area.level == Level.COMMUNITY else [],
        "micro_grids": microgrids.lines([area.pk], on=today).get(area.pk, []) if area.level == Level.GRID else [],
        "community": Area.objects.filter(pk=area.parent_id).first() if area.level == Level.GRID else None,
        "parts": area_parts(area, on=today),
        "filing": filing_path(area),
        "qr": qr_of(reverse("area_page", args=[area.code])),
    }
    return render(request, "grids/area.html", page)


def _closed_page(request: HttpRequest, code: str, *, on: date) -> HttpResponse:
    """Say of a grid that was drawn anew until when it was there, and which grids followed; 404 for any other code."""
    closed = get_object_or_404(Area.objects.served().filter(level=Level.GRID, valid_to__lt=on), code=code)
    rows = AreaSuccession.objects.filter(predecessor=closed).select_related("successor").order_by("successor__code")
    followed = list(dict.fromkeys(row.successor for row in rows))
    if not followed:
        raise Http404
    community = closed.parent
    return render(request, "grids/closed.html", {"area": closed, "followed": followed, "community": community})


@require_safe
def area_board(request: HttpRequest, code: str) -> HttpResponse:
    """One notice board on A4, with the code that opens the filing page for this very place."""
    today = timezone.localdate()
    area = get_object_or_404(boards.postable(today), code=code.replace("\0", ""))
    return render(request, "grids/boards.html", {"sheets": sheets([area]), "one": area})


def sheets(areas: list[Area]) -> list[tuple[boards.Board, SafeString]]:
    """Return the boards of these areas, each with its code."""
    today = timezone.localdate()
    return [(board, qr_of(_target(board.area))) for board in boards.boards(areas, on=today)]


def qr_of(path: str) -> SafeString:
    """Return a QR code of a page of ours as inline SVG."""
    code = segno.make(f"{settings.PUBLIC_URL}{path}", error="m", micro=False)
    drawing = code.svg_inline(scale=4, border=4, light="#ffffff", omitsize=True, svgclass="l-qr", lineclass=None)
    return format_html("{}", mark_safe(drawing))  # noqa: S308 - drawn by segno from our own address


def _target(area: Area) -> str:
    """Return what a board's code opens: filing for this place; the staff page while nobody takes matters."""
    return filing_path(area) or reverse("area_page", args=[area.code])
