"""Giving back, deciding on it, correcting a place, stepping back: one page each, with the case's own words around."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from people.errors import NotAllowed, Refusal
from petitions import corrections, recusals, returns, rulings
from petitions.errors import NotYours
from petitions.forms.handing import (
    AboutStaffForm,
    ConflictForm,
    CorrectPlaceForm,
    DeferForm,
    ReturnDecisionForm,
    ReturnForm,
    RulingForm,
)
from petitions.forms.requests import WordsForm
from petitions.models import Petition
from petitions.models.rulings import RulingKind
from petitions.views.access import StaffRequest, staff_required, version_of

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to do: the words of its page, its form, and the one domain call."""

    title: Any
    hint: Any
    button: Any
    done: Any
    form: Callable[[StaffRequest, Petition, datetime], forms.Form]
    act: Callable[[Petition, Staff, datetime, forms.Form, int | None], object]
    # asked before what was sent is looked at, where the form alone would refuse who may not ask at all
    kind: RulingKind | None = None


def _data(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _return(petition: Petition, by: Staff, at: datetime, form: forms.Form, version: int | None) -> object:
    return returns.ask_return(petition, by=by, at=at, version=version, **form.cleaned_data)


def _decide(petition: Petition, by: Staff, at: datetime, form: forms.Form, version: int | None) -> object:  # noqa: ARG001 - a decision is about the request, not about what else changed
    given = form.cleaned_data
    waiting = get_object_or_404(petition.returns.order_by("-number")[:1])
    return returns.decide_return(waiting, by=by, at=at, agree=given["agree"], reason=given["words"])


def _step_back(petition: Petition, by: Staff, at: datetime, form: forms.Form, version: int | None) -> object:
    return recusals.step_back(petition, by=by, at=at, reason=form.cleaned_data["words"], version=version)


def _about_staff(petition: Petition, by: Staff, at: datetime, form: forms.Form, version: int | None) -> object:
    assert isinstance(form, AboutStaffForm)  # noqa: S101 - as ASKS pairs them
    words = form.cleaned_data["words"]
    return recusals.complain_of(petition, user=form.user, by=by, at=at, reason=words, version=version)


def _clear(petition: Petition, by: Staff, at: datetime, form: forms.Form, version: int | None) -> object:
    return recusals.clear_of_staff(petition, by=by, at=at, reason=form.cleaned_data["words"], version=version)


def _correct(petition: Petition, by: Staff, at: datetime, form: forms.Form, version: int | None) -> object:
    assert isinstance(form, CorrectPlaceForm)  # noqa: S101 - as ASKS pairs them
    assert form.area is not None  # noqa: S101 - the form is valid
    reason = form.cleaned_data["reason"]
    return corrections.correct_place(petition, place=form.area, by=by, at=at, reason=reason, version=version)


def _ask_ruling(kind: RulingKind) -> Callable[[Petition, Staff, datetime, forms.Form, int | None], object]:
    def act(petition: Petition, by: Staff, at: datetime, form: forms.Form, version: int | None) -> object:
        given = dict(form.cleaned_data)
        return rulings.ask(petition, kind=kind, by=by, at=at, reason=given.pop("words"), version=version, **given)

    return act


def _rule(petition: Petition, by: Staff, at: datetime, form: forms.Form, version: int | None) -> object:  # noqa: ARG001 - as for a return
    waiting = petition.rulings.order_by("-asked_at").first()
    if waiting is None:
        raise NotYours(_("Your post does not decide on this for %(number)s.") % {"number": petition.number})
    return rulings.decide(waiting, by=by, at=at, agree=form.cleaned_data["agree"], reason=form.cleaned_data["words"])


def _resume(petition: Petition, by: Staff, at: datetime, form: forms.Form, version: int | None) -> object:
    return rulings.resume(petition, by=by, at=at, words=form.cleaned_data["words"], version=version)


def _place_form(request: StaffRequest, petition: Petition, at: datetime) -> forms.Form:
    within = corrections.reach(request.staff, petition)
    if not within:
        raise NotAllowed(gettext_lazy("Your post does not correct the place of this matter."))
    initial = {"q": request.GET.get("q", "")[:60], "version": petition.version}
    return CorrectPlaceForm(_data(request), on=shanghai_date(at), within=within, initial=initial, auto_id="do_%s")


ASKS: Mapping[str, Ask] = {
    "return": Ask(
        gettext_lazy("Return it"),
        gettext_lazy("Whoever sent it decides. Until then it stays with you, and its clocks run on."),
        gettext_lazy("Return it"),
        gettext_lazy("Your return has been sent to whoever decides. The clocks run on."),
        lambda request, _petition, _at: ReturnForm(_data(request)),
        _return,
    ),
    "return-decision": Ask(
        gettext_lazy("Decide on the return"),
        gettext_lazy("The clocks run on whatever you decide. Taken back, it waits for you to dispatch it elsewhere."),
        gettext_lazy("Decide"),
        gettext_lazy("Your decision is recorded, and they have been told."),
        lambda request, _petition, _at: ReturnDecisionForm(_data(request)),
        _decide,
    ),
    "step-back": Ask(
        gettext_lazy("Step back: an interest of your own"),
        gettext_lazy("You will no longer see this matter. If you have it, it goes one level up."),
        gettext_lazy("Step back"),
        gettext_lazy("You have stepped back. The level above has been told."),
        lambda request, _petition, _at: WordsForm(_data(request)),
        _step_back,
    ),
    "about-staff": Ask(
        gettext_lazy("This matter is about staff"),
        gettext_lazy(
            "The person, his level and everything below it will no longer see it. The level above takes over."
        ),
        gettext_lazy("Pass it up"),
        gettext_lazy("It has been passed one level up."),
        lambda request, petition, at: AboutStaffForm(_data(request), petition=petition, on=shanghai_date(at)),
        _about_staff,
    ),
    "not-about-staff": Ask(
        gettext_lazy("This matter is not about staff after all"),
        gettext_lazy(
            "Those below see it again and may handle it. The petitioner reads your reason. What he wrote about the "
            "person stays hidden from them."
        ),
        gettext_lazy("Give it back to the line"),
        gettext_lazy("The line below has it again, and the petitioner has been told."),
        lambda request, _petition, _at: WordsForm(_data(request)),
        _clear,
    ),
    "defer": Ask(
        gettext_lazy("Ask to put it off until a day"),
        gettext_lazy("The subdistrict decides. Until then the clocks run on. The petitioner reads the decision."),
        gettext_lazy("Ask for it"),
        gettext_lazy("Asked. Whoever decides has been told; the clocks run on."),
        lambda request, _petition, _at: DeferForm(_data(request)),
        _ask_ruling(RulingKind.DEFER),
        kind=RulingKind.DEFER,
    ),
    "terminate": Ask(
        gettext_lazy("Ask to end it without a solution"),
        gettext_lazy(
            "Only for what lawful handling cannot solve. The subdistrict decides; the petitioner reads why and may "
            "appeal once."
        ),
        gettext_lazy("Ask for it"),
        gettext_lazy("Asked. Whoever decides has been told; the clocks run on."),
        lambda request, _petition, _at: WordsForm(_data(request)),
        _ask_ruling(RulingKind.TERMINATE),
        kind=RulingKind.TERMINATE,
    ),
    "conflict": Ask(
        gettext_lazy("Another unit is responsible: ask who must handle it"),
        gettext_lazy("The subdistrict names one of the two, for good. Until then it stays with you."),
        gettext_lazy("Ask for it"),
        gettext_lazy("Asked. Whoever decides has been told; the clocks run on."),
        lambda request, petition, at: ConflictForm(
            _data(request), petition=petition, by=request.staff, on=shanghai_date(at)
        ),
        _ask_ruling(RulingKind.CONFLICT),
        kind=RulingKind.CONFLICT,
    ),
    "ruling": Ask(
        gettext_lazy("Decide on what was asked"),
        gettext_lazy(
            "The petitioner reads your reason. In a conflict “agree” designates the unit named, “refuse” the one that "
            "has it."
        ),
        gettext_lazy("Decide"),
        gettext_lazy("Your decision is recorded, and they have been told."),
        lambda request, _petition, _at: RulingForm(_data(request)),
        _rule,
    ),
    "resume": Ask(
        pgettext_lazy("case", "Take it up again"),
        gettext_lazy("Its time limits begin anew. The petitioner reads your words."),
        pgettext_lazy("case", "Take it up again"),
        gettext_lazy("It is under way again, and the petitioner has been told."),
        lambda request, _petition, _at: WordsForm(_data(request)),
        _resume,
    ),
    "place": Ask(
        gettext_lazy("Correct the place"),
        gettext_lazy("Who answers for it, and its opening hours, follow from the place. The clocks run on."),
        gettext_lazy("This is the place"),
        gettext_lazy("The place is corrected. Those who answer for it have been told."),
        _place_form,
        _correct,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def case_handing(request: StaffRequest, number: str, what: str) -> HttpResponse:
    """Ask for one of these things, and do it; what is refused changes nothing and loses no words."""
    if what not in ASKS:
        raise Http404
    ask, at = ASKS[what], timezone.now()
    mine = Petition.objects.visible_to(request.staff).select_related("policy", "area", "organisation", "grid", "place")
    petition = get_object_or_404(mine, number=number)
    status, refusal, form = HTTPStatus.OK, "", None
    try:
        form = ask.form(request, petition, at)
        if request.method == "POST" and ask.kind is not None and not rulings.asks(request.staff, petition, ask.kind):
            raise NotYours(_("Only who has %(number)s may ask for this.") % {"number": petition.number})
        if request.method == "POST" and form.is_valid():
            ask.act(petition, request.staff, at, form, version_of(request))
            messages.success(request, str(ask.done))
            if mine.filter(pk=petition.pk).exists():
                return redirect("case", number)
            return redirect("staff_home")
        if request.method == "POST":
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as no:
        status, refusal = HTTPStatus(no.status), str(no)
    page = {"petition": petition, "form": form, "what": what, "ask": ask, "refusal": refusal}
    return render(request, "petitions/staff/handing.html", page, status=status)
