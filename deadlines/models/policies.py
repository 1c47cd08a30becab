"""SLA policies as versioned data: stages with limits, ladders of rungs."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from deadlines.enums import ClockKind, LimitUnit, Nature, RungAction, RungLevel
from people.retention import Personal


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Policies by the day they hold on."""

    def in_force(self, on: date) -> Self:
        """Versions valid on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


@pghistory.track(attrs={"personal": Personal.none()})
class Policy(models.Model):
    """One version of a policy. A version that clocks stand on is never rewritten: an edit makes the next."""

    personal: ClassVar[Personal] = Personal.none()

    key = models.SlugField(_("key"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=80)
    clock = models.CharField(_("clock"), max_length=16, choices=ClockKind)
    source = models.TextField(_("source"), blank=True)
    source_status = models.TextField(_("source status"), blank=True)
    rules = models.JSONField(_("extension, return and callback rules"), default=dict, blank=True)
    edited = models.BooleanField(_("edited here"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("SLA policy")
        verbose_name_plural = _("SLA policies")
        constraints = (
            models.UniqueConstraint(fields=("key", "version"), name="policy_version_once"),
            models.UniqueConstraint(fields=("key",), condition=Q(valid_to=None), name="policy_one_open_version"),
        )

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@pghistory.track(attrs={"personal": Personal.none()})
class Stage(models.Model):
    """One promise of a policy: from its anchor, within its limit, until what stops it."""

    personal: ClassVar[Personal] = Personal.none()

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="stages", verbose_name=_("policy"))
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"))
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=80)
    limit_value = models.PositiveSmallIntegerField(_("limit"))
    limit_unit = models.CharField(_("unit"), max_length=8, choices=LimitUnit)
    clock = models.CharField(_("clock"), max_length=16, choices=ClockKind)
    anchor = models.SlugField(_("starts with"), max_length=40)
    stopped_by = models.SlugField(_("stopped by"), max_length=40)
    nature = models.CharField(_("nature"), max_length=8, choices=Nature, default=Nature.DUTY)
    applies_when = models.CharField(_("applies when"), max_length=80, blank=True)
    actor = models.SlugField(_("whose move"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = (models.UniqueConstraint(fields=("policy", "code"), name="stage_code_once_per_policy"),)

    def __str__(self) -> str:
        return f"{self.policy}:{self.code}"

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@pghistory.track(attrs={"personal": Personal.none()})
class Rung(models.Model):
    """One step of a stage's ladder: when it fires, how far up it reaches, who is told, what it means."""

    personal: ClassVar[Personal] = Personal.none()

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="rungs", verbose_name=_("stage"))
    at = models.CharField(_("fires at"), max_length=24, help_text=_("80%, -1wd, overdue, overdue+1wd …"))
    position = models.PositiveSmallIntegerField(_("position"))
    level = models.CharField(_("level"), max_length=12, choices=RungLevel)
    posts = models.JSONField(_("posts told"), default=list)
    action = models.CharField(_("action"), max_length=16, choices=RungAction)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_default = models.BooleanField(_("from the default ladder"), default=False)

    class Meta:
        verbose_name = _("rung")
        verbose_name_plural = _("rungs")
        constraints = (models.UniqueConstraint(fields=("stage", "position"), name="rung_position_once_per_stage"),)

    def __str__(self) -> str:
        return f"{self.stage}:{self.at}"
