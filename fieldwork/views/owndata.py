"""What ledger and care sheets hold of a resident who has proved his telephone, and what he does about it."""

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from fieldwork import owndata
from fieldwork.forms.owndata import CorrectForm, EraseForm, OwnForm
from fieldwork.owndata import Entry, Own
from people import notice
from people.errors import Refusal
from petitions.viewers import ProvedPhone

KINDS: Final = ("copy", "correct", "erase", "object", "care")
PAGE: Final = "fieldwork/own_data.html"


@require_safe
@never_cache
def own_data(request: HttpRequest) -> HttpResponse:
    """What is kept, masked, and the forms. Looking changes nothing; without a proof one proves the number first."""
    own = _own(request)
    return redirect("petitions_mine") if own is None else _page(request, own)


@require_POST
@never_cache
@sensitive_post_parameters("name", "phone")
def own_data_do(request: HttpRequest, what: str) -> HttpResponse:
    """Copy, correct, erase, object, or leave care. What is refused loses nothing that was typed."""
    if what not in KINDS:
        raise Http404
    own = _own(request)
    if own is None:
        return redirect("petitions_mine")
    at = timezone.now()
    if what == "copy":
        answer = HttpResponse(owndata.copy(own, at=at), content_type="application/json; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer
    key = request.POST.get("key", "")
    try:
        if what == "object":
            owndata.object_to(_one(own.noted, key), at=at)
            messages.success(request, _("It is ended. Nobody comes for this any more."))
            return redirect("own_data")
        if what == "care":
            owndata.leave_care(_one(own.care, key), at=at)
            messages.success(request, _("You have taken your consent back. The sheet is deleted."))
            return redirect("own_data")
    except Refusal as no:
        messages.error(request, str(no))
        return _page(request, own, status=HTTPStatus(no.status))
    return _change(request, own, what, key, at=at)


def _change(request: HttpRequest, own: Own, what: str, key: str, *, at: Any) -> HttpResponse:
    entry = next((one for one in own.entries if one.key == key), None)
    if entry is None:
        raise Http404
    form = (CorrectForm if what == "correct" else EraseForm)(request.POST, entry=entry)
    if not form.is_valid():
        return _page(request, own, asked=(what, key, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if what == "correct":
            given = form.cleaned_data
            owndata.correct(entry, name=given["name"], phone=given["phone"], at=at)
            messages.success(request, _("It is corrected."))
        else:
            owndata.erase(entry, at=at)
            messages.success(request, _("You are taken out of the ledger. Name and number are deleted."))
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, own, asked=(what, key, form), status=HTTPStatus(no.status))
    return redirect("own_data")


def _own(request: HttpRequest) -> Own | None:
    """Return what this session may see of itself; None if it has proved no telephone, or too long ago."""
    phone = ProvedPhone.of(request.session, at=timezone.now())
    if phone is None:
        return None
    return owndata.of(phone.index_for(owndata.HOUSEHOLD), phone.index_for(owndata.CARE))


def _one(rows: Any, key: str) -> Any:
    found = next((row for row in rows if str(row.pk) == key), None)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    own: Own,
    *,
    asked: tuple[str, str, OwnForm] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    def form(what: str, entry: Entry) -> OwnForm:
        if asked is not None and asked[:2] == (what, entry.key):
            return asked[2]
        return (CorrectForm if what == "correct" else EraseForm)(entry=entry)

    context = {
        "own": own,
        "entries": [(entry, form("correct", entry), form("erase", entry)) for entry in own.entries],
        "form": asked[2] if asked is not None else None,
        "version": notice.VERSION,
    }
    return render(request, PAGE, context, status=status)
