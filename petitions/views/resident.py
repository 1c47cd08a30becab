"""The residents' first page."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from petitions import places
from petitions.month import this_month
from petitions.registry import home_parts

LONGEST_CODE: Final = 40


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Raise a matter, see how one stands, this month, emergency numbers; ``?area=CODE``: what is announced there."""
    at = timezone.now()
    code = request.GET.get("area", "")[:LONGEST_CODE]
    area = places.by_code(code, on=shanghai_date(at)) if code else None
    context = {"month": this_month(at=at), "parts": home_parts(area, at=at)}
    return render(request, "petitions/resident/home.html", context)
