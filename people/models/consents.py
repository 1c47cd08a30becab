"""What a person has agreed to, and when he took it back."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import ConsentPurpose
from people.models.persons import Person
from people.retention import Personal


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents, by whether they hold."""

    def in_force(self) -> Self:
        """Return those not withdrawn."""
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """One person agreed to one purpose, having been shown one version of the privacy notice.

    Taken back, the row stays: it shows that what was done before was agreed to (PIPL art. 15).
    """

    personal: ClassVar[Personal] = Personal.none()

    person = models.ForeignKey(
        Person, models.PROTECT, db_index=False, related_name="consents", verbose_name=_("person")
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=ConsentPurpose)
    version = models.CharField(_("version of the privacy notice"), max_length=12)
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = (models.Index(fields=("person", "purpose"), name="consent_of_person"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "purpose"), condition=Q(withdrawn_at=None), name="consent_in_force_once"
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    def held_at(self, at: datetime) -> bool:
        """Tell whether it held at an instant."""
        return self.given_at <= at and (self.withdrawn_at is None or at < self.withdrawn_at)
