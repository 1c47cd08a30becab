"""At the first sign-in the password is changed before anything else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from people.models import User

# By URL name, with or without the admin's namespace: what one needs to change a password, or to leave.
OPEN_NAMES = frozenset(
    {"login", "logout", "password_change", "password_change_done", "set_language", "jsi18n", "healthz", "readyz"}
)


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
