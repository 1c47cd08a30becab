"""Reports that the platform writes, their files, and the meetings that hear them (004-17). No personal data in them."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.posts import Staff
from people.retention import Personal
from petitions.report_enums import HeardBy, ReportKind, ReportState
from petitions.scopes import READS


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports by who may read them."""

    def visible_to(self, staff: Staff) -> Self:
        """Return those of the areas whose matters a post of this person sees, and of all below them."""
        scope = Q(pk__in=())
        for held in staff.holdings:
            if READS.get(held.kind) == "area":
                scope |= Q(area__path__startswith=held.path)
        return self.filter(scope)


class Report(models.Model):
    """The figures of an area and a time that is over, as a file to print and one to count with. Written once.

    ``asked_by`` is empty where the calendar asked. ``done`` of ``steps`` parts are written.
    """

    personal: ClassVar[Personal] = Personal.none()

    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    period = models.CharField(_("period"), max_length=7)
    begins_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on (last day)"))
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    state = models.CharField(_("state"), max_length=8, choices=ReportState, default=ReportState.WAITING)
    done = models.PositiveSmallIntegerField(_("parts written"), default=0)
    steps = models.PositiveSmallIntegerField(_("sections"), default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    asked_at = models.DateTimeField(_("asked for at"))
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = (
            models.UniqueConstraint(fields=("area", "period", "language"), name="report_once"),
            models.CheckConstraint(name="report_days_in_order", condition=Q(ends_on__gte=F("begins_on"))),
            models.CheckConstraint(
                name="report_ready_iff_ready_at",
                condition=Q(state=ReportState.READY, ready_at__isnull=False)
                | (~Q(state=ReportState.READY) & Q(ready_at__isnull=True)),
            ),
        )
        indexes = (
            # what is still to be written
            models.Index(
                fields=("asked_at",),
                name="report_to_write",
                condition=Q(state__in=(ReportState.WAITING, ReportState.WORKING)),
            ),
        )

    def __str__(self) -> str:
        return f"report {self.pk}"


class ReportFile(models.Model):
    """One file of a report, archived as it was written."""

    personal: ClassVar[Personal] = Personal.none()

    report = models.ForeignKey(Report, models.PROTECT, related_name="files", verbose_name=_("report"))
    form = models.CharField(_("form"), max_length=4, choices=(("pdf", "PDF"), ("xlsx", "XLSX")))
    data = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size in bytes"))
    digest = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        constraints = (models.UniqueConstraint(fields=("report", "form"), name="reportfile_once"),)
        triggers = (pgtrigger.Protect(name="reportfile_append_only", operation=pgtrigger.Update),)

    def __str__(self) -> str:
        return f"{self.form} of report {self.report_id}"


class ReportHearing(models.Model):
    """The meeting that hears a report: by when it is due, and what it concluded."""

    personal: ClassVar[Personal] = Personal(
        fields=("conclusions",),
        keep="5 years",
        after="created",
        subjects="staff",
        purpose=_("directing work"),
        legal_ground=_("PIPL art. 13(3)"),
    )

    report = models.OneToOneField(Report, models.PROTECT, related_name="hearing", verbose_name=_("report"))
    heard_by = models.CharField(_("heard by"), max_length=16, choices=HeardBy)
    due_on = models.DateField(_("due (last day)"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    conclusions = models.TextField(_("conclusions"), max_length=4000, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("hearing of a report")
        verbose_name_plural = _("hearings of reports")
        constraints = (
            models.CheckConstraint(
                name="reporthearing_recorded_whole",
                condition=Q(held_on__isnull=True, recorded_by__isnull=True, recorded_at__isnull=True)
                | Q(held_on__isnull=False, recorded_by__isnull=False, recorded_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"hearing of report {self.report_id}"
