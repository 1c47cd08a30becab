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
    """One walk over the open clocks after a change, cut into batches that any number of workers share.

    ``since`` is the first civil date (Shanghai) that changed; ``policy`` is set where a new version's limits are given
    to running clocks. The figures are those of its batches, summed up when the last one is done. ``broken`` are clocks
    that kept their dates because something is wrong with them.
    """

    personal: ClassVar[Personal] = Personal.none()

    reason = models.CharField(_("reason"), max_length=10, choices=RecomputeReason)
    since = models.DateField(_("changed from"), null=True, blank=True)
    policy = models.ForeignKey(
        Policy, models.CASCADE, null=True, blank=True, related_name="recomputations", verbose_name=_("new version")
    )
    asked_at = models.DateTimeField(_("asked at"))
    planned_at = models.DateTimeField(_("cut into batches at"), null=True, blank=True)
    seen = models.PositiveIntegerField(_("clocks seen"), default=0)
    changed = models.PositiveIntegerField(_("clocks changed"), default=0)
    broken = ArrayField(models.BigIntegerField(), verbose_name=_("could not be computed"), default=list, blank=True)
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


class RecomputeBatch(models.Model):
    """A stretch of clocks of one run: done in one transaction, under a lock on this row. Gone with the run's end.

    ``held`` are those of them that somebody else held; they are tried again, after all others.
    """

    personal: ClassVar[Personal] = Personal.none()

    run = models.ForeignKey(RecomputeRun, models.CASCADE, related_name="batches", verbose_name=_("recomputation"))
    family = models.CharField(_("kind of clock"), max_length=40)
    first_pk = models.BigIntegerField(_("first clock"))
    last_pk = models.BigIntegerField(_("last clock"))
    held = ArrayField(models.BigIntegerField(), verbose_name=_("held by others"), default=list, blank=True)
    tries = models.PositiveIntegerField(_("times"), default=0)
    seen = models.PositiveIntegerField(_("clocks seen"), default=0)
    changed = models.PositiveIntegerField(_("clocks changed"), default=0)
    broken = ArrayField(models.BigIntegerField(), verbose_name=_("could not be computed"), default=list, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch of a recomputation")
        verbose_name_plural = _("batches of a recomputation")
        indexes = (models.Index(fields=("run", "tries", "id"), name="recompute_batch_next", condition=Q(done_at=None)),)

    def __str__(self) -> str:
        return f"{self.family} {self.first_pk}-{self.last_pk}"


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
