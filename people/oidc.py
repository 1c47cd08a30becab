"""Signing in through the government's identity provider (OpenID Connect), off while OIDC_ISSUER is empty.

Authlib does the protocol: authorization code with PKCE (S256), state and nonce in the session, the ID token checked by
the provider's published keys. We say whom we believe (issuer, audience, a signature by a public key) and whose account
it is: an existing one that an administrator has linked. Nobody gets an account this way.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from joserfc.errors import JoseError
from requests import RequestException

from people.errors import NotAllowed, Refusal
from people.models import User

SECONDS: Final = 8
DISCOVERY: Final = "/.well-known/openid-configuration"
# Only what cannot be made with the client's own secret, and never "none".
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
FIELDS: Final = ("identity", "username")


class ProviderTrouble(Refusal):
    """The provider does not answer, or what it says does not hold."""

    status = 502


class Stranger(NotAllowed):
    """The provider knows this person; we have no account for him."""


def is_on() -> bool:
    """Whether there is an identity provider."""
    return bool(settings.OIDC_ISSUER)


def is_factor() -> bool:
    """Whether the provider's own second factor counts as ours."""
    return bool(settings.OIDC_IS_SECOND_FACTOR)


def redirect_uri() -> str:
    """Return the address the provider sends people back to; it is registered there letter by letter."""
    return f"{settings.PUBLIC_URL}{reverse('identity_done')}"


def start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider; state, nonce and the PKCE verifier stay in the session.

    :raises ProviderTrouble: if it does not answer
    """
    try:
        response: HttpResponse = _client().authorize_redirect(request, redirect_uri())
    except (RequestException, AuthlibBaseError, RuntimeError, ValueError) as trouble:
        raise ProviderTrouble(_trouble()) from trouble
    return response


def finish(request: HttpRequest) -> User:
    """Check what the provider sent back and return the account it is about.

    :raises ProviderTrouble: if the answer is not one to ours, or does not hold
    :raises Stranger: if no open account is linked to this person
    """
    client = _client()
    wanted = {
        "iss": {"essential": True, "values": [settings.OIDC_ISSUER]},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
    }
    try:
        metadata = client.load_server_metadata()
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]
        token = client.authorize_access_token(request, claims_options=wanted)
    except (RequestException, AuthlibBaseError, OAuthError, JoseError, RuntimeError, ValueError, KeyError) as trouble:
        raise ProviderTrouble(_trouble()) from trouble
    claims = token.get("userinfo")
    if not claims:
        raise ProviderTrouble(_trouble())
    return account_of(claims)


def account_of(claims: Mapping[str, Any]) -> User:
    """Return the open account that is linked to these claims, by OIDC_CLAIM and OIDC_ACCOUNT_FIELD, letter by letter.

    :raises Stranger: if there is none
    """
    said = claims.get(settings.OIDC_CLAIM)
    field = settings.OIDC_ACCOUNT_FIELD if settings.OIDC_ACCOUNT_FIELD in FIELDS else FIELDS[0]
    user = None
    if isinstance(said, str) and said.strip():
        user = User.objects.filter(**{field: said}, is_active=True).first()
    if user is None:
        raise Stranger(
            _("You are known there, but no account of this platform is linked to you. Ask your administrator.")
        )
    return user


def sign_out_address() -> str:
    """Return where the provider ends its own session and sends back to us; empty if it offers none or is silent."""
    try:
        client = _client()
        if not client.load_server_metadata().get("end_session_endpoint"):
            return ""
        found: dict[str, str] = client.create_logout_url(
            post_logout_redirect_uri=settings.PUBLIC_URL + reverse("login"), client_id=settings.OIDC_CLIENT_ID
        )
    except (RequestException, AuthlibBaseError, RuntimeError, ValueError):
        return ""
    return found["url"]


def _trouble() -> str:
    return _("The identity platform did not confirm who you are. Please try again, or sign in with your password.")


def _client() -> Any:
    return _made(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET, settings.OIDC_SCOPE)


@lru_cache(maxsize=2)
def _made(issuer: str, client_id: str, client_secret: str, scope: str) -> Any:
    scopes = scope.split()
    return OAuth().register(
        name="government",
        client_id=client_id,
        client_secret=client_secret or None,
        server_metadata_url=issuer.rstrip("/") + DISCOVERY,
        client_kwargs={
            "scope": " ".join(dict.fromkeys(["openid", *scopes])),
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_basic" if client_secret else "none",
            "default_timeout": SECONDS,
        },
    )
