"""Who asks: a member of staff with the posts held today, worked out once in a request."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from grids import scoped
from grids.staff import Staff
from people.models import User
from petitions import points, throttle
from petitions.sendings import HERE, Sent

View = Callable[..., HttpResponse]
LONGEST_VERSION = 9
# what waits longer on a phone is deleted there
LONGEST_WAIT = timedelta(hours=72)


class StaffRequest(HttpRequest):
    """A request of a member of staff."""

    user: User
    staff: Staff
    htmx: HtmxDetails


def staff_of(request: HttpRequest) -> Staff | None:
    """Return the signed-in person with today's posts, asked for once in a request; None for a resident."""
    if not isinstance(request.user, User):
        return None
    return scoped.staff_of(request)


def address_of(request: HttpRequest) -> str:
    """Return whom a try is counted against: behind our proxy the address that it saw, which it writes last."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    return throttle.address_group(address)


def staff_required(view: View) -> View:
    """Let in who is signed in and is staff or holds a post today; send the others to sign in, or away."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        staff = staff_of(request)
        if staff is None:
            return _sign_in_first(request)
        if not (staff.user.is_staff or staff.holdings):
            raise PermissionDenied(_("You hold no post today. Please ask the administrator of your street."))
        return view(cast("StaffRequest", request), *args, **kwargs)

    return guarded


def see_other(request: HttpRequest, to: str, *args: Any, status: HTTPStatus = HTTPStatus.FOUND) -> HttpResponse:
    """Redirect the page, also when only a part of it asked (htmx)."""
    url = resolve_url(to, *args)
    if getattr(request, "htmx", None):
        kept = HTTPStatus.NO_CONTENT if status == HTTPStatus.FOUND else status
        return HttpResponse(status=kept, headers={"HX-Redirect": url})
    return HttpResponse(status=HTTPStatus.FOUND, headers={"Location": url})


def version_of(request: HttpRequest) -> int | None:
    """Return the version a form was opened at, if it carried one."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) <= LONGEST_VERSION else None


def sent_of(request: HttpRequest, *, at: datetime) -> Sent:
    """Return which sending this is, and when it was written if it waited on a phone.

    The phone says for how long it waited (``typed_ago``, seconds): its clock may be wrong, the difference is not.
    """
    try:
        key = UUID(request.POST.get("client_key", ""))
    except ValueError:
        return HERE
    waited = request.POST.get("typed_ago", "")
    known = waited.isdecimal() and len(waited) <= LONGEST_VERSION and int(waited) <= LONGEST_WAIT.total_seconds()
    return Sent(key, at - timedelta(seconds=int(waited)) if known else None)


def with_tiles(response: HttpResponse) -> HttpResponse:
    """Let a page that has a map fetch its pictures from the source set up, and from nowhere else."""
    source = points.tiles()
    if source is not None:
        response._csp_update = {"img-src": [source.origin]}  # type: ignore[attr-defined]  # noqa: SLF001 - django-csp's own
    return response


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page; a part of a page has its whole page sent there."""
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return redirect_to_login(request.get_full_path())
    page = htmx.current_url_abs_path or request.get_full_path()
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": redirect_to_login(page).url})
