"""The versions of a file: who changed what kind of thing when; and a file of houses between reading and writing."""

import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import FileChange
from fieldwork.models.dwellings import Dwelling
from fieldwork.models.households import GROUND, Household
from people.fields import Sealed
from people.retention import Personal


class FileVersion(models.Model):
    """One change of the file of a household, a house or a building: its kind, never what was or is written there.

    Only codes of houses (use, state) stand in ``details``. Written once, never changed.
    """

    personal: ClassVar[Personal] = Personal.none()

    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="versions", verbose_name=_("household")
    )
    dwelling = models.ForeignKey(
        Dwelling, models.PROTECT, null=True, blank=True, related_name="versions", verbose_name=_("house")
    )
    building = models.ForeignKey(
        "grids.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("building")
    )
    what = models.CharField(_("what changed"), max_length=16, choices=FileChange)
    details = models.JSONField(_("details"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("version of a file")
        verbose_name_plural = _("versions of files")
        constraints = (
            models.CheckConstraint(
                name="fileversion_of_one_thing",
                condition=(
                    Q(household__isnull=False, dwelling__isnull=True, building__isnull=True)
                    | Q(household__isnull=True, dwelling__isnull=False, building__isnull=True)
                    | Q(household__isnull=True, dwelling__isnull=True, building__isnull=False)
                ),
            ),
        )
        triggers = (pgtrigger.Protect(name="version_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"


class LedgerFile(models.Model):
    """A file of houses and households that was read and waits to be written: sealed, for its sender alone, one day."""

    personal: ClassVar[Personal] = Personal(
        fields=("rows_sealed",),
        keep="1 days",
        after="created",
        ends="deleted",
        purpose=_("knowing who lives in a house, to help and to reach them"),
        legal_ground=GROUND,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rows_sealed = models.BinaryField(_("rows (sealed)"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    rows = Sealed("rows_sealed")

    class Meta:
        verbose_name = _("file of households")
        verbose_name_plural = _("files of households")

    def __str__(self) -> str:
        return f"file {self.pk}"
