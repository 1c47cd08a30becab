"""What we refuse. The message is written for the person asking; anything else raised is a bug."""

from http import HTTPStatus
from typing import ClassVar

from django.utils.functional import Promise


class Refusal(Exception):
    """A request that is understood and declined. ``str()`` is the translated reason.

    ``field`` names the form field the reason belongs to, where there is one.
    """

    status: ClassVar[int] = HTTPStatus.CONFLICT

    def __init__(self, message: str | Promise, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field

    def __str__(self) -> str:
        return str(self.args[0])


class NotAllowed(Refusal):
    """This person may not do this."""

    status = HTTPStatus.FORBIDDEN


class NotAllowedNow(Refusal):
    """Not in the present state of the matter."""

    status = HTTPStatus.CONFLICT


class Gone(Refusal):
    """What this opened once is over: a code used or too old, a link withdrawn or past its day."""

    status = HTTPStatus.GONE


class TooManyReveals(Refusal):
    """The person has looked at as much sealed data today as one person may."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class BadInput(Refusal):
    """What was given cannot be used as it stands."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
