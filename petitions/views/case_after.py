"""Beside and after the handling, by staff: callbacks, answers, word given, another category; joining and separating.

Each is a page of its own with its form; what is refused changes nothing and loses nothing that was typed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from people.errors import Refusal
from petitions import afterwards, casefile, feedback, joining, mediating, permissions, ratings, recategorising
from petitions.afterwards import Afterwards
from petitions.dispute_enums import Dispute
from petitions.enums import FeedbackKind, Verb
from petitions.errors import ChangedMeanwhile
from petitions.forms.afterwards import (
    AnswerForm,
    CallbackForm,
    FeedbackForm,
    JoinForm,
    RatingForm,
    RecategoriseForm,
)
from petitions.forms.mediation import MediatedForm, MediationForm
from petitions.models import Petition
from petitions.numbers import number_is_well_formed
from petitions.views.access import StaffRequest, staff_required
from petitions.views.replies import AFTER, begin, is_picking, key_of, offered

Facts = dict[str, Any]


def _call_back(petition: Petition, by: Staff, at: datetime, form: Any) -> object:
    return ratings.call_back(petition, by=by, at=at, **form.facts())


def _missed(petition: Petition, by: Staff, at: datetime, _form: Any) -> object:
    return ratings.missed_call(petition, by=by, at=at)


def _take_down(petition: Petition, by: Staff, at: datetime, form: Any) -> object:
    return ratings.take_down(petition, by=by, at=at, **form.facts())


def _answer(petition: Petition, by: Staff, at: datetime, form: Any) -> object:
    return ratings.answer(petition, by=by, at=at, words=form.cleaned_data["words"])


def _feed_back(petition: Petition, by: Staff, at: datetime, form: Any) -> object:
    given = form.cleaned_data
    return feedback.give(petition, by=by, at=at, kind=FeedbackKind(given["kind"]), words=given["words"])


def _recategorise(petition: Petition, by: Staff, at: datetime, form: Any) -> object:
    return recategorising.recategorise(petition, by=by, at=at, **form.facts())


def _begin_mediation(petition: Petition, by: Staff, at: datetime, form: Any) -> object:
    return mediating.begin(petition, by=by, at=at, dispute=Dispute(form.cleaned_data["dispute"]))


def _end_mediation(petition: Petition, by: Staff, at: datetime, form: Any) -> object:
    return mediating.end(petition, by=by, at=at, **form.facts())


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that is done here: its title, form and verb, what is said when it is done, and who may now."""

    title: Any
    form: type[forms.Form]
    act: Callable[[Petition, Staff, datetime, Any], object]
    said: Any
    may: Callable[[Afterwards], bool]


