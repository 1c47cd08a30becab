"""The switches of the header inside a form that is being filled in: what was typed comes back in the other language.

A page whose form has words in it names that form (``switch_form``); then the switches are buttons of that form and
send it to its own view with ``switch=language:en`` or ``switch=elder:1``. The view sees ``request.switched``, does
nothing of what the form asks for and shows it again with its words. No JavaScript, nothing kept anywhere.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import is_valid_path, reverse
from django.utils import translation

from config.context import YEAR_SECONDS
from petitions.sendings import STANDS_AT

GetResponse = Callable[[HttpRequest], HttpResponse]


class SwitchMiddleware:
    """Stands after the check against forged requests and after the language was chosen."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Remember in a cookie what was switched."""
        response = self.get_response(request)
        for cookie, value in getattr(request, "switched", {}).items():
            response.set_cookie(
                cookie,
                value,
                max_age=YEAR_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=cookie == settings.ELDER_COOKIE_NAME,
                samesite="Lax",
            )
        return response

    def process_view(self, request: HttpRequest, _view: object, _args: Any, _kwargs: Any) -> None:
        """Switch at once, for the page that comes back."""
        if request.method != "POST" or "switch" not in request.POST:
            return
        what, _colon, value = request.POST["switch"].partition(":")
        switched: dict[str, str] = {}
        if what == "language" and value in dict(settings.LANGUAGES):
            translation.activate(value)
            request.LANGUAGE_CODE = translation.get_language()
            switched[settings.LANGUAGE_COOKIE_NAME] = value
        elif what == "elder":
            request.COOKIES[settings.ELDER_COOKIE_NAME] = switched[settings.ELDER_COOKIE_NAME] = (
                "1" if value == "1" else "0"
            )
        request.switched = switched  # type: ignore[attr-defined]


class OutboxMiddleware:
    """A phone that sends what waited on it (``X-Linli-Outbox``) is led nowhere: it is told whether it is done.

    Where anybody else is sent on after the deed it reads 204, and at which version the case stands by it; where he
    would be asked who he is 401. Stands outside of whatever may turn somebody away.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Make a plain answer of a redirection."""
        response = self.get_response(request)
        if "X-Linli-Outbox" not in request.headers or not isinstance(response, HttpResponseRedirect):
            return response
        doors = [reverse(name) for name in ("login", "password_change", "account")]
        at_door = urlsplit(response.url).path in doors
        if at_door:
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        stands_at = {name: response[name] for name in (STANDS_AT,) if name in response}
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=stands_at)


class FormsOnlyMiddleware:
    """Whoever opens an address that only takes forms (a switch, a reload, a bookmark) gets the page it belongs to.

    Browsers alone say that somebody is going there; to everybody else it stays a method that is not allowed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lead from a 405 to the nearest page above."""
        response = self.get_response(request)
        goes_there = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not goes_there:
            return response
        path = request.path_info
        while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
            if is_valid_path(path):
                break
        return HttpResponseRedirect(path)


class ZeroByteMiddleware:
    """No word has a zero byte, and the database takes none: an address with one is no page, a question loses it.

    Stands before the views and after whatever an error page needs.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take it out of what was asked, before anybody reads it."""
        if "\0" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
            request.__dict__.pop("GET", None)
        return self.get_response(request)
