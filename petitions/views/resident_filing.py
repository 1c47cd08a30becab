"""Filing a matter: write, place and contact on one page, a page to check, a receipt. No step needs JavaScript."""

import logging
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from deadlines.timetable import shanghai_date
from grids.errors import NobodyToTell
from people.errors import BadInput, Refusal
from petitions import drafts, places, services, throttle, viewers
from petitions.enums import Channel, TextKind
from petitions.errors import BadPhoto
from petitions.forms.resident import CARRIED, FilingForm
from petitions.models import Petition
from petitions.photos import MAX_PER_STEP
from petitions.suggestion import Suggestion, suggest
from petitions.views.access import address_of
from petitions.views.sums import sum_first

logger = logging.getLogger(__name__)
FORM = "petitions/resident/new.html"
CHECK = "petitions/resident/check.html"


class Step(StrEnum):
    """The buttons of the form."""

    SEARCH = "search"
    CHECK = "check"
    EDIT = "edit"
    SEND = "send"

    @classmethod
    def of(cls, request: HttpRequest) -> "Step":
        """Return the button pressed; a form sent without one (the Enter key) wants to be checked.

        A switch of the header shows the same page again.
        """
        if hasattr(request, "switched"):
            return cls.CHECK if request.POST.get("page") == "check" else cls.EDIT
        try:
            return cls(request.POST.get("step", ""))
        except ValueError:
            return cls.CHECK


@dataclass(slots=True)
class Photos:
    """The photos a form has so far, what was wrong with those it does not have, seconds to wait before the next."""

    kept: list[drafts.Draft] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    wait: int = 0


@cache_control(private=True, no_cache=True, max_age=0)  # not "no-store": the "back" button keeps what was typed
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def petition_new(request: HttpRequest) -> HttpResponse:
    """Ask for the matter, check it, send it. Every answer travels in the form; only photos wait on the server."""
    now = timezone.now()
    on = shanghai_date(now)
    if request.method != "POST":
        return _blank(request, on=on)
    step = Step.of(request)
    answers = FilingForm.answers_in(request.POST)
    photos = _photos_of(request, uuid.UUID(answers["client_key"]), at=now)
    form = FilingForm(answers, on=on)
    form.full_clean()
    if step is Step.CHECK and answers.get("q", "") != answers.get("searched", ""):
        step = Step.SEARCH  # typed, but not looked for yet: show what there is to choose from
    if step in (Step.SEARCH, Step.EDIT):
        form.errors.clear()
    for message in photos.trouble:
        form.add_error("photos", message)
    if form.errors or step in (Step.SEARCH, Step.EDIT):
        return _form_page(request, form, answers, photos, step=step, wait=photos.wait)
    return _check_or_send(request, form, answers, photos, step=step, at=now)


def _check_or_send(
    request: HttpRequest, form: FilingForm, answers: dict[str, str], photos: Photos, *, step: Step, at: datetime
) -> HttpResponse:
    """Show the page to check, or send; what is refused comes back as the form with its words."""
    wait = 0
    asked = sum_first(request, throttle.Doing.FILE, subject=form.contact.phone) if step is Step.SEND else None
    if asked is not None:
        return asked
    try:
        if step is not Step.SEND:
            return _check_page(request, form, answers, photos)
        petition = _send(request, form, photos, at=at)
        viewers.remember(request.session, petition.pk, filed=True)
        return redirect("petition_receipt", number=petition.number)
    except throttle.TooManyTries as refusal:
        wait = refusal.retry_after
        form.add_error(None, _wait_words(wait))
    except NobodyToTell:
        logger.exception("A matter could not be filed: nobody can be told of it, the duty list is empty.")
        form.add_error(None, _("At the moment we cannot pass your matter on. Please call or visit your community."))
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return _form_page(request, form, answers, photos, step=step, wait=wait)


