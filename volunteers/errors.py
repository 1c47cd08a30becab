"""What the register of volunteers refuses; each message is written for the person who asked."""

from people.errors import NotAllowed, NotAllowedNow


class NotYours(NotAllowed):
    """No post of this person allows it here."""


class NotNow(NotAllowedNow):
    """Not as things stand."""


class HereAlready(NotNow):
    """Somebody with this number is registered already."""
