"""Care recipients: where they live, the sheet that opens for a reason, what was agreed, the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fieldwork import care as caring
from fieldwork.due import address_key
from fieldwork.enums import VisitMode
from fieldwork.forms.care import CareForm, EndForm, OpenForm, PlanForm
from fieldwork.models import CareRecipient, Household
from fieldwork.permissions import CARES, may_care
from people.errors import Refusal
from people.services import reveals_left
from petitions.views.access import StaffRequest, staff_required

MOST: Final = 500
KINDS: Final = ("open", "plan", "end")


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing done on the page: its form, the verb, what is said when it is done."""

    form: Callable[[Any, CareRecipient], forms.Form]
    do: Callable[..., object]
    said: Promise


DOINGS: Final[Mapping[str, Doing]] = {
    "plan": Doing(
        lambda data, one: PlanForm(data, duty=one.duty), caring.agree_anew, gettext_lazy("It is written down.")
    ),
    "end": Doing(
        lambda data, _one: EndForm(data),
        caring.end,
        gettext_lazy("Care has ended. Name, number, reason and what was agreed are gone."),
    ),
}


@require_safe
@never_cache
@staff_required
def care_list(request: StaffRequest) -> HttpResponse:
    """Where somebody is looked in on, as one walks: address and rhythm. Who and why stands on no list."""
    if not request.staff.holds(*CARES):
        raise PermissionDenied(_("Only the grid's worker and lead and the community's secretary see this."))
    rows = CareRecipient.objects.visible_to(request.staff).filter(ends_on=None)
    reached = Q(household__visits__struck_at=None) & ~Q(household__visits__mode=VisitMode.ABSENT)
    found = rows.select_related("household__place__parent", "household__grid", "duty").annotate(
        last_on=Max("household__visits__on", filter=reached)
    )
    # sealed columns stay where they are: a list opens no sheet
    shown = sorted(
        found.defer("kind_sealed", "plan_sealed")[:MOST],
        key=lambda one: (one.household.grid.code, address_key(one.household)),
    )
    return render(request, "fieldwork/care_list.html", {"rows": [(one, one.household.address()) for one in shown]})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("kind", "name", "phone", "plan")
@staff_required
def care_new(request: StaffRequest, household_id: str) -> HttpResponse:
    """Write down somebody of a household who agreed."""
    rows = Household.objects.visible_to(request.staff).select_related("place__parent", "grid")
    one = get_object_or_404(rows, pk=household_id)
    if not may_care(request.staff, one.grid):
        raise PermissionDenied(_("Only the grid's worker and lead and the community's secretary see this."))
    form = CareForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                added = caring.add(one, **form.facts(), by=request.staff, at=timezone.now())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("It is written down. The visits stand in your list from now on."))
                return redirect("care", added.pk)
    context = {"household": one, "address": one.address(), "form": form}
    return render(request, "fieldwork/care_new.html", context, status=status)


@require_safe
@never_cache
@staff_required
def care(request: StaffRequest, care_id: str) -> HttpResponse:
    """Where, how often, since when; the sheet itself opens for a reason."""
    return _page(request, _seen(request, care_id))


@require_POST
@never_cache
@sensitive_post_parameters("plan")
@staff_required
def care_do(request: StaffRequest, care_id: str, what: str) -> HttpResponse:
    """Open the sheet, write down what was agreed anew, or end it. What is refused loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    one, at = _seen(request, care_id), timezone.now()
    form = OpenForm(request.POST) if what == "open" else DOINGS[what].form(request.POST, one)
    if not form.is_valid():
        return _page(request, one, asked={what: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    facts = form.facts()  # type: ignore[attr-defined]  # each of the three has it
    try:
        if what == "open":
            sheet = caring.open_sheet(one, **facts, by=request.staff, at=at)
            context = {
                "care": one,
                "address": one.household.address(),
                "sheet": sheet,
                "left": reveals_left(request.user, at=at),
            }
            return render(request, "fieldwork/care_sheet.html", context)
        DOINGS[what].do(one, **facts, by=request.staff, at=at)
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, one, asked={what: form}, status=HTTPStatus(no.status))
    messages.success(request, str(DOINGS[what].said))
    return redirect("care_list") if what == "end" else redirect("care", one.pk)


def _seen(request: StaffRequest, care_id: str) -> CareRecipient:
    """Return the one asked for if it is in force and the person sees it; what does not, does not exist for him."""
    rows = CareRecipient.objects.visible_to(request.staff).filter(ends_on=None)
    return get_object_or_404(
        rows.select_related("household__place__parent", "household__grid", "duty", "person"), pk=care_id
    )


def _page(
    request: StaffRequest,
    one: CareRecipient,
    *,
    asked: Mapping[str, forms.Form] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    shown = {"open": OpenForm(), **{what: doing.form(None, one) for what, doing in DOINGS.items()}, **(asked or {})}
    context = {
        "care": one,
        "address": one.household.address(),
        **{f"{what}_form": form for what, form in shown.items()},
        "asked": set(asked or ()),
        "form": next(iter((asked or {}).values()), None),
    }
    return render(request, "fieldwork/care.html", context, status=status)
