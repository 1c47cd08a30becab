"""The three lists: what the rules put on each, why, and the correction by hand."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from people.errors import Refusal
from petitions import listing
from petitions.enums import IntakeList
from petitions.models import ListEntry
from petitions.views.access import StaffRequest, staff_required

PAGE = 50
LONGEST_KEY = 15
NONE = "none"


@require_safe
@never_cache
@staff_required
def three_lists(request: StaffRequest) -> HttpResponse:
    """One of the lists (``?list=``), newest first: ``?before=`` goes on."""
    asked = request.GET.get("list", "")
    shown = IntakeList(asked) if asked in IntakeList.values else IntakeList.NEED
    counted = listing.counts(request.staff)
    found = ListEntry.objects.visible_to(request.staff).listed().filter(_before(request), kind=shown)
    found = found.select_related("petition__community", "corrected_by")
    rows = list(found.order_by("-pk")[: PAGE + 1])
    context = {
        "shown": shown,
        "tabs": [(one, counted[one.value]) for one in IntakeList],
        "entries": rows[:PAGE],
        "before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "may_correct": listing.may_correct(request.staff),
    }
    return render(request, "petitions/staff/lists.html", context)


@require_POST
@never_cache
@staff_required
def list_correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a matter on another list, or on none."""
    entry = get_object_or_404(ListEntry.objects.visible_to(request.staff), pk=pk)
    if not listing.may_correct(request.staff):
        raise PermissionDenied(_("Your post does not correct the lists."))
    asked, shown = request.POST.get("list", ""), entry.kind
    if asked not in {*IntakeList.values, NONE}:
        messages.error(request, _("Choose one of the lists."))
        return _back(shown)
    try:
        listing.correct(entry, to=None if asked == NONE else IntakeList(asked), by=request.staff, at=timezone.now())
    except Refusal as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Corrected. The rules leave it alone from now on."))
    return _back(shown)


def _back(shown: str) -> HttpResponse:
    return redirect(f"{reverse('three_lists')}?list={shown}")


def _before(request: StaffRequest) -> Q:
    given = request.GET.get("before", "")
    return Q(pk__lt=int(given)) if given.isdecimal() and len(given) <= LONGEST_KEY else Q()
