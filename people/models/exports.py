"""The record of every file of data that left the house, and of every run that ends data whose time is over."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import AuditKind
from people.retention import Personal
from people.traces import traced


class ExportLog(models.Model):
    """One export: who took which register, how many rows, masked or in clear and why. Never updated, never deleted."""

    personal: ClassVar[Personal] = Personal(
        fields=("reason",),
        keep="3 years",
        after="created",
        ends="kept",
        subjects="staff",
        purpose=_("showing who took data out of the platform and why"),
        legal_ground=_("PIPL art. 51 and 54-56: inside measures, audit"),
    )

    mark = models.CharField(_("mark"), max_length=12, unique=True)
    what = models.CharField(_("register"), max_length=60)
    rows = models.PositiveIntegerField(_("rows"))
    masked = models.BooleanField(_("masked"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = (models.Index(fields=("by", "at"), name="export_by_reader"),)
        constraints = (
            models.CheckConstraint(name="export_in_clear_has_reason", condition=Q(masked=True) | ~Q(reason="")),
        )
        triggers = (
            pgtrigger.Protect(name="export_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            *traced(AuditKind.EXPORTED, about="people.exportlog", columns=("what", "rows", "masked"), actor="r.by_id"),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.mark}"


class RetentionRun(models.Model):
    """What one run did for one rule: found, ended, held back, failed. Counts only."""

    personal: ClassVar[Personal] = Personal.none()

    rule = models.CharField(_("rule"), max_length=60)
    at = models.DateTimeField(_("at"))
    dry = models.BooleanField(_("dry run"), default=False)
    due = models.PositiveIntegerField(_("due"), default=0)
    ended = models.PositiveIntegerField(_("ended"), default=0)
    held = models.PositiveIntegerField(_("held back"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    failures = models.JSONField(_("which failed"), default=list, blank=True)

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        indexes = (models.Index(fields=("rule", "at"), name="retention_run_of_rule"),)

    def __str__(self) -> str:
        return f"{self.rule} {self.pk}"
