"""What must be computed anew, how far it has come, and which opening hours were last seen."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deadlines.enums import RecomputeReason
from deadlines.models.policies import Policy
from people.retention import Personal


class RecomputeRun(models.Model):
    """One walk over the open clocks after a change; its cursor is moved in the transaction of each batch.

    ``since`` is the first civil date (Shanghai) that changed; ``policy`` is set where a new version's limits are given
    to running clocks. ``waiting`` are clocks that somebody else held; they are done last.
    """

    personal: ClassVar[Personal] = Personal.none()

    reason = models.CharField(_("reason"), max_length=10, choices=RecomputeReason)
    since = models.DateField(_("changed from"), null=True, blank=True)
    policy = models.ForeignKey(
        Policy, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("new version")
    )
    asked_at = models.DateTimeField(_("asked at"))
    family = models.CharField(_("kind of clock"), max_length=40, blank=True)
    last_pk = models.BigIntegerField(_("last clock seen"), default=0)
    waiting = ArrayField(models.BigIntegerField(), verbose_name=_("held by others"), default=list, blank=True)
    seen = models.PositiveIntegerField(_("clocks seen"), default=0)
    changed = models.PositiveIntegerField(_("clocks changed"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("recomputation")
        verbose_name_plural = _("recomputations")
        constraints = (
            models.CheckConstraint(
                name="recompute_since_or_policy",
                condition=Q(since__isnull=False, policy__isnull=True) | Q(since__isnull=True, policy__isnull=False),
            ),
        )
        # read every minute by the task that goes on with what is unfinished
        indexes = (models.Index(fields=("id",), name="recompute_unfinished", condition=Q(finished_at=None)),)

    def __str__(self) -> str:
        return f"recomputation {self.pk}"


class HoursMark(models.Model):
    """The opening hours as the last look found them, so that a change is seen whoever made it."""

    personal: ClassVar[Personal] = Personal.none()

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("mark of the opening hours")
        verbose_name_plural = _("marks of the opening hours")

    def __str__(self) -> str:
        return self.name
