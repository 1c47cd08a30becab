"""What petitions refuse; each message is written for the person who asked."""

from people.errors import BadInput, NotAllowed, NotAllowedNow


class NotYours(NotAllowed):
    """No post of this person allows the verb on this petition."""


class OwnWork(NotAllowed):
    """Who handled a matter may not check it."""


class NotNow(NotAllowedNow):
    """The petition's state does not allow the verb."""


class ChangedMeanwhile(NotAllowedNow):
    """Somebody else changed the petition after the form was opened."""


class SentBefore(NotAllowedNow):
    """The same sending arrived before: it is done, and nothing is done again."""


class BadPhoto(BadInput):
    """The file is no photo we can keep."""


class WordsMissing(BadInput):
    """A text the regulation asks for is missing."""


class BadPeriod(BadInput):
    """The span asked for is none."""


class PublishedAlready(NotAllowedNow):
    """The figures of that month were published, and are never published twice."""
