"""A file that somebody asked for and that takes longer to make than a page may: made by a task, fetched, gone."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from notifications.enums import Making
from people.fields import Sealed
from people.models import User
from people.retention import Personal

PERCENT = 100


class DownloadQuerySet(models.QuerySet["Download"]):
    """Whose files, and which of them are owed."""

    def visible_to(self, viewer: User) -> Self:
        """His own; without the file itself, which is megabytes."""
        return self.filter(owner=viewer).defer("file_sealed").order_by("-asked_at", "pk")

    def unfinished(self) -> Self:
        """Asked for and not made yet."""
        return self.filter(state__in=(Making.WAITING, Making.RUNNING))

    def owed(self, at: datetime) -> Self:
        """What nobody is at: never begun, or begun by somebody whose lease has ended. Oldest first."""
        return self.unfinished().filter(leased_until__lte=at).order_by("asked_at", "pk")

    def over(self, at: datetime) -> Self:
        """What nobody may fetch any more."""
        return self.filter(expires_at__lte=at)


class Download(models.Model):
    """One file for one person. ``terms`` are codes, days and counts for whoever makes it, never personal data."""

    personal: ClassVar[Personal] = Personal(
        fields=("file_sealed", "reason"),
        keep="1 days",
        after="expired",
        ends="deleted",
        purpose=_("handing a file of data to whoever asked for it and may have it"),
        legal_ground=_("PIPL art. 13(3): a statutory duty of the subdistrict"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="downloads", verbose_name=_("asked for by")
    )
    maker = models.CharField(_("what"), max_length=60)
    terms = models.JSONField(_("terms"), default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=Making, default=Making.WAITING)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    total = models.PositiveIntegerField(_("rows in all"), default=0)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    leased_until = models.DateTimeField(_("left to whoever is at it until"))
    refusal = models.CharField(_("why not"), max_length=200, blank=True)
    name = models.CharField(_("file name"), max_length=120, blank=True)
    content_type = models.CharField(_("type"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    file_sealed = models.BinaryField(_("file (sealed)"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("can be fetched until"))

    packed = Sealed("file_sealed")
    objects = DownloadQuerySet.as_manager()

    class Meta:
        verbose_name = _("file to fetch")
        verbose_name_plural = _("files to fetch")
        indexes = (
            models.Index("owner", "asked_at", name="download_of_owner"),
            models.Index("leased_until", name="download_owed", condition=Q(state__in=(Making.WAITING, Making.RUNNING))),
            models.Index("expires_at", name="download_over"),
        )
        constraints = (
            models.CheckConstraint(
                name="download_ready_has_file", condition=~Q(state=Making.READY) | Q(file_sealed__isnull=False)
            ),
            models.CheckConstraint(name="download_done_within_total", condition=Q(done__lte=F("total"))),
        )

    def __str__(self) -> str:
        return f"{self.maker} {self.pk}"

    def percent(self) -> int:
        """How much of it is made, 0 to 100; ready alone is 100."""
        if self.state == Making.READY:
            return PERCENT
        return min(self.done * PERCENT // self.total, PERCENT - 1) if self.total else 0
