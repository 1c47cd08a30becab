"""In and out through the government's identity provider."""

from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.views import LogoutView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from people import oidc, signins
from people.enums import SignInKind
from people.errors import Refusal
from people.signins import Means, Proof
from people.views.signin import proceed

WANTED = "identity_next"


@never_cache
@require_POST
def identity_start(request: HttpRequest) -> HttpResponse:
    """Go to the provider; a page that was asked for waits in the session."""
    if not oidc.is_on():
        raise Http404
    if request.user.is_authenticated:
        return redirect("staff_home")
    try:
        response = oidc.start(request)
    except Refusal as refusal:
        return _refused(request, refusal)
    to = request.POST.get(REDIRECT_FIELD_NAME, "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    request.session[WANTED] = to if ours else ""
    return response


@never_cache
@require_safe
def identity_done(request: HttpRequest) -> HttpResponse:
    """Come back from the provider: a linked account goes on to its second factor, or in; nobody else does."""
    if not oidc.is_on():
        raise Http404
    if request.user.is_authenticated:
        return redirect("staff_home")
    to = request.session.pop(WANTED, "")
    try:
        user = oidc.finish(request)
    except Refusal as refusal:
        signins.note(SignInKind.REFUSED, at=timezone.now(), request=request, means=Means.IDENTITY)
        return _refused(request, refusal)
    return proceed(request, user, to=to, proof=Proof(Means.IDENTITY, "provider" if oidc.is_factor() else ""))


class SignOutView(LogoutView):
    """Sign out here, and at the provider where the session came from it."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session; a provider's page may follow. The browser forgets what our pages kept on it."""
        response = self._end(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"storage"'  # not the cookies: the language and the larger words stay
        return response

    def _end(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = signins.Stamp.of(request.session)
        if found is not None and found.means == Means.IDENTITY and oidc.is_on():
            elsewhere = oidc.sign_out_address()
            if elsewhere:
                logout(request)
                return HttpResponseRedirect(elsewhere)
        return super().post(request, *args, **kwargs)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "registration/identity_refused.html", {"refusal": refusal}, status=refusal.status)