KINDS: dict[str, Kind] = {
    "callback": Kind(
        gettext_lazy("Call the petitioner back"),
        CallbackForm,
        _call_back,
        gettext_lazy("The callback is recorded."),
        lambda stands: stands.may_call,
    ),
    "missed": Kind(
        gettext_lazy("Nobody answered the call"),
        forms.Form,
        _missed,
        gettext_lazy("It is recorded that nobody answered. The clock runs on."),
        lambda stands: stands.may_call,
    ),
    "paper": Kind(
        gettext_lazy("Write down a rating from paper"),
        RatingForm,
        _take_down,
        gettext_lazy("The rating is recorded."),
        lambda stands: stands.may_take_down,
    ),
    "answer": Kind(
        gettext_lazy("Answer the bad rating"),
        AnswerForm,
        _answer,
        gettext_lazy("Your answer stands on the petitioner's page."),
        lambda stands: stands.may_answer,
    ),
    "feedback": Kind(
        gettext_lazy("Give word to the petitioner"),
        FeedbackForm,
        _feed_back,
        gettext_lazy("The petitioner can read it now."),
        lambda stands: stands.may_feed_back,
    ),
    "category": Kind(
        gettext_lazy("Change category, tier or urgency"),
        RecategoriseForm,
        _recategorise,
        gettext_lazy("Changed. The petitioner can read why."),
        lambda stands: stands.may_recategorise,
    ),
    "mediation": Kind(
        gettext_lazy("Begin to mediate"),
        MediationForm,
        _begin_mediation,
        gettext_lazy("The mediation is recorded as begun."),
        lambda stands: stands.may_mediate,
    ),
    "mediated": Kind(
        gettext_lazy("Record the result of the mediation"),
        MediatedForm,
        _end_mediation,
        gettext_lazy("The result of the mediation is recorded."),
        lambda stands: stands.may_conclude,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def case_after(request: StaffRequest, number: str, what: str) -> HttpResponse:
    """One thing beside or after the handling: its form, and what it does."""
    kind = KINDS.get(what)
    if kind is None:
        raise Http404
    at, petition = timezone.now(), _seen(request, number)
    if request.method != "POST":
        if not kind.may(afterwards.afterwards(petition, viewer=request.staff)):
            messages.error(request, _("This is not possible on %(number)s now.") % {"number": number})
            return redirect("case", number)
        return _page(request, petition, what, kind, _form(kind, request, petition, at=at))
    if issubclass(kind.form, RecategoriseForm) and not permissions.may(request.staff, Verb.ACCEPT, petition):
        raise PermissionDenied(_("Your post does not change what %(number)s is.") % {"number": number})
    picks = is_picking(request.POST)
    form = _form(kind, request, petition, at=at, is_bound=not picks)
    if picks or not form.is_valid():
        if picks:
            key = key_of(request.POST)
            begin(form, AFTER.get(what), petition, key=key, on=shanghai_date(at), typed=request.POST)
        status = HTTPStatus.OK if picks else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, petition, what, kind, form, status=status)
    changes = _changes(petition, form, at=at)
    if changes is not None and "confirm" not in request.POST:
        return _page(request, petition, what, kind, form, changes=changes)
    try:
        kind.act(petition, request.staff, at, form)
    except Refusal as no:
        _look_again(form, no, petition)
        return _page(request, petition, what, kind, form, refusal=str(no), status=HTTPStatus(no.status))
    messages.success(request, str(kind.said))
    return redirect("case", number)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def case_join(request: StaffRequest, number: str) -> HttpResponse:
    """Join a matter to another: ``?into=`` names the master; both side by side, and what it would do, before it is."""
    at, petition = timezone.now(), _seen(request, number)
    if request.method == "POST" and not permissions.may(request.staff, Verb.MERGE, petition):
        raise PermissionDenied(_("Your post does not join matters."))
    named = (request.POST if request.method == "POST" else request.GET).get("into", "").strip().upper()
    mine = Petition.objects.visible_to(request.staff)
    master = casefile.with_everything(mine).filter(number=named).first() if number_is_well_formed(named) else None
    context: Facts = {
        "petition": petition,
        "into": named,
        "unknown": bool(named) and master is None,
        "suggested": joining.suggestions(petition, mine, at=at) if master is None else [],
    }
    if master is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if named else HTTPStatus.OK
        return render(request, "petitions/staff/join.html", context, status=status)
    seen = joining.preview(petition, master, by=request.staff)
    form = JoinForm(request.POST or None, initial=_versions(petition, master))
    status, refusal = HTTPStatus.OK, seen.refusal
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                joining.merge(
                    petition,
                    into=master,
                    by=request.staff,
                    at=at,
                    reason=form.cleaned_data["words"],
                    version=form.cleaned_data["version"],
                    into_version=form.cleaned_data["other_version"],
                )
            except Refusal as no:
                status, refusal = HTTPStatus(no.status), str(no)
                _look_again(form, no, petition, master)
            else:
                messages.success(request, _("Joined. Everybody concerned has been told."))
                return redirect("case", master.number)
    words = {one.pk: casefile.words_of(one) for one in (petition, master)}
    sides = [(one, words[one.pk]) for one in (petition, master)]
    page = {**context, "master": master, "preview": seen, "sides": sides, "form": form, "refusal": refusal}
    return render(request, "petitions/staff/join.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def case_split(request: StaffRequest, number: str) -> HttpResponse:
    """Separate a joined matter again."""
    petition = _seen(request, number)
    master = petition.master
    if master is None:
        messages.error(request, _("%(number)s is not joined to any other matter.") % {"number": number})
        return redirect("case", number)
    form = JoinForm(request.POST or None, initial=_versions(petition, master))
    status, refusal = HTTPStatus.OK, ""
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                joining.split(
                    petition,
                    by=request.staff,
                    at=timezone.now(),
                    reason=form.cleaned_data["words"],
                    version=form.cleaned_data["version"],
                    master_version=form.cleaned_data["other_version"],
                )
            except Refusal as no:
                status, refusal = HTTPStatus(no.status), str(no)
                _look_again(form, no, petition, master)
            else:
                messages.success(request, _("Separated. It waits for triage, and its petitioner has been told."))
                return redirect("case", number)
    page = {"petition": petition, "master": master, "form": form, "refusal": refusal}
    return render(request, "petitions/staff/split.html", page, status=status)


def _seen(request: StaffRequest, number: str) -> Petition:
    return get_object_or_404(casefile.with_everything(Petition.objects.visible_to(request.staff)), number=number)


def _form(kind: Kind, request: StaffRequest, petition: Petition, *, at: datetime, is_bound: bool = False) -> forms.Form:
    data = request.POST if is_bound else None
    if issubclass(kind.form, RecategoriseForm):
        return kind.form(data, petition=petition, by=request.staff, on=shanghai_date(at))
    return kind.form(data)


def _changes(petition: Petition, form: forms.Form, *, at: datetime) -> Any:
    """Return what a change of category would do to the time limits; nothing for what needs no preview."""
    if not isinstance(form, RecategoriseForm):
        return None
    facts = form.facts()
    wanted = {name: facts[name] for name in recategorising.FIELDS}
    return recategorising.preview(petition, at=at, afresh=facts["afresh"], **wanted)


def _versions(petition: Petition, other: Petition) -> dict[str, int]:
    return {"version": petition.version, "other_version": other.version}


def _look_again(form: forms.Form, no: Refusal, petition: Petition, other: Petition | None = None) -> None:
    """Let the same form be sent again on what is read now, when somebody else was quicker."""
    if not isinstance(no, ChangedMeanwhile):
        return
    now = dict(Petition.objects.filter(pk__in=[petition.pk, other.pk if other else 0]).values_list("pk", "version"))
    form.data = {**form.data, "version": str(now[petition.pk])}
    if other is not None:
        form.data = {**form.data, "other_version": str(now[other.pk])}


def _page(
    request: StaffRequest,
    petition: Petition,
    what: str,
    kind: Kind,
    form: forms.Form,
    *,
    refusal: str = "",
    changes: Any = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    page = {
        "petition": petition,
        "what": what,
        "title": kind.title,
        "form": form,
        "refusal": refusal,
        "changes": changes,
        "replies": offered(AFTER.get(what), petition, on=shanghai_date(timezone.now())),
        "stands": afterwards.afterwards(petition, viewer=request.staff),
    }
    return render(request, "petitions/staff/after.html", page, status=status)
