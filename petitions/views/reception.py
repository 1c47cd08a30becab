"""The reception log of a community: who is on duty, who came this month, and a form for the next visitor."""

from datetime import date, datetime, timedelta
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from deadlines.timetable import shanghai_date
from grids.models import Area
from people.errors import Refusal
from petitions import receptions
from petitions.enums import Urgency
from petitions.forms.reception import ReceptionForm
from petitions.models import Petition
from petitions.models.receptions import RECEIVES
from petitions.views.access import StaffRequest, staff_required

PAGE = "petitions/staff/reception.html"
# the header's switches belong to the form: nothing typed is lost when the language changes
SWITCH = {"switch_form": "reception"}
DAYS, MOST = timedelta(days=30), 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@staff_required
def reception_log(request: StaffRequest) -> HttpResponse:
    """Show the log of a community (``?area=``) and write a visit into it; what is filed shows number and code once."""
    if not request.staff.holds(*RECEIVES):
        raise PermissionDenied(_("Your post receives no visitors there."))
    at = timezone.now()
    on = shanghai_date(at)
    areas = receptions.communities_of(request.staff, on=on)
    area = _chosen(request, areas)
    if request.method != "POST":
        return _page(request, _form(request, area, at=at), areas, area, on=on)
    form = _form(request, area, at=at)
    if "switch" in request.POST:
        return _page(request, form, areas, area, on=on)
    if not form.is_valid():
        return _page(request, form, areas, area, on=on, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        received = receptions.receive(
            area,
            form.visit(),
            received_by=form.receiver,
            came_at=form.cleaned_data["came_at"],
            client_key=form.cleaned_data["client_key"],
            by=request.staff,
            at=at,
        )
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, form, areas, area, on=on, status=HTTPStatus(no.status))
    if received.filed is not None:
        petition = received.filed.petition
        context = {
            "filed": received.filed,
            "is_emergency": petition.urgency == Urgency.EMERGENCY,
            "is_in_scope": Petition.objects.visible_to(request.staff).filter(pk=petition.pk).exists(),
            "received_in": area,
        }
        return render(request, "petitions/staff/filed.html", context)
    said = _("The visitor is written down.") if received.created else _("This visitor was written down already.")
    messages.success(request, said)
    return redirect(f"{reverse('reception')}?area={area.code}")


def _chosen(request: StaffRequest, areas: list[Area]) -> Area:
    """Return the community asked for; another one than one's own does not exist."""
    code = request.POST.get("area", "") or request.GET.get("area", "")
    found = next((area for area in areas if area.code == code or not code), None)
    if found is None:
        raise Http404
    return found


def _form(request: StaffRequest, area: Area, *, at: datetime) -> ReceptionForm:
    receivers = receptions.receivers(area, on=shanghai_date(at))
    switches = "switch" in request.POST
    data = request.POST if request.method == "POST" and not switches else None
    so_far = request.POST.dict() if switches else {}
    return ReceptionForm(data, area=area, receivers=receivers, at=at, by=request.user, so_far=so_far)


def _page(
    request: StaffRequest,
    form: ReceptionForm,
    areas: list[Area],
    area: Area,
    *,
    on: date,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    rows = receptions.log(request.staff, [area], first=on - DAYS, last=on, most=MOST)
    page = {
        "form": form,
        "area": area,
        "areas": areas,
        "on_duty": receptions.on_duty(area, on=on),
        "on_shift": receptions.on_shift(area, at=timezone.now()),
        "rows": rows,
        **SWITCH,
    }
    return render(request, PAGE, page, status=status)
