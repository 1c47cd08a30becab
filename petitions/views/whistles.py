"""Whistles 吹哨报到: my lists, blowing one, its page with what each side does there, how both sides were scored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.services import acknowledge
from deadlines.timetable import shanghai_date
from grids.staff import Staff
from notifications.services import mark_read_about
from people.errors import Refusal
from petitions import whistle_reading, whistles
from petitions import whistle_rights as rights
from petitions.forms import whistles as asked
from petitions.models import Petition, Whistle, WhistleCall, WhistleEscalation
from petitions.places import described
from petitions.views.access import StaffRequest, see_other, staff_required

LONGEST_KEY = 15
Says = str | Promise
Role = Callable[[Staff, Whistle, WhistleCall], bool]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done on the page of a whistle: its button, its form, who may, and the verb."""

    label: Says
    form: type[forms.Form]
    said: Says
    role: Role
    do: Callable[..., object]
    to_call: bool = False


def _caller(by: Staff, whistle: Whistle, _call: WhistleCall) -> bool:
    return rights.is_caller(by, whistle)


def _called(by: Staff, _whistle: Whistle, call: WhistleCall) -> bool:
    return rights.is_called(by, call)


def _checker(by: Staff, whistle: Whistle, _call: WhistleCall) -> bool:
    return rights.checks(by, whistle)


def _either(by: Staff, whistle: Whistle, _call: WhistleCall) -> bool:
    return rights.takes_part(by, whistle, list(whistle.calls.all()))


KINDS: Final[Mapping[str, Act]] = MappingProxyType(
    {
        "check": Act(
            gettext_lazy("Hand in your check"),
            asked.CheckWhistleForm,
            gettext_lazy("Your check is recorded, and the caller has been told."),
            _checker,
            whistles.check,
        ),
        "withdraw": Act(
            gettext_lazy("Take it back"), asked.ButtonForm, gettext_lazy("Taken back."), _caller, whistles.withdraw
        ),
        "respond": Act(
            gettext_lazy("We are coming"),
            asked.ButtonForm,
            gettext_lazy("Recorded that you are coming. The caller has been told."),
            _called,
            whistles.respond,
            to_call=True,
        ),
        "report": Act(
            gettext_lazy("We have reported for duty"),
            asked.ReportForm,
            gettext_lazy("Recorded that you are on the scene."),
            _called,
            whistles.report,
            to_call=True,
        ),
        "note": Act(
            gettext_lazy("Note what was done together"),
            asked.NoteForm,
            gettext_lazy("Written down for everybody who takes part."),
            _either,
            whistles.note,
        ),
        "finish": Act(
            gettext_lazy("Our part is done"),
            asked.DoneForm,
            gettext_lazy("Recorded. The caller ends the whistle when all are done."),
            _called,
            whistles.finish,
            to_call=True,
        ),
        "not-done": Act(
            gettext_lazy("Not done yet"),
            asked.NotDoneForm,
            gettext_lazy("The unit has been told; its time limit runs anew."),
            _caller,
            whistles.not_done,
            to_call=True,
        ),
        "close": Act(
            gettext_lazy("End the whistle"),
            asked.CloseForm,
            gettext_lazy("The whistle has ended. Please score the units."),
            _caller,
            whistles.close,
        ),
        "score": Act(
            gettext_lazy("Score the unit"),
            asked.ScoreForm,
            gettext_lazy("The score is recorded."),
            _caller,
            whistles.score,
            to_call=True,
        ),
        "judge": Act(
            gettext_lazy("Score the call"),
            asked.JudgeForm,
            gettext_lazy("The score is recorded."),
            _called,
            whistles.judge,
            to_call=True,
        ),
    }
)


