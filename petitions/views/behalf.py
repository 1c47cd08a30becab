"""Staff file for somebody who calls, stands at the window or at the door."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from deadlines.timetable import shanghai_date
from people.errors import Refusal
from petitions import permissions, services
from petitions.enums import Urgency
from petitions.forms.placing import BehalfForm
from petitions.models import Petition
from petitions.views.access import StaffRequest, staff_required

PAGE = "petitions/staff/behalf.html"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def case_new(request: StaffRequest) -> HttpResponse:
    """File a matter for somebody. "Find" searches the place and files nothing.

    The answer to the filing shows number and follow-up code once; sent again, it shows the same and files nothing.
    """
    if not permissions.may_file_on_behalf(request.staff):
        raise PermissionDenied(_("Your post does not file for others."))
    at = timezone.now()
    on = shanghai_date(at)
    if request.method != "POST":
        return render(request, PAGE, {"form": BehalfForm(by=request.staff, on=on)})
    if "find" in request.POST:
        form = BehalfForm(by=request.staff, on=on, so_far=request.POST.dict())
        return render(request, f"{PAGE}#places" if request.htmx else PAGE, {"form": form})
    form = BehalfForm(request.POST, request.FILES, by=request.staff, on=on)
    if form.is_valid():
        try:
            filed = services.file(**form.facts(), filed_by=request.user, at=at)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
        else:
            context = {
                "filed": filed,
                "is_emergency": filed.petition.urgency == Urgency.EMERGENCY,
                "is_in_scope": Petition.objects.visible_to(request.staff).filter(pk=filed.petition.pk).exists(),
            }
            return render(request, "petitions/staff/filed.html", context)
    return render(request, PAGE, {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
