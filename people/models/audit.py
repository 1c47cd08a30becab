"""What was done with accounts, rights and sealed data: an append-only log, and the seals that chain it."""

from typing import ClassVar, Final, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import AuditKind, SignInKind
from people.retention import Personal

# Every writer holds it shared until he commits, the sealer takes it alone: so no number below one that the sealer
# has read can appear later (the numbers are drawn under the lock).
LOCK: Final = 7_305_001

NUMBERED = f"""
PERFORM pg_advisory_xact_lock_shared({LOCK});
NEW.id := nextval(pg_get_serial_sequence('people_auditentry', 'id'));
RETURN NEW;
"""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Entries in the order of the chain."""

    def after(self, number: int) -> Self:
        """Those behind an entry's number, oldest first."""
        return self.filter(pk__gt=number).order_by("pk")


class AuditEntry(models.Model):
    """One thing done. ``about`` is "app.model:key"; ``details`` hold codes, keys and counts, never words or names."""

    personal: ClassVar[Personal] = Personal(
        fields=("address",),
        keep="12 months",
        after="created",
        ends="kept",
        subjects="staff",
        purpose=_("finding out afterwards who signed in and who looked at what"),
        legal_ground=_("Cybersecurity Law: logs of the network are kept for at least six months; PIPL art. 51 and 54"),
    )

    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=24, choices=(*SignInKind.choices, *AuditKind.choices))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("by"),
    )
    about = models.CharField(_("about"), max_length=120, blank=True)
    details = models.JSONField(_("details"), default=dict)
    address = models.CharField(_("network (shortened)"), max_length=48, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = (
            models.Index(fields=("kind", "-id"), name="auditentry_kind"),
            models.Index(fields=("actor", "-id"), name="auditentry_actor"),
        )
        triggers = (
            pgtrigger.Protect(name="auditentry_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="auditentry_numbered", when=pgtrigger.Before, operation=pgtrigger.Insert, func=NUMBERED
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class AuditSeal(models.Model):
    """A batch of entries under one digest, which covers the digest before it."""

    personal: ClassVar[Personal] = Personal.none()

    sealed_at = models.DateTimeField(_("sealed at"))
    last_entry = models.BigIntegerField(_("last entry"), unique=True)
    entries = models.PositiveIntegerField(_("entries"))
    digest = models.BinaryField(_("digest"), max_length=32)

    class Meta:
        verbose_name = _("seal of the audit log")
        verbose_name_plural = _("seals of the audit log")
        triggers = (pgtrigger.Protect(name="auditseal_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.last_entry} {bytes(self.digest).hex()[:12]}"
