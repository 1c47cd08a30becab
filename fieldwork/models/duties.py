"""Which visits there are and how often an area asks for them: data, edited in the admin (002-35, 004-06)."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import Cadence, VisitMode, Whom
from people.retention import Personal


@pghistory.track(attrs={"personal": Personal.none()})
class VisitDuty(models.Model):
    """A kind of visit: to every household, to those a reason is noted for (必访), by who is linked to them.

    Each kind of 必访 names its legal ground; where that is consent, a household is noted only after it agreed.
    """

    personal: ClassVar[Personal] = Personal.none()

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=60)
    whom = models.CharField(_("whom"), max_length=8, choices=Whom)
    needs_consent = models.BooleanField(
        _("only with the household's consent"), default=False, help_text=_("It is then noted with the day they agreed.")
    )
    ground_zh = models.CharField(_("legal ground (Chinese)"), max_length=200)
    ground_en = models.CharField(_("legal ground (English)"), max_length=200)
    source = models.CharField(_("source"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("kind of visit")
        verbose_name_plural = _("kinds of visits")
        constraints = (
            models.CheckConstraint(name="visitduty_whom_known", condition=Q(whom__in=[one.value for one in Whom])),
            models.CheckConstraint(
                name="visitduty_ground_given",
                condition=~Q(ground_zh="") & ~Q(ground_en=""),
                violation_error_message=_("Say on which legal ground households are visited for this."),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    @property
    def ground(self) -> str:
        """The legal ground in the language of the page."""
        return self.ground_en if (get_language() or "").startswith("en") else self.ground_zh


class VisitRuleQuerySet(models.QuerySet["VisitRule"]):
    """Rules by date."""

    def in_force(self, on: date) -> Self:
        """Rules valid on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


@pghistory.track(attrs={"personal": Personal.none()})
class VisitRule(models.Model):
    """How often one kind of visit is asked for in an area, and what counts as one; the nearest area's rule holds."""

    personal: ClassVar[Personal] = Personal.none()

    duty = models.ForeignKey(VisitDuty, models.PROTECT, related_name="rules", verbose_name=_("kind of visit"))
    area = models.ForeignKey(
        "grids.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"),
        help_text=_("Empty: everywhere."),
    )  # fmt: skip
    cadence = models.CharField(_("how often"), max_length=10, choices=Cadence)
    modes = ArrayField(models.CharField(max_length=8, choices=VisitMode), verbose_name=_("what counts"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)

    objects = VisitRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for visits")
        verbose_name_plural = _("rules for visits")
        constraints = (
            models.UniqueConstraint(
                name="visitrule_once",
                fields=("duty", "area", "valid_from"),
                nulls_distinct=False,
                violation_error_message=_("There is one for the same case from the same day."),
            ),
            models.CheckConstraint(
                name="visitrule_cadence_known", condition=Q(cadence__in=[one.value for one in Cadence])
            ),
            models.CheckConstraint(
                name="visitrule_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="visitrule_counts_something",
                condition=Q(modes__len__gt=0) & ~Q(modes__contains=[VisitMode.ABSENT]),
                violation_error_message=_("Say what counts; that nobody was at home never does."),
            ),
        )

    def __str__(self) -> str:
        return f"rule {self.pk}"

    def clean(self) -> None:
        """A mode stands there once, and one that reaches nobody never counts."""
        modes = self.modes or []
        if len(set(modes)) != len(modes) or VisitMode.ABSENT in modes:
            raise ValidationError({"modes": _("Say what counts; that nobody was at home never does.")})
