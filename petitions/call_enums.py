"""Words of the whistle 吹哨报到 (rules.md b.4) and of the call for help 一键响应 (004-27)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WhistleKind(TextChoices):
    """The three kinds of whistle; the emergency one is not checked first."""

    ROUTINE = "routine", _("Routine whistle: a prominent problem that cannot be solved here")
    JOINT = "joint", _("Joint-enforcement whistle")
    EMERGENCY = "emergency", _("Emergency whistle")


class WhistleState(TextChoices):
    """Where a whistle stands."""

    WAITING = "waiting", _("Waiting to be checked")
    SENT_BACK = "sent_back", _("Sent back to the caller")
    BLOWN = "blown", _("Under way")
    CLOSED = "closed", _("Ended")
    WITHDRAWN = "withdrawn", _("Taken back by the caller")


# whoever is called sees no whistle that was not blown
HEARD = (WhistleState.BLOWN, WhistleState.CLOSED)
OVER = (WhistleState.SENT_BACK, WhistleState.CLOSED, WhistleState.WITHDRAWN)


class WhistleCode(TextChoices):
    """What happened to a whistle."""

    ASKED = "asked", _("Whistle handed in to be checked")
    BLOWN = "blown", _("Whistle blown")
    APPROVED = "approved", _("Checked and blown")
    SENT_BACK = "sent_back", _("Sent back with a reason")
    RESPONDED = "responded", _("Answered: we are coming")
    REPORTED = "reported", _("Reported for duty on the scene")
    NOTE = "note", _("Joint handling")
    DONE = "done", _("Its part is done")
    NOT_DONE = "not_done", _("Not done yet, says the caller")
    CLOSED = "closed", _("Whistle ended")
    WITHDRAWN = "withdrawn", _("Taken back by the caller")
    SCORED = "scored", _("Scored by the caller")
    JUDGED = "judged", _("The call was scored by the unit")
    ESCALATED = "escalated", _("Escalated")


class HelpState(TextChoices):
    """Where a call for help stands."""

    CALLING = "calling", _("Calling")
    TAKEN = "taken", _("Somebody is coming")
    ENDED = "ended", _("Ended")
    CANCELLED = "cancelled", _("Called off")


HELP_OPEN = (HelpState.CALLING, HelpState.TAKEN)
