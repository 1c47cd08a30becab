"""One round of a patrol: its places, the button that confirms one, what is found, why it was not walked."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from deadlines.timetable import shanghai_date
from fieldwork import ownrounds, walking
from fieldwork.enums import RoundState
from fieldwork.forms.patrols import FindingForm, ReasonForm
from fieldwork.models import PatrolDuty, PatrolPoint
from fieldwork.permissions import may_keep_routes, may_walk
from people.errors import Refusal
from petitions.enums import Urgency
from petitions.models import Petition
from petitions.services import Filed
from petitions.suggestion import emergency_numbers, suggest
from petitions.views.access import StaffRequest, staff_required

FINDING: Final = "fieldwork/patrol_finding.html"
LONGEST_KEY: Final = 15


@require_safe
@never_cache
@staff_required
def patrol_round(request: StaffRequest, pk: int) -> HttpResponse:
    """One round."""
    return _page(request, _seen(request, pk))


@require_POST
@never_cache
@staff_required
def patrol_confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Confirm the place ``point``; sent from the page of the day (``back=day``) it returns there."""
    duty = _walked(request, pk)
    where = request.POST.get("where", "")

    def confirm(point: PatrolPoint) -> None:
        walking.confirm(duty, point=point, by=request.staff, at=timezone.now(), where=where)

    return _do(request, duty, confirm, said=_("%(name)s is confirmed."))


@require_POST
@never_cache
@staff_required
def patrol_take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the confirmation of the place ``point`` back."""
    duty = _walked(request, pk)

    def take_back(point: PatrolPoint) -> None:
        walking.take_back(duty, point=point, by=request.staff, at=timezone.now())

    return _do(request, duty, take_back, said=_("%(name)s is no longer confirmed."))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def patrol_finding(request: StaffRequest, pk: int) -> HttpResponse:
    """File what was found: ``?point=7`` begins it at that place; "Find" searches a house and files nothing."""
    duty = _walked(request, pk)
    at = timezone.now()
    points = list(PatrolPoint.objects.at(duty.on).filter(route=duty.route_id).order_by("position"))
    options: dict[str, Any] = {"on": shanghai_date(at), "area": duty.route.area, "points": points}
    context: dict[str, Any] = {"duty": duty}
    if request.method != "POST":
        form = FindingForm(**options, so_far={"point": request.GET.get("point", "")})
        return render(request, FINDING, {**context, "form": form})
    if "find" in request.POST:
        form = FindingForm(**options, so_far=request.POST.dict())
        return render(request, f"{FINDING}#places" if request.htmx else FINDING, {**context, "form": form})
    form, status = FindingForm(request.POST, request.FILES, **options), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            filed = walking.find(duty, by=request.staff, at=at, **form.facts())
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
            status = HTTPStatus(no.status)
        else:
            _say_filed(request, filed, form.cleaned_data["text"])
            return redirect("patrol_round", duty.pk)
    return render(request, FINDING, {**context, "form": form}, status=status)


@require_POST
@never_cache
@staff_required
def patrol_why(request: StaffRequest, pk: int) -> HttpResponse:
    """Say why a round was not walked."""
    duty = _seen(request, pk)
    if not may_keep_routes(request.staff, duty.route.area):
        raise PermissionDenied(_("Your post does not keep the routes of this area."))
    form, status = ReasonForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            walking.say_why(duty, by=request.staff, at=timezone.now(), reason=form.cleaned_data["reason"])
        except Refusal as no:
            form.add_error(None, str(no))
            status = HTTPStatus(no.status)
        else:
            messages.success(request, _("It is written down. Nobody further up is told."))
            return redirect("patrol_round", duty.pk)
    return _page(request, duty, reason=form, status=status)


def _do(request: StaffRequest, duty: PatrolDuty, do: Callable[[PatrolPoint], None], *, said: str) -> HttpResponse:
    """Do one thing with a place of the round; what is refused is said on the page of the round."""
    given = request.POST.get("point", "")
    known = given.isdecimal() and len(given) <= LONGEST_KEY
    point = PatrolPoint.objects.filter(route=duty.route_id, pk=int(given)).first() if known else None
    if point is None:
        messages.error(request, _("This place is not on this round."))
        return _page(request, duty, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        do(point)
    except Refusal as no:
        messages.error(request, str(no))
        return _page(request, _seen(request, duty.pk), status=HTTPStatus(no.status))
    messages.success(request, said % {"name": point.name})
    return redirect("grid_queue") if request.POST.get("back") == "day" else redirect("patrol_round", duty.pk)


def _seen(request: StaffRequest, pk: int) -> PatrolDuty:
    """Return the round if its route lies in the person's scope; what does not, does not exist for him."""
    rows = PatrolDuty.objects.visible_to(request.staff).select_related("route__area", "walker")
    return get_object_or_404(rows, pk=pk)


def _walked(request: StaffRequest, pk: int) -> PatrolDuty:
    duty = _seen(request, pk)
    if not may_walk(request.staff, duty.route):
        raise PermissionDenied(_("This round belongs to another post."))
    return duty


def _say_filed(request: StaffRequest, filed: Filed, text: str) -> None:
    number = filed.petition.number
    suggested = suggest(text, on=shanghai_date(filed.petition.submitted_at), limit=1)
    said = _("Filed as %(number)s.") % {"number": number}
    if suggested:
        words = "、".join(suggested[0].because)
        because = _("Suggested: %(category)s, because of “%(words)s”. The community confirms it.")
        said = f"{said} {because % {'category': suggested[0].category.name, 'words': words}}"
    messages.success(request, said)
    if filed.petition.urgency == Urgency.EMERGENCY:
        numbers = " ".join(emergency_numbers(suggested))
        messages.error(request, _("Somebody may be in danger: call %(numbers)s first.") % {"numbers": numbers})


def _page(
    request: StaffRequest, duty: PatrolDuty, *, reason: ReasonForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    at = timezone.now()
    (one,) = ownrounds.as_rounds(PatrolDuty.objects.filter(pk=duty.pk), at=at)
    findings = [finding.petition_id for finding in duty.findings.all()]
    keeps = may_keep_routes(request.staff, duty.route.area)
    context: dict[str, Any] = {
        "duty": duty,
        "round": one,
        "stops": walking.sheet(duty),
        "between": walking.between(duty),
        # a number leads to its matter only for whom the matter is his to see
        "opens": set(Petition.objects.visible_to(request.staff).filter(pk__in=findings).values_list("pk", flat=True)),
        "may_walk": may_walk(request.staff, duty.route) and duty.on == shanghai_date(at) and one.may_begin,
        "reason": reason or (ReasonForm() if keeps and duty.state == RoundState.MISSED and not duty.reason else None),
        "form": reason,
    }
    return render(request, "fieldwork/patrol_round.html", context, status=status)
