"""Corridor opinion boxes on the phone and at the desk: which are to be emptied, what came of each, emptying one."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from deadlines.timetable import shanghai_date
from people.errors import Refusal
from petitions import boxes
from petitions.forms.boxes import EmptyingForm
from petitions.models import SuggestionBox
from petitions.views.access import StaffRequest, staff_required

PAGE = 200
LOG = 50


@require_safe
@never_cache
@staff_required
def box_list(request: StaffRequest) -> HttpResponse:
    """The boxes of my areas, longest overdue first; ``?due=1`` shows those that are overdue alone."""
    on = shanghai_date(timezone.now())
    found = SuggestionBox.objects.visible_to(request.staff).hanging(on)
    late = found.overdue(on)
    alone = request.GET.get("due") == "1"
    rows = list((late if alone else found).by_due().counted().select_related("area__parent")[: PAGE + 1])
    context = {
        "boxes": rows[:PAGE],
        "has_more": len(rows) > PAGE,
        "overdue": late.count(),
        "alone": alone,
        "on": on,
    }
    return render(request, "petitions/staff/boxes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def box(request: StaffRequest, pk: int) -> HttpResponse:
    """One box: its log, the matters that came of it, and "empty the box" for whoever may (POST)."""
    mine = SuggestionBox.objects.visible_to(request.staff).select_related("area__parent")
    one = get_object_or_404(mine, pk=pk)
    at = timezone.now()
    form, status = EmptyingForm(request.POST if request.method == "POST" else None), HTTPStatus.OK
    may_empty = boxes.may_empty(request.staff, one)
    if request.method == "POST":
        if not may_empty:
            raise PermissionDenied(_("Your post does not empty this box."))
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                emptying = boxes.empty(one, by=request.staff, at=at, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The emptying of box %(code)s is recorded.") % {"code": one.code})
                if emptying.to_file:
                    return redirect(f"{reverse('case_new')}?emptying={emptying.pk}")
                return redirect("box", one.pk)
    on = shanghai_date(at)
    log = one.emptyings.select_related("by").annotate(filed=Count("slips")).order_by("-at", "-pk")[:LOG]
    context = {
        "box": one,
        "log": log,
        "petitions": boxes.numbers_seen(one, viewer=request.staff),
        "may_empty": may_empty and boxes.hangs(one, on),
        "may_file": may_empty,
        "form": form,
        "on": on,
    }
    return render(request, "petitions/staff/box.html", context, status=status)
