"""The map of the five mechanisms (004-05)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from petitions import mechanisms
from petitions.views.access import StaffRequest, staff_required


@require_safe
@never_cache
@staff_required
def process(request: StaffRequest) -> HttpResponse:
    """The five, each with what stands behind it; ``?show=deliberation`` lists what is to be discussed."""
    shown = request.GET.get("show") == "deliberation"
    context = {
        "stages": mechanisms.process_map(request.staff, at=timezone.now()),
        "deliberation": mechanisms.to_deliberate(request.staff) if shown else None,
    }
    return render(request, "petitions/staff/process.html", context)