@require_safe
@never_cache
@staff_required
def whistle_list(request: StaffRequest) -> HttpResponse:
    """My whistles: to check, calling us, under way, to be scored; what is over follows, ``?before=`` goes on."""
    given = request.GET.get("before", "")
    before = int(given) if given.isdecimal() and len(given) <= LONGEST_KEY else None
    over = whistle_reading.ended(request.staff, before=before)
    context = {
        "now": timezone.now(),
        "lists": whistle_reading.lists(request.staff),
        "ended": over[: whistle_reading.PAGE],
        "before": over[whistle_reading.PAGE - 1].pk if len(over) > whistle_reading.PAGE else None,
        "may_blow": rights.calling_post(request.staff) is not None,
        "reads_scores": request.staff.holds(*rights.READS_SCORES),
    }
    return render(request, "petitions/staff/whistles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def whistle_new(request: StaffRequest) -> HttpResponse:
    """Blow the whistle; ``?petition=`` about a matter."""
    at = timezone.now()
    number = (request.POST if request.method == "POST" else request.GET).get("petition", "")
    petition = get_object_or_404(Petition.objects.visible_to(request.staff), number=number) if number else None
    refusal: Refusal | None = None
    try:
        rights.check_may_call(request.staff, petition)
    except Refusal as no:
        if no.status == HTTPStatus.FORBIDDEN:
            raise PermissionDenied(str(no)) from no
        refusal = no
    data = request.POST if request.method == "POST" else None
    lies = petition.place if data is None and petition is not None else None
    place = described([lies])[0].trail if lies is not None else ""
    form = asked.WhistleForm(data, by=request.staff, on=shanghai_date(at), petition=petition, place=place)
    status = HTTPStatus.OK if refusal is None else HTTPStatus(refusal.status)
    if data is not None and refusal is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                blown = whistles.blow(by=request.staff, at=at, petition=petition, **form.facts())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(
                    request,
                    _("The whistle has sounded. Whoever is called has been told.")
                    if blown.blown_at
                    else _("The whistle waits for the check of the post above, which has been told."),
                )
                return redirect("whistle", blown.pk)
    context = {"form": form, "petition": petition, "refusal": refusal}
    return render(request, "petitions/staff/whistle_new.html", context, status=status)


@require_safe
@never_cache
@staff_required
def whistle(request: StaffRequest, pk: int) -> HttpResponse:
    """One whistle: whom it calls, how they answered, what may be done now."""
    return _page(request, _seen(request, pk), at=timezone.now())


@require_POST
@never_cache
@staff_required
def whistle_do(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Do one thing to a whistle. What is refused changes nothing and loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    act, at, one = KINDS[what], timezone.now(), _seen(request, pk)
    call = _call_of(request, one)
    if not act.role(request.staff, one, call):
        raise PermissionDenied(_("This is for the other side of the whistle, or for the post above."))
    form = act.form(request.POST)
    if not form.is_valid():
        return _page(request, one, at=at, what=what, call=call, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        act.do(call if act.to_call else one, by=request.staff, at=at, **form.cleaned_data)
    except Refusal as no:
        return _page(request, one, at=at, what=what, call=call, form=form, refusal=no, status=no.status)
    mark_read_about(by=request.user, about=f"whistle:{one.number}", at=at)
    messages.success(request, str(act.said))
    return redirect("whistle", one.pk)


@require_POST
@staff_required
def whistle_seen(request: StaffRequest, pk: int, escalation_id: int) -> HttpResponse:
    """Record that the person has seen the escalation, and show the whistle."""
    at = timezone.now()
    one = _seen(request, pk)
    escalation = get_object_or_404(WhistleEscalation, pk=escalation_id, clock__call__whistle=one)
    try:
        acknowledge(escalation, by=request.user, at=at)
    except Refusal as no:
        messages.warning(request, str(no))
    else:
        mark_read_about(by=request.user, about=f"whistle:{one.number}", at=at)
        messages.success(request, _("Recorded that you have seen it."))
    return see_other(request, "whistle", one.pk)


@require_safe
@never_cache
@staff_required
def whistle_scores(request: StaffRequest) -> HttpResponse:
    """How units answered and how callers were judged in a year; ``?year=``."""
    if not request.staff.holds(*rights.READS_SCORES):
        raise PermissionDenied(_("Your post does not read how units were scored."))
    today = shanghai_date(timezone.now())
    years = whistle_reading.years(request.staff, today=today)
    given = request.GET.get("year", "")
    year = int(given) if given.isdecimal() and len(given) <= LONGEST_KEY and int(given) in years else today.year
    units, callers = whistle_reading.scores(request.staff, year=year)
    context = {"units": units, "callers": callers, "year": year, "years": years}
    return render(request, "petitions/staff/whistle_scores.html", context)


def _seen(request: StaffRequest, pk: int) -> Whistle:
    mine = Whistle.objects.visible_to(request.staff).select_related("area", "by", "checked_by")
    return get_object_or_404(mine, pk=pk)


def _call_of(request: StaffRequest, one: Whistle) -> WhistleCall:
    """Return the called unit a form is about; where it names none, the person's own, or the first."""
    calls = list(one.calls.select_related("organisation", "area").order_by("pk"))
    for call in calls:
        call.whistle = one
    given = request.POST.get("call", "")
    if given:
        found = next((call for call in calls if str(call.pk) == given), None)
        if found is None:
            raise Http404
        return found
    return next((call for call in calls if rights.is_called(request.staff, call)), calls[0])


def _page(
    request: StaffRequest,
    one: Whistle,
    *,
    at: datetime,
    what: str = "",
    call: WhistleCall | None = None,
    form: forms.Form | None = None,
    refusal: Refusal | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    file = whistle_reading.read(_seen(request, one.pk) if refusal else one, viewer=request.staff, at=at)

    def offered(name: str, of: WhistleCall | None) -> dict[str, Any]:
        act = KINDS[name]
        is_this = form is not None and name == what and (of is None or (call is not None and of.pk == call.pk))
        prefix = f"{name}-{of.pk}" if of is not None else name
        shown = form if is_this else act.form(auto_id=f"{prefix}-%s")
        one_tap = not act.form.base_fields
        return {"what": name, "act": act, "form": shown, "call": of, "open": is_this, "one_tap": one_tap}

    context = {
        "file": file,
        "whistle": file.whistle,
        "now": at,
        "refusal": refusal,
        "form": form,
        "acts": [offered(name, None) for name in file.acts],
        "parts": [(part, [offered(name, part.call) for name in part.acts]) for part in file.parts],
    }
    return render(request, "petitions/staff/whistle.html", context, status=status)
