"""Saying which of the community's service items a matter is."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from deadlines.timetable import shanghai_date
from people.errors import Refusal
from petitions import guide, supplements
from petitions.forms.requests import ItemForm
from petitions.models import Petition
from petitions.views.access import StaffRequest, staff_required, version_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def case_item(request: StaffRequest, number: str) -> HttpResponse:
    """Choose the item from those offered where the matter is; what is refused changes nothing."""
    mine = Petition.objects.visible_to(request.staff).select_related("area", "place", "service_item")
    petition = get_object_or_404(mine, number=number)
    if not supplements.asks_back(request.staff, petition):
        raise PermissionDenied(_("Your post does not allow this on %(number)s.") % {"number": petition.number})
    at = timezone.now()
    items = guide.offered(petition.place or petition.area, on=shanghai_date(at))
    data = request.POST if request.method == "POST" else None
    form = ItemForm(data, items=items, chosen=petition.service_item.code if petition.service_item else "")
    status, refusal = HTTPStatus.OK, ""
    if request.method == "POST":
        status, refusal = _name(request, petition, form)
        if not refusal and status == HTTPStatus.OK:
            messages.success(request, _("Its materials can be asked for by name now."))
            return redirect("case", number)
    page = {"petition": petition, "form": form, "refusal": refusal}
    return render(request, "petitions/staff/item.html", page, status=status)


def _name(request: StaffRequest, petition: Petition, form: ItemForm) -> tuple[HTTPStatus, str]:
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY, ""
    try:
        supplements.name_item(petition, form.item, by=request.staff, at=timezone.now(), version=version_of(request))
    except Refusal as no:
        return HTTPStatus(no.status), str(no)
    return HTTPStatus.OK, ""
