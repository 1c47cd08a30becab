"""What the tree of Party organisations refuses; each message is written for the person who asked."""

from people.errors import NotAllowed, NotAllowedNow


class NotYours(NotAllowed):
    """No post of this person allows it here."""


class NotNow(NotAllowedNow):
    """Not as things stand."""


class MemberAlready(NotNow):
    """Somebody with this name and number stands in an organisation."""
