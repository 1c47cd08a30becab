"""Following a matter: number and code once, then its state, its promises and its history."""

from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.timetable import shanghai_date
from grids.enums import Level
from people.prepared import Prepared
from petitions import afterwards, promises, story, throttle, viewers
from petitions.forms.afterwards import RatingForm
from petitions.forms.resident import FollowForm
from petitions.models import Petition, PetitionPhoto, SupplementRequest
from petitions.numbers import code_fits, number_is_well_formed
from petitions.viewers import EXAMPLES, KEPT, Follower
from petitions.views.access import address_of
from petitions.views.sums import sum_first


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def petition_follow(request: HttpRequest) -> HttpResponse:  # noqa: PLR0911 - a line for each answer
    """Ask for number and follow-up code; the same words whether the number is unknown or the code is wrong."""
    if request.method != "POST":
        return _form_page(request, FollowForm(initial={"number": request.GET.get("number", "")[:40]}))
    if hasattr(request, "switched"):
        return _form_page(request, FollowForm(initial=request.POST.dict()))
    form = FollowForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form)
    asked = sum_first(request, throttle.Doing.FOLLOW, subject=form.cleaned_data["number"])
    if asked is not None:
        return asked
    try:
        tried = count_try(request, form.cleaned_data["number"])
    except (throttle.TooManyTries, throttle.CannotCount) as refusal:
        return wait_page(request, refusal)
    number = form.cleaned_data["number"]
    petition = Petition.objects.filter(number=number).only("pk", "number", "code_hash").first()
    fits = code_fits(petition.code_hash if petition else None, number, form.cleaned_data["code"])
    if petition is None or not fits:
        form.add_error(None, _("Number and follow-up code do not belong together. Please compare both again."))
        return _form_page(request, form)
    tried.give_back()
    request.session.cycle_key()
    viewers.remember(request.session, petition.pk)
    return redirect("petition_followed", number=petition.number)


@never_cache
@require_safe
def petition_followed(request: HttpRequest, number: str) -> HttpResponse:
    """How the matter stands, what is promised next, what has happened. Looking changes nothing."""
    return page(request, number)


def page(
    request: HttpRequest,
    number: str,
    *,
    typed: str = "",
    ticked: Collection[str] = (),
    rating: RatingForm | None = None,
    refusal: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """Return the page of a matter; ``typed``, ``ticked`` or ``rating`` was not taken, ``refusal`` says why."""
    now = timezone.now()
    follower = Follower.of(request.session, at=now)
    petition = _petition(number, follower)
    if petition is None:
        return to_the_form(number)
    running, told = promises.running(petition, at=now), story.tell(petition, to=follower)
    choices = afterwards.choices(petition, at=now)
    asked = SupplementRequest.objects.filter(petition=petition, answered=False).first() if told.asked else None
    return render(
        request,
        "petitions/resident/followed.html",
        {
            "petition": petition,
            "place": _place_of(petition),
            "stands": story.how_it_stands(petition),
            "next": running[0] if running else None,
            "later": running[1:],
            "story": told,
            "photos": _photos(petition, follower) if petition.has_photos else [],  # type: ignore[attr-defined]  # annotated
            "answering": promises.answering(petition, on=shanghai_date(now)),
            "now": now,
            "choices": choices,
            "rating": rating or (RatingForm() if choices.may_rate else None),
            "typed": typed,
            "missing": _missing(asked, ticked),
            "refusal": refusal,
            "switch_form": "answer" if told.asked and petition.is_open else "",
        },
        status=status,
    )


_NAMES = ("street", "community", "grid", "area", "organisation")
# of the nine areas that come along
_AREAS = ("street", "community", "grid", "area", "place", "place__parent")
_UNREAD = [
    f"{area}__{field}"
    for area in (*_AREAS, *(f"master__{name}" for name in _NAMES[:4]))
    for field in ("name_key", "initials", "division_type", "valid_from", "valid_to", "source")
]


def _with_names(number: str, follower: Follower) -> QuerySet[Petition]:
    named = [*_NAMES, "place__parent", "service_item", *(f"master__{name}" for name in _NAMES)]
    pictures = PetitionPhoto.objects.visible_to(follower).filter(petition=OuterRef("pk"))
    found = Petition.objects.visible_to(follower).filter(number=number).select_related(*named).defer(*_UNREAD)
    return found.annotate(has_photos=Exists(pictures))[:1]


def _pictures(petition_id: int, follower: Follower) -> QuerySet[PetitionPhoto]:
    return PetitionPhoto.objects.visible_to(follower).filter(petition=petition_id).order_by("added_at", "pk")


_PETITION: Prepared[Petition] = Prepared(lambda number, *ids: _with_names(number, Follower(ids)), "PX", *EXAMPLES)
_PHOTOS: Prepared[PetitionPhoto] = Prepared(lambda pk, *ids: _pictures(pk, Follower(ids)), -KEPT - 1, *EXAMPLES)


def _petition(number: str, follower: Follower) -> Petition | None:
    if follower.phone is None:
        return _PETITION.first(number, *follower.twenty)
    return next(iter(_with_names(number, follower)), None)


def _photos(petition: Petition, follower: Follower) -> list[PetitionPhoto]:
    if follower.phone is None:
        return _PHOTOS(petition.pk, *follower.twenty)
    return list(_pictures(petition.pk, follower))


@require_POST
def petition_forget(request: HttpRequest) -> HttpResponse:
    """Take back what this device may see; for a telephone or a computer that others use."""
    viewers.forget(request.session)
    response = redirect("home")
    response.headers["Clear-Site-Data"] = '"cache"'  # what the "back" button would show
    return response


def _missing(asked: SupplementRequest | None, ticked: Collection[str]) -> list[tuple[int, str, bool]]:
    """Return the materials that were asked for: place, name, and whether it was ticked."""
    if asked is None:
        return []
    return [(place, name, str(place) in ticked) for place, name in enumerate(asked.missing)]


def _place_of(petition: Petition) -> str:
    """Return the place as people say it: community, building, stairwell."""
    place = petition.place
    if place is None:
        return ""
    building = place.parent if place.level == Level.UNIT else None
    named = dict.fromkeys(area.label for area in (petition.community, building, place) if area is not None)
    return " ".join(named)


def to_the_form(number: str) -> HttpResponseRedirect:
    """Send to the follow form: for every number alike, known or not. What can be no number is a 404."""
    if not number_is_well_formed(number):
        raise Http404
    return redirect(f"{reverse('petition_follow')}?{urlencode({'number': number})}")


def wait_page(request: HttpRequest, refusal: throttle.TooManyTries | throttle.CannotCount) -> HttpResponse:
    """Say how long to wait."""
    context = {"refusal": refusal, "wait": throttle.wait_in_words(refusal.retry_after)}
    response = render(request, "petitions/resident/wait.html", context, status=refusal.status)
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _form_page(request: HttpRequest, form: FollowForm) -> HttpResponse:
    follower = Follower.of(request.session)
    mine = Petition.objects.visible_to(follower).only("pk", "number", "title", "submitted_at").order_by("-submitted_at")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(
        request,
        "petitions/resident/follow.html",
        {"form": form, "mine": mine, "switch_form": "following"},
        status=status,
    )


def count_try(request: HttpRequest, number: str) -> throttle.Try:
    """Count a try against the address, then against the number; staff are not counted."""
    if request.user.is_authenticated:
        return throttle.Try()
    return throttle.take(throttle.Doing.FOLLOW, address=address_of(request), subject=number)
