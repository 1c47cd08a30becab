"""The one search box of staff; mounted on the admin site."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from people.contacts import is_phone, normalise_phone
from people.errors import BadInput, Refusal
from petitions import columns, finding
from petitions.columns import Line
from petitions.finding import Hits
from petitions.models import Petition
from petitions.views.access import StaffRequest, staff_required

LONGEST: Final = 60
COLUMNS: Final = ("place", "grid", "due", "status")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("q", "reason")
@staff_required
def find(request: StaffRequest) -> HttpResponse:
    """What was typed, found by number, words and place. A telephone asks why, and never stands in an address."""
    return _sent(request) if request.method == "POST" else _asked(request)


def _asked(request: StaffRequest) -> HttpResponse:
    typed = _typed(request.GET.get("q", ""))
    if finding.says_a_person(typed):
        return _refused(request, BadInput(_("Type telephone numbers into the box, never into the address.")))
    return _page(request, typed)


def _sent(request: StaffRequest) -> HttpResponse:
    """Send words on to an address; somebody's number stays in what was posted."""
    typed = _typed(request.POST.get("q", ""))
    if not typed:
        return _refused(request, BadInput(_("Please type what you look for.")))
    if not finding.says_a_person(typed):
        return redirect(f"{reverse('admin:find')}?{urlencode({'q': typed})}")
    if not is_phone(normalise_phone(typed)):
        return _page(request, typed, private=True)
    if "reason" not in request.POST:
        return _page(request, typed, private=True, is_phone=True)
    return _looked(request, typed)


def _looked(request: StaffRequest, typed: str) -> HttpResponse:
    at, reason = timezone.now(), request.POST["reason"].replace("\0", "")
    try:
        hits = finding.by_phone(typed, reason=reason, by=request.staff, at=at)
    except Refusal as no:
        return _page(
            request, typed, private=True, is_phone=True, reason=reason, refusal=no, status=HTTPStatus(no.status)
        )
    return _page(request, typed, private=True, is_phone=True, looked=True, by_phone=_lines(hits, at=at))


def _refused(request: StaffRequest, no: Refusal) -> HttpResponse:
    return _page(request, "", refusal=no, status=HTTPStatus(no.status))


def _page(
    request: StaffRequest, typed: str, *, private: bool = False, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    """Render the page; ``private``: what was typed is somebody's number, and is no word to search for."""
    at = timezone.now()
    numbers = finding.by_number(request.staff, typed) if typed else Hits()
    words, places = Hits(), []
    if typed and not private and not finding.is_number(typed):
        words = finding.by_words(request.staff, typed)
        places = finding.by_place(request.staff, typed, at=at)
    context = {
        "typed": typed,
        "by_number": _lines(numbers, at=at),
        "more_numbers": numbers.more,
        "by_words": _lines(words, at=at),
        "more_words": words.more,
        "newest_only": words.newest_only,
        "found_places": places,
        "columns": columns.chosen(COLUMNS),
        **more,
    }
    return render(request, "admin/petitions/find.html", context, status=status)


def _lines(hits: Hits, *, at: datetime) -> Sequence[Line]:
    """Return the lines of matters that were found in scope a moment ago, newest first; one query."""
    if not hits.keys:
        return []
    shown = columns.chosen(COLUMNS)
    rows = Petition.objects.filter(pk__in=hits.keys).order_by(*finding.NEWEST_FIRST).values(*columns.reads(shown))
    return columns.lines(rows, shown, at=at)


def _typed(words: str) -> str:
    return " ".join(words.replace("\0", "").split())[:LONGEST]
