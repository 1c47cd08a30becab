"""A volunteer's own page, and a guardian's: what is kept, and what he does about it."""

from copy import copy
from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from deadlines.timetable import SHANGHAI, shanghai_date
from fieldwork.stations import communities
from grids.enums import Weekday
from people import notice
from people.errors import Refusal
from petitions.viewers import ProvedPhone
from volunteers import owndata, serving, transitions
from volunteers.enums import DayPart, ServiceKind, State
from volunteers.forms.offers import ChangeForm, PaperForm
from volunteers.owndata import Entry

KINDS: Final = ("copy", "change", "paper", "drop", "leave", "withdraw", "agree", "again")
PAGE: Final = "volunteers/own.html"
SAID: Final = {
    "change": gettext_lazy("It is changed."),
    "paper": gettext_lazy("It is written down."),
    "drop": gettext_lazy("It is taken out."),
    "leave": gettext_lazy("You have left. Name, number and everything you offered are deleted."),
    "withdraw": gettext_lazy("You have taken your consent back. From now on the child is offered nothing."),
    "agree": gettext_lazy("You agree again. It stands as it stood before."),
    "again": gettext_lazy("Your community looks at it once more."),
}


@require_safe
@never_cache
def own_volunteer(request: HttpRequest) -> HttpResponse:
    """What is kept. Looking changes nothing; without a proof one proves the number first."""
    entries = _own(request)
    return redirect("petitions_mine") if entries is None else _page(request, entries)


@require_POST
@never_cache
@sensitive_post_parameters()
def own_volunteer_do(request: HttpRequest, what: str) -> HttpResponse:
    """Do one thing. What is refused changes nothing and loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    entries = _own(request)
    if entries is None:
        return redirect("petitions_mine")
    at = timezone.now()
    if what == "copy":
        answer = HttpResponse(owndata.copy(entries, at=at), content_type="application/json; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="volunteer.json"'
        return answer
    entry = next((one for one in entries if one.key == request.POST.get("key", "")), None)
    if entry is None:
        raise Http404
    form = _form(what, entry, request.POST, at=at)
    if form is not None and not form.is_valid():
        return _page(request, entries, asked=(what, entry.key, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _do(what, entry, form, request, at=at)
    except Refusal as no:
        if form is None:
            messages.error(request, str(no))
            return _page(request, _own(request) or (), status=HTTPStatus(no.status))
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, entries, asked=(what, entry.key, form), status=HTTPStatus(no.status))
    messages.success(request, str(SAID[what]))
    return redirect("own_volunteer")


def _do(what: str, entry: Entry, form: forms.Form | None, request: HttpRequest, *, at: datetime) -> None:
    given = form.cleaned_data if form is not None else {}
    match what:
        case "change":
            assert isinstance(form, ChangeForm)  # noqa: S101 - _form made it
            owndata.change(entry, name=given["name"], phone=given["phone"], offer=form.offer(), at=at)
        case "paper":
            owndata.add_paper(entry, kind=given["kind"], until=given["until"], at=at)
        case "drop":
            owndata.drop_paper(entry, kind=request.POST.get("kind", "")[:20], at=at)
        case "leave":
            owndata.leave(entry, at=at)
        case "withdraw":
            owndata.withdraw(entry, at=at)
        case "agree":
            owndata.agree(entry, at=at)
        case _again:
            transitions.apply_again(entry.volunteer, by=None, at=at)


def _form(what: str, entry: Entry, data: Any, *, at: datetime) -> forms.Form | None:
    if what == "change":
        return ChangeForm(
            data, row=entry.volunteer, communities=communities(shanghai_date(at)), child=entry.guardian is not None
        )
    return PaperForm(data, key=entry.key) if what == "paper" else None


def _own(request: HttpRequest) -> tuple[Entry, ...] | None:
    """Return what this session may see of itself; None if it has proved no telephone, or too long ago."""
    phone = ProvedPhone.of(request.session, at=timezone.now())
    if phone is None:
        return None
    return owndata.of(phone.index_for(owndata.VOLUNTEER), phone.index_for(owndata.GUARDIAN))


def rules_of(entry: Entry, *, at: datetime) -> list[str]:
    """Return in words what somebody may not do: at home, and at a public place by day and by night.

    Of who still waits, as if he were taken on: the rules are what a parent wants to know first.
    """
    row = copy(entry.volunteer)
    if row.state in {State.WAITING, State.REFUSED}:
        row.state = State.ACTIVE
    day = datetime.combine(shanghai_date(at), time(12), tzinfo=SHANGHAI)
    asked = ((ServiceKind.AT_HOME, day), (ServiceKind.AT_PLACE, day), (ServiceKind.AT_PLACE, day + timedelta(hours=11)))
    found = (serving.why_not(row, kind, at=moment) for kind, moment in asked)
    return list(dict.fromkeys(str(why.label) for why in found if why is not None))


def _page(
    request: HttpRequest,
    entries: tuple[Entry, ...],
    *,
    asked: tuple[str, str, forms.Form] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    at = timezone.now()
    offered = communities(shanghai_date(at)) if entries else []

    def form(what: str, entry: Entry) -> forms.Form:
        if asked is not None and asked[:2] == (what, entry.key):
            return asked[2]
        if what == "paper":
            return PaperForm(key=entry.key)
        return ChangeForm(row=entry.volunteer, communities=offered, child=entry.guardian is not None)

    context = {
        "entries": [
            {
                "entry": entry,
                "row": entry.volunteer,
                "rules": rules_of(entry, at=at) if entry.volunteer.is_minor(shanghai_date(at)) else [],
                "free": free_in_words(entry.volunteer.free),
                "change": form("change", entry),
                "paper": form("paper", entry),
            }
            for entry in entries
        ],
        "form": asked[2] if asked is not None else None,
        "today": shanghai_date(at),
        "version": notice.VERSION,
    }
    return render(request, PAGE, context, status=status)


def free_in_words(free: list[int]) -> list[str]:
    """Return the parts of the week in words, in their order."""
    return [f"{Weekday(one // 10).label} {DayPart(one % 10).label}" for one in sorted(free)]
