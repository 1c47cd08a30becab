"""Files that were read and checked and wait for their sender's yes."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.fields import Sealed
from people.retention import Personal


class IncomingFile(models.Model):
    """A file for a register that waits to be written: sealed, for its sender alone, one day at most."""

    personal: ClassVar[Personal] = Personal(
        fields=("rows_sealed",),
        keep="1 days",
        after="created",
        ends="deleted",
        purpose=_("writing down what somebody sent, once he has seen what it would do"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField(_("register"), max_length=80)
    rows_sealed = models.BinaryField(_("rows (sealed)"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    rows = Sealed("rows_sealed")

    class Meta:
        verbose_name = _("file to be written down")
        verbose_name_plural = _("files to be written down")

    def __str__(self) -> str:
        return f"file {self.pk}"