def _blank(request: HttpRequest, *, on: date) -> HttpResponse:
    """Return the empty form, with the building whose code the address carries (``?b=``) if we serve it."""
    code = request.GET.get("b", "")[:40]
    area = places.by_code(code, on=on)
    answers = {"client_key": str(uuid.uuid4())}
    if area is not None:
        answers |= {"b": area.code, "place": area.code}
    form = FilingForm(None, on=on, initial=answers)
    form.area = area
    return _form_page(request, form, answers, Photos(), unknown_code=bool(code) and area is None)


def _form_page(
    request: HttpRequest,
    form: FilingForm,
    answers: dict[str, str],
    photos: Photos,
    *,
    step: Step | None = None,
    unknown_code: bool = False,
    wait: int = 0,
) -> HttpResponse:
    """Return the form with everything that was typed; ``wait``: how many seconds to wait before sending it again."""
    results = places.find(answers.get("q", ""), on=form.on)
    chosen = places.described([form.area] if form.area else [])
    suggestions = _suggestions(answers.get("text", ""), on=form.on)
    context = {
        "form": form,
        "answers": answers,
        "chosen": chosen,
        "results": [found for found in results.places if found not in chosen],
        "more": results.more,
        "searched": answers.get("q", ""),
        "choose": step is Step.SEARCH,
        "unknown_code": unknown_code,
        "drafts": photos.kept,
        "kept": drafts.sealed(photos.kept, client_key=uuid.UUID(answers["client_key"])) if photos.kept else "",
        "numbers": _emergency_numbers(suggestions),
        "most_photos": MAX_PER_STEP,
        "switch_form": "filing",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    response = render(request, FORM, context, status=HTTPStatus.TOO_MANY_REQUESTS if wait else status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _check_page(request: HttpRequest, form: FilingForm, answers: dict[str, str], photos: Photos) -> HttpResponse:
    suggestions = _suggestions(answers["text"], on=form.on)
    # what must not be read over a shoulder is not spelt out; the number to call is shown all the same
    first = next((one for one in suggestions if not one.category.silent), None)
    context = {
        "form": form,
        "carried": [(name, answers[name]) for name in CARRIED if name in answers],
        "kept": drafts.sealed(photos.kept, client_key=uuid.UUID(answers["client_key"])) if photos.kept else "",
        "thumbnails": [(draft.label, drafts.thumbnail(draft)) for draft in photos.kept],
        "place": next(iter(places.described([form.area] if form.area else [])), None),
        "goes_to": _goes_to(form),
        "suggestion": first,
        "because": pgettext("between quoted words", "”, “").join(first.because) if first else "",
        "numbers": _emergency_numbers(suggestions),
        "switch_form": "filing",
    }
    return render(request, CHECK, context)


def _photos_of(request: HttpRequest, client_key: uuid.UUID, *, at: datetime) -> Photos:
    """Take in what this step brings: photos kept earlier, those dropped, new ones up to the limits."""
    dropped = set(request.POST.getlist("drop"))
    photos = Photos()
    for draft in drafts.unsealed(request.POST.get("kept", ""), client_key=client_key):
        if draft.name in dropped:
            drafts.discard([draft])
        else:
            photos.kept.append(draft)
    uploads = request.FILES.getlist("photos")
    if uploads:
        try:
            _count(request, throttle.Doing.UPLOAD, at=at, amount=len(uploads))
        except throttle.TooManyTries as refusal:
            photos.wait = refusal.retry_after
            photos.trouble.append(_photos_wait_words(photos.wait))
            return photos
    for upload in uploads:
        label = str(upload.name)
        if len(photos.kept) >= MAX_PER_STEP:
            photos.trouble.append(_("Five photos are the most; “%(name)s” was left out.") % {"name": label})
            continue
        try:
            photos.kept.append(drafts.keep(upload, label=label))
        except BadPhoto as refusal:
            photos.trouble.append(_("“%(name)s”: %(reason)s") % {"name": label, "reason": refusal})
    return photos


def _send(request: HttpRequest, form: FilingForm, photos: Photos, *, at: datetime) -> Petition:
    """File what the form says and let the drafts go.

    The same form with the same words is the same matter. Changed words under a used key (the "back" button, then a
    second matter) are a matter of their own: they get a key that follows from both, so that they too are filed once.
    """
    key, text = form.cleaned_data["client_key"], form.cleaned_data["text"]
    _goes_to(form)
    counted = throttle.Try()
    if not _is_here(key, text):
        counted = _count(request, throttle.Doing.FILE, at=at, subject=form.contact.phone)
    created = False
    try:
        petition, created = _file(form, photos, key=key, at=at)
        if not created and _said_otherwise(petition, text):
            petition, created = _file(form, photos, key=uuid.uuid5(key, text), at=at)
    finally:
        if not created:  # refused, or the same matter sent once more
            counted.give_back()
    drafts.discard(photos.kept)
    return petition


def _count(
    request: HttpRequest, doing: throttle.Doing, *, at: datetime, subject: str = "", amount: int = 1
) -> throttle.Try:
    """Count what a stranger does; staff are not counted.

    :raises TooManyTries: if he has done it too often
    """
    if request.user.is_authenticated:
        return throttle.Try()
    return throttle.take_if_counting(doing, at=at, address=address_of(request), subject=subject, amount=amount)


def _wait_words(seconds: int) -> str:
    message = _(
        "Many matters came from here in a short time. Your words are kept on this page: please send them again in "
        "%(wait)s. If it cannot wait, call or visit your community."
    )
    return message % {"wait": throttle.wait_in_words(seconds)}


def _photos_wait_words(seconds: int) -> str:
    message = _("Many photos came from here in a short time. Send it without photos, or add them in %(wait)s.")
    return message % {"wait": throttle.wait_in_words(seconds)}


def _file(form: FilingForm, photos: Photos, *, key: uuid.UUID, at: datetime) -> tuple[Petition, bool]:
    given = form.cleaned_data
    with ExitStack() as stack:
        filed = services.file(
            text=given["text"],
            at=at,
            client_key=key,
            channel=Channel.QR if given["b"] and given["b"] == given["place"] else Channel.WEB,
            place=form.area,
            place_words=given["place_words"],
            contact=form.contact,
            anonymous=given["anonymous"],
            confidential=given["confidential"],
            language="en" if (get_language() or "").startswith("en") else "zh-hans",
            uploads=drafts.opened(photos.kept, stack),
        )
    return filed.petition, filed.created


def _is_here(key: uuid.UUID, text: str) -> bool:
    """Tell whether this very matter was sent already: sending it again is no second matter and is not counted."""
    known = Petition.objects.filter(client_key__in=(key, uuid.uuid5(key, text)))
    return any(not _said_otherwise(petition, text) for petition in known)


def _said_otherwise(petition: Petition, text: str) -> bool:
    first = petition.texts.filter(kind=TextKind.BODY).order_by("created_at").first()
    return first is not None and first.original != text


def _goes_to(form: FilingForm) -> str:
    """Return the name of the area that will answer.

    :raises BadInput: if the matter has no place from our list and nobody answers for such matters here
    """
    try:
        answers = services.answers_for(form.area)
    except BadInput as no:  # its words are for whoever sets the platform up
        message = _("Please choose a place from the list; without one we cannot pass the matter on here.")
        raise BadInput(message, field="q") from no
    return (answers.community or answers.street or answers.area).name


def _suggestions(text: str, *, on: date) -> list[Suggestion]:
    words = text.replace("\x00", "").strip()  # the form refuses such words; the page that says so is still shown
    return suggest(words, on=on) if words else []


def _emergency_numbers(suggestions: list[Suggestion]) -> list[str]:
    return list(dict.fromkeys(number for one in suggestions for number in one.category.emergency_numbers))
