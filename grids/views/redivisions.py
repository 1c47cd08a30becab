"""Grids drawn anew: the list of plans, a new one, and each plan's page, from the first draft to the report.

One page a plan, whatever its state; each button posts what it does (``act``) and the version that was read.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from grids import redivision, redrawing
from grids.enums import KEEPS_POSTS, RedivisionState
from grids.errors import PlanIncomplete
from grids.fitting import drift, loose_ends
from grids.forms import NewGridForm, RedivisionForm
from grids.models import Redivision
from grids.outlook import outlook
from grids.scoped import staff_of
from grids.staff import Staff
from people.errors import BadInput, Refusal

PAGE: Final = 50


@never_cache
@require_safe
def redivision_list(request: HttpRequest, **context: Any) -> HttpResponse:
    """The plans of my areas, what waits first."""
    staff = _keeper(request)
    plans = Redivision.objects.visible_to(staff).select_related("community", "made_by", "proposed_by")
    rows = list(plans.order_by("-made_at", "-pk")[:PAGE])
    waiting = [row for row in rows if redivision.may_decide(staff, row)]
    page = {
        **context,
        "title": _("Draw grids anew"),
        "waiting": waiting,
        "rows": [row for row in rows if row not in waiting],
        "may_draw": redivision.may_draw(staff),
    }
    return render(request, "admin/grids/redivisions.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def redivision_new(request: HttpRequest, **context: Any) -> HttpResponse:
    """Begin a plan: which community, from when, why. It begins with everything as it is."""
    staff, at = staff_of(request), timezone.now()
    if not redivision.may_draw(staff):
        raise PermissionDenied(_("Community secretaries and street leaders draw grids anew."))
    communities = redivision.communities_of(staff, on=timezone.localdate(at))
    form = RedivisionForm(request.POST or None, communities=communities)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                plan = redivision.begin(**form.cleaned_data, by=staff, at=at)
            except Refusal as no:
                status = HTTPStatus(no.status)
                form.add_error(no.field if no.field in form.fields else None, str(no))
            else:
                return redirect("admin:redivision", pk=plan.pk)
    page = {**context, "title": _("New plan"), "form": form}
    return render(request, "admin/grids/redivision_new.html", page, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def redivision_page(request: HttpRequest, pk: int, **context: Any) -> HttpResponse:
    """One plan: drawn, read, decided, carried out, reported. POST with ``act`` does one thing of it."""
    staff, at = staff_of(request), timezone.now()
    plans = Redivision.objects.visible_to(staff)
    plan = get_object_or_404(plans.select_related("community", "made_by", "proposed_by", "decided_by"), pk=pk)
    page: dict[str, Any] = {**context, "grid_form": NewGridForm()}
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            messages.success(request, _do(plan, request.POST, staff=staff, at=at))
        except Refusal as no:
            status = HTTPStatus(no.status)
            page |= _told(no, request.POST)
        else:
            return redirect("admin:redivision", pk=plan.pk)
    page |= _page(plan, staff, at)
    return render(request, "admin/grids/redivision.html", page, status=status)


def _page(plan: Redivision, staff: Staff, at: datetime) -> dict[str, Any]:
    drawing = plan.state == RedivisionState.DRAFT and redivision.may_draw(staff, plan.community)
    before = plan.state not in {RedivisionState.APPLIED, RedivisionState.WITHDRAWN}
    today = timezone.localdate(at)
    return {
        "title": _("Draw grids anew"),
        "plan": plan,
        "outlook": outlook(plan, by=staff.user, at=at),
        "drawing": drawing,
        "changed": drift(plan) if before else [],
        "problems": loose_ends(plan) if drawing else [],
        "may_decide": redivision.may_decide(staff, plan),
        "may_withdraw": before and redivision.may_draw(staff, plan.community) and plan.state in redivision.OPEN,
        "may_reopen": before and not drawing and redivision.may_draw(staff, plan.community),
        "may_apply": redrawing.may_apply(staff, plan, on=today),
        "next_code": redivision.next_code(plan) if drawing else "",
    }


def _told(no: Refusal, data: QueryDict) -> dict[str, Any]:
    """Return what a refused button says, and what was typed, so that nothing is lost."""
    act = data.get("act", "")
    page: dict[str, Any] = {
        "refusals": no.problems if isinstance(no, PlanIncomplete) else str(no).splitlines(),
        "ticked": set(_numbers(data, "buildings")),
        "typed_to": data.get("to", ""),
        "typed_words": data.get("words", "")[:300],
    }
    if act == "grid":
        page["grid_form"] = NewGridForm(data)
    return page


def _do(plan: Redivision, data: QueryDict, *, staff: Staff, at: datetime) -> str:
    """Do what the button says; return what is told then.

    :raises BadInput: for a button that is none
    """
    act = data.get("act", "")
    if act not in ACTS:
        raise BadInput(_("Please use one of the buttons of this page."))
    do, said = ACTS[act]
    do(plan, data, staff, at)
    return str(said)


def _move(plan: Redivision, data: QueryDict, staff: Staff, _at: datetime) -> None:
    redivision.move_buildings(
        plan, buildings=_numbers(data, "buildings"), to=_number(data, "to"), by=staff, version=_number(data, "version")
    )


def _grid(plan: Redivision, data: QueryDict, staff: Staff, _at: datetime) -> None:
    redivision.add_grid(
        plan, name=data.get("name", ""), code=data.get("code", ""), by=staff, version=_number(data, "version")
    )


def _drop(plan: Redivision, data: QueryDict, staff: Staff, _at: datetime) -> None:
    redivision.drop_grid(plan, line=_number(data, "line"), by=staff, version=_number(data, "version"))


def _fate(plan: Redivision, data: QueryDict, staff: Staff, _at: datetime) -> None:
    fate = data.get("fate", "")
    heir = _number(data, "heir") if fate == "ends" else None
    redivision.set_fate(
        plan, line=_number(data, "line"), fate=fate, heir=heir, by=staff, version=_number(data, "version")
    )


def _people(plan: Redivision, data: QueryDict, staff: Staff, _at: datetime) -> None:
    places = [
        (int(name.removeprefix("seat_")), _number(data, name) or None)
        for name in data
        if name.startswith("seat_") and name.removeprefix("seat_").isdecimal()
    ]
    redivision.place_people(plan, places=places, by=staff, version=_number(data, "version"))


def _refresh(plan: Redivision, data: QueryDict, staff: Staff, at: datetime) -> None:
    on, typed = None, str(data.get("on", ""))
    if typed:
        try:
            on = parse_date(typed)
        except ValueError:
            on = None
        if on is None:
            raise BadInput(_("Enter a valid date."), field="on")
    redivision.refresh(plan, by=staff, version=_number(data, "version"), on=on, at=at)


def _propose(plan: Redivision, data: QueryDict, staff: Staff, at: datetime) -> None:
    redivision.propose(plan, by=staff, at=at, version=_number(data, "version"))


def _approve(plan: Redivision, data: QueryDict, staff: Staff, at: datetime) -> None:
    words, version = data.get("words", ""), _number(data, "version")
    redivision.decide(plan, by=staff, at=at, agree=True, words=words, version=version)


def _refuse(plan: Redivision, data: QueryDict, staff: Staff, at: datetime) -> None:
    words, version = data.get("words", ""), _number(data, "version")
    redivision.decide(plan, by=staff, at=at, agree=False, words=words, version=version)


def _withdraw(plan: Redivision, data: QueryDict, staff: Staff, _at: datetime) -> None:
    redivision.withdraw(plan, by=staff, version=_number(data, "version"))


def _reopen(plan: Redivision, data: QueryDict, staff: Staff, _at: datetime) -> None:
    redivision.reopen(plan, by=staff, version=_number(data, "version"))


def _apply(plan: Redivision, _data: QueryDict, staff: Staff, at: datetime) -> None:
    redrawing.apply_now(plan, by=staff, at=at)


Act = Callable[[Redivision, QueryDict, Staff, datetime], None]
ACTS: Final[Mapping[str, tuple[Act, str | Promise]]] = MappingProxyType(
    {
        "move": (_move, gettext_lazy("The buildings stand in their new grid in this plan.")),
        "grid": (_grid, gettext_lazy("The new grid stands in the plan. Tick the buildings that go to it.")),
        "drop": (_drop, gettext_lazy("The grid is out of the plan again.")),
        "fate": (_fate, gettext_lazy("Noted in the plan.")),
        "people": (_people, gettext_lazy("Noted in the plan who goes where.")),
        "refresh": (_refresh, gettext_lazy("The plan knows the areas and posts of now.")),
        "propose": (_propose, gettext_lazy("The plan waits for the decision of the level above.")),
        "approve": (_approve, gettext_lazy("Approved. The plan is carried out on its day.")),
        "refuse": (_refuse, gettext_lazy("Not approved. Whoever proposed it reads why.")),
        "withdraw": (_withdraw, gettext_lazy("The plan is withdrawn. It stays on record.")),
        "reopen": (_reopen, gettext_lazy("The plan can be drawn again. It must be proposed anew.")),
        "apply": (_apply, gettext_lazy("The new grids hold from now on.")),
    }
)


def _keeper(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    if not staff.is_administrator and not staff.holds(*KEEPS_POSTS):
        raise PermissionDenied(_("Your post does not open the plans of grids."))
    return staff


def _number(data: QueryDict, name: str) -> int:
    value = data.get(name, "")
    return int(value) if value.isdecimal() and value.isascii() and len(value) < 19 else 0  # noqa: PLR2004 - a bigint


def _numbers(data: QueryDict, name: str) -> list[int]:
    return [int(value) for value in data.getlist(name) if value.isdecimal() and value.isascii() and len(value) < 19]  # noqa: PLR2004
