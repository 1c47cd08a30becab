"""The case page of every staff post, and what is done there. One domain call for each thing done."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from deadlines.timetable import shanghai_date
from people.enums import PersonField
from people.errors import BadInput, Refusal
from people.services import reveals_left
from petitions import (
    afterwards,
    asking,
    calling,
    cards,
    casefile,
    channels,
    givenback,
    notices,
    permissions,
    points,
    records,
    reveals,
    sending,
    services,
    transitions,
)
from petitions.enums import Verb
from petitions.errors import ChangedMeanwhile, NotYours, SentBefore
from petitions.forms.case import RevealForm, VerbForm
from petitions.forms.placing import PlaceForm
from petitions.forms.verbs import FORMS
from petitions.models import Petition
from petitions.moves import RECORDED_AS
from petitions.sendings import HERE, STANDS_AT, Sent
from petitions.views import triage
from petitions.views.access import StaffRequest, see_other, sent_of, staff_required, version_of, with_tiles
from petitions.views.faces import faces, words_of_cards
from petitions.views.replies import VERBS, begin, is_picking, key_of, offered

PAGE = "petitions/staff/case.html"
MOVES: Mapping[Verb, Callable[..., Petition]] = {
    Verb.ACCEPT: transitions.accept,
    Verb.DECLINE: transitions.decline,
    Verb.DISPATCH: transitions.dispatch,
    Verb.SIGN: transitions.sign,
    Verb.CONTACT: transitions.contact,
    Verb.ARRIVE: transitions.arrive,
    Verb.PLAN: transitions.plan,
    Verb.RESOLVE: services.resolve_with_photos,
    Verb.VERIFY: transitions.verify,
    Verb.REWORK: transitions.rework,
    Verb.CLOSE: transitions.close,
    Verb.DESIGNATE: sending.designate,
    Verb.RECALL: sending.recall,
}
# what a worker does in a stairwell: it may wait on the phone for a line, and counts once however often it arrives
MAY_WAIT = frozenset({Verb.CONTACT, Verb.ARRIVE, Verb.PLAN, Verb.RESOLVE})
DONE: Mapping[Verb, Any] = {
    Verb.ACCEPT: gettext_lazy("Accepted. Its time limits run now."),
    Verb.DECLINE: gettext_lazy("Not accepted. The petitioner can read why."),
    Verb.DISPATCH: gettext_lazy("Dispatched. They have been told."),
    Verb.SIGN: gettext_lazy("You have taken it."),
    Verb.CONTACT: gettext_lazy("The contact is recorded."),
    Verb.ARRIVE: gettext_lazy("Your arrival is recorded."),
    Verb.PLAN: gettext_lazy("The plan is recorded. The petitioner can read it."),
    Verb.RESOLVE: gettext_lazy("Resolved. Somebody else verifies it now."),
    Verb.VERIFY: gettext_lazy("Verified."),
    Verb.REWORK: gettext_lazy("Sent back for rework."),
    Verb.CLOSE: gettext_lazy("Closed."),
    Verb.DESIGNATE: gettext_lazy("Designated. They must handle it and have been told."),
    Verb.RECALL: gettext_lazy("Recalled. Whoever had it has been told; it waits to be dispatched."),
}


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def case(request: StaffRequest, number: str) -> HttpResponse:
    """One case; ``?do=`` opens the form of a verb, ``?do=place&q=`` searches a place, ``?do=reveal`` asks why."""
    return _page(request, _seen(request, number), at=timezone.now(), do=request.GET.get("do", ""))


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def case_brief(request: StaffRequest, number: str) -> HttpResponse:
    """What a card shows when it is opened in place; as a page of its own it is the case."""
    petition = _seen(request, number)
    if not request.htmx:
        return redirect("case", number)
    at = timezone.now()
    file = casefile.read(petition, viewer=request.staff, at=at)
    return render(request, "petitions/staff/queue.html#brief", {"file": file, "now": at})


@require_POST
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def case_verb(request: StaffRequest, number: str, verb: str) -> HttpResponse:
    """Do one thing to a case. What is refused changes nothing and loses nothing that was typed."""
    if verb not in MOVES:
        raise Http404
    wanted, at = Verb(verb), timezone.now()
    petition = _seen(request, number)
    sent = sent_of(request, at=at) if wanted in MAY_WAIT else HERE
    form = _form(wanted, request, petition, at=at, data=request.POST) if wanted in MAY_WAIT else None
    try:
        with records.once(petition, sent, code=RECORDED_AS[wanted], by=request.user):
            # who stays out of it does not see it
            permissions.check_post(request.staff, wanted, petition)
            if is_picking(request.POST):
                picked = _form(wanted, request, petition, at=at)
                begin(
                    picked,
                    VERBS.get(wanted),
                    petition,
                    key=key_of(request.POST),
                    on=shanghai_date(at),
                    typed=request.POST,
                )
                return _page(request, petition, at=at, form=picked)
            form = form or _form(wanted, request, petition, at=at, data=request.POST)
            if not form.is_valid():
                _check_case_was_there(request, sent)
                return _page(request, petition, at=at, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
            facts = {**form.facts(), "sent": sent} if wanted in MAY_WAIT else form.facts()
            moved = MOVES[wanted](petition, by=request.staff, at=at, **facts)
    except SentBefore:
        alone = version_of(request) == petition.version - 1  # nobody has changed it since
        return _at_version(_done(request, number, str(DONE[wanted]), at=at), petition if alone else None)
    except NotYours as no:
        late = wanted in {Verb.SIGN, *MAY_WAIT} and _was_taken(request, petition)
        return _refused(request, number, late or no, at=at, form=form)
    except Refusal as no:
        return _refused(request, number, no, at=at, form=form)
    return _at_version(_done(request, number, str(DONE[wanted]), at=at), moved)


@require_POST
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def case_place(request: StaffRequest, number: str) -> HttpResponse:
    """Give a petition of the "to be placed" list its place."""
    at = timezone.now()
    petition = _seen(request, number)
    try:
        permissions.check_may_place(request.staff, petition)
        form = PlaceForm(request.POST, on=shanghai_date(at), within=petition.area_path, auto_id="do_%s")
        if not form.is_valid() or form.area is None:
            return _page(request, petition, at=at, do="place", form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        services.place_petition(petition, place=form.area, by=request.staff, at=at, version=version_of(request))
    except Refusal as no:
        return _refused(request, number, no, at=at)
    return _done(request, number, _("The place is recorded. Those who answer for it have been told."), at=at)


@require_POST
@never_cache
@staff_required
def case_reveal(request: StaffRequest, number: str) -> HttpResponse:
    """Show one sealed field once, after writing down who looks and why. It stands in this answer and nowhere else.

    Of a matter about staff the first answer is a request to a second person; who has agreed makes the second a look.
    """
    at = timezone.now()
    petition = _seen(request, number)
    form: RevealForm | None = None
    try:
        permissions.check_may_see_reporter(request.staff, petition)
        reporter = casefile.reporter_of(petition, request.staff)
        if reporter.person is None:
            raise BadInput(_("Nobody left a contact for this matter."))
        form = RevealForm(request.POST, fields=reporter.fields)
        if not form.is_valid():
            return _page(request, petition, at=at, do="reveal", form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        field, reason = form.cleaned_data["field"], form.cleaned_data["reason"]
        if reveals.needs_two(petition) and field not in reveals.agreed_fields(petition, request.user, at=at):
            reveals.ask(petition, field=field, reason=reason, by=request.staff, at=at)
            return _done(request, number, _("A second person has been asked to agree. You will be told."), at=at)
        revealed = reveals.look(petition, field=field, reason=reason, by=request.staff, at=at)
    except Refusal as no:
        if form is None:
            return _refused(request, number, no, at=at)
        return _page(request, petition, at=at, do="reveal", form=form, refusal=no, status=no.status)
    context = {
        "petition": petition,
        "field": field,
        "label": PersonField(field).label,
        "value": revealed.value,
        "hushed": notices.is_silent(petition, at=at),
        "left": reveals_left(request.user, at=at),
    }
    return render(request, "petitions/staff/reveal.html", context)


def _check_case_was_there(request: StaffRequest, sent: Sent) -> None:
    """Refuse what was written about a case by its number alone, on a phone without a line.

    :raises ChangedMeanwhile: if so; the page then shows the case as it stands, and the words in its form
    """
    if sent.key is not None and not request.POST.get("version"):
        raise ChangedMeanwhile(_("You wrote this without the case before you. Please look at it first, then send it."))


def _at_version(response: HttpResponse, petition: Petition | None) -> HttpResponse:
    """Say at which version the case stands by this act: what else waits on the phone was written knowing of it."""
    if petition is not None:
        response[STANDS_AT] = str(petition.version)
    return response


def _was_taken(request: StaffRequest, petition: Petition) -> Refusal | None:
    """Return what to say to somebody whose matter a colleague took after he had opened it; None if none did."""
    now = Petition.objects.visible_to(request.staff).filter(pk=petition.pk, handler__isnull=False).first()
    opened = version_of(request)
    if now is None or opened is None or opened == now.version or now.handler_id == request.user.pk:
        return None
    return ChangedMeanwhile(_("Somebody else was faster with %(number)s.") % {"number": petition.number})


# -- the page, with or without a form, an answer, a refusal ---------------------------------------------------------


def _seen(request: StaffRequest, number: str) -> Petition:
    """Return the petition if it lies in the person's scope; what does not, does not exist for him."""
    return get_object_or_404(casefile.with_everything(Petition.objects.visible_to(request.staff)), number=number)


