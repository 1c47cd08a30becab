"""Why a message did not leave. ``code`` is kept with the delivery and never holds an address or a word of the text."""


class NotSent(Exception):
    """This message did not leave now; it will be tried again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unreachable(NotSent):
    """Not the message but the way is blocked: whoever sends many stops and comes back later."""


class Refused(NotSent):
    """This message will never be taken; trying again only annoys."""
