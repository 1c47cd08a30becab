from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from petitions.enums import Channel

# By which channels a neighbour's system files.
CHANNELS: Final = (Channel.HOTLINE, Channel.APP, Channel.MICRO_URBAN)
# The posts a system may act as: those whose work another system does. Never a head who decides, nor an administrator.
ACTS_AS: Final = (
    PostKind.DISPATCHER,
    PostKind.SUPERVISOR,
    PostKind.COMMUNITY_WORKER,
    PostKind.DEPARTMENT_HANDLER,
)


class Scope(TextChoices):
    """What a neighbour's system may do."""

    FILE = "file", _("File petitions and follow what it filed")
    READ = "read", _("Read the petitions of its area or unit, masked")
    ACT = "act", _("Act on them as its post")
    CONTACT = "contact", _("See who raised them: masked, and in clear with a reason, which is written down")
    CLOSED = "closed", _("See confidential and sensitive petitions and those about staff of a level below")
