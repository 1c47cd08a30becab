"""A code on its way to a telephone, so that whoever holds it can see all his matters, or mark something once."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import Language
from people.fields import Sealed
from people.retention import Personal


class PhoneCode(models.Model):
    """Somebody asked for a code for this number. The number is sealed until the message has gone, then blanked.

    Rows are made for known and unknown numbers alike; ``digest`` stays empty where nothing was sent.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("phone_sealed", "phone_index", "elsewhere"),
        keep="1 days",
        after="created",
        ends="deleted",
        purpose=_("making sure that whoever asks for the matters of a telephone number holds it"),
        legal_ground=_("PIPL art. 13(3) and 51: statutory duty, security measures"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone_sealed = models.BinaryField(_("phone number (sealed)"), null=True)
    phone_index = models.BinaryField(_("blind index of the phone number"), max_length=32)
    # the indexes of the same number elsewhere (registry.OwnPart), by the name of the part: for the proof alone
    elsewhere = models.JSONField(_("blind indexes elsewhere"), default=dict)
    digest = models.BinaryField(_("code (keyed digest)"), max_length=32, null=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.CHINESE)
    # asked for to mark something (001-32): sent whether we hold matters under the number or not
    for_anybody = models.BooleanField(_("for anybody"), default=False)
    created_at = models.DateTimeField(_("asked at"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    used_at = models.DateTimeField(_("used at"), null=True)

    phone = Sealed("phone_sealed")

    class Meta:
        verbose_name = _("code for a telephone")
        verbose_name_plural = _("codes for telephones")
        indexes = (models.Index("created_at", name="phonecode_created"),)

    def __str__(self) -> str:
        return str(self.pk)