def _form(
    verb: Verb, request: StaffRequest, petition: Petition, *, at: datetime, data: QueryDict | None = None
) -> VerbForm:
    said = casefile.words_of(petition) if verb == Verb.ACCEPT else ""
    files = request.FILES if data is not None else None
    return FORMS[verb](data, files, petition=petition, by=request.staff, on=shanghai_date(at), said=said)


def _page(
    request: StaffRequest,
    petition: Petition,
    *,
    at: datetime,
    do: str = "",
    form: forms.Form | None = None,
    said: str = "",
    refusal: Refusal | None = None,
    kept: tuple[tuple[str, str], ...] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    file = casefile.read(petition, viewer=request.staff, at=at)
    if isinstance(form, VerbForm):
        do = form.verb
    elif form is None:
        form = _asked(request, file, do, at=at)
    context = {
        "file": file,
        "map": points.tiles(),
        "petition": petition,
        "now": at,
        "form": form,
        "do": do if form is not None else "",
        "title_of_form": _title(do),
        "leads_to": request.POST.get("back", "") if request.POST.get("back") == triage.BACK else "",
        "next": request.POST.get("next", ""),
        "replies": offered(VERBS.get(do), petition, on=shanghai_date(at)) if form is not None else (),
        "one_tap": casefile.ONE_TAP,
        "read_by_petitioner": casefile.READ_BY_PETITIONER,
        "asks": asking.asks(petition, viewer=request.staff, at=at),
        "after": afterwards.afterwards(petition, viewer=request.staff),
        "deep_link": channels.deep_link(petition, on=shanghai_date(at)),
        "calls": calling.on_case(petition, viewer=request.staff, happened={entry.event.code for entry in file.history}),
        "back": givenback.given_back(petition, viewer=request.staff, at=at),
        "said": said,
        "refusal": refusal,
        "kept": kept,
        **_second_person(request, petition, do, at=at),
    }
    response = render(request, f"{PAGE}#case" if request.htmx else PAGE, context, status=status)
    return with_tiles(response) if file.point else response


def _asked(request: StaffRequest, file: casefile.CaseFile, do: str, *, at: datetime) -> forms.Form | None:
    """Return the form that ``?do=`` asks for, if the person may use it now."""
    if do == "place" and file.may_place:
        data = request.GET if "q" in request.GET else None
        initial = {"q": data["q"]} if data else {}
        on = shanghai_date(at)
        return PlaceForm(on=on, within=file.petition.area_path, initial=initial, auto_id="do_%s")
    if do == "reveal" and file.reporter.fields:
        return RevealForm(fields=file.reporter.fields)
    if do in file.verbs and do not in casefile.ONE_TAP:
        form = _form(Verb(do), request, file.petition, at=at)
        return begin(form, VERBS.get(do), file.petition, key=key_of(request.GET), on=shanghai_date(at))
    return None


def _second_person(request: StaffRequest, petition: Petition, do: str, *, at: datetime) -> dict[str, Any]:
    """Say above the form of a look that a second person must agree, and whether one has; no query for other forms."""
    if do != "reveal" or not reveals.needs_two(petition):
        return {}
    return {"two_people": True, "agreed_fields": reveals.agreed_fields(petition, request.user, at=at)}


def _title(do: str) -> str:
    if do in Verb.values:
        return str(Verb(do).label)
    return {"place": _("Find the place"), "reveal": _("See the contact in clear")}.get(do, "")


def _done(request: StaffRequest, number: str, said: str, *, at: datetime) -> HttpResponse:
    if request.POST.get("back") == triage.BACK:
        messages.success(request, said)
        return triage.after_decision(request, _seen(request, number), request.staff)
    if request.htmx:
        if _is_card(request):
            return _card(request, number, at=at, said=said)
        response = _page(request, _seen(request, number), at=at, said=said)
        response["HX-Replace-Url"] = redirect("case", number).url
        return response
    messages.success(request, said)
    return redirect("grid_queue") if request.POST.get("back") == "queue" else redirect("case", number)


def _refused(
    request: StaffRequest, number: str, no: Refusal, *, at: datetime, form: VerbForm | None = None
) -> HttpResponse:
    """Say why not, on the page as it stands now; what was typed stays in the form, or beside it to be copied."""
    if request.htmx:
        if no.status == HTTPStatus.FORBIDDEN:
            messages.error(request, str(no))
            return see_other(request, "case", number, status=HTTPStatus.FORBIDDEN)
        if _is_card(request):
            return _card(request, number, at=at, refusal=no)
    petition = _seen(request, number)
    kept: tuple[tuple[str, str], ...] = ()
    again = None
    if form is not None and form.verb in casefile.verbs_for(petition, request.staff):
        data = request.POST.copy()
        data["version"] = str(petition.version)
        again = _form(form.verb, request, petition, at=at, data=data)
        if not isinstance(no, ChangedMeanwhile):
            again.add_error(no.field if no.field in again.fields else None, str(no))
    elif form is not None:
        kept = tuple(
            (str(field.label), str(field.value()))
            for field in form
            if isinstance(field.field.widget, forms.Textarea) and field.value()
        )
    one_tap = again is not None and again.is_one_tap
    return _page(request, petition, at=at, form=None if one_tap else again, refusal=no, kept=kept, status=no.status)


def _is_card(request: StaffRequest) -> bool:
    return bool(request.htmx.target and request.htmx.target.startswith("card-"))


def _card(
    request: StaffRequest, number: str, *, at: datetime, said: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    """Return the card of the queue anew, with what was done, or why not."""
    found = cards.cards_of(Petition.objects.visible_to(request.staff), "petitioner")
    petition = get_object_or_404(found, number=number)
    (card,) = faces(cards.make_cards([petition], request.staff, at=at, calls=True), request)
    return render(
        request,
        "petitions/staff/queue.html#card",
        {
            "card": card,
            "words": words_of_cards(),
            "now": at,
            "answered": True,
            "said": said,
            "refusal": refusal,
            "is_mine": petition.handler_id == request.user.pk,
        },
        status=refusal.status if refusal else HTTPStatus.OK,
    )
