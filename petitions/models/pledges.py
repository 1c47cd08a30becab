"""Whether what was pledged for a service item was kept: a row a matter, frozen when it was done, and sums by month."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deadlines.enums import LimitUnit
from people.retention import Personal
from petitions.models.petitions import Petition


class PledgeFact(models.Model):
    """A matter about a service item that was done: what was pledged then, and whether it was kept."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.OneToOneField(
        Petition, models.CASCADE, primary_key=True, related_name="pledge", verbose_name=_("petition")
    )
    code = models.SlugField(_("code of the item"), max_length=20, db_index=False)
    community = models.ForeignKey(
        "grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("community, or what is above it")
    )
    done_at = models.DateTimeField(_("done at"))
    done_on = models.DateField(_("done on"))
    value = models.PositiveSmallIntegerField(_("pledged time"))
    unit = models.CharField(_("unit of the pledged time"), max_length=8, choices=LimitUnit)
    kept = models.BooleanField(_("kept"))

    class Meta:
        verbose_name = _("pledge kept or not")
        verbose_name_plural = _("pledges kept or not")
        indexes = (models.Index(fields=("done_on",), name="pledgefact_done_on"),)

    def __str__(self) -> str:
        return f"pledge {self.pk}"


class PledgeMonth(models.Model):
    """How many matters of an item were done in a month, and how many of them as pledged."""

    personal: ClassVar[Personal] = Personal.none()

    code = models.SlugField(_("code of the item"), max_length=20, db_index=False)
    community = models.ForeignKey(
        "grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("community, or what is above it")
    )
    month = models.DateField(_("month"))
    done = models.PositiveIntegerField(_("done"))
    kept = models.PositiveIntegerField(_("kept"))

    class Meta:
        verbose_name = _("pledges of a month")
        verbose_name_plural = _("pledges by month")
        constraints = (
            models.UniqueConstraint(fields=("code", "month", "community"), name="pledgemonth_once"),
            models.CheckConstraint(name="pledgemonth_kept_of_done", condition=Q(kept__lte=F("done"))),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.month:%Y-%m}"
