"""The handover: chosen, reviewed, done. The first two steps change nothing."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from grids import handover
from grids.errors import ChangedSinceReview
from grids.forms import HandoverForm
from grids.models import Appointment, Handover
from grids.scoped import staff_of
from grids.staff import Staff
from people.errors import Refusal
from people.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handover_page(request: HttpRequest, user_id: int, **context: Any) -> HttpResponse:
    """Hand over what a person holds in my areas: GET asks, POST reviews, POST with ``confirm`` does it."""
    staff, at = staff_of(request), timezone.now()
    leaver, rows = _leaver(staff, user_id, at)
    form = HandoverForm(request.POST or None, rows=rows, today=timezone.localdate(at))
    page: dict[str, Any] = {**context, "title": _("Hand over"), "leaver": leaver, "form": form, "rows": rows}
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            transfer = handover.make_transfer(
                leaver=leaver,
                receiver=form.cleaned_data["receiver"],
                appointments=[row for row in rows if row in form.cleaned_data["appointments"]],
                first_day=form.cleaned_data["first_day"],
                by=staff,
                at=at,
            )
            if "confirm" in request.POST:
                done = handover.hand_over(transfer, token=request.POST.get("token", "")[:2000])
                messages.success(request, _("Handed over. Both have been told."))
                return redirect("handover", pk=done.pk)
            page["review"], page["transfer"] = handover.review(transfer), transfer
        except Refusal as no:
            status = HTTPStatus(no.status)
            if no.field in form.fields:
                form.add_error(no.field, str(no))
            else:
                page["refusal"] = str(no)
                page |= _looked_at_again(transfer) if isinstance(no, ChangedSinceReview) else {}
    elif request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "admin/grids/handover.html", page, status=status)


@never_cache
@require_safe
@login_required
def handover_done(request: HttpRequest, pk: int) -> HttpResponse:
    """What was handed over: for the two, and for who keeps the posts."""
    staff = staff_of(request)
    rows = Handover.objects.visible_to(staff).select_related("leaver", "receiver", "decided_by")
    done = get_object_or_404(rows, pk=pk)
    posts = done.appointments.select_related("post__area", "post__organisation").order_by("post__area__path", "pk")
    again = bool(handover.handable(done.leaver, by=staff, on=timezone.localdate()))
    return render(request, "grids/handover_done.html", {"handover": done, "posts": posts, "may_again": again})


def _leaver(staff: Staff, user_id: int, at: datetime) -> tuple[User, list[Appointment]]:
    """Return the person and those of his posts that the viewer keeps; without any he does not exist for him."""
    leaver = User.objects.filter(pk=user_id).first()
    rows = handover.handable(leaver, by=staff, on=timezone.localdate(at)) if leaver else []
    if leaver is None or not rows:
        raise Http404
    return leaver, rows


def _looked_at_again(transfer: Any) -> dict[str, Any]:
    """Show what there is now: what was typed is kept, the new list waits to be read."""
    return {"review": handover.review(transfer), "transfer": transfer}
