"""Four-way supervision: the checks that wait for me, and doing one."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from people.errors import Refusal
from petitions import supervising
from petitions.enums import CheckState
from petitions.forms.supervision import CheckForm
from petitions.models import VerificationTask
from petitions.views.access import StaffRequest, staff_required

PAGE = 100


@require_safe
@never_cache
@staff_required
def check_list(request: StaffRequest) -> HttpResponse:
    """The checks that wait for my posts, longest waiting first."""
    found = VerificationTask.objects.filter(supervising.waiting_for(request.staff))
    rows = list(found.select_related("petition__community", "petition__grid").order_by("asked_at", "pk")[: PAGE + 1])
    context = {"checks": rows[:PAGE], "has_more": len(rows) > PAGE}
    return render(request, "petitions/staff/checks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """One check: what is to be checked, and what was found (POST)."""
    mine = VerificationTask.objects.visible_to(request.staff)
    task = get_object_or_404(mine.select_related("petition__area", "petition__category", "by"), pk=pk)
    may_check = supervising.may_check(request.staff, task)
    form, status, refusal = CheckForm(), HTTPStatus.OK, ""
    if request.method == "POST":
        if not may_check and task.state == CheckState.WAITING:
            raise PermissionDenied(_("You cannot do this check: your post does not, or you handled it yourself."))
        form = CheckForm(request.POST, request.FILES)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                supervising.perform(task, by=request.staff, at=timezone.now(), **form.facts())
            except Refusal as no:
                refusal, status = str(no), HTTPStatus(no.status)
            else:
                passed = form.cleaned_data["passed"]
                messages.success(
                    request, _("The check is recorded.") if passed else _("Sent back for rework with your words.")
                )
                return redirect("checks")
    context = {"task": task, "petition": task.petition, "form": form, "may_check": may_check, "refusal": refusal}
    return render(request, "petitions/staff/check.html", context, status=status)
