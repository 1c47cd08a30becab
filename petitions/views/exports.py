"""Taking the register of petitions out as a file."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from deadlines.timetable import shanghai_date
from people import exports
from people.errors import Refusal
from petitions import exporting
from petitions.forms.data import ExportForm
from petitions.views.access import StaffRequest, staff_required


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def petition_export(request: StaffRequest) -> HttpResponse:
    """Ask which days and how; answer with the file. What leaves is masked, marked and written down."""
    if not exporting.may_export(request.staff):
        raise PermissionDenied(_("Your post does not export petitions."))
    at = timezone.now()
    today = shanghai_date(at)
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        in_clear=exporting.may_in_clear(request.staff),
        initial={"since": today.replace(day=1), "until": today},
    )
    if request.method != "POST" or not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "petitions/staff/export.html", {"form": form}, status=status)
    wanted = exporting.Wanted(**form.cleaned_data)
    try:
        if exporting.count(wanted, by=request.staff) > exporting.AT_ONCE:
            exporting.ask(wanted, by=request.staff, at=at)
            return redirect("downloads:list")
        made = exporting.export(wanted, by=request.staff, at=at)
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return render(request, "petitions/staff/export.html", {"form": form}, status=HTTPStatus(no.status))
    answer = HttpResponse(made.data, content_type=exports.TYPES[wanted.form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
