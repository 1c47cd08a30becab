"""Requests on a case, by staff on the case page and by the petitioner on the follow page. POST only."""

from collections.abc import Callable
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from people.errors import Refusal
from petitions import appeals, requests, supplements
from petitions.forms.requests import DecisionForm, ExtensionForm, SupplementForm, SuppliedForm, WordsForm
from petitions.models import Appeal, Petition, SupplementRequest
from petitions.viewers import Follower
from petitions.views import resident_follow
from petitions.views.access import StaffRequest, staff_required
from petitions.views.replies import REQUESTS, begin, is_picking, key_of, offered

Facts = dict[str, Any]
# what a page of its own names of a matter
WITH = ("policy", "area", "community", "grid", "organisation", "category", "service_item")
FormOf = Callable[[Any, Petition], forms.Form]


def _ask_extension(petition: Petition, by: Staff, at: datetime, facts: Facts) -> object:
    return requests.ask_extension(petition, by=by, at=at, value=facts["value"], reason=facts["words"])


def _decide_extension(petition: Petition, by: Staff, at: datetime, facts: Facts) -> object:
    waiting = get_object_or_404(petition.extensions.filter(decision="waiting"))
    return requests.decide_extension(waiting, by=by, at=at, grant=facts["grant"], reason=facts["words"])


def _ask_supplement(petition: Petition, by: Staff, at: datetime, facts: Facts) -> object:
    return supplements.ask_supplement(petition, by=by, at=at, words=facts["words"], materials=facts["materials"])


def _take_supplement(petition: Petition, by: Staff, at: datetime, facts: Facts) -> object:
    return supplements.take_supplement(petition, by=by, at=at, words=facts["words"], brought=facts["materials"])


def _supervise(petition: Petition, by: Staff, at: datetime, facts: Facts) -> object:
    return requests.supervise(petition, by=by, at=at, words=facts["words"])


def _answer_order(petition: Petition, by: Staff, at: datetime, facts: Facts) -> object:
    order = get_object_or_404(petition.orders.filter(answered_at=None))
    return requests.answer_order(order, by=by, at=at, words=facts["words"])


def _decide_appeal(petition: Petition, by: Staff, at: datetime, facts: Facts) -> object:
    waiting = get_object_or_404(Appeal, petition=petition, decided_at=None)
    return appeals.decide(waiting, by=by, at=at, agree=facts["grant"], reason=facts["words"])


def _plain(form: Callable[[Any], forms.Form]) -> FormOf:
    return lambda data, _petition: form(data)


def _missing(data: Any, petition: Petition) -> forms.Form:
    item = petition.service_item
    return SupplementForm(data, names=item.materials if item is not None else ())


def _supplied(data: Any, petition: Petition) -> SuppliedForm:
    asked = SupplementRequest.objects.filter(petition=petition).first()
    return SuppliedForm(data, names=asked.missing if asked is not None else ())


KINDS: dict[str, tuple[FormOf, Callable[[Petition, Staff, datetime, Facts], object], Any]] = {
    "extension": (_plain(ExtensionForm), _ask_extension, gettext_lazy("Your request has been sent up.")),
    "decision": (_plain(DecisionForm), _decide_extension, gettext_lazy("Your decision is recorded.")),
    "appeal": (_plain(DecisionForm), _decide_appeal, gettext_lazy("Your decision is recorded.")),
    "supplement": (_missing, _ask_supplement, gettext_lazy("The petitioner has been asked. The clock stands still.")),
    "supplemented": (_supplied, _take_supplement, gettext_lazy("The supplement is recorded. The clock runs again.")),
    "order": (_plain(WordsForm), _supervise, gettext_lazy("The supervision order is issued.")),
    "answer": (_plain(WordsForm), _answer_order, gettext_lazy("Your answer is recorded.")),
}


@require_POST
@staff_required
def case_request(request: StaffRequest, number: str, what: str) -> HttpResponse:
    """Ask for, decide or answer one thing on a case; what is refused changes nothing and loses no words."""
    if what not in KINDS:
        raise Http404
    form_of, act, said = KINDS[what]
    petition = get_object_or_404(Petition.objects.visible_to(request.staff).select_related(*WITH), number=number)
    at = timezone.now()
    if is_picking(request.POST):
        picked = form_of(None, petition)
        form = begin(
            picked, REQUESTS.get(what), petition, key=key_of(request.POST), on=shanghai_date(at), typed=request.POST
        )
        return _ask(request, petition, form, what, on=shanghai_date(at))
    form = form_of(request.POST, petition)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _ask(request, petition, form, what, on=shanghai_date(at), status=status)
    try:
        act(petition, request.staff, at, form.cleaned_data)
    except Refusal as no:
        status = HTTPStatus(no.status)
        return _ask(request, petition, form, what, on=shanghai_date(at), refusal=str(no), status=status)
    messages.success(request, str(said))
    return redirect("case", number)


def _ask(
    request: StaffRequest,
    petition: Petition,
    form: forms.Form,
    what: str,
    *,
    on: date,
    refusal: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    page = {
        "petition": petition,
        "form": form,
        "what": what,
        "refusal": refusal,
        "replies": offered(REQUESTS.get(what), petition, on=on),
    }
    return render(request, "petitions/staff/request.html", page, status=status)


@require_POST
def petition_urge(request: HttpRequest, number: str) -> HttpResponse:
    """Urge one's matter, once a day."""
    petition = _followed(request, number)
    try:
        requests.urge(petition, at=timezone.now())
    except Refusal as no:
        messages.error(request, str(no))
    else:
        messages.success(request, str(gettext_lazy("Whoever handles it, and the head, have been told that you urge.")))
    return redirect("petition_followed", number)


@require_POST
def petition_supplement(request: HttpRequest, number: str) -> HttpResponse:
    """Send what was asked for; what is not taken comes back with the words."""
    petition = _followed(request, number)
    typed = request.POST.get("words", "")
    if hasattr(request, "switched"):
        ticked = frozenset(request.POST.getlist("materials"))
        return resident_follow.page(request, number, typed=typed, ticked=ticked)
    form = _supplied(request.POST, petition)
    ticked = frozenset(request.POST.getlist("materials"))
    if not form.is_valid():
        said = str(next(iter(form.errors.values()))[0])
        unfit = HTTPStatus.UNPROCESSABLE_ENTITY
        return resident_follow.page(request, number, typed=typed, ticked=ticked, refusal=said, status=unfit)
    given = form.cleaned_data
    try:
        supplements.answer_supplement(petition, at=timezone.now(), words=given["words"], brought=given["materials"])
    except Refusal as no:
        status = HTTPStatus(no.status)
        return resident_follow.page(request, number, typed=typed, ticked=ticked, refusal=str(no), status=status)
    messages.success(request, str(gettext_lazy("Thank you. It has reached whoever handles your matter.")))
    return redirect("petition_followed", number)


def _followed(request: HttpRequest, number: str) -> Petition:
    """Return the petition if this device has proved it; otherwise there is none."""
    follower = Follower.of(request.session, at=timezone.now())
    return get_object_or_404(Petition.objects.visible_to(follower), number=number)
