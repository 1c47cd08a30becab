"""What field work refuses; each message is written for the person who asked."""

from people.errors import BadInput, NotAllowed, NotAllowedNow


class NotYours(NotAllowed):
    """No post of this person, and no link, allows it here."""


class NotNow(NotAllowedNow):
    """Not as things stand."""


class Nowhere(BadInput):
    """This is no place where it can be."""
