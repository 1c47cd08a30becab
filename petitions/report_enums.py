"""Words of the reports that the platform writes, and of the meetings that hear them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportKind(TextChoices):
    """How long a time a report is about, and who hears it (004-17)."""

    MONTHLY = "monthly", _("Monthly report")
    QUARTERLY = "quarterly", _("Quarterly report")
    HALF_YEARLY = "half_yearly", _("Half-yearly report")


class HeardBy(TextChoices):
    """Who hears a report: the joint committee each month, the subdistrict each quarter, the leaders each half-year."""

    JOINT_COMMITTEE = "joint_committee", _("Joint Party committee of the community")
    STREET = "street", _("Subdistrict")
    LEADERS = "leaders", _("Leaders in charge and the social work committee")


class ReportState(TextChoices):
    """How far a report is."""

    WAITING = "waiting", pgettext_lazy("report", "Waiting")
    WORKING = "working", pgettext_lazy("report", "Being written")
    READY = "ready", pgettext_lazy("report", "Ready")
    FAILED = "failed", pgettext_lazy("report", "Could not be written")
