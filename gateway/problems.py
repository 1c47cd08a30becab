"""Errors as RFC 9457 says: ``application/problem+json``, in the caller's language (Accept-Language).

``type`` names what went wrong and never changes with the language; ``detail`` is written for a person; ``errors`` says
which field, where one is to blame.
"""

import re
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from people.errors import Refusal

MEDIA_TYPE: Final = "application/problem+json"
PREFIX: Final = "/api/"
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def title_of(status: int) -> str:
    """Return a short name of a status in the active language."""
    titles = {
        400: _("The request cannot be read"),
        401: _("No valid key"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("This method is not offered here"),
        406: _("Only JSON is offered here"),
        409: _("Not possible now"),
        410: _("No longer available"),
        412: _("Changed meanwhile"),
        415: _("Only JSON is read here"),
        422: _("Something in it cannot be used"),
        428: _("Say which version you decide on"),
        429: _("Too many requests"),
        503: _("Not available right now"),
    }
    return titles.get(status, _("Something went wrong"))


def body_of(status: int, code: str, detail: str, errors: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """Return the members of a problem."""
    found: dict[str, Any] = {
        "type": f"urn:linli:problem:{code}", "title": title_of(status), "status": int(status), "detail": detail,
    }  # fmt: skip
    return {**found, "errors": errors} if errors else found


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a problem as an answer of the API."""
    return Response(body_of(status, code, detail, errors), status=status, headers=headers, content_type=MEDIA_TYPE)


def plain(status: int, code: str) -> HttpResponse:
    """Return a problem outside of the API's own views: an address that is none, an error of ours."""
    return JsonResponse(body_of(status, code, title_of(status)), status=status, content_type=MEDIA_TYPE)


def is_of_api(request: HttpRequest) -> bool:
    """Tell whether an address is one of a neighbour's system, whose errors are no pages."""
    return request.path_info.startswith(PREFIX)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:  # noqa: ARG001 - DRF names it
    """Turn what a view raises into a problem; None for what is a bug, which goes to the log and becomes a 500."""
    set_rollback()
    if isinstance(error, Refusal):
        retry = getattr(error, "retry_after", None)
        return problem(
            error.status,
            _code(type(error).__name__),
            str(error),
            errors={error.field: [str(error)]} if error.field else None,
            headers={"Retry-After": str(retry)} if retry else None,
        )
    if isinstance(error, exceptions.ValidationError | ValidationError):
        return _invalid(error)
    if isinstance(error, Http404):
        return problem(HTTPStatus.NOT_FOUND, "not-found", _("There is nothing here that this key may see."))
    if isinstance(error, PermissionDenied):
        return problem(HTTPStatus.FORBIDDEN, "not-allowed", title_of(HTTPStatus.FORBIDDEN))
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _invalid(error: exceptions.ValidationError | ValidationError) -> Response:
    details = error.detail if isinstance(error, exceptions.ValidationError) else error.messages
    errors: dict[str, list[str]] = {}
    _flatten("", details, errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(status, "bad-input", title_of(status), errors=errors)


def _flatten(name: str, details: Any, into: dict[str, list[str]]) -> None:
    if isinstance(details, dict):
        for key, inner in details.items():
            own = "" if key == "non_field_errors" else str(key)
            _flatten(".".join(part for part in (name, own) if part), inner, into)
    elif isinstance(details, list | tuple):
        for inner in details:
            _flatten(name, inner, into)
    else:
        into.setdefault(name or "body", []).append(str(details))


def _of_framework(error: exceptions.APIException) -> Response:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    return problem(error.status_code, _code(type(error).__name__), str(error.detail), headers=headers)


def _code(name: str) -> str:
    return _CAPITAL.sub("-", name).lower()
