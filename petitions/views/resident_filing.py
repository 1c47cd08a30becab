"""Filing a matter: write, place and contact, a page to check, a receipt. No step needs JavaScript."""

import logging
import uuid
from contextlib import ExitStack
from datetime import datetime
from functools import partial
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
from people.enums import Language
from people.errors import BadInput, Refusal
from petitions import drafts, guide, nearby, places, points, posters, responsible, services, throttle, tongues, unsent
from petitions.enums import About, Channel, TextKind
from petitions.forms.resident import CARRIED, PAGES, FilingForm
from petitions.models import Petition
from petitions.photos import MAX_PER_STEP
from petitions.suggestion import Suggestion, emergency_numbers
from petitions.views.access import with_tiles
from petitions.views.filing_parts import Photos, Remembering, Step, count, give_cookie, pages_for, photos_of, wait_words
from petitions.views.sums import is_answered, sum_page

logger = logging.getLogger(__name__)
FORM = "petitions/resident/new.html"
CHECK = "petitions/resident/check.html"
LONGEST_CODE = 20


@cache_control(private=True, no_cache=True, max_age=0)  # not "no-store": the "back" button keeps what was typed
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def petition_new(request: HttpRequest) -> HttpResponse:
    """Ask for the matter, check it, send it. Every answer travels in the form; only photos wait on the server."""
    now = timezone.now()
    on = shanghai_date(now)
    if request.method != "POST":
        return _blank(request, at=now)
    answers = FilingForm.answers_in(request.POST)
    key = uuid.UUID(answers["client_key"])
    photos = photos_of(request, key, at=now)
    if Step.of(request) is Step.WIPE:
        unsent.forget(key)
        drafts.discard(photos.kept)
        return give_cookie(redirect("petition_new"), "")
    form = FilingForm(answers, on=on)
    step, pages = _judge(request, form, answers, Step.of(request))
    for message in photos.trouble:
        form.add_error("photos", message)
    asks = step in (Step.SEARCH, Step.EDIT, Step.BACK, Step.NEXT)
    if form.errors or asks:
        if form.errors and len(pages) <= 1:
            pages = (form.first_wrong(),)
        response = _form_page(request, form, answers, photos, step=step, wait=photos.wait, pages=pages)
    else:
        response = _check_or_send(request, form, answers, photos, step=step, pages=pages, at=now)
    return _kept(request, response, form, answers, photos, pages=pages, at=now)


def _judge(request: HttpRequest, form: FilingForm, answers: dict[str, str], step: Step) -> tuple[Step, tuple[str, ...]]:
    """Say what is wrong so far, and return what comes next: the step, and the questions of its page."""
    form.full_clean()
    page = request.POST.get("page", "")
    unsearched = answers.get("q", "") != answers.get("searched", "")
    if unsearched and (step is Step.CHECK or (step is Step.NEXT and page == "place")):
        step = Step.SEARCH  # typed, but not looked for yet: show what there is to choose from
    pages = pages_for(step, request)
    if step in (Step.SEARCH, Step.EDIT, Step.BACK):
        form.errors.clear()
    elif step is Step.NEXT:
        form.forgive([page] if page in PAGES else ())
        if form.errors:
            pages = (page,)
        elif not pages:  # behind the last question
            form.full_clean()
            step = Step.CHECK
    return step, pages


def _kept(
    request: HttpRequest,
    response: HttpResponse,
    form: FilingForm,
    answers: dict[str, str],
    photos: Photos,
    *,
    pages: tuple[str, ...],
    at: datetime,
) -> HttpResponse:
    """Keep the form on the server until it is sent; what has been sent is wiped."""
    if response.status_code == HTTPStatus.FOUND:
        return give_cookie(response, "")
    try:
        if unsent.COOKIE not in request.COOKIES:
            count(request, throttle.Doing.KEEP, at=at)
    except throttle.TooManyTries:
        return response
    page = pages[0] if len(pages) == 1 else ""
    suggestions = form.suggestions
    cookie = unsent.save(answers, photos.kept, page=page, suggestions=suggestions, at=at)
    return give_cookie(response, cookie) if cookie else response


def _check_or_send(
    request: HttpRequest,
    form: FilingForm,
    answers: dict[str, str],
    photos: Photos,
    *,
    step: Step,
    pages: tuple[str, ...],
    at: datetime,
) -> HttpResponse:
    """Show the page to check, or send; what is refused comes back as the form with its words."""
    wait = 0
    try:
        if step is not Step.SEND:
            return _check_page(request, form, answers, photos, at=at)
        petition = _send(request, form, photos, at=at)
        return redirect("petition_receipt", number=petition.number)
    except throttle.NearLimit:
        return sum_page(request)
    except throttle.TooManyTries as refusal:
        wait = refusal.retry_after
        form.add_error(None, wait_words(wait))
    except NobodyToTell:
        logger.exception("A matter could not be filed: nobody can be told of it, the duty list is empty.")
        form.add_error(None, _("At the moment we cannot pass your matter on. Please call or visit your community."))
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    pages = pages if len(pages) > 1 else (form.first_wrong(),)
    return _form_page(request, form, answers, photos, step=step, wait=wait, pages=pages)


