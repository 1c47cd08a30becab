"""Words of the deadline engine, as the policies file writes them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClockKind(TextChoices):
    """When a clock counts."""

    NATURAL = "natural", _("Every minute")
    WORKING = "working", _("Statutory working time")
    SERVICE_HOURS = "service_hours", _("The community's service hours")
    CALENDAR_DAY = "calendar_day", _("Calendar days")


class LimitUnit(TextChoices):
    """What a limit is counted in."""

    MINUTE = "minute", _("minute")
    HOUR = "hour", _("hour")
    WORKDAY = "workday", _("working day")
    DAY = "day", _("day")


class Nature(TextChoices):
    """Only a duty can be late."""

    DUTY = "duty", _("Duty (late escalates)")
    WINDOW = "window", _("Window (a right that lapses)")
    MINIMUM = "minimum", _("Minimum (may not end earlier)")


class RungLevel(TextChoices):
    """Where a rung of the ladder reaches; ``one_up`` is one level above whoever owes."""

    UNIT = "unit", _("Handling unit")
    GRID = "grid", _("Grid")
    COMMUNITY = "community", _("Community")
    STREET = "street", _("Subdistrict")
    DISTRICT = "district", _("District")
    ONE_UP = "one_up", _("One level up")


class RungAction(TextChoices):
    """What a rung means for whoever is told."""

    REMIND = "remind", _("Reminder")
    YELLOW = "yellow", _("Yellow card: due soon")
    RED = "red", _("Red card: late")
    SUPERVISE = "supervise", _("Supervision")
    REASSIGN_OFFER = "reassign_offer", _("Offered to the next on duty")
    HUMAN_ONLY = "human_only", _("A person must act")


class ClockState(TextChoices):
    """Where a clock stands in its life."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    CANCELLED = "cancelled", _("Cancelled")


class DayKind(TextChoices):
    """How a day departs from Monday to Friday."""

    HOLIDAY = "holiday", _("Holiday")
    MAKEUP_WORKDAY = "makeup_workday", _("Make-up working day")


OPEN_STATES = (ClockState.RUNNING, ClockState.PAUSED)


class RecomputeReason(TextChoices):
    """What changed so that open clocks are computed anew."""

    CALENDAR = "calendar", _("The work calendar changed")
    HOURS = "hours", _("The opening hours changed")
    POLICY = "policy", _("A policy has a new version")
    COMMAND = "command", _("Asked for by hand")
