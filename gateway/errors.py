"""What the API refuses beside what the verbs refuse themselves."""

from http import HTTPStatus
from typing import ClassVar

from people.errors import BadInput, NotAllowed, NotAllowedNow, Refusal


class ScopeMissing(NotAllowed):
    """The key opens other doors than this one."""


class KeyMissing(Refusal):
    """A request that must not be done twice came without its Idempotency-Key."""

    status: ClassVar[int] = HTTPStatus.BAD_REQUEST


class KeyReused(BadInput):
    """The same Idempotency-Key came with another request."""


class InProgress(NotAllowedNow):
    """The same request is being worked on at this moment."""


class NumberTaken(NotAllowedNow):
    """Another matter came in under this number already."""


class VersionMissing(Refusal):
    """A verb came without saying which version of the matter it decides on."""

    status: ClassVar[int] = HTTPStatus.PRECONDITION_REQUIRED


class VersionGone(Refusal):
    """The matter was changed since the version that If-Match names."""

    status: ClassVar[int] = HTTPStatus.PRECONDITION_FAILED
