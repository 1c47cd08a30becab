"""One household: what it waits for, what was done, and what the person who stands at its door writes down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deadlines.timetable import shanghai_date
from fieldwork import campaigns, due, households, residents, versions, visiting
from fieldwork.enums import Outcome, Whom
from fieldwork.forms.ledgers import LookForm, ResidentForm
from fieldwork.forms.visits import LinkForm, NoteForm, VisitForm, WhoForm
from fieldwork.models import CareRecipient, Household, NotedHousehold, Resident, Visit
from fieldwork.permissions import check_may_arrange, check_may_close, check_may_visit, may_arrange, may_care, may_keep
from grids.staff import Staff
from people.enums import PersonField
from people.errors import Refusal
from people.services import reveals_left
from petitions.enums import Channel
from petitions.permissions import may_file_on_behalf
from petitions.views.access import StaffRequest, staff_required

PAGE: Final = "fieldwork/household.html"
SHOWN_VISITS: Final = 20
LONGEST_KEY: Final = 18


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing done on the page: its form, the verb, what is said when it is done."""

    form: Callable[..., forms.Form] | None
    do: Callable[..., object]
    said: str | Promise
    check: Callable[[Staff, Household], None] = check_may_visit


def _visit_form(data: Any, household: Household, at: datetime) -> VisitForm:
    on = shanghai_date(at)
    return VisitForm(data, today=on, campaigns=campaigns.of_household(household, on=on))


def _take_back(household: Household, *, by: Staff, at: datetime, key: str) -> None:
    try:
        visit = Visit.objects.get(pk=key, household=household)
    except (Visit.DoesNotExist, ValidationError) as nothing:
        raise Http404 from nothing
    visiting.take_back(visit, by=by, at=at)


def _end_note(household: Household, *, by: Staff, at: datetime, key: str) -> None:
    households.end_note(household, duty_id=_int(key), by=by, at=at)


def _unlink(household: Household, *, by: Staff, at: datetime, key: str) -> None:
    households.unlink(household, user_id=_int(key), by=by, at=at)


def _moved_out(household: Household, *, by: Staff, at: datetime, key: str) -> None:
    residents.move_out(_resident(household, key), by=by, at=at)


def _resident(household: Household, key: str) -> Resident:
    try:
        return residents.of(household).select_related("household__grid").get(pk=key)
    except (Resident.DoesNotExist, ValidationError) as nothing:
        raise Http404 from nothing


def _close(household: Household, *, by: Staff, at: datetime, key: str) -> None:  # noqa: ARG001 - one signature
    households.close(household, by=by, at=at)


KINDS: Final[Mapping[str, Doing]] = {
    "visit": Doing(_visit_form, visiting.log, _("The visit is written down.")),
    "who": Doing(lambda data, _household, _at: WhoForm(data), households.say_contact, _("It is written down.")),
    "note": Doing(
        lambda data, household, _at: NoteForm(data, household=household),
        households.note,
        _("It is noted."),
        check_may_arrange,
    ),
    "link": Doing(
        lambda data, household, at: LinkForm(data, household=household, on=shanghai_date(at)),
        households.link,
        _("They are linked. They find the household in their list of visits."),
        check_may_arrange,
    ),
    "look": Doing(None, households.look, ""),
    "take-back": Doing(None, _take_back, _("The visit is taken back.")),
    "end-note": Doing(None, _end_note, _("It is not noted any more."), check_may_arrange),
    "unlink": Doing(None, _unlink, _("They are not linked any more."), check_may_arrange),
    "resident": Doing(
        lambda data, _household, _at: ResidentForm(data), residents.add, _("It is written down."), check_may_close
    ),
    "moved-out": Doing(
        None, _moved_out, _("It is written down. Their name and number are forgotten."), check_may_close
    ),
    "close": Doing(None, _close, _("The household is closed."), check_may_close),
}


@require_safe
@never_cache
@staff_required
def household(request: StaffRequest, household_id: str) -> HttpResponse:
    """One household, with the form of a visit open."""
    return _page(request, _seen(request, household_id), at=timezone.now())


@require_safe
@never_cache
@staff_required
def household_versions(request: StaffRequest, household_id: str) -> HttpResponse:
    """Who changed what kind of thing in the file of a household, the newest first; never what stood there."""
    one = _seen(request, household_id)
    rows = list(versions.of(one)[: versions.MOST])
    context = {"household": one, "address": one.address(), "versions": rows, "number": len(rows)}
    return render(request, "fieldwork/household_versions.html", context)


