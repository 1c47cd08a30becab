from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """Ways out of the house. The notice itself is the message in the app."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    WEBHOOK = "webhook", _("Group chat")


class State(TextChoices):
    """Where one delivery stands."""

    QUEUED = "queued", _("Waiting")
    FAILED = "failed", _("Failed, will be tried again")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")
    SKIPPED = "skipped", _("Not sent on purpose")


OPEN = (State.QUEUED, State.FAILED)


class Making(TextChoices):
    """How far a file is that somebody asked for."""

    WAITING = "waiting", _("Waiting to be made")
    RUNNING = "running", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")
