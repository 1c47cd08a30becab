"""Registering on the public pages: a number proved by a code, then the form. Each step stands without JavaScript."""

import uuid
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from deadlines.timetable import shanghai_date
from fieldwork.stations import communities
from people import notice
from people.enums import Language
from people.errors import BadInput, Gone, Refusal
from petitions import phones, throttle, viewers
from petitions.forms.phone import PhoneCodeForm, PhoneForm
from petitions.throttle import Doing
from petitions.viewers import ProvedPhone
from petitions.views.access import address_of
from petitions.views.resident_follow import wait_page
from petitions.views.sums import sum_first
from volunteers import owndata, registering
from volunteers.errors import HereAlready
from volunteers.forms.offers import RegisterForm

ASKED: Final = "volunteers_phone_code"
PAGE: Final = "volunteers/register.html"
HERE: Final = {False: "volunteer_register", True: "volunteer_register_child"}


@require_safe
def volunteers(request: HttpRequest) -> HttpResponse:
    """What it is to be a volunteer here, what is kept and why."""
    return render(request, "volunteers/intro.html", {"offered": phones.is_offered(), "version": notice.VERSION})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, *, child: bool = False) -> HttpResponse:
    """Prove a number, then fill in the form; ``child``: the number is that of a parent or guardian."""
    at = timezone.now()
    if not phones.is_offered():
        return render(request, "volunteers/not_offered.html")
    if request.method != "POST":
        phone = ProvedPhone.of(request.session, at=at)
        index = phone.index_for(owndata.VOLUNTEER) if phone is not None else None
        if not child and index is not None and owndata.is_known(index):
            messages.info(request, _("You are registered already."))
            return redirect("own_volunteer")
        return _page(request, child=child, at=at)
    steps: dict[str, Callable[..., HttpResponse]] = {"phone": _ask, "prove": _prove, "again": _again}
    try:
        return steps.get(request.POST.get("step", ""), _send)(request, child=child, at=at)
    except (throttle.TooManyTries, throttle.CannotCount) as refusal:
        return wait_page(request, refusal)


def _send(request: HttpRequest, *, child: bool, at: datetime) -> HttpResponse:
    """Enter them. What is refused loses nothing that was typed."""
    phone = ProvedPhone.of(request.session, at=at)
    if phone is None:
        messages.warning(request, _("Half an hour is over. Please prove your number once more."))
        return redirect(HERE[child])
    form = RegisterForm(request.POST, communities=communities(shanghai_date(at)), child=child)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            form.check_proved(phone.index, phones.index_of)
            registering.register(**form.facts(proved=True), language=_language(), at=at)
        except HereAlready as no:
            messages.info(request, str(no))
            return redirect("own_volunteer")
        except Refusal as no:
            form.refuse(no)
            status = HTTPStatus(no.status)
        else:
            messages.success(request, _("Thank you. Your community looks at it and you hear from it by a message."))
            return redirect("own_volunteer")
    return _page(request, child=child, at=at, status=status, form=form)


def _again(request: HttpRequest, *, child: bool, at: datetime) -> HttpResponse:  # noqa: ARG001 - a step
    """Begin anew with another number."""
    request.session.pop(ASKED, None)
    return redirect(HERE[child])


def _ask(request: HttpRequest, *, child: bool, at: datetime) -> HttpResponse:
    """Have a code sent to any mobile: the answer is the same for every number."""
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, child=child, at=at, status=HTTPStatus.UNPROCESSABLE_ENTITY, phone_form=form)
    index = phones.index_of(form.cleaned_data["phone"])
    asked = sum_first(request, Doing.ASK_PHONE, subject=index.hex())
    if asked is not None:
        return asked
    throttle.take(Doing.ASK_PHONE, address=address_of(request), subject=index.hex())
    kept = phones.ask(phone=form.cleaned_data["phone"], language=_language(), at=at, for_anybody=True)
    request.session[ASKED] = str(kept)
    return redirect(HERE[child])


def _prove(request: HttpRequest, *, child: bool, at: datetime) -> HttpResponse:
    """Take the code that this session asked for, under a new session key."""
    asked = request.session.get(ASKED)
    form = PhoneCodeForm(request.POST)
    if not asked:
        return redirect(HERE[child])
    if not form.is_valid():
        return _page(request, child=child, at=at, status=HTTPStatus.UNPROCESSABLE_ENTITY, prove_form=form)
    question = sum_first(request, Doing.PROVE_PHONE)
    if question is not None:
        return question
    tried = throttle.take(Doing.PROVE_PHONE, address=address_of(request))
    try:
        phone = phones.check(code_id=uuid.UUID(asked), typed=form.cleaned_data["code"], at=at)
    except (BadInput, Gone) as refusal:
        form.add_error("code", str(refusal))
        return _page(request, child=child, at=at, status=HTTPStatus(refusal.status), prove_form=form)
    tried.give_back()
    request.session.cycle_key()
    del request.session[ASKED]
    viewers.remember_phone(request.session, phone)
    if not request.user.is_authenticated:
        request.session.set_expiry(0)  # gone with the browser, however short before the half hour
    return redirect(HERE[child])


def _page(
    request: HttpRequest, *, child: bool, at: datetime, status: HTTPStatus = HTTPStatus.OK, **forms: Any
) -> HttpResponse:
    """Return the step that comes next. Communities are asked for only where they are chosen."""
    proved = ProvedPhone.of(request.session, at=at) is not None
    phone_form = forms.get("phone_form") or PhoneForm()
    phone_form.fields["phone"].help_text = _("We send it a code. Later it is how you see and change your data.")
    context = {
        "child": child,
        "here": HERE[child],
        "proved": proved,
        "asked": ASKED in request.session,
        "form": next(iter(forms.values()), None),
        "phone_form": phone_form,
        "prove_form": forms.get("prove_form") or PhoneCodeForm(),
        "version": notice.VERSION,
    }
    if proved:
        offered = communities(shanghai_date(at))
        context["register_form"] = forms.get("form") or RegisterForm(communities=offered, child=child)
    return render(request, PAGE, context, status=status)


def _language() -> str:
    language = get_language()
    return language if language in Language.values else Language.CHINESE
