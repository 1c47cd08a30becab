"""Where an area, a tier or an urgency has other time limits than the category's default."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.retention import Personal


class PolicyOverrideQuerySet(models.QuerySet["PolicyOverride"]):
    """Overrides by validity."""

    def in_force(self, on: date) -> Self:
        """Overrides valid on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


@pghistory.track(attrs={"personal": Personal.none()})
class PolicyOverride(models.Model):
    """Under these conditions this policy. What is left empty holds for all; the nearest area wins.

    Tier and urgency are the codes of whoever uses the policies (petitions): lower down they are only words.
    """

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey(
        "grids.Area",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
        help_text=_("Empty: everywhere."),
    )
    category_code = models.CharField(_("category code"), max_length=16, blank=True, help_text=_("Empty: all."))
    tier = models.CharField(_("tier"), max_length=16, blank=True, help_text=_("Empty: all."))
    urgency = models.CharField(_("urgency"), max_length=16, blank=True, help_text=_("Empty: all."))
    policy_key = models.SlugField(_("policy"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = PolicyOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy by area")
        verbose_name_plural = _("policies by area")
        constraints = (
            models.UniqueConstraint(
                name="policy_override_once",
                fields=("area", "category_code", "tier", "urgency", "valid_from"),
                nulls_distinct=False,
                violation_error_message=_("There is one for the same case from the same day."),
            ),
            models.CheckConstraint(
                name="policy_override_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The last day lies before the first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.category_code or '*'} → {self.policy_key}"
