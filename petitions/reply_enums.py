"""What the reply templates are for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReplyUse(TextChoices):
    """The act in whose form a template is offered."""

    DECLINE = "decline", _("Not accepting a matter")
    PLAN = "plan", _("The plan")
    RESOLVE = "resolve", _("The reply after the work")
    REWORK = "rework", _("Sending back for rework")
    SUPPLEMENT = "supplement", _("Asking for what is missing")
    EXTENSION = "extension", _("Asking for more time")
    DECISION = "decision", _("Deciding on more time")
    FEEDBACK = "feedback", _("Word on the way")
    DELAY = "delay", _("A delay that many share")
