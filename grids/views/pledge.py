"""Everybody's own pledge: written by himself, public beside his name."""

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from grids.forms import PledgeForm
from grids.models import StaffCard
from grids.services import record_pledge
from people.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pledge_page(request: HttpRequest) -> HttpResponse:
    """Read and write my pledge; emptying it takes it off the boards."""
    user = cast("User", request.user)
    card = StaffCard.objects.filter(user=user).first()
    form = PledgeForm(request.POST or None, instance=card)
    if request.method == "POST" and form.is_valid():
        record_pledge(user=user, pledge=form.cleaned_data["pledge"], on=timezone.localdate())
        messages.success(request, _("Your pledge is on the public page now."))
        return redirect("pledge")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "grids/pledge.html", {"form": form}, status=status)
