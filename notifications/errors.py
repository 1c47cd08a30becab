"""Why a message did not leave. ``code`` is kept with the delivery and never holds an address or a word of the text."""

from datetime import timedelta
from typing import ClassVar


class NotSent(Exception):
    """This message did not leave now; it will be tried again, after ``retry_after`` if the other side said so."""

    # Whether the next message the same way would fare no better: whoever sends many stops and comes back later.
    blocks: ClassVar[bool] = False

    def __init__(self, code: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class Unreachable(NotSent):
    """Not the message but the way is blocked."""

    blocks = True


class Refused(NotSent):
    """This message will never be taken; trying again only annoys."""


class TurnedAway(Refused):
    """Refused for our settings' sake (signature, address): so would the next message be. Somebody must look."""

    blocks = True


class NoWay(NotSent):
    """This recipient cannot or must not be reached this way. Nothing failed, nobody need look."""
