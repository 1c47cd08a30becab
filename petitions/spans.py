"""Words of the figures: what a span of them is cut by, and how long it is."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Cut(TextChoices):
    """What the figures of a span are cut by; ``total`` is by community."""

    TOTAL = "total", _("By community")
    GRID = "grid", _("By grid")
    CATEGORY = "category", _("By category")
    CHANNEL = "channel", _("By channel")


class Grain(TextChoices):
    """How long a span of figures is."""

    MONTH = "month", _("Month")
    DAY = "day", _("Day")
