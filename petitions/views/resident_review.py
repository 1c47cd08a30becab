"""Residents mark online: with a telephone that they prove by a code, or with a code on paper. Once; then the result."""

import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from deadlines.timetable import shanghai_date
from people.enums import Language
from people.errors import BadInput, Refusal
from petitions import phones, reviews, throttle, viewers
from petitions.forms.phone import PhoneCodeForm, PhoneForm
from petitions.forms.reviews import CodeVoteForm, VoteForm
from petitions.models import ResidentReview
from petitions.throttle import Doing
from petitions.viewers import ProvedPhone
from petitions.views.access import address_of
from petitions.views.resident_follow import wait_page
from petitions.views.sums import sum_first

ASKED: Final = "petitions_review_code"
PAGE: Final = "petitions/review/page.html"


@never_cache
@sensitive_post_parameters("phone", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark, or read the result once the review is over."""
    at = timezone.now()
    on = shanghai_date(at)
    found = ResidentReview.objects.public(on).select_related("area", "organisation")
    review = get_object_or_404(found, pk=pk)
    if on > review.closes_on:
        return render(request, "petitions/review/result.html", {"review": review, "result": reviews.result(review)})
    if request.method != "POST" or hasattr(request, "switched"):
        return _page(request, review, at=at)
    steps = {"phone": _ask, "prove": _prove, "again": _again}
    try:
        return steps.get(request.POST.get("step", ""), _vote)(request, review, at=at)
    except (throttle.TooManyTries, throttle.CannotCount) as refusal:
        return wait_page(request, refusal)


@require_safe
@never_cache
def review_thanks(request: HttpRequest, pk: int) -> HttpResponse:
    """Say thank you, and when the result will stand here."""
    found = ResidentReview.objects.public(shanghai_date(timezone.now())).select_related("area")
    return render(request, "petitions/review/thanks.html", {"review": get_object_or_404(found, pk=pk)})


def _vote(request: HttpRequest, review: ResidentReview, *, at: datetime) -> HttpResponse:
    """Keep the mark; a wrong code counts as a try."""
    phone = ProvedPhone.of(request.session, at=at)
    with_code = "code" in request.POST or phone is None
    form = CodeVoteForm(request.POST) if with_code else VoteForm(request.POST)
    name = "code_form" if with_code else "form"
    if not form.is_valid():
        return _page(request, review, at=at, status=HTTPStatus.UNPROCESSABLE_ENTITY, **{name: form})
    tried = throttle.take(Doing.PROVE_PHONE, address=address_of(request)) if with_code else throttle.Try()
    code = form.cleaned_data.get("code", "")
    try:
        reviews.vote(review, mark=form.cleaned_data["mark"], at=at, phone=None if with_code else phone, code=code)
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        if not isinstance(no, BadInput):
            tried.give_back()
        return _page(request, review, at=at, status=HTTPStatus(no.status), **{name: form})
    tried.give_back()
    return redirect("review_thanks", review.pk)


def _again(request: HttpRequest, review: ResidentReview, *, at: datetime) -> HttpResponse:  # noqa: ARG001 - a step
    """Begin anew with another number."""
    request.session.pop(ASKED, None)
    return redirect("review_page", review.pk)


def _ask(request: HttpRequest, review: ResidentReview, *, at: datetime) -> HttpResponse:
    """Have a code sent to any mobile: a resident who never filed anything marks too."""
    form = PhoneForm(request.POST)
    if not phones.is_offered() or not form.is_valid():
        return _page(request, review, at=at, status=HTTPStatus.UNPROCESSABLE_ENTITY, phone_form=form)
    index = phones.index_of(form.cleaned_data["phone"])
    asked = sum_first(request, Doing.ASK_PHONE, subject=index.hex())
    if asked is not None:
        return asked
    throttle.take(Doing.ASK_PHONE, address=address_of(request), subject=index.hex())
    language = get_language()
    kept = phones.ask(
        phone=form.cleaned_data["phone"],
        language=language if language in Language.values else Language.CHINESE,
        at=at,
        for_anybody=True,
    )
    request.session[ASKED] = str(kept)
    return redirect("review_page", review.pk)


def _prove(request: HttpRequest, review: ResidentReview, *, at: datetime) -> HttpResponse:
    """Take the code that this session asked for, under a new session key."""
    asked = request.session.get(ASKED)
    form = PhoneCodeForm(request.POST)
    if not asked:
        return redirect("review_page", review.pk)
    if not form.is_valid():
        return _page(request, review, at=at, status=HTTPStatus.UNPROCESSABLE_ENTITY, prove_form=form)
    tried = throttle.take(Doing.PROVE_PHONE, address=address_of(request))
    try:
        phone = phones.check(code_id=uuid.UUID(asked), typed=form.cleaned_data["code"], at=at)
    except BadInput as refusal:
        form.add_error("code", str(refusal))
        return _page(request, review, at=at, status=HTTPStatus.UNPROCESSABLE_ENTITY, prove_form=form)
    tried.give_back()
    request.session.cycle_key()
    del request.session[ASKED]
    viewers.remember_phone(request.session, phone)
    if not request.user.is_authenticated:
        request.session.set_expiry(0)
    return redirect("review_page", review.pk)


def _page(
    request: HttpRequest, review: ResidentReview, *, at: datetime, status: HTTPStatus = HTTPStatus.OK, **forms: Any
) -> HttpResponse:
    proved = ProvedPhone.of(request.session, at=at) is not None
    asked = ASKED in request.session
    context = {
        "review": review,
        "proved": proved,
        "asked": asked,
        "offered": phones.is_offered(),
        "form": next(iter(forms.values()), None),
        "vote_form": forms.get("form", VoteForm()),
        "code_form": forms.get("code_form", CodeVoteForm(auto_id="paper_%s")),
        "phone_form": forms.get("phone_form", PhoneForm()),
        "prove_form": forms.get("prove_form", PhoneCodeForm()),
    }
    return render(request, PAGE, context, status=status)
