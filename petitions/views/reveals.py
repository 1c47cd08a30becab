"""Who looked at whose data: the list for whoever answers for it, and the page of the second person."""

from datetime import date, timedelta
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deadlines.timetable import shanghai_date
from people.errors import Refusal
from petitions import reveals
from petitions.models import Petition, PetitionReveal, RevealRequest
from petitions.views.access import StaffRequest, staff_required

PER_PAGE = 50


@require_safe
@never_cache
@staff_required
def reveal_list(request: StaffRequest) -> HttpResponse:
    """The looks of one week that this person answers for, his own among them, newest first."""
    at = timezone.now()
    this_week = reveals.week_of(shanghai_date(at))
    monday = _week(request.GET.get("week", ""), otherwise=this_week)
    start, end = reveals.week_bounds(monday)
    rows = (
        PetitionReveal.objects.visible_to(request.staff)
        .between(start, end)
        .select_related("log__by", "log__agreed_by", "petition")
        .order_by("-log__at", "-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    numbers = {row.petition_id for row in page}
    context = {
        "page_obj": page,
        "linked": set(Petition.objects.visible_to(request.staff).filter(pk__in=numbers).values_list("pk", flat=True)),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7) if monday < this_week else None,
        "waiting": reveals.waiting_for(request.staff, at=at),
    }
    return render(request, "petitions/staff/reveals.html", context)


@require_safe
@never_cache
@staff_required
def reveal_request(request: StaffRequest, pk: int) -> HttpResponse:
    """A request for a second person's agreement, for whoever may decide on it."""
    wanted = _decidable(request, pk)
    return render(request, "petitions/staff/reveal_request.html", {"wanted": wanted, "now": timezone.now()})


@require_POST
@never_cache
@staff_required
def reveal_decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Agree, or not."""
    wanted = _decidable(request, pk)
    answer = request.POST.get("agreed")
    at = timezone.now()
    if answer not in {"yes", "no"}:
        context = {"wanted": wanted, "now": at, "refusal": _("Please choose: agree, or do not agree.")}
        return render(request, "petitions/staff/reveal_request.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        reveals.decide(wanted, agreed=answer == "yes", by=request.staff, at=at)
    except Refusal as no:
        context = {"wanted": wanted, "now": at, "refusal": no}
        return render(request, "petitions/staff/reveal_request.html", context, status=HTTPStatus(no.status))
    said = _("You agreed. It is written down.") if answer == "yes" else _("You did not agree. Who asked has been told.")
    messages.success(request, said)
    return redirect("reveal_list")


def _decidable(request: StaffRequest, pk: int) -> RevealRequest:
    """Return the request if the person may be its second person; for everybody else it does not exist."""
    mine = Petition.objects.visible_to(request.staff)
    found = get_object_or_404(
        RevealRequest.objects.filter(petition__in=mine).select_related("petition__category", "asked_by", "decided_by"),
        pk=pk,
    )
    if not reveals.may_decide(found, request.staff):
        raise Http404
    return found


def _week(text: str, *, otherwise: date) -> date:
    try:
        return reveals.week_of(date.fromisoformat(text))
    except (ValueError, OverflowError):
        return otherwise
