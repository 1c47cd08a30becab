"""How far a rotation of the person keys has come."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.retention import Personal


class KeyRotation(models.Model):
    """The way of one table to one key: what is behind ``last_row`` has been re-sealed or needed nothing."""

    personal: ClassVar[Personal] = Personal.none()

    key_id = models.CharField(_("key"), max_length=32)
    table = models.CharField(_("table"), max_length=63)
    last_row = models.CharField(_("last row"), max_length=64, blank=True)
    rows = models.PositiveBigIntegerField(_("rows seen"), default=0)
    resealed = models.PositiveBigIntegerField(_("rows sealed again"), default=0)
    unreadable = models.PositiveBigIntegerField(_("fields that do not open"), default=0)
    started_at = models.DateTimeField(_("started at"))
    updated_at = models.DateTimeField(_("last progress at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("rotation of keys")
        verbose_name_plural = _("rotations of keys")
        constraints = (models.UniqueConstraint(fields=("key_id", "table"), name="keyrotation_once"),)

    def __str__(self) -> str:
        return f"{self.table} → {self.key_id}"
