"""Addresses and claims of the identity provider of the tests (see ``provider_settings``)."""

from django.contrib.auth.views import LoginView
from django.template import engines
from django.urls import include, path
from oauth2_provider.oauth2_validators import OAuth2Validator

PAGE = '<form method="post">{% csrf_token %}{{ form }}<button>in</button></form>'


class Validator(OAuth2Validator):
    """What the provider says of a person beside his key: his number in the civil service."""

    oidc_claim_scope = None

    def get_additional_claims(self, request):
        return {"staff_number": f"GZ-{request.user.username}"}


class SignIn(LoginView):
    """The provider's own sign-in page."""

    def render_to_response(self, context, **_kwargs):
        from django.http import HttpResponse

        return HttpResponse(engines["django"].from_string(PAGE).render(context, self.request))


urlpatterns = [
    path("login/", SignIn.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]
