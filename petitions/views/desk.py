"""The secretary's pages, mounted on the admin site: the queue and the figures."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from deadlines.timetable import shanghai_date
from grids.enums import DEPARTMENT_POSTS
from grids.models import Area
from grids.staff import Staff
from people.errors import Refusal
from petitions import board, desk, morning, registry, transitions
from petitions.cards import after_cursor, cards_of, cursor_of, make_cards
from petitions.desk import Pile
from petitions.enums import Verb
from petitions.forms.desk import DispatchManyForm
from petitions.models import Petition
from petitions.permissions import MAY
from petitions.views.access import StaffRequest, staff_required

MOST_AT_ONCE = 100
# found by asking who decides on each: counted in the morning, and where they are the list
SELDOM = (Pile.EXTENSION,)
NAMED = ("community", "grid", "organisation")


@require_safe
@staff_required
def queue(request: StaffRequest, **context: Any) -> HttpResponse:
    """One pile of work, most pressing first: ``?pile=late&area=CODE&q=words&after=cursor``."""
    at = timezone.now()
    pile = Pile(request.GET["pile"]) if request.GET.get("pile") in Pile.values else Pile.OPEN
    area = _area(request.staff, request.GET.get("area", ""))
    words = request.GET.get("q", "")[:60]
    found = desk.listed(request.staff, pile, at=at, area=area, words=words)
    rows = list(cards_of(found.filter(after_cursor(request.GET.get("after", ""))), *NAMED)[: desk.PAGE + 1])
    page = {
        **context,
        "title": pile.label,
        "pile": pile,
        "tiles": desk.tiles(request.staff, at=at, shown=[one for one in Pile if one == pile or one not in SELDOM]),
        "areas": desk.area_counts(request.staff, at=at),
        "area": area,
        "words": words,
        "cards": make_cards(rows[: desk.PAGE], request.staff, at=at),
        "after": cursor_of(rows[desk.PAGE - 1]) if len(rows) > desk.PAGE else "",
        "may_dispatch": _may(request.staff, Verb.DISPATCH),
        "now": at,
    }
    return render(request, "admin/petitions/queue.html", page)


@require_POST
@staff_required
def dispatch_many(request: StaffRequest, **context: Any) -> HttpResponse:
    """Give several petitions to one handler: a preview first, then all of them or none."""
    if not _may(request.staff, Verb.DISPATCH):
        raise PermissionDenied(_("Your post does not dispatch petitions."))
    at = timezone.now()
    numbers = list(dict.fromkeys(request.POST.getlist("number")))[:MOST_AT_ONCE]
    petitions = list(Petition.objects.visible_to(request.staff).filter(number__in=numbers).select_related("area"))
    if not numbers:
        messages.error(request, _("Choose at least one petition."))
        return redirect("admin:queue")
    if len(petitions) != len(numbers):
        raise PermissionDenied(_("One of these petitions is not in your area. Nothing was changed."))
    confirmed = "confirm" in request.POST
    form = DispatchManyForm(
        request.POST if confirmed else None, petitions=petitions, by=request.staff, on=shanghai_date(at)
    )
    refusal, status = "", HTTPStatus.OK
    if confirmed and form.is_valid():
        try:
            _dispatch_all(petitions, by=request.staff, at=at, **form.facts())
        except Refusal as no:
            refusal, status = str(no), HTTPStatus(no.status)
        else:
            done = ngettext("%(count)d petition dispatched.", "%(count)d petitions dispatched.", len(petitions))
            messages.success(request, done % {"count": len(petitions)})
            return redirect("admin:queue")
    elif confirmed:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    page = {
        **context,
        "title": _("Dispatch several petitions"),
        "petitions": Petition.objects.filter(pk__in=[petition.pk for petition in petitions]).for_list(),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "admin/petitions/dispatch_many.html", page, status=status)


@transaction.atomic
def _dispatch_all(petitions: list[Petition], *, by: Staff, at: datetime, **facts: Any) -> None:
    for petition in sorted(petitions, key=lambda one: one.pk):
        transitions.dispatch(petition, by=by, at=at, **facts)


def _area(staff: Staff, code: str) -> Area | None:
    """Return the area of that code if it lies at or under a post that sees petitions by area."""
    area = Area.objects.visible_to(staff).filter(code=code.replace("\0", "")).first() if code else None
    return area if area is not None and any(area.path.startswith(path) for path in desk.paths(staff)) else None


def _may(staff: Staff, verb: Verb) -> bool:
    return any(verb in MAY.get(held.kind, ()) for held in staff.holdings)


def tiles_for(request: HttpRequest) -> dict[str, Any]:
    """Return what the admin's first page shows on top; nothing for who holds no post that sees petitions."""
    staff: Staff | None = getattr(request, "staff", None)
    if staff is None or not staff.holdings:
        return {}
    in_the_field = any(held.kind not in DEPARTMENT_POSTS for held in staff.holdings)
    at = timezone.now()
    return {
        "tiles": desk.tiles(staff, at=at),
        "morning": morning.read(staff, at=at),
        "morning_parts": registry.morning_parts(staff, at=at),
        "in_the_field": in_the_field,
        "publishes": board.publishes(staff),
    }
