"""Registers that the law asks for: breaches, processors, impact assessments (rules.md e.1)."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import Severity
from people.retention import Personal


class Breach(models.Model):
    """Personal data got out, was lost or changed, or may have been: what was done, who was told when (PIPL art. 57)."""

    personal: ClassVar[Personal] = Personal.none()

    title = models.CharField(_("what happened, in one line"), max_length=120)
    happened_at = models.DateTimeField(_("happened at"), null=True, blank=True, help_text=_("As far as known."))
    found_at = models.DateTimeField(_("found at"))
    severity = models.CharField(_("severity"), max_length=8, choices=Severity, default=Severity.LOW)
    kinds = models.TextField(
        _("kinds of data"), help_text=_("Kinds only, such as telephone numbers. No data of anybody.")
    )
    persons = models.PositiveIntegerField(_("how many persons"), null=True, blank=True)
    cause = models.TextField(_("cause and possible harm"))
    measures = models.TextField(_("measures taken"))
    advice = models.TextField(_("what the persons can do themselves"), blank=True)
    authority_told_at = models.DateTimeField(_("authority told at"), null=True, blank=True)
    persons_told_at = models.DateTimeField(_("persons told at"), null=True, blank=True)
    why_not_told = models.TextField(
        _("why the persons were not told"),
        blank=True,
        help_text=_("Allowed only where the measures effectively avoid the harm (PIPL art. 57)."),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("data breach")
        verbose_name_plural = _("data breaches")
        constraints = (
            models.CheckConstraint(
                name="breach_found_after_it_happened",
                condition=Q(happened_at=None) | Q(found_at__gte=F("happened_at")),
                violation_error_message=_("It cannot be found before it happened."),
            ),
            models.CheckConstraint(
                name="breach_closed_when_told",
                condition=Q(closed_at=None)
                | (Q(authority_told_at__isnull=False) & (Q(persons_told_at__isnull=False) | ~Q(why_not_told=""))),
                violation_error_message=_(
                    "Before it is closed: when was the authority told, and when the persons, or why not?"
                ),
            ),
        )

    def __str__(self) -> str:
        return self.title


class ProcessorQuerySet(models.QuerySet["Processor"]):
    """Processors by whether their contract runs."""

    def in_use(self, on: date) -> Self:
        """Those whose contract runs on a day, by name."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on).order_by("name")


class Processor(models.Model):
    """Somebody who processes personal data for us under a contract: SMS, maps, hosting (PIPL art. 21 and 59)."""

    personal: ClassVar[Personal] = Personal.none()

    name = models.CharField(_("name"), max_length=120, unique=True)
    service = models.CharField(_("service"), max_length=120)
    purpose = models.TextField(_("purpose and way of processing"))
    kinds = models.TextField(_("kinds of data"))
    contract = models.CharField(_("contract"), max_length=80)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    stored_in = models.CharField(
        _("stored where"), max_length=80, help_text=_("In mainland China (PIPL art. 36 and 40).")
    )
    checked_on = models.DateField(_("last checked on"), null=True, blank=True)
    data_returned_on = models.DateField(_("data given back or deleted on"), null=True, blank=True)

    objects = ProcessorQuerySet.as_manager()

    class Meta:
        verbose_name = _("processor")
        verbose_name_plural = _("processors")
        constraints = (
            models.CheckConstraint(
                name="processor_dates",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("It cannot end before it begins."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class ImpactAssessment(models.Model):
    """An assessment made beforehand where the law asks for one, kept three years at least (PIPL art. 55 and 56)."""

    personal: ClassVar[Personal] = Personal.none()

    title = models.CharField(_("what is assessed"), max_length=120)
    sensitive = models.BooleanField(_("sensitive data"), default=False)
    automated = models.BooleanField(_("automated decisions"), default=False)
    entrusted = models.BooleanField(_("entrusted, shared or published"), default=False)
    abroad = models.BooleanField(_("given abroad"), default=False)
    purpose = models.TextField(_("Are purpose and way lawful, proper and necessary?"))
    effect = models.TextField(_("What does it do to the persons, and how great is the risk?"))
    measures = models.TextField(_("Are the measures lawful, effective and fit for the risk?"))
    conclusion = models.TextField(_("conclusion"))
    done_on = models.DateField(_("done on"))
    review_on = models.DateField(_("to be looked at again on"))
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("done by")
    )

    class Meta:
        verbose_name = _("impact assessment")
        verbose_name_plural = _("impact assessments")
        constraints = (
            models.CheckConstraint(
                name="assessment_has_a_ground",
                condition=Q(sensitive=True) | Q(automated=True) | Q(entrusted=True) | Q(abroad=True),
                violation_error_message=_("Say why an assessment is needed: tick at least one of the four."),
            ),
            models.CheckConstraint(
                name="assessment_review_later",
                condition=Q(review_on__gt=F("done_on")),
                violation_error_message=_("It is looked at again after it was done."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.done_on})"
