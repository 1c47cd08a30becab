"""What every address of the API shares: the door, the limit, JSON in and out, a request done once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import permissions
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from gateway import idempotency
from gateway.authentication import KeyAuthentication
from gateway.callers import Caller
from gateway.errors import KeyMissing
from gateway.problems import problem
from people.errors import BadInput
from petitions import throttle

MOST_BYTES: Final = 256 * 1024
AGAIN: Final = "Idempotent-Replayed"


class TooLong(APIException):
    """More was sent than any body of ours can hold."""

    status_code = 413
    default_code = "too_long"


class KeyHolder(permissions.BasePermission):
    """Whoever came in by a key."""

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - DRF names it
        """Tell whether it did."""
        return isinstance(request.auth, Caller)


class Face(APIView):
    """One address of the API."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (KeyAuthentication,)
    permission_classes: Sequence[type[permissions.BasePermission]] = (KeyHolder,)
    parser_classes = (JSONParser,)
    renderer_classes = (JSONRenderer,)
    at: datetime

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who has a key, and count the request; the instant is read here, once.

        :raises TooLong: before a body is read that is none of ours
        """
        self.at = timezone.now()
        super().initial(request, *args, **kwargs)
        client = self.caller.client
        throttle.take_of_client(str(client.pk), per_minute=client.per_minute, at=self.at)
        length = request.headers.get("Content-Length", "0")
        if length.isdecimal() and int(length) > MOST_BYTES:
            raise TooLong(_("That is more than can be read at once."))

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Keep answers out of every cache: each is one client's own."""
        found = super().finalize_response(request, response, *args, **kwargs)
        found.headers["Cache-Control"] = "no-store"
        return found

    @property
    def caller(self) -> Caller:
        """Who asks."""
        caller = self.request.auth
        assert isinstance(caller, Caller)  # noqa: S101 - KeyHolder saw to it
        return caller

    def read(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        """Return the checked body.

        :raises ValidationError: if it does not fit
        """
        found = shape(data=self.request.data)
        found.is_valid(raise_exception=True)
        return dict(found.validated_data)

    def asked(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        """Return the checked query of the address.

        :raises ValidationError: if it does not fit
        """
        found = shape(data=self.request.query_params.dict())
        found.is_valid(raise_exception=True)
        return dict(found.validated_data)

    def idempotency_key(self, *, needed: bool) -> str:
        """Return the Idempotency-Key of the request; "" if there is none and none is needed.

        :raises KeyMissing: if one is needed
        :raises BadInput: if it is too long, or not plain text
        """
        key = self.request.headers.get("Idempotency-Key", "").strip()
        if not key and needed:
            raise KeyMissing(_("Send an Idempotency-Key, so that this is never done twice."))
        if len(key) > idempotency.LONGEST or not key.isascii() or not key.isprintable():
            raise BadInput(_("An Idempotency-Key is plain text of 200 characters at most."), field="Idempotency-Key")
        return key

    def digest(self) -> bytes:
        """Return what tells this request from another one: method, address, body, and the version it decides on."""
        where = f"{self.request.path} {self.request.headers.get('If-Match', '')}"
        return idempotency.digest_of(self.request.method or "", where, self.request.data)

    def once(self, work: Callable[[], tuple[int, dict[str, Any]]], *, needed: bool = False) -> Response:
        """Answer with what ``work`` returns, done once for an Idempotency-Key."""
        key = self.idempotency_key(needed=needed)
        if not key:
            status, body = work()
            return Response(body, status=status)
        said = idempotency.once(self.caller.client, key, digest=self.digest(), at=self.at, work=work)
        return Response(said.body, status=said.status, headers={AGAIN: "true"} if said.again else None)


class NoSuchAddress(Face):
    """What lies under the API's address and is none of its own."""

    schema = None
    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask for no key: nothing is here."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Say so, whatever the method."""
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        response = problem(404, "not-found", _("There is no such address."))
        return self.finalize_response(self.request, response, *args, **kwargs)
