"""Proof that the sweep runs, and what it could not do."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.retention import Personal


class Heartbeat(models.Model):
    """When a recurring job last finished."""

    personal: ClassVar[Personal] = Personal.none()

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    last_run_at = models.DateTimeField(_("last run at"))
    handled = models.PositiveIntegerField(_("handled"), default=0)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


class SweepFault(models.Model):
    """A clock the sweep could not handle: recorded, skipped, tried again later."""

    personal: ClassVar[Personal] = Personal.none()

    family = models.CharField(_("kind of clock"), max_length=40)
    clock_id = models.BigIntegerField(_("clock"))
    first_seen_at = models.DateTimeField(_("first seen at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    times = models.PositiveIntegerField(_("times"), default=1)
    error = models.CharField(_("error"), max_length=200)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sweep fault")
        verbose_name_plural = _("sweep faults")
        constraints = (models.UniqueConstraint(fields=("family", "clock_id"), name="sweep_fault_once_per_clock"),)

    def __str__(self) -> str:
        return f"{self.family} {self.clock_id}"


class ChatDigest(models.Model):
    """What a group chat hears of one sweep, until the sweep has ended. Gone when it is owed."""

    personal: ClassVar[Personal] = Personal.none()

    digest = models.UUIDField(_("digest"), editable=False)
    webhook = models.ForeignKey(
        "notifications.Webhook", models.CASCADE, db_index=False, related_name="+", verbose_name=_("group chat")
    )
    matters = models.PositiveIntegerField(_("matters"))
    params = models.JSONField(_("codes and numbers of the first"))
    url_path = models.CharField(_("page"), max_length=200)
    created_at = models.DateTimeField(_("of the sweep at"))
    not_before = models.DateTimeField(_("not sent before"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("digest of a group chat")
        verbose_name_plural = _("digests of group chats")
        constraints = (models.UniqueConstraint(fields=("digest", "webhook"), name="chat_digest_once"),)

    def __str__(self) -> str:
        return f"{self.digest} {self.webhook_id}"
