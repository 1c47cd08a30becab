"""One's own account: second factor, recovery codes, and where one is signed in."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import factor, signins
from people.errors import NotAllowedNow, Refusal
from people.forms import CodeForm, PasswordAgainForm
from people.models import User
from people.views.signin import recovery_page, setup_page


class OwnRequest(HttpRequest):
    """A request of somebody signed in."""

    user: User


@never_cache
@login_required
@require_safe
def account(request: OwnRequest) -> HttpResponse:
    """What protects the account, and where it is signed in."""
    return _account_page(request, PasswordAgainForm(request=request))


@never_cache
@sensitive_post_parameters("password")
@login_required
@require_POST
def factor_change(request: OwnRequest) -> HttpResponse:
    """Begin a new second factor, make new recovery codes, or take the factor off; the password is asked again."""
    at = timezone.now()
    form = PasswordAgainForm(request.POST, request=request)
    if not form.is_valid():
        return _account_page(request, form)
    try:
        match request.POST.get("do"):
            case "codes":
                return recovery_page(request, factor.new_codes(request.user, at=at), onward="/account/")
            case "off":
                factor.take_off(request.user, at=at)
                messages.success(request, _("The second factor is off."))
                return redirect("account")
            case _:
                factor.begin(request.user, at=at)
                return redirect("factor_setup")
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _account_page(request, form, status=refusal.status)


@never_cache
@sensitive_post_parameters("code")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def factor_setup(request: OwnRequest) -> HttpResponse:
    """Scan the new secret and type its first code; until then the old one holds."""
    at = timezone.now()
    form = CodeForm(request.POST or None, first=True)
    if request.method == "POST" and form.is_valid():
        try:
            codes = factor.confirm(request.user, code=form.cleaned_data["code"], at=at)
        except NotAllowedNow as late:
            messages.error(request, str(late))
            return redirect("account")
        except Refusal as refusal:
            form.add_error("code", str(refusal))
            return setup_page(request, request.user, form, at=at, refusal=refusal)
        signins.prove(request.session, factor="code")
        return recovery_page(request, codes, onward="/account/")
    return setup_page(request, request.user, form, at=at)


@login_required
@require_POST
def sessions_end(request: OwnRequest) -> HttpResponse:
    """Sign out of one other place, or of all of them."""
    at = timezone.now()
    this = request.session.session_key
    handle = request.POST.get("session", "")
    if handle and this and handle == signins.handle_of(this):
        messages.error(request, _("This is the session you are in. Use the button to sign out at the top."))
    elif handle:
        ended = signins.end_session(request.user, handle, at=at)
        words = _("Signed out there.") if ended else _("This session was over already.")
        messages.success(request, words)
    else:
        count = signins.end_other_sessions(request.user, this=this, at=at)
        words = ngettext("Signed out of %(n)d other place.", "Signed out of %(n)d other places.", count)
        messages.success(request, words % {"n": count})
    return redirect("account")


def _account_page(request: OwnRequest, form: PasswordAgainForm, *, status: int | None = None) -> HttpResponse:
    at = timezone.now()
    is_set_up = factor.is_set_up(request.user)
    context = {
        "form": form,
        "is_set_up": is_set_up,
        "is_required": factor.is_required(request.user, at=at),
        "codes_left": factor.codes_left(request.user) if is_set_up else 0,
        "sessions": signins.open_sessions(request.user, this=request.session.session_key, at=at),
    }
    if status is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "people/account.html", context, status=status)
