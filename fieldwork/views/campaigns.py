"""Campaigns of visits: the list, starting one, how far one has come."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import campaigns
from fieldwork.coverage import reach_of
from fieldwork.forms.campaigns import CampaignForm
from fieldwork.models import Campaign
from fieldwork.permissions import starts_campaigns
from fieldwork.reference import templates
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required

PAGE = 50


@require_safe
@staff_required
def campaign_list(request: StaffRequest) -> HttpResponse:
    """Campaigns of my areas, those that run first."""
    on = shanghai_date(timezone.now())
    seen = Campaign.objects.visible_to(request.staff).select_related("area")
    context = {
        "running": seen.running(on).order_by("ends_on", "pk"),
        "coming": seen.filter(starts_on__gt=on).order_by("starts_on", "pk"),
        "over": seen.filter(ends_on__lt=on).order_by("-ends_on", "-pk")[:PAGE],
        "may_start": bool(starts_campaigns(request.staff)),
    }
    return render(request, "fieldwork/campaigns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def campaign_new(request: StaffRequest) -> HttpResponse:
    """Start a campaign; ``?from=knock`` begins with one of the sources."""
    if not starts_campaigns(request.staff):
        raise PermissionDenied(_("Your post does not start campaigns."))
    at = timezone.now()
    on = shanghai_date(at)
    asked = request.GET.get("from", "")
    template = next((one for one in templates() if one.code == asked), None)
    data = request.POST if request.method == "POST" else None
    form, status = CampaignForm(data, by=request.staff, on=on, template=template), HTTPStatus.OK
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                started = campaigns.start(by=request.staff, at=at, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The campaign is started. Its checklist stands on every household's page."))
                return redirect("visit_campaign", started.pk)
    context = {"form": form, "templates": templates(), "chosen": template}
    return render(request, "fieldwork/campaign_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def campaign(request: StaffRequest, pk: int) -> HttpResponse:
    """How far one campaign has come in my areas; who started it can end it early."""
    at = timezone.now()
    on = shanghai_date(at)
    one = get_object_or_404(Campaign.objects.visible_to(request.staff).select_related("area", "started_by"), pk=pk)
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            campaigns.end(one, by=request.staff, at=at)
        except Refusal as no:
            messages.error(request, str(no))
            status = HTTPStatus(no.status)
        else:
            messages.success(request, _("The campaign ends today."))
            return redirect("visit_campaign", one.pk)
    paths = reach_of(request.staff)
    context = {
        "campaign": one,
        "progress": campaigns.progress(one, on=on, within=paths) if paths else None,
        "runs": one.starts_on <= on <= one.ends_on,
        "is_coming": on < one.starts_on,
        "may_end": one.area_id in starts_campaigns(request.staff) and one.starts_on <= on < one.ends_on,
    }
    return render(request, "fieldwork/campaign.html", context, status=status)
