"""Where the device of a worker was when he arrived, if he chose to add it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.fields import Sealed
from people.retention import Personal
from petitions.models.petitions import Petition


class ArrivalPlace(models.Model):
    """The place of the device at one arrival, added by a box that is ticked anew each time; nobody else is shown it.

    That he arrived, and when, stands in the history; this row says where, and ends with 90 days or when he says so.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("by", "at", "where_sealed"),
        keep="90 days",
        after="created",
        ends="deleted",
        subjects="staff",
        sensitive=("where_sealed",),
        purpose=_("letting a worker show himself where he arrived"),
        legal_ground=_("PIPL art. 13(1) and 29: separate consent, each time"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", verbose_name=_("petition"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    where_sealed = models.BinaryField(_("place of the device (sealed)"))

    where = Sealed("where_sealed")

    class Meta:
        verbose_name = _("place of an arrival")
        verbose_name_plural = _("places of arrivals")
        indexes = (
            models.Index(fields=("at",), name="arrivalplace_at"),
            models.Index(fields=("by", "-at"), name="arrivalplace_by"),
        )

    def __str__(self) -> str:
        return f"arrival {self.pk}"
