"""A form that nobody has sent yet, so that a lost session or a closed browser loses no word."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.fields import Sealed
from people.retention import Personal


class Unsent(models.Model):
    """The answers of one form, sealed; only the browser that brings its signed cookie gets them back."""

    personal: ClassVar[Personal] = Personal(
        fields=("answers_sealed",),
        keep="3 days",
        after="created",
        ends="deleted",
        purpose=_("keeping what you typed until you send it"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    # the client key of the form
    id = models.UUIDField(primary_key=True, editable=False)
    answers_sealed = models.BinaryField(_("answers (sealed)"))
    saved_at = models.DateTimeField(_("saved at"))

    answers = Sealed("answers_sealed")

    class Meta:
        verbose_name = _("unsent form")
        verbose_name_plural = _("unsent forms")
        indexes = (models.Index("saved_at", name="unsent_saved_at"),)

    def __str__(self) -> str:
        return str(self.pk)


class PosterRevocation(models.Model):
    """From this moment on the codes printed earlier for an area, or for anything in it, open no form any more."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("withdrawal of printed codes")
        verbose_name_plural = _("withdrawals of printed codes")

    def __str__(self) -> str:
        return f"withdrawal {self.pk}"
