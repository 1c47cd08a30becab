"""The record of every look at sealed data."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import AuditKind, PersonField
from people.models.persons import Person
from people.retention import Personal
from people.traces import traced


class RevealLog(models.Model):
    """One look at a sealed field: who, which field, why. Never updated, never deleted."""

    personal: ClassVar[Personal] = Personal(
        fields=("reason",),
        keep="3 years",
        after="created",
        ends="kept",
        subjects="staff",
        purpose=_("showing who looked at personal data and why"),
        legal_ground=_("PIPL art. 51 and 54-56: inside measures, audit"),
    )

    person = models.ForeignKey(Person, models.PROTECT, related_name="reveals", verbose_name=_("person"))
    field = models.CharField(_("field"), max_length=8, choices=PersonField)
    reason = models.CharField(_("reason"), max_length=200)
    about = models.CharField(_("about"), max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reveals", verbose_name=_("by"))
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agreed by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        indexes = (models.Index(fields=("by", "at"), name="reveal_by_reader"),)
        constraints = (
            models.CheckConstraint(
                name="reveal_agreed_by_another",
                condition=models.Q(agreed_by=None) | ~models.Q(agreed_by=models.F("by")),
            ),
        )
        triggers = (
            pgtrigger.Protect(name="reveal_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            *traced(AuditKind.REVEALED, about="people.reveallog", columns=("field", "about"), actor="r.by_id"),
        )

    def __str__(self) -> str:
        return f"{self.field} {self.pk}"
