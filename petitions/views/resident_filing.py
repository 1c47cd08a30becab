"""Filing a matter: write, place and contact on one page, a page to check, a receipt. No step needs JavaScript."""

import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from deadlines.timetable import shanghai_date
from people.errors import Refusal
from petitions import drafts, places, promises, services, viewers
from petitions.enums import Channel, TextKind, Urgency
from petitions.errors import BadPhoto
from petitions.forms.resident import CARRIED, FilingForm
from petitions.models import Petition
from petitions.numbers import code_for
from petitions.photos import MAX_PER_STEP
from petitions.suggestion import Suggestion, suggest
from petitions.viewers import Follower
from petitions.views.resident_follow import to_the_form

FORM = "petitions/resident/new.html"
CHECK = "petitions/resident/check.html"
EMERGENCY_NUMBERS = ("110", "119", "120", "122")


class Step(StrEnum):
    """The buttons of the form."""

    SEARCH = "search"
    CHECK = "check"
    EDIT = "edit"
    SEND = "send"

    @classmethod
    def of(cls, request: HttpRequest) -> "Step":
        """Return the button pressed; a form sent without one (the Enter key) wants to be checked."""
        try:
            return cls(request.POST.get("step", ""))
        except ValueError:
            return cls.CHECK


@dataclass(slots=True)
class Photos:
    """The photos a form has so far, and what was wrong with those it does not have."""

    kept: list[drafts.Draft] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)


@never_cache
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
    photos = _photos_of(request, uuid.UUID(answers["client_key"]))
    form = FilingForm(answers, on=on)
    form.full_clean()
    if step is Step.CHECK and answers.get("q", "") != answers.get("searched", ""):
        step = Step.SEARCH  # typed, but not looked for yet: show what there is to choose from
    if step in (Step.SEARCH, Step.EDIT):
        form.errors.clear()
    for message in photos.trouble:
        form.add_error("photos", message)
    if form.errors or step in (Step.SEARCH, Step.EDIT):
        return _form_page(request, form, answers, photos, step=step)
    if step is Step.SEND:
        try:
            petition = _send(form, photos, at=now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return _form_page(request, form, answers, photos, step=step)
        viewers.remember(request.session, petition.pk, filed=True)
        return redirect("petition_receipt", number=petition.number)
    return _check_page(request, form, answers, photos)


@never_cache
@require_safe
def petition_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Number, code, who answers, by when. The code is shown only where the matter was filed."""
    now = timezone.now()
    follower = Follower.of(request.session)
    petition = (
        Petition.objects.visible_to(follower)
        .filter(number=number)
        .select_related("street", "community", "area", "organisation")
        .first()
    )
    if petition is None:
        return to_the_form(number)
    return render(
        request,
        "petitions/resident/receipt.html",
        {
            "petition": petition,
            "code": code_for(petition.client_key) if petition.pk in follower.filed_ids else "",
            "qr": _qr(petition.number),
            "answering": promises.answering(petition, on=shanghai_date(now)),
            "promises": promises.running(petition, at=now),
            "numbers": EMERGENCY_NUMBERS if petition.urgency == Urgency.EMERGENCY else (),
            "now": now,
        },
    )


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
) -> HttpResponse:
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
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, FORM, context, status=status)


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
    }
    return render(request, CHECK, context)


def _photos_of(request: HttpRequest, client_key: uuid.UUID) -> Photos:
    """Take in what this step brings: photos kept earlier, those dropped, new ones up to the limit."""
    dropped = set(request.POST.getlist("drop"))
    photos = Photos()
    for draft in drafts.unsealed(request.POST.get("kept", ""), client_key=client_key):
        if draft.name in dropped:
            drafts.discard([draft])
        else:
            photos.kept.append(draft)
    for upload in request.FILES.getlist("photos"):
        label = str(upload.name)
        if len(photos.kept) >= MAX_PER_STEP:
            photos.trouble.append(_("Five photos are the most; “%(name)s” was left out.") % {"name": label})
            continue
        try:
            photos.kept.append(drafts.keep(upload, label=label))
        except BadPhoto as refusal:
            photos.trouble.append(_("“%(name)s”: %(reason)s") % {"name": label, "reason": refusal})
    return photos


def _send(form: FilingForm, photos: Photos, *, at: datetime) -> Petition:
    """File what the form says and let the drafts go.

    The same form with the same words is the same matter. Changed words under a used key (the "back" button, then a
    second matter) are a matter of their own: they get a key that follows from both, so that they too are filed once.
    """
    key, text = form.cleaned_data["client_key"], form.cleaned_data["text"]
    petition, created = _file(form, photos, key=key, at=at)
    if not created and _said_otherwise(petition, text):
        petition, created = _file(form, photos, key=uuid.uuid5(key, text), at=at)
    drafts.discard(photos.kept)
    return petition


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


def _said_otherwise(petition: Petition, text: str) -> bool:
    first = petition.texts.filter(kind=TextKind.BODY).order_by("created_at").first()
    return first is not None and first.original != text


def _goes_to(form: FilingForm) -> str:
    """Return the name of the area that will answer; nothing where that is not set up."""
    try:
        answers = services.answers_for(form.area)
    except Refusal:
        return ""
    return (answers.community or answers.street or answers.area).name


def _suggestions(text: str, *, on: date) -> list[Suggestion]:
    return suggest(text, on=on) if text.strip() else []


def _emergency_numbers(suggestions: list[Suggestion]) -> list[str]:
    return list(dict.fromkeys(number for one in suggestions for number in one.category.emergency_numbers))


def _qr(number: str) -> SafeString:
    """Return the QR code of the follow page: the public number and nothing that opens it."""
    address = settings.PUBLIC_URL + reverse("petition_followed", args=[number])
    code = segno.make(address, error="m", micro=False)
    drawing = code.svg_inline(scale=4, border=4, light="#ffffff", omitsize=True, svgclass="l-qr", lineclass=None)
    return format_html("{}", mark_safe(drawing))  # noqa: S308 - drawn by segno from our own address