def _blank(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Return the form: as this browser left it, or empty; with the building whose printed code opened it (``?b=``)."""
    on = shanghai_date(at)
    token = request.GET.get("b", "")[: posters.LONGEST + 1].replace("\x00", "")
    printed = posters.read(token, on=on)
    area = printed.area
    if area is None and "b" in request.GET:
        status = HTTPStatus.GONE if printed.is_ours else HTTPStatus.NOT_FOUND
        return render(request, "petitions/resident/poster_unknown.html", status=status)
    cookie = request.COOKIES.get(unsent.COOKIE)
    left = unsent.load(cookie, at=at) if cookie else None
    answers = dict(left.answers) if left else {"client_key": str(uuid.uuid4())}
    if area is not None:
        answers |= {"b": token, "place": area.code}
    if item := request.GET.get("item", "")[:LONGEST_CODE]:
        answers["item"] = item
    form = FilingForm(None, on=on, initial=answers)
    form.area = area or places.by_code(answers.get("place", ""), on=on)
    photos = Photos([one for one in left.photos if drafts.is_there(one)] if left else [])
    page = left.page if left else ""
    pages = (page,) if page in PAGES else pages_for(Step.EDIT, request)
    return _form_page(request, form, answers, photos, pages=pages, resumed=left is not None)


def _form_page(
    request: HttpRequest,
    form: FilingForm,
    answers: dict[str, str],
    photos: Photos,
    *,
    step: Step | None = None,
    pages: tuple[str, ...] = tuple(PAGES),
    resumed: bool = False,
    wait: int = 0,
) -> HttpResponse:
    """Return the form with everything that was typed; ``wait``: how many seconds to wait before sending it again."""
    results = places.find(answers.get("q", ""), on=form.on)
    chosen = places.described([form.area] if form.area else [])
    suggestions = form.suggestions
    asked = {field for page in pages for field in PAGES[page]} | {"client_key", "b", "searched"}
    alone = pages[0] if len(pages) == 1 else ""
    context = {
        "form": form,
        # nothing typed, nothing chosen: the questions are the same for everybody
        "blank": not (form.is_bound or answers.keys() - {"client_key"} or photos.kept),
        "pages": pages,
        "page": alone,
        "step_now": alone or "write",
        "resumed": resumed,
        "item": form.service_item,
        "carried": [(name, answers[name]) for name in CARRIED if name in answers and name not in asked],
        "answers": answers,
        "chosen": chosen,
        "results": [found for found in results.places if found not in chosen],
        "more": results.more,
        "searched": answers.get("q", ""),
        "choose": step is Step.SEARCH,
        "drafts": photos.kept,
        "kept": drafts.sealed(photos.kept, client_key=uuid.UUID(answers["client_key"])) if photos.kept else "",
        "numbers": emergency_numbers(suggestions),
        "most_photos": MAX_PER_STEP,
        "map": points.tiles(),
        "point": answers.get("point", ""),
        "switch_form": "filing",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    response = render(request, FORM, context, status=HTTPStatus.TOO_MANY_REQUESTS if wait else status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return with_tiles(response) if "place" in pages else response


def _check_page(
    request: HttpRequest, form: FilingForm, answers: dict[str, str], photos: Photos, *, at: datetime
) -> HttpResponse:
    suggestions = form.suggestions
    about = About(form.cleaned_data["about"])
    # what must not be read over a shoulder is not spelt out; the number to call is shown all the same
    first = next((one for one in suggestions if not (one.category.silent or one.category.is_outcome)), None)
    context = {
        "form": form,
        "carried": [
            (name, answers[name]) for name in CARRIED if name in answers and name not in {"agrees", "answer_in"}
        ],
        "sensitive": _asks_consent(form, suggestions),
        "kept": drafts.sealed(photos.kept, client_key=uuid.UUID(answers["client_key"])) if photos.kept else "",
        "thumbnails": [(draft.label, drafts.thumbnail(draft)) for draft in photos.kept],
        "place": next(iter(places.described([form.area] if form.area else [])), None),
        "goes_to": _goes_to(form, suggestions),
        "about": About(form.cleaned_data["about"]).label if form.cleaned_data["about"] else "",
        "above": responsible.barred_from(form.area, about=about, suggestions=suggestions) is not None,
        "nearby": _nearby(form, suggestions, at=at),
        "item": form.service_item,
        "hints": guide.hints(answers["text"], form.area, suggestions, on=form.on),
        "suggestion": first,
        "because": pgettext("between quoted words", "”, “").join(first.because) if first else "",
        "numbers": emergency_numbers(suggestions),
        "answer_in": form.cleaned_data["answer_in"] or _own_language(answers["text"]),
        "asks_language": "answer_in" in answers or _own_language(answers["text"]) != Language.CHINESE,
        "switch_form": "filing",
    }
    return render(request, CHECK, context)


def _send(request: HttpRequest, form: FilingForm, photos: Photos, *, at: datetime) -> Petition:
    """File what the form says and let the drafts go.

    The same form with the same words is the same matter. Changed words under a used key (the "back" button, then a
    second matter) are a matter of their own: they get a key that follows from both, so that they too are filed once.
    """
    key, text = form.cleaned_data["client_key"], form.cleaned_data["text"]
    if form.area is None:
        _goes_to(form, [])
    master_id = _meant(request, form)
    try:
        counted = count(
            request, throttle.Doing.FILE, at=at, subject=form.contact.phone, unless_near=not is_answered(request)
        )
    except throttle.TooManyTries:
        if not _is_here(key, text):
            raise
        counted = throttle.Try()
    created, session = False, Remembering(request)
    try:
        petition, created = _file(form, photos, session, key=key, master_id=master_id, at=at)
        if not created and _said_otherwise(petition, text):
            petition, created = _file(form, photos, session, key=uuid.uuid5(key, text), master_id=master_id, at=at)
    finally:
        if not created:  # refused, or the same matter sent once more
            counted.give_back()
    if not created:
        unsent.forget(key)
    drafts.discard(photos.kept)
    session.settle(petition, created=created)
    return petition


def _file(
    form: FilingForm, photos: Photos, session: Remembering, *, key: uuid.UUID, master_id: int | None, at: datetime
) -> tuple[Petition, bool]:
    given = form.cleaned_data
    with ExitStack() as stack:
        file = partial(
            services.file,
            text=given["text"],
            at=at,
            client_key=key,
            channel=Channel.QR if form.by_poster else Channel.WEB,
            place=form.area,
            place_words=given["place_words"],
            point=given["point"],
            contact=form.contact,
            anonymous=given["anonymous"],
            confidential=given["confidential"],
            agrees=given["agrees"] and _asks_consent(form, form.suggestions),
            about=About(given["about"]),
            about_words=given["about_words"],
            service_item=form.service_item,
            language=given["answer_in"] or _own_language(given["text"]),
            uploads=drafts.opened(photos.kept, stack),
            form_key=given["client_key"],
            beside=session.rows,
        )
        filed = file() if master_id is None else nearby.file_and_join(file, master_id=master_id, at=at)
    return filed.petition, filed.created


def _own_language(text: str) -> Language:
    """Return the language we would answer in if nobody asked: that of the page, or of the words."""
    return tongues.of(text, reads=get_language() or Language.CHINESE)


def _nearby(form: FilingForm, suggestions: list[Suggestion], *, at: datetime) -> list[nearby.Nearby]:
    """Return what is open nearby of the same kind; nothing beside what is confidential or about staff."""
    given = form.cleaned_data
    if not _may_join(form, suggestions):
        return []
    return nearby.find(form.area, nearby.kind_of(suggestions), client_key=given["client_key"], at=at)


def _asks_consent(form: FilingForm, suggestions: list[Suggestion]) -> bool:
    """Whether somebody gives his contact with words about something sensitive: that needs a consent of its own."""
    return not form.cleaned_data["anonymous"] and any(one.category.sensitive for one in suggestions)


def _may_join(form: FilingForm, suggestions: list[Suggestion]) -> bool:
    about = About(form.cleaned_data["about"])
    barred = responsible.barred_from(form.area, about=about, suggestions=suggestions)
    return not form.cleaned_data["confidential"] and barred is None


def _meant(request: HttpRequest, form: FilingForm) -> int | None:
    """Return the matter that "this one" was pressed for, if this form was shown it and may join any."""
    token = request.POST.get("join", "")
    if not token or not _may_join(form, form.suggestions):
        return None
    return nearby.meant(token, client_key=form.cleaned_data["client_key"])


def _is_here(key: uuid.UUID, text: str) -> bool:
    """Tell whether this very matter was sent already: sending it again is no second matter and is not counted."""
    known = Petition.objects.filter(client_key__in=(key, uuid.uuid5(key, text)))
    return any(not _said_otherwise(petition, text) for petition in known)


def _said_otherwise(petition: Petition, text: str) -> bool:
    first = petition.texts.filter(kind=TextKind.BODY).order_by("created_at").first()
    return first is not None and first.original != text


def _goes_to(form: FilingForm, suggestions: list[Suggestion]) -> str:
    """Return the name of the area that will answer.

    :raises BadInput: if the matter has no place from our list and nobody answers for such matters here
    """
    about = About(form.cleaned_data["about"])
    try:
        barred = responsible.barred_from(form.area, about=about, suggestions=suggestions)
        answers = responsible.answers_for(form.area, barred=barred)
    except BadInput as no:  # its words are for whoever sets the platform up
        message = _("Please choose a place from the list; without one we cannot pass the matter on here.")
        raise BadInput(message, field="q") from no
    return (answers.community or answers.street or answers.area).name
