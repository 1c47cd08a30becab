"""Words of what a community files with the level above."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FilingKind(TextChoices):
    """What a community files with the level above."""

    PLAN = "plan", _("Work plan")
    MEASURE = "measure", _("Temporary measure")
    EVENT = "event", _("Event or gathering")
    OTHER = "other", _("Other")


class FilingState(TextChoices):
    """What became of a filing."""

    FILED = "filed", pgettext_lazy("filing", "Filed")
    NOTED = "noted", _("Noted")
    RETURNED = "returned", _("Sent back")
