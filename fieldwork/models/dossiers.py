"""The dossier of a grid (一网一档, 002-30) as it was on a day: figures, and nothing about anybody."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fieldwork.models.coverage import COUNTS
from grids.staff import Staff
from people.retention import Personal


class GridDossierQuerySet(models.QuerySet["GridDossier"]):
    """Versions by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of the grids at or under the person's areas, for whoever sees counts."""
        scope = models.Q(pk__in=())
        for path in staff.reach(*COUNTS):
            scope |= models.Q(grid__path__startswith=path)
        return self.filter(scope)


class GridDossier(models.Model):
    """One version: the figures of a grid on a day, by their codes. Written once, never changed.

    Who held which post that day stands in the appointments, which know their days; no name is copied here.
    """

    personal: ClassVar[Personal] = Personal.none()

    grid = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("grid"))
    on = models.DateField(_("day"))
    figures = models.JSONField(_("figures"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = GridDossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a grid dossier")
        verbose_name_plural = _("versions of grid dossiers")
        constraints = (models.UniqueConstraint(fields=("grid", "on"), name="griddossier_once_a_day"),)
        triggers = (pgtrigger.Protect(name="dossier_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"dossier {self.grid_id} {self.on}"
