"""What the steps of filing share: the buttons, the photos a form has, what is counted of strangers."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from people.models import Session
from people.sessions import SessionStore
from petitions import drafts, throttle, unsent, viewers
from petitions.errors import BadPhoto
from petitions.forms.resident import PAGES
from petitions.models import Petition
from petitions.photos import MAX_PER_STEP
from petitions.views.access import address_of

CHECK_PAGE = "check"


class Remembering:
    """Lets the session of a browser see the matter it files; a session that begins with it is written with it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._begins: SessionStore | None = None

    def rows(self, petition: Petition) -> list[Session]:
        """Return the row to write with a new matter; none if the browser has a session."""
        session = self._request.session
        if session.session_key is not None or not session.is_empty():
            return []
        self._begins = SessionStore()
        viewers.remember(self._begins, petition.pk, filed=True)
        return [self._begins.beginning()]

    def settle(self, petition: Petition, *, created: bool) -> None:
        """The matter is there: from now on this is the browser's session."""
        if created and self._begins is not None:
            self._request.session = self._begins
        else:
            viewers.remember(self._request.session, petition.pk, filed=True)


class Step(StrEnum):
    """The buttons of the form."""

    SEARCH = "search"
    NEXT = "next"
    BACK = "back"
    CHECK = "check"
    EDIT = "edit"
    SEND = "send"
    WIPE = "wipe"

    @classmethod
    def of(cls, request: HttpRequest) -> "Step":
        """Return the button pressed; a form sent without one (the Enter key) wants to go on.

        A switch of the header shows the same page again.
        """
        if hasattr(request, "switched"):
            return cls.CHECK if request.POST.get("page") == CHECK_PAGE else cls.EDIT
        if request.POST.get("join"):
            return cls.SEND
        try:
            return cls(request.POST.get("step", "").partition(":")[0])
        except ValueError:
            return cls.NEXT if request.POST.get("page") in PAGES else cls.CHECK


@dataclass(slots=True)
class Photos:
    """The photos a form has so far, what was wrong with those it does not have, seconds to wait before the next."""

    kept: list[drafts.Draft] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    wait: int = 0


def pages_for(step: Step, request: HttpRequest) -> tuple[str, ...]:
    """Return the questions that the next page asks: all of them, or those of one step.

    One step where the operator says so (``FILING_STEPS``), and always in the elder version.
    """
    if settings.FILING_STEPS != "questions" and not is_elder(request):
        return tuple(PAGES)
    names = tuple(PAGES)
    here = request.POST.get("page", "")
    if step is Step.EDIT:  # "edit:place" from the page to check; a switch of the header stays where it is
        here = request.POST.get("step", "").partition(":")[2] or here
    if here not in PAGES:
        return names[:1]
    at = names.index(here) + {Step.NEXT: 1, Step.BACK: -1}.get(step, 0)
    return names[max(at, 0) : at + 1]


def is_elder(request: HttpRequest) -> bool:
    """Whether the visitor chose the elder version: few choices a page."""
    return request.COOKIES.get(settings.ELDER_COOKIE_NAME) == "1"


def photos_of(request: HttpRequest, client_key: uuid.UUID, *, at: datetime) -> Photos:
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
            count(request, throttle.Doing.UPLOAD, at=at, amount=len(uploads))
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


def count(
    request: HttpRequest,
    doing: throttle.Doing,
    *,
    at: datetime,
    subject: str = "",
    amount: int = 1,
    unless_near: bool = False,
) -> throttle.Try:
    """Count what a stranger does; staff are not counted.

    :raises TooManyTries: if he has done it too often
    :raises NearLimit: if ``unless_near`` and he has nearly done so
    """
    if request.user.is_authenticated:
        return throttle.Try()
    return throttle.take_if_counting(
        doing, at=at, address=address_of(request), subject=subject, amount=amount, unless_near=unless_near
    )


def wait_words(seconds: int) -> str:
    """Say that many matters came from here, and how long to wait."""
    message = _(
        "Many matters came from here in a short time. Your words are kept on this page: please send them again in "
        "%(wait)s. If it cannot wait, call or visit your community."
    )
    return message % {"wait": throttle.wait_in_words(seconds)}


def give_cookie(response: HttpResponse, value: str) -> HttpResponse:
    """Let the browser find its unsent form again for 72 hours; without a value, take the cookie back."""
    path, secure = settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_SECURE
    if value:
        response.set_cookie(
            unsent.COOKIE, value, max_age=unsent.SECONDS, path=path, secure=secure, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(unsent.COOKIE, path=path, samesite="Lax")
    return response


def _photos_wait_words(seconds: int) -> str:
    message = _("Many photos came from here in a short time. Send it without photos, or add them in %(wait)s.")
    return message % {"wait": throttle.wait_in_words(seconds)}
