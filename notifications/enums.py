from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """Ways out of the house. The notice itself is the message in the app."""

    EMAIL = "email", _("E-mail")


class State(TextChoices):
    """Where one delivery stands."""

    QUEUED = "queued", _("Waiting")
    FAILED = "failed", _("Failed, will be tried again")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")


OPEN = (State.QUEUED, State.FAILED)
