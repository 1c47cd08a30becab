"""A file of houses and households: the template, the check of the whole file, the yes."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fieldwork import ledgerfiles
from fieldwork.forms.ledgers import LedgerFileForm
from fieldwork.permissions import IMPORTS
from grids.enums import Level
from grids.errors import ImportRefused, RowError
from grids.models import Area
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required

PAGE = "fieldwork/ledger_import.html"
SHOWN_ERRORS = 50
MOST_CODES = 5_000


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
@sensitive_variables("rows")
def ledger_import(request: StaffRequest) -> HttpResponse:
    """Choose a file (GET); check it as a whole and show what it would do (POST). Nothing is written yet."""
    _check(request)
    if request.method != "POST":
        return render(request, PAGE, {"form": LedgerFileForm()})
    at, form = timezone.now(), LedgerFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        rows = ledgerfiles.read(form.cleaned_data["file"].read())
        told = ledgerfiles.check(rows, by=request.staff, at=at)
    except ImportRefused as refused:
        return _refused(request, refused)
    except Refusal as no:
        form.add_error("file", str(no))
        return render(request, PAGE, {"form": form}, status=HTTPStatus(no.status))
    kept = ledgerfiles.keep(rows, by=request.staff, at=at)
    return render(request, "fieldwork/ledger_check.html", {"told": told, "rows": len(rows), "key": kept.pk})


@require_POST
@never_cache
@staff_required
@sensitive_post_parameters()
def ledger_import_do(request: StaffRequest, import_id: uuid.UUID) -> HttpResponse:
    """Write down what was checked, or drop it."""
    _check(request)
    if "drop" in request.POST:
        ledgerfiles.drop(import_id, by=request.staff)
        messages.success(request, _("The file is deleted. Nothing was written down."))
        return redirect("ledger_import")
    try:
        told = ledgerfiles.write(import_id, by=request.staff, at=timezone.now())
    except ImportRefused as refused:
        return _refused(request, refused)
    except Refusal as no:
        messages.error(request, str(no))
        return render(request, PAGE, {"form": LedgerFileForm()}, status=HTTPStatus(no.status))
    messages.success(
        request,
        _("Written down: %(houses)d new houses, %(households)d new households.")
        % {"houses": told.houses_new, "households": told.households_new},
    )
    return redirect("ledgers")


@require_safe
@staff_required
def ledger_template(request: StaffRequest) -> HttpResponse:
    """An empty workbook, with the codes of the buildings and stairwells this person keeps."""
    _check(request)
    places = Area.objects.under_any(request.staff.reach(*IMPORTS)).filter(
        level__in=(Level.BUILDING, Level.UNIT), served=True, valid_to=None
    )
    named = [
        (one.code, f"{one.parent.label} {one.label}" if one.parent else one.label)
        for one in places.select_related("parent").order_by("path")[:MOST_CODES]
    ]
    answer = HttpResponse(
        ledgerfiles.template(named),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="houses.xlsx"'
    return answer


def _check(request: StaffRequest) -> None:
    if not request.staff.holds(*IMPORTS):
        raise PermissionDenied(_("The community's secretary takes in files of houses."))


def _refused(request: StaffRequest, refused: ImportRefused) -> HttpResponse:
    errors: list[RowError] = list(refused.errors)
    context = {"form": LedgerFileForm(), "errors": errors[:SHOWN_ERRORS], "more": max(0, len(errors) - SHOWN_ERRORS)}
    return render(request, PAGE, context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
