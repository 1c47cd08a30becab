"""My day of whoever handles: what is due next, what is new, in hand and late, who is on duty now."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from deadlines.timetable import shanghai_date
from grids.presence import present
from petitions import broadcasts, worklist
from petitions.permissions import may_file_on_behalf
from petitions.registry import day_parts
from petitions.views.access import StaffRequest, staff_required
from petitions.views.faces import faces, words_of_cards
from petitions.worklist import Figures, Section

# What colours the edge of a pile that is not empty.
STATES = {Section.LATE: "late"}
# these two are few: nothing is said where there is nothing
SELDOM = (Section.CHECK, Section.FIRST)


@dataclass(frozen=True, slots=True)
class Pile:
    """One pile of the day with its count."""

    section: Section
    count: int
    state: str
    is_shown: bool  # its cards stand on this page


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def queue(request: StaffRequest) -> HttpResponse:
    """My day: all there is to do, most pressing first; ``?section=`` one pile alone, ``&after=`` from a card on."""
    at = timezone.now()
    asked, after = request.GET.get("section", ""), request.GET.get("after", "")
    section = Section(asked) if asked in Section.values else Section.OPEN
    day = worklist.day_of(request.staff, at=at)
    page = worklist.page_of(section, day, after=after)
    cards = faces(page.cards, request)
    context: dict[str, Any] = {"now": at, "page": page, "cards": cards, "after": after, "words": words_of_cards()}
    if request.htmx:
        return render(request, "petitions/staff/queue.html#rows", context)
    figures = worklist.figures(day)
    seats = present(request.staff, shanghai_date(at))
    context |= {
        "figures": figures,
        "piles": _piles(figures, section),
        "next_card": next((one for one in cards if one.runs and one.petition.next_due_at == figures.next_at), None),
        "next_due_word": _("Due next"),
        # where the list goes on with what is not late yet
        "after_now": f"{at.isoformat()}~0",
        "may_call_for_help": bool(broadcasts.grids_of(request.staff)),
        "may_file": may_file_on_behalf(request.staff),
        "seats": seats,
        "at_post": len({(seat.name, seat.where) for seat in seats if seat.name}),
        "covered": [seat for seat in seats if seat.away],
        "parts": day_parts(request.staff, at=at),
    }
    return render(request, "petitions/staff/queue.html", context)


def _piles(figures: Figures, shown: Section) -> list[Pile]:
    return [
        Pile(one, count, STATES.get(one, "") if count else "", one == shown)
        for one, count in ((one, figures.of[one]) for one in Section)
        if count or one not in SELDOM or one == shown
    ]
