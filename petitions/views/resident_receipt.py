"""The receipt: number, code, who answers, by when; on paper as on the screen."""

from collections.abc import Sequence
from datetime import date

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from petitions import promises
from petitions.enums import TextKind, Urgency
from petitions.models import Petition
from petitions.numbers import code_for
from petitions.suggestion import emergency_numbers, suggest
from petitions.viewers import Follower
from petitions.views.resident_follow import to_the_form

EMERGENCY_NUMBERS = ("110", "119", "120", "122")


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
            "numbers": _numbers(petition, on=shanghai_date(now)),
            "now": now,
        },
    )


def _numbers(petition: Petition, *, on: date) -> Sequence[str]:
    """Return whom to call first for what was written; all of them where an emergency does not say which."""
    if petition.urgency != Urgency.EMERGENCY:
        return ()
    words = petition.texts.filter(kind=TextKind.BODY).order_by("created_at").values_list("masked", flat=True).first()
    return emergency_numbers(suggest(words or petition.title, on=on)) or EMERGENCY_NUMBERS


def _qr(number: str) -> SafeString:
    """Return the QR code of the follow page: the public number and nothing that opens it."""
    address = settings.PUBLIC_URL + reverse("petition_followed", args=[number])
    code = segno.make(address, error="m", micro=False)
    drawing = code.svg_inline(scale=4, border=4, light="#ffffff", omitsize=True, svgclass="l-qr", lineclass=None)
    return format_html("{}", mark_safe(drawing))  # noqa: S308 - drawn by segno from our own address
