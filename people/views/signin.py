"""The one way in for staff: name and password, a code where there is a second factor, then the page of the post."""

import math
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from people import factor, lockout, passcodes, signins
from people.enums import SignInKind
from people.errors import NotAllowedNow, Refusal
from people.forms import CodeForm
from people.models import User
from people.signins import Ended, Proof
from people.views.drawing import qr

BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
PENDING: Final = "signin_pending"
PENDING_SECONDS: Final = 900


class SignInView(LoginView):
    """Name and password. Who has a second factor, or needs one, is not signed in yet after that."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add why the last session ended, and the way through the government's identity provider."""
        ended = self.request.session.get(signins.ENDED, "")
        return super().get_context_data(
            **kwargs,
            ended=ended if ended in set(Ended) else "",
            idle_minutes=settings.SESSION_IDLE_MINUTES,
            hours=settings.SESSION_HOURS,
            provider=(settings.OIDC_NAME or _("the government identity platform")) if settings.OIDC_ISSUER else "",
        )

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go on to the code, to the setting up of a second factor, or in."""
        user = form.get_user()
        if not isinstance(user, User):
            raise TypeError
        return proceed(self.request, user, to=self.get_redirect_url(), proof=Proof())


def proceed(request: HttpRequest, user: User, *, to: str, proof: Proof) -> HttpResponse:
    """Let in whoever has shown enough; send the others to what is still missing. ``to`` is an address of ours."""
    at = timezone.now()
    if proof.factor:
        return _enter(request, user, to=to, proof=proof)
    if factor.is_set_up(user):
        page = "sign_in_code"
    elif factor.is_required(user, at=at):
        factor.begin(user, at=at)
        page = "sign_in_setup"
    else:
        return _enter(request, user, to=to, proof=proof)
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "began": int(at.timestamp()),
        "to": to,
        "means": proof.means,
    }
    return redirect(page)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, or one of the recovery codes."""
    at = timezone.now()
    user = _pending_user(request, at=at)
    if user is None or not factor.is_set_up(user):
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "registration/code.html", form)
    try:
        taken = factor.check(user, code=form.cleaned_data["code"], at=at)
    except Refusal as refusal:
        form.add_error("code", str(refusal))
        return _page(request, "registration/code.html", form, refusal=refusal, at=at)
    if taken == "recovery":
        left = factor.codes_left(user)
        words = ngettext(
            "You used a recovery code; %(n)d is left. Is your telephone lost? Then set up the second factor anew.",
            "You used a recovery code; %(n)d are left. Is your telephone lost? Then set up the second factor anew.",
            left,
        )
        messages.warning(request, words % {"n": left})
    pending = request.session[PENDING]
    return _enter(request, user, to=pending["to"], proof=Proof(signins.Means(pending["means"]), taken))


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_setup(request: HttpRequest) -> HttpResponse:
    """At the first sign-in of a post that needs it: scan, type the first code, keep the recovery codes."""
    at = timezone.now()
    user = _pending_user(request, at=at)
    if user is None or factor.is_set_up(user):
        return redirect("login")
    form = CodeForm(request.POST or None, first=True)
    if request.method == "POST" and form.is_valid():
        try:
            codes = factor.confirm(user, code=form.cleaned_data["code"], at=at)
        except NotAllowedNow as late:
            messages.error(request, str(late))
            return redirect("login")
        except Refusal as refusal:
            form.add_error("code", str(refusal))
            return setup_page(request, user, form, at=at, refusal=refusal)
        pending = request.session[PENDING]
        entered = _enter(request, user, to=pending["to"], proof=Proof(signins.Means(pending["means"]), "code"))
        return with_cookies_of(entered, recovery_page(request, codes, onward=entered.url))
    return setup_page(request, user, form, at=at)


def setup_page(
    request: HttpRequest, user: User, form: CodeForm, *, at: datetime, refusal: Refusal | None = None
) -> HttpResponse:
    """Show the secret that waits to be confirmed, as a drawing and in letters; begin anew where none waits."""
    new = factor.waiting(user, at=at)
    if new is None:
        return redirect("account" if request.user.is_authenticated else "login")
    extra = {"spelt": new.spelt, "qr": qr(new.address, label=_("QR code for your authenticator app")), "account": user}
    return _page(request, "registration/setup.html", form, refusal=refusal, at=at, **extra)


def recovery_page(request: HttpRequest, codes: list[str], *, onward: str) -> HttpResponse:
    """Show recovery codes, this once; they are kept nowhere in clear."""
    printed = [passcodes.on_paper(code) for code in codes]
    return render(request, "registration/recovery_codes.html", {"codes": printed, "onward": onward})


def with_cookies_of(source: HttpResponse, response: HttpResponse) -> HttpResponse:
    """Carry the cookies of one answer over to another."""
    response.cookies.update(source.cookies)
    return response


def locked_out(
    request: HttpRequest, _response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer of the closed door: when to try again, and nothing about whether there is such an account."""
    now = timezone.now()
    until = lockout.DoorHandler().open_again_at(request, credentials) or now
    seconds = max(1, math.ceil((until - now).total_seconds()))
    context = {"until": until, "minutes": -(-seconds // 60)}
    response = render(request, "registration/locked.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(seconds)
    return response


class OwnPasswordView(PasswordChangeView):
    """Change one's own password; every other session of the account is over with it."""

    success_url = reverse_lazy("password_change_done")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Change it, and keep this session alone."""
        user = form.save()
        update_session_auth_hash(self.request, user)
        at = timezone.now()
        signins.note(SignInKind.PASSWORD_CHANGED, at=at, user=user, request=self.request)
        signins.end_other_sessions(user, this=self.request.session.session_key, at=at)
        return HttpResponseRedirect(self.get_success_url())


# -- parts ---------------------------------------------------------------------------------------------------


def _enter(request: HttpRequest, user: User, *, to: str, proof: Proof) -> HttpResponseRedirect:
    """Sign in, under a new session key; send to the page asked for, or to the password that must be changed."""
    for key in (PENDING, signins.ENDED):
        request.session.pop(key, None)
    request.proof = proof  # type: ignore[attr-defined]  # read by signins.on_signed_in
    login(request, user, backend=BACKEND)
    goal = "password_change" if user.must_change_password else to or settings.LOGIN_REDIRECT_URL
    response = HttpResponseRedirect(resolve_url(goal))
    lockout.remember_device(request, response, user)
    return response


def _pending_user(request: HttpRequest, *, at: datetime) -> User | None:
    """Return who has given name and password in this session a moment ago; None if nobody, or the account changed."""
    pending = request.session.get(PENDING)
    if request.user.is_authenticated or not pending or int(at.timestamp()) - pending["began"] > PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or not constant_time_compare(pending["hash"], user.get_session_auth_hash()):
        return None
    return user


def _page(
    request: HttpRequest,
    template: str,
    form: CodeForm,
    *,
    refusal: Refusal | None = None,
    at: datetime | None = None,
    **context: object,
) -> HttpResponse:
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    if refusal is not None:
        status = refusal.status
    response = render(request, template, {"form": form, **context}, status=status)
    if isinstance(refusal, factor.Blocked) and at is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil((refusal.until - at).total_seconds())))
    return response
