"""Mediations of disputes: one a try, with its result; what was agreed is written in the history of the matter."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.retention import Personal
from petitions.dispute_enums import AgreementForm, Dispute, MediationResult
from petitions.models.petitions import Petition


class MediationQuerySet(models.QuerySet["Mediation"]):
    """Mediations by where they stand."""

    def ended(self) -> Self:
        """Return what was tried and has a result."""
        return self.filter(result__in=(MediationResult.SETTLED, MediationResult.FAILED))


class Mediation(models.Model):
    """One try to settle a dispute (003a-21: 1688 mediated, 1686 settled).

    The words of an agreement are a text of the petition, sealed and masked, and end as its other texts do.
    """

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        Petition, models.PROTECT, db_index=False, related_name="mediations", verbose_name=_("petition")
    )
    dispute = models.CharField(_("kind of dispute"), max_length=10, choices=Dispute)
    mediator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("mediator"))
    begun_at = models.DateTimeField(_("begun at"))
    result = models.CharField(_("result"), max_length=10, choices=MediationResult, blank=True)
    agreement = models.CharField(_("agreement"), max_length=8, choices=AgreementForm, blank=True)
    perform_by = models.DateField(_("to be carried out by (last day)"), null=True, blank=True)
    words_id = models.UUIDField(_("words of the result"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )

    objects = MediationQuerySet.as_manager()

    class Meta:
        verbose_name = _("mediation")
        verbose_name_plural = _("mediations")
        indexes = (
            models.Index(fields=("petition", "-begun_at"), name="mediation_of_petition"),
            models.Index(fields=("ended_at",), name="mediation_ended", condition=Q(ended_at__isnull=False)),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("petition",), name="mediation_one_at_a_time", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="mediation_ended_whole",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, result="")
                | (Q(ended_at__gte=F("begun_at"), ended_by__isnull=False) & ~Q(result="")),
            ),
            models.CheckConstraint(
                name="mediation_agreement_iff_settled",
                condition=(Q(result=MediationResult.SETTLED) & ~Q(agreement=""))
                | (~Q(result=MediationResult.SETTLED) & Q(agreement="", perform_by__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"mediation {self.pk}"