@require_POST
@never_cache
@staff_required
def household_do(request: StaffRequest, household_id: str, what: str) -> HttpResponse:
    """Do one thing. What is refused changes nothing and loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    at, doing = timezone.now(), KINDS[what]
    one = _seen(request, household_id)
    try:
        doing.check(request.staff, one)
    except Refusal as no:
        messages.error(request, str(no))
        return _page(request, one, at=at, status=HTTPStatus(no.status))
    if what == "look":
        return _look(request, one, at=at)
    form = doing.form(request.POST, one, at) if doing.form is not None else None
    if form is not None and not form.is_valid():
        return _page(request, one, at=at, asked={what: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    facts = form.facts() if form is not None else {"key": request.POST.get("key", "")}  # type: ignore[attr-defined]
    try:
        done = doing.do(one, by=request.staff, at=at, **facts)
    except Refusal as no:
        if form is None:
            messages.error(request, str(no))
            return _page(request, _seen(request, household_id), at=at, status=HTTPStatus(no.status))
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, one, at=at, asked={what: form}, status=HTTPStatus(no.status))
    messages.success(request, str(doing.said))
    return redirect(_next(request, one, what, done))


def _next(request: StaffRequest, one: Household, what: str, done: object) -> str:
    """Return where to go on: a matter they raised is filed at once, its place the house and nothing else of them."""
    if isinstance(done, Visit) and done.outcome == Outcome.RAISED and may_file_on_behalf(request.staff):
        return f"{reverse('case_new')}?{urlencode({'place': one.place.code, 'channel': Channel.VISIT.value})}"
    return reverse("visits") if what == "close" else reverse("household", args=[one.pk])


def _seen(request: StaffRequest, household_id: str) -> Household:
    """Return the household if it lies in the person's scope; what does not, does not exist for him."""
    in_care = CareRecipient.objects.filter(household=OuterRef("pk"), ends_on=None).order_by("starts_on", "pk")
    rows = Household.objects.visible_to(request.staff).select_related("place__parent", "grid", "contact")
    sheets = ArraySubquery(in_care.values(found=JSONObject(pk="pk", on="starts_on")))
    return get_object_or_404(rows.annotate(in_care=sheets), pk=household_id)


def _page(
    request: StaffRequest,
    one: Household,
    *,
    at: datetime,
    asked: Mapping[str, forms.Form] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    on = shanghai_date(at)
    others = _others(request, one)
    look = _look_form(one, others)
    arranges, cares = may_arrange(request.staff, one), may_care(request.staff, one.grid)
    dues = due.of_household(one, on=on) if one.valid_to is None else ()
    visits = Visit.objects.filter(household=one).select_related("by", "campaign").order_by("-on", "-written_at")
    shown = [(visit, visiting.may_take_back(visit, by=request.staff, at=at)) for visit in visits[:SHOWN_VISITS]]
    context: dict[str, Any] = {
        "household": one,
        "address": one.address(),
        # that somebody here is a care recipient is nothing for the window or for who is linked
        "dues": [waits for waits in dues if cares or waits.standing.duty.whom != Whom.CARE],
        "visits": shown,
        "noted": NotedHousehold.objects.filter(household=one, ends_on=None).select_related("duty").order_by("pk"),
        "links": one.links.filter(ends_on=None).select_related("user").order_by("pk"),
        "may_keep": may_keep(request.staff, one.grid),
        "may_arrange": arranges,
        "may_care": cares,
        "care": [{**row, "on": date.fromisoformat(row["on"])} for row in one.in_care] if cares else (),  # type: ignore[attr-defined]  # annotated
        "look": None if look.is_empty else look,
        "others": [(other, other.person.name_masked, other.person.phone_masked) for other in others],
        "resident_form": ResidentForm(),
        "visit_form": _visit_form(None, one, at),
        "who_form": WhoForm(),
        **({"note_form": NoteForm(household=one), "link_form": LinkForm(household=one, on=on)} if arranges else {}),
        **{f"{what.replace('-', '_')}_form": form for what, form in (asked or {}).items()},
        "asked": set(asked or ()),
        "form": next(iter((asked or {}).values()), None),
        "today": on,
    }
    return render(request, PAGE, context, status=status)


def _others(request: StaffRequest, one: Household) -> list[Resident]:
    """Return who else lives there, to whoever keeps the file; a linked person knows whom he may ask."""
    contact = one.contact
    asked = contact is not None and bool(contact.name_sealed or contact.phone_sealed or contact.email_sealed)
    are_others = one.people > int(asked)
    return list(residents.of(one)) if are_others and may_keep(request.staff, one.grid) else []


def _look_form(one: Household, others: Sequence[Resident], data: Any = None) -> LookForm:
    whose = {str(other.pk): other.person.name_masked for other in others}
    return LookForm(data, contact=one.contact, others=others, whose=whose)


def _look(request: StaffRequest, one: Household, *, at: datetime) -> HttpResponse:
    """Show one sealed field once, after writing down who looks and why; it stands in this answer and nowhere else."""
    form = _look_form(one, _others(request, one), request.POST)
    if form.is_empty:
        messages.error(request, str(_("Nobody is written down here.")))
        return _page(request, one, at=at, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not form.is_valid():
        return _page(request, one, at=at, asked={"look": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    key, _colon, field = form.cleaned_data["field"].rpartition(":")
    why = {"field": field, "reason": form.cleaned_data["reason"], "by": request.staff, "at": at}
    try:
        revealed = residents.look(_resident(one, key), **why) if key else households.look(one, **why)
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, one, at=at, asked={"look": form}, status=HTTPStatus(no.status))
    context = {
        "household": one,
        "address": one.address(),
        "field": field,
        "label": PersonField(field).label,
        "value": revealed.value,
        "left": reveals_left(request.user, at=at),
    }
    return render(request, "fieldwork/look.html", context)


def _int(key: str) -> int:
    return int(key) if key.isdecimal() and len(key) <= LONGEST_KEY else -1
