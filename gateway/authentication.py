"""The door for neighbours' systems: ``Authorization: Bearer linli_…``. No cookie opens it, so nothing can be forged."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from deadlines.timetable import shanghai_date
from gateway import services
from gateway.callers import Caller, is_open
from gateway.models import Key
from people.models import User

SCHEME = "Bearer"


class KeyAuthentication(BaseAuthentication):
    """Who shows an open key of a client in use comes in as that client."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        """Return the client's account and the caller; None without any key.

        :raises AuthenticationFailed: for a key that is none, revoked or past its time, in one sentence for all
        """
        scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        at = timezone.now()
        key = services.key_of(given.strip(), at=at)
        today = shanghai_date(at)
        if key is None or not is_open(key.client, today):
            raise AuthenticationFailed(_("This key is not valid."))
        if key.used_on != today:
            # once a day, so that a key nobody uses is seen
            Key.objects.filter(pk=key.pk).update(used_on=today)
        return key.client.account, Caller(key.client, key)

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF names it
        """Return what a 401 asks for."""
        return SCHEME


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document names it."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002 - spectacular names it
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer", "description": "A key of a neighbouring system: linli_…"}
