"""The addresses of the door: signing in and out, one's own account."""

from django.contrib.auth.views import PasswordChangeDoneView
from django.urls import URLPattern, URLResolver, path

from people.views import account, identity, signin

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", signin.SignInView.as_view(), name="login"),
    path("login/code/", signin.sign_in_code, name="sign_in_code"),
    path("login/setup/", signin.sign_in_setup, name="sign_in_setup"),
    path("login/identity/", identity.identity_start, name="identity_start"),
    path("login/identity/done/", identity.identity_done, name="identity_done"),
    path("logout/", identity.SignOutView.as_view(), name="logout"),
    path("password/", signin.OwnPasswordView.as_view(), name="password_change"),
    path("password/done/", PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("account/", account.account, name="account"),
    path("account/second-factor/", account.factor_change, name="factor_change"),
    path("account/second-factor/setup/", account.factor_setup, name="factor_setup"),
    path("account/sessions/end/", account.sessions_end, name="sessions_end"),
]
