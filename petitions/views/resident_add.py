"""Adding words or photos to one's own open matter, at any time. What is not taken comes back, photos too."""

import uuid
from contextlib import ExitStack
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from deadlines.timetable import shanghai_date
from people.errors import Refusal
from petitions import additions, drafts
from petitions.forms.afterwards import AdditionForm
from petitions.models import Petition
from petitions.suggestion import emergency_numbers, suggest
from petitions.views.filing_parts import Photos, photos_of
from petitions.views.resident_after import followed
from petitions.views.resident_follow import to_the_form


@never_cache
@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
def petition_add(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what there is to add, and add it. Words that call for help show whom to call before they are sent."""
    petition = followed(request, number)
    if petition is None:
        return to_the_form(number)
    if request.method != "POST":
        return _page(request, petition, AdditionForm(initial={"client_key": uuid.uuid4()}), Photos())
    at = timezone.now()
    form = AdditionForm(request.POST)
    if not form.is_valid() and "client_key" in form.errors:  # nobody types a key: a form that lost its own gets one
        form = AdditionForm({**request.POST.dict(), "client_key": uuid.uuid4()})
        form.is_valid()
    photos = photos_of(request, form.cleaned_data["client_key"], at=at)
    for message in photos.trouble:
        form.add_error("photos", message)
    numbers = emergency_numbers(suggest(form.cleaned_data.get("words", ""), on=shanghai_date(at)))
    unread = bool(numbers) and request.POST.get("numbers") != " ".join(numbers)
    status = HTTPStatus.OK
    if hasattr(request, "switched"):
        form.errors.clear()
    elif form.errors:
        status = HTTPStatus.TOO_MANY_REQUESTS if photos.wait else HTTPStatus.UNPROCESSABLE_ENTITY
    if hasattr(request, "switched") or form.errors or unread:
        return _page(request, petition, form, photos, numbers=numbers, status=status)
    try:
        with ExitStack() as stack:
            given = form.cleaned_data
            additions.add(
                petition,
                at=at,
                client_key=given["client_key"],
                words=given["words"],
                uploads=drafts.opened(photos.kept, stack),
            )
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return _page(request, petition, form, photos, numbers=numbers, status=HTTPStatus(no.status))
    drafts.discard(photos.kept)
    messages.success(request, _("Thank you. It has reached whoever handles your matter."))
    return redirect("petition_followed", petition.number)


def _page(
    request: HttpRequest,
    petition: Petition,
    form: AdditionForm,
    photos: Photos,
    *,
    numbers: list[str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    key = form["client_key"].value()
    context = {
        "petition": petition,
        "form": form,
        "may_add": additions.may_add(petition),
        "drafts": photos.kept,
        "kept": drafts.sealed(photos.kept, client_key=uuid.UUID(str(key))) if photos.kept else "",
        "numbers": numbers or [],
        "numbers_shown": " ".join(numbers or []),
        "per_day": additions.PER_DAY,
        "switch_form": "adding",
    }
    response = render(request, "petitions/resident/add.html", context, status=status)
    if photos.wait:
        response.headers["Retry-After"] = str(photos.wait)
    return response
