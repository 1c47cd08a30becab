"""The queue of whoever handles: what to take, what is in hand, what waits to be verified."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from petitions import broadcasts, worklist
from petitions.permissions import may_file_on_behalf
from petitions.registry import day_parts
from petitions.views.access import StaffRequest, staff_required
from petitions.worklist import Section


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def queue(request: StaffRequest) -> HttpResponse:
    """My queue in its sections; ``?section=`` shows one of them alone, ``&after=`` from a card on."""
    at = timezone.now()
    asked, after = request.GET.get("section", ""), request.GET.get("after", "")
    if asked not in Section.values:
        asked = after = ""
    sections = [Section(asked)] if asked else list(Section)
    context: dict[str, Any] = {
        "now": at,
        "alone": asked,
        "after": after,
        "pages": [
            page
            for page in worklist.pages(sections, request.staff, at=at, after=after)
            # few were asked first for what others do: nothing is said where there is nothing
            if page.cards or asked or page.section != Section.FIRST
        ],
    }
    if request.htmx:
        return render(request, "petitions/staff/queue.html#rows", {**context, "page": context["pages"][0]})
    return render(
        request,
        "petitions/staff/queue.html",
        {
            **context,
            "figures": worklist.figures(request.staff, at=at),
            "may_call_for_help": bool(broadcasts.grids_of(request.staff)),
            "may_file": may_file_on_behalf(request.staff),
            "parts": day_parts(request.staff, at=at),
        },
    )
