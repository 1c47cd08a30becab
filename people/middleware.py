"""Before any page: sessions whose time is over end; a password to change and a second factor to set up come first."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from people import factor, signins
from people.models import User

# By URL name, with or without the admin's namespace: what one needs to change a password, or to leave.
OPEN_NAMES = frozenset(
    {"login", "logout", "password_change", "password_change_done", "set_language", "jsi18n", "healthz", "readyz"}
)
# What one needs to set up a second factor.
SETTING_UP = OPEN_NAMES | {"account", "factor_change", "factor_setup", "sessions_end"}


class SessionEndMiddleware:
    """End a session of staff that was left alone, is too old, or outlived a post. Stands after authentication.

    Who must be signed out at once (account closed, appointment ended, password changed) is found by Django itself:
    the session no longer carries the account's hash.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; the decision falls before the view."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> None:
        """Sign out, or note that the session is in use. A session without a stamp is none of ours."""
        if not signins.is_signed_in(request.session) or not isinstance(request.user, User):
            return
        at = timezone.now()
        found = signins.Stamp.of(request.session)
        ended = signins.Ended.HOURS if found is None else found.over(at=at)
        if found is not None and ended is None:
            signins.see(request.session, found, at=at)
            return
        logout(request)
        request.session[signins.ENDED] = ended


class PasswordChangeMiddleware:
    """Send whoever must change the password to the page where that is done. Stands after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; the decision falls when the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        """Answer with the way to the password page where the demand stands, with nothing otherwise."""
        user = request.user
        match = request.resolver_match
        if not isinstance(user, User) or not user.must_change_password:
            return None
        if match is not None and match.url_name in OPEN_NAMES:
            return None
        return redirect("password_change")


class SecondFactorMiddleware:
    """Send whoever was given a post that needs a second factor, and has none, to set it up. Stands after the password.

    At sign-in the door sees to it; this is for the post that came afterwards. A session that began with a factor, and
    an account without any need of one, go on; the first costs no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; the decision falls when the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        """Answer with the way to one's account where a second factor is missing, with nothing otherwise."""
        if not settings.SECOND_FACTOR or not signins.is_signed_in(request.session):
            return None
        match, user = request.resolver_match, request.user
        if not isinstance(user, User) or (match is not None and match.url_name in SETTING_UP):
            return None
        found = signins.Stamp.of(request.session)
        if found is None or found.factor or not factor.is_required(user, at=timezone.now()) or factor.is_set_up(user):
            return None
        return redirect("account")
