"""Pages of the shell itself: where staff begin, the two switches in the header, plain information, errors."""

from datetime import date
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.context import YEAR_SECONDS
from config.faces import home_of, staff_of
from gateway import problems
from people import notice
from people.models import Processor

# when somebody last went through the residents' pages with tests/browser and read what the statement says
ACCESSIBILITY_CHECKED_ON: Final = date(2026, 11, 23)


@login_required
@require_safe
def staff_home(request: HttpRequest) -> HttpResponse:
    """Send the member of staff to the page of their post: grid posts to their queue, others to the desk."""
    staff = staff_of(request)
    home = home_of(staff) if staff is not None else None
    if home is None:
        raise PermissionDenied(_("You hold no post today. Please ask the administrator of your street."))
    return redirect(home)


@require_POST
def set_elder(request: HttpRequest) -> HttpResponse:
    """Turn the elder version on (``on=1``) or off; a cookie remembers it for a year."""
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(target if allowed else "/")
    if request.POST.get("on") == "1":
        response.set_cookie(
            settings.ELDER_COOKIE_NAME,
            "1",
            max_age=YEAR_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(settings.ELDER_COOKIE_NAME, samesite="Lax")
    return response


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What this site does, and does not yet do, for people who see, hear, move or read differently."""
    return render(request, "pages/accessibility.html", {"checked_on": ACCESSIBILITY_CHECKED_ON})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What we collect, why, for how long, and what a person may ask of us."""
    context = {
        "version": notice.VERSION,
        "groups": notice.groups(subjects="resident"),
        "staff_groups": notice.groups(subjects="staff"),
        "processors": Processor.objects.in_use(timezone.localdate()),
    }
    return render(request, "pages/privacy.html", context)


# -- errors: the same shell, the right status, nothing technical ------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """400: what was sent cannot be read."""
    if problems.is_of_api(request):
        return problems.plain(HTTPStatus.BAD_REQUEST, "parse-error")
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason when our own code gave one."""
    reason = str(exception.args[0]) if exception.args else ""
    return render(request, "403.html", {"reason": reason}, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """404, also for what exists and is not in the visitor's scope."""
    if problems.is_of_api(request):
        return problems.plain(HTTPStatus.NOT_FOUND, "not-found")
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """500. Needs neither session nor database; if even this page fails, two plain sentences remain."""
    try:
        if problems.is_of_api(request):
            return problems.plain(HTTPStatus.INTERNAL_SERVER_ERROR, "our-fault")
        return render(request, "500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)
    except Exception:  # noqa: BLE001 - the cause is in the log already; the person must not see a blank page
        words = "对不起，系统出错了，请稍后再试。 Sorry, something went wrong. Please try again later."
        return HttpResponse(words, content_type="text/plain; charset=utf-8", status=HTTPStatus.INTERNAL_SERVER_ERROR)
