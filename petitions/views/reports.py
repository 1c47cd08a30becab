"""Reports on the desk: which there are, having one written, how far it is, its files, and the meeting that heard it."""

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.errors import Refusal
from petitions import desk, reports
from petitions.forms.reports import HearingForm, ReportForm
from petitions.models import Report, ReportFile
from petitions.periods import Choices
from petitions.report_enums import ReportState
from petitions.views.access import StaffRequest, staff_required

PAGE: Final = 30
LONGEST_KEY: Final = 15
TYPES: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_AREAS: Final = 500


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def report_list(request: StaffRequest, **context: Any) -> HttpResponse:
    """Reports of my areas, newest first (``?before=`` goes on); by POST one is asked for."""
    if not desk.scope_areas(request.staff):
        raise PermissionDenied(_("Your posts see no figures of an area."))
    at = timezone.now()
    areas = _areas(request.staff)
    if request.method == "POST" and not areas:
        raise PermissionDenied(_("Your post has no reports of this area written."))
    posted = request.POST if request.method == "POST" else None
    form = ReportForm(posted, areas=areas, periods=Choices.of(shanghai_date(at)))
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            area = next(one for one in areas if one.code == form.cleaned_data["area"])
            try:
                made = reports.ask(
                    area=area,
                    period=form.cleaned_data["period"],
                    language=get_language() or "zh-hans",
                    by=request.staff,
                    at=at,
                )
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                return redirect("admin:report", made.pk)
    before = request.GET.get("before", "")
    older = Q(pk__lt=int(before)) if before.isdecimal() and len(before) <= LONGEST_KEY else Q()
    found = Report.objects.visible_to(request.staff).filter(older).select_related("area", "hearing")
    rows = list(found.order_by("-pk")[: PAGE + 1])
    page = {
        **context,
        "title": _("Reports"),
        "form": form if areas else None,
        "reports": rows[:PAGE],
        "before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "today": shanghai_date(at),
        "ready": ReportState.READY,
    }
    return render(request, "admin/petitions/reports.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
@vary_on_headers("HX-Request")
def report_page(request: StaffRequest, pk: int, **context: Any) -> HttpResponse:
    """Show one report: how far it is, its files, and the meeting that heard it; by POST its minutes are kept."""
    report = _of(request, pk)
    hearing = getattr(report, "hearing", None)
    given = {"held_on": hearing.held_on, "conclusions": hearing.conclusions} if hearing is not None else {}
    form = HearingForm(request.POST if request.method == "POST" else None, initial=given)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if not reports.may_record(request.staff, report):
            raise PermissionDenied(_("Your post does not keep the minutes of this meeting."))
        if form.is_valid():
            try:
                reports.record(report, by=request.staff, at=timezone.now(), **form.cleaned_data)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The minutes are kept."))
                return redirect("admin:report", report.pk)
    page = {
        **context,
        "title": _("Report"),
        "report": report,
        "hearing": hearing,
        "form": form if hearing is not None and reports.may_record(request.staff, report) else None,
        "files": list(report.files.defer("data").order_by("form")),
        "may_ask": reports.may_ask(request.staff, report.area),
        "is_over": report.state in {ReportState.READY, ReportState.FAILED},
        "today": shanghai_date(timezone.now()),
        "state": ReportState,
    }
    template = "admin/petitions/report.html#progress" if _is_poll(request) else "admin/petitions/report.html"
    return render(request, template, page, status=status)


@require_safe
@staff_required
def report_pdf(request: StaffRequest, pk: int, **_context: Any) -> HttpResponse:
    """Give a report away as PDF."""
    return _file(_of(request, pk), "pdf")


@require_safe
@staff_required
def report_xlsx(request: StaffRequest, pk: int, **_context: Any) -> HttpResponse:
    """Give a report away as a workbook."""
    return _file(_of(request, pk), "xlsx")


def _file(report: Report, form: str) -> HttpResponse:
    """Return one file under a name without anybody's data.

    :raises Http404: if it is not written yet
    """
    found = ReportFile.objects.filter(report=report, form=form).first()
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.data), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="linli-{report.area.code}-{report.period}.{form}"'
    return response


def _of(request: StaffRequest, pk: int) -> Report:
    return get_object_or_404(
        Report.objects.visible_to(request.staff).select_related("area", "asked_by", "hearing"), pk=pk
    )


def _is_poll(request: HttpRequest) -> bool:
    return request.method in {"GET", "HEAD"} and request.headers.get("HX-Request") == "true"


def _areas(staff: Staff) -> list[Area]:
    """Return the areas this person has reports written of: his own and those below, down to communities."""
    scope = Q(pk__in=())
    for held in staff.holdings:
        if held.kind in reports.ASKS:
            scope |= Q(path__startswith=held.path)
    served = Area.objects.filter(scope, served=True, valid_to=None, level__range=(Level.DISTRICT, Level.COMMUNITY))
    return list(served.order_by("path")[:MOST_AREAS])
