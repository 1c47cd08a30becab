"""All matters of a resident who proves his telephone by a code; without an SMS gateway, an honest word instead."""

import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from people.enums import Language
from people.errors import BadInput, Gone
from petitions import phones, promises, registry, story, throttle, viewers
from petitions.forms.phone import PhoneCodeForm, PhoneForm
from petitions.models import Petition
from petitions.throttle import Doing
from petitions.viewers import ProvedPhone
from petitions.views.access import address_of
from petitions.views.resident_follow import wait_page
from petitions.views.sums import sum_first

ASKED: Final = "petitions_phone_code"
MOST: Final = 50


@never_cache
@sensitive_post_parameters("phone", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def petitions_mine(request: HttpRequest) -> HttpResponse:
    """Ask for the number, then for the code, then show the matters. Each step stands without JavaScript."""
    now = timezone.now()
    if not phones.is_offered():
        return render(request, "petitions/resident/mine_not_offered.html")
    if request.method == "POST":
        return _step(request, at=now)
    phone = ProvedPhone.of(request.session, at=now)
    if phone is not None:
        return _list(request, phone, at=now)
    return _code_page(request, PhoneCodeForm()) if _asked(request) else _phone_page(request, PhoneForm())


def _step(request: HttpRequest, *, at: datetime) -> HttpResponse:
    try:
        match request.POST.get("step"):
            case "code":
                return _prove(request, at=at)
            case "again":
                request.session.pop(ASKED, None)
                return redirect("petitions_mine")
            case _:
                return _ask(request, at=at)
    except (throttle.TooManyTries, throttle.CannotCount) as refusal:
        return wait_page(request, refusal)


def _ask(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Have a code sent; the answer is the same for every number."""
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _phone_page(request, form)
    phone = form.cleaned_data["phone"]
    asked = sum_first(request, Doing.ASK_PHONE, subject=phones.index_of(phone).hex())
    if asked is not None:
        return asked
    throttle.take(Doing.ASK_PHONE, address=address_of(request), subject=phones.index_of(phone).hex())
    language = get_language()
    kept = phones.ask(phone=phone, language=language if language in Language.values else Language.CHINESE, at=at)
    request.session[ASKED] = str(kept)
    return redirect("petitions_mine")


def _prove(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Take the code that this session asked for, under a new session key."""
    asked = _asked(request)
    if asked is None:
        return redirect("petitions_mine")
    form = PhoneCodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, form)
    question = sum_first(request, Doing.PROVE_PHONE)
    if question is not None:
        return question
    tried = throttle.take(Doing.PROVE_PHONE, address=address_of(request))
    try:
        phone = phones.check(code_id=asked, typed=form.cleaned_data["code"], at=at)
    except (BadInput, Gone) as refusal:
        form.add_error("code", str(refusal))
        return _code_page(request, form, status=HTTPStatus(refusal.status))
    tried.give_back()
    request.session.cycle_key()
    del request.session[ASKED]
    viewers.remember_phone(request.session, phone)
    if not request.user.is_authenticated:
        request.session.set_expiry(0)  # gone with the browser, however short before the half hour
    return redirect("petitions_mine")


def _list(request: HttpRequest, phone: ProvedPhone, *, at: datetime) -> HttpResponse:
    found = (
        Petition.objects.visible_to(phone)
        .select_related(
            "street", "community", "grid", "area", "organisation", "handler",
            "master__street", "master__community", "master__grid", "master__area", "master__organisation",
        )
        .order_by("-submitted_at", "-pk")[: MOST + 1]
    )  # fmt: skip
    rows = list(found)
    owed = promises.nearest(rows[:MOST], at=at)
    matters = [(row, story.how_it_stands(row), owed.get(row.pk)) for row in rows[:MOST]]
    minutes = max(1, int(phone.until - at.timestamp()) // 60)
    context = {
        "matters": matters,
        "more": len(rows) > MOST,
        "most": MOST,
        "minutes": minutes,
        # led to whether there is anything or not: the page there says so, and this one asks nothing more
        "elsewhere": {part.template for part in registry.own_parts() if phone.index_for(part.name) is not None},
    }
    return render(request, "petitions/resident/mine.html", context)


def _asked(request: HttpRequest) -> uuid.UUID | None:
    kept = request.session.get(ASKED)
    return uuid.UUID(kept) if kept else None


def _phone_page(request: HttpRequest, form: PhoneForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "petitions/resident/mine_phone.html", {"form": form}, status=status)


def _code_page(request: HttpRequest, form: PhoneCodeForm, *, status: HTTPStatus | None = None) -> HttpResponse:
    status = status or (HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)
    context = {"form": form, "is_over": status == HTTPStatus.GONE}
    return render(request, "petitions/resident/mine_code.html", context, status=status)
