"""The register as the community keeps it: the list, one registration, somebody written down on behalf."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork.stations import communities
from grids.enums import Weekday
from people.enums import Language, PersonField
from people.errors import Refusal
from people.models import Person
from people.services import reveal, reveals_left
from petitions.forms.case import RevealForm
from petitions.views.access import StaffRequest, staff_required
from volunteers import merging, register, registering, transitions
from volunteers.enums import OVER, DayPart, Skill, State
from volunteers.errors import NotNow
from volunteers.forms.desk import MergeForm, RefuseForm
from volunteers.forms.offers import RegisterForm
from volunteers.models import Guardian, Volunteer
from volunteers.permissions import KEEPS_VOLUNTEERS, REGISTERS, check_may_keep, may_keep, may_register
from volunteers.views.own import free_in_words

MOST_DOUBLES: Final = 10
KINDS: Final = ("approve", "refuse", "look", "look-guardian", "leave", "merge")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("name")
@staff_required
def volunteer_list(request: StaffRequest) -> HttpResponse:
    """The register of my community, masked, page by page. A name is asked for by POST: it stands in no address."""
    at = timezone.now()
    given = request.POST if request.method == "POST" else request.GET
    wanted = register.Wanted.of(given)
    found = register.listed(request.staff, wanted, at=at).filter(register.after(given.get("after", "")[:80]))
    rows = list(found[: register.PAGE + 1])
    context = {
        "rows": rows[: register.PAGE],
        "after": register.cursor_of(rows[register.PAGE - 1]) if len(rows) > register.PAGE else "",
        "wanted": wanted,
        "query": wanted.query(),
        "states": [(state.value, state.label) for state in State],
        "skills": Skill.choices,
        "week": [(10 * day + part, f"{day.label} {part.label}") for day in Weekday for part in DayPart],
        "may_register": request.staff.holds(*REGISTERS),
        "may_exchange": request.staff.holds(*KEEPS_VOLUNTEERS) and request.user.is_staff,
        "today": shanghai_date(at),
    }
    return render(request, "volunteers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@staff_required
def volunteer_new(request: StaffRequest, *, child: bool = False) -> HttpResponse:
    """Write somebody down who asked for it, and agreed."""
    if not request.staff.holds(*REGISTERS):
        raise PermissionDenied(_("Your post registers nobody in this community."))
    at = timezone.now()
    here = [area for area in communities(shanghai_date(at)) if may_register(request.staff, area)]
    data = request.POST if request.method == "POST" else None
    form, status = RegisterForm(data, communities=here, child=child, behalf=True), HTTPStatus.OK
    if data is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                row = registering.register(
                    **form.facts(proved=False), language=Language.CHINESE, by=request.staff, at=at
                )
            except Refusal as no:
                form.refuse(no)
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("It is written down, and waits for the community's decision."))
                return redirect("volunteer", row.pk)
    return render(request, "volunteers/new.html", {"form": form, "child": child}, status=status)


@require_safe
@never_cache
@staff_required
def volunteer(request: StaffRequest, volunteer_id: str) -> HttpResponse:
    """One registration, masked; one that was joined to another leads on to it."""
    row = _seen(request, volunteer_id)
    if row.merged_into_id is not None:
        return redirect("volunteer", row.merged_into_id)
    return _page(request, row)


@require_POST
@never_cache
@staff_required
def volunteer_do(request: StaffRequest, volunteer_id: str, what: str) -> HttpResponse:
    """Do one thing. What is refused changes nothing and loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    row, at = _seen(request, volunteer_id), timezone.now()
    check_may_keep_page(request, row)
    form = _forms(request, row, request.POST).get(what)
    if form is not None and not form.is_valid():
        return _page(request, row, asked={what: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return _do(request, row, what, form, at=at)
    except Refusal as no:
        if form is None:
            messages.error(request, str(no))
            return _page(request, _seen(request, volunteer_id), status=HTTPStatus(no.status))
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, row, asked={what: form}, status=HTTPStatus(no.status))


def check_may_keep_page(request: StaffRequest, row: Volunteer) -> None:
    """Refuse the verbs of a registration to who only sees it."""
    if not may_keep(request.staff, row.home):
        raise PermissionDenied(_("The community where they live keeps this register."))


def _do(request: StaffRequest, row: Volunteer, what: str, form: forms.Form | None, *, at: datetime) -> HttpResponse:
    by, given = request.staff, form.cleaned_data if form is not None else {}
    match what:
        case "approve":
            transitions.approve(row, by=by, at=at)
            messages.success(request, _("Taken on. They hear of it."))
        case "refuse":
            transitions.refuse(row, why=given["why"], by=by, at=at)
            messages.success(request, _("Not taken on. They hear of it and read the reason on their page."))
        case "leave":
            transitions.leave(row, by=by, at=at)
            messages.success(request, _("They have left. Name, number and everything they offered are deleted."))
            return redirect("volunteer_list")
        case "merge":
            assert isinstance(form, MergeForm)  # noqa: S101 - _forms made it
            stays = merging.merge(row, into=form.doubles[given["into"]], by=by, at=at)
            messages.success(request, _("The two are one registration now."))
            return redirect("volunteer", stays.pk)
        case _look:
            return _look_page(request, row, _whose(row, what), **given, at=at)
    return redirect("volunteer", row.pk)


def _look_page(
    request: StaffRequest, row: Volunteer, person: Person | None, *, field: str, reason: str, at: datetime
) -> HttpResponse:
    """Show one sealed field once, after writing down who looked and why."""
    check_may_keep(request.staff, row.home)
    if person is None or row.state in OVER:
        raise NotNow(_("This registration is over."))
    about = f"volunteer:{row.pk}"
    shown = reveal(person=person, field=field, reason=reason, by=request.user, about=about, at=at)
    context = {
        "row": row,
        "field": field,
        "label": PersonField(field).label,
        "value": shown.value,
        "left": reveals_left(request.user, at=at),
    }
    return render(request, "volunteers/look.html", context)


def _whose(row: Volunteer, what: str) -> Person | None:
    if what == "look":
        return row.person
    guardian = _guardian(row)
    return guardian.person if guardian is not None else None


def _guardian(row: Volunteer) -> Guardian | None:
    return Guardian.objects.filter(volunteer=row, ends_on=None).select_related("person").first()


def _seen(request: StaffRequest, volunteer_id: str) -> Volunteer:
    rows = Volunteer.objects.visible_to(request.staff).select_related("person", "home", "work", "merged_into")
    return get_object_or_404(rows, pk=volunteer_id)


def _forms(
    request: StaffRequest, row: Volunteer, data: Any = None, guardian: Guardian | None = None
) -> dict[str, forms.Form]:
    guardian = guardian or _guardian(row)
    found: dict[str, forms.Form] = {"refuse": RefuseForm(data)}
    doubles = merging.doubles(row, by=request.staff)[:MOST_DOUBLES]
    found["merge"] = MergeForm(data, doubles=list(doubles))
    for what, person in (("look", row.person), ("look-guardian", guardian.person if guardian else None)):
        if person is None:
            continue
        sealed = (("name", person.name_sealed), ("phone", person.phone_sealed))
        found[what] = RevealForm(data, fields=[field for field, blob in sealed if blob])
        found[what].auto_id = f"{what}_%s"
    return found


def _page(
    request: StaffRequest,
    row: Volunteer,
    *,
    asked: Mapping[str, forms.Form] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    on = shanghai_date(timezone.now())
    guardian = _guardian(row)
    shown = {**_forms(request, row, guardian=guardian), **(asked or {})}
    context = {
        "row": row,
        "guardian": guardian,
        "consents": list((guardian.person if guardian else row.person).consents.order_by("-given_at")),
        "papers": [(one, one.holds(on)) for one in row.qualifications.order_by("kind")],
        "free": free_in_words(row.free),
        "events": row.events.select_related("by").order_by("-at", "-pk"),
        "refuse_form": shown["refuse"],
        "merge_form": shown["merge"],
        "look_form": shown["look"],
        "look_guardian_form": shown.get("look-guardian"),
        "asked": set(asked or ()),
        "form": next(iter((asked or {}).values()), None),
        "may_keep": may_keep(request.staff, row.home),
        "is_minor": row.is_minor(on),
        "is_over": row.state in OVER,
    }
    return render(request, "volunteers/volunteer.html", context, status=status)
