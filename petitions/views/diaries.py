"""The public-sentiment diary: writing on the phone, reading back, making a matter of an entry."""

import uuid
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from deadlines.timetable import shanghai_date
from people.errors import Refusal
from petitions import diaries
from petitions.forms.diaries import DiaryForm
from petitions.models import Petition, SentimentDiary
from petitions.views.access import StaffRequest, staff_required

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("words", "household")
@staff_required
def diary(request: StaffRequest) -> HttpResponse:
    """The entries I may read, newest first (``?before=`` goes on), and the form for a new one (POST)."""
    at = timezone.now()
    may_write = diaries.may_write(request.staff)
    on = shanghai_date(at)
    form = DiaryForm(request.POST if request.method == "POST" else None, by=request.staff, on=on)
    status = HTTPStatus.OK
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied(_("Your post keeps no diary."))
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                diaries.write(**form.cleaned_data, by=request.staff, at=at)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
            else:
                messages.success(request, _("The entry is kept."))
                return redirect("diary")
    found = SentimentDiary.objects.visible_to(request.staff).select_related("area__parent", "written_by", "petition")
    before = _moment(request.GET.get("before", ""))
    if before is not None:
        found = found.filter(written_at__lt=before)
    rows = list(found.order_by("-written_at", "-pk")[: PAGE + 1])
    filed = [row.petition_id for row in rows if row.petition_id]
    context = {
        "entries": rows[:PAGE],
        "before": rows[PAGE - 1].written_at.isoformat() if len(rows) > PAGE else "",
        "mine": set(Petition.objects.visible_to(request.staff).filter(pk__in=filed).values_list("pk", flat=True)),
        "form": form,
        "may_write": may_write,
    }
    return render(request, "petitions/staff/diary.html", context, status=status)


@require_POST
@never_cache
@staff_required
def diary_petition(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a matter of an entry; a second click finds the first's."""
    entry = get_object_or_404(SentimentDiary.objects.visible_to(request.staff), pk=pk)
    if not diaries.may_raise(request.staff, entry):
        raise PermissionDenied(_("Only whoever wrote it makes a matter of it."))
    try:
        petition = diaries.raise_petition(entry, by=request.staff, at=timezone.now())
    except Refusal as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Filed as %(number)s.") % {"number": petition.number})
    return redirect("diary")


def _moment(given: str) -> datetime | None:
    try:
        found = parse_datetime(given)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
