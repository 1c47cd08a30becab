"""Words of the figures: what a span of them is cut by, how long it is, and what the lines of a table are."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from grids.enums import Level


class Cut(TextChoices):
    """What the figures of a span are cut by; ``total`` is by community."""

    TOTAL = "total", _("By community")
    GRID = "grid", _("By grid")
    CATEGORY = "category", _("By category")
    CHANNEL = "channel", _("By channel")
    TIER = "tier", _("By tier")
    UNIT = "unit", _("By handling unit")


class Grain(TextChoices):
    """How long a span of figures is."""

    MONTH = "month", _("Month")
    DAY = "day", _("Day")


class By(TextChoices):
    """What the lines of the table are."""

    AREA = "area", _("By area")
    MONTH = "month", _("By month")
    CATEGORY = "category", _("By category")
    CHANNEL = "channel", _("By channel")
    TIER = "tier", _("By tier")
    UNIT = "unit", _("By handling unit")
    COMMUNITY = "community", _("By community")

    @classmethod
    def of(cls, level: int) -> list["By"]:
        """Return what figures of that level can be cut by: communities are the parts of a subdistrict already."""
        return [by for by in cls if by != cls.COMMUNITY or level < Level.STREET]
