"""The log of visits."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import Outcome, VisitMode
from fieldwork.models.campaigns import Campaign
from fieldwork.models.households import GROUND, Household
from people.fields import Sealed
from people.retention import Personal


class VisitQuerySet(models.QuerySet["Visit"]):
    """Visits that stand."""

    def standing(self) -> Self:
        """Without those that were taken back."""
        return self.filter(struck_at=None)


class Visit(models.Model):
    """Somebody of ours reached a household, or found nobody. Words are masked before they are sealed.

    A matter raised there is filed as a petition with the building as its place: nothing joins the two.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("words_sealed", "household", "outcome"),
        keep="1 years",
        after="created",
        ends="deleted",
        purpose=_("visiting the households of a grid"),
        legal_ground=GROUND,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    household = models.ForeignKey(
        Household, models.CASCADE, db_index=False, related_name="visits", verbose_name=_("household")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("by")
    )
    on = models.DateField(_("day"))
    mode = models.CharField(_("how"), max_length=8, choices=VisitMode)
    outcome = models.CharField(_("what came of it"), max_length=8, choices=Outcome)
    words_sealed = models.BinaryField(_("words (sealed)"), null=True, blank=True)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("campaign")
    )
    written_at = models.DateTimeField(_("written at"))
    struck_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    words = Sealed("words_sealed")
    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = (
            models.Index(fields=("household", "on"), name="visit_standing", condition=Q(struck_at__isnull=True)),
            models.Index(fields=("written_at",), name="visit_written"),
            models.Index(fields=("by", "on"), name="visit_by"),
        )
        constraints = (
            models.CheckConstraint(name="visit_mode_known", condition=Q(mode__in=[one.value for one in VisitMode])),
            models.CheckConstraint(
                name="visit_nobody_reached_iff_absent",
                condition=Q(mode=VisitMode.ABSENT, outcome=Outcome.NONE)
                | (~Q(mode=VisitMode.ABSENT) & ~Q(outcome=Outcome.NONE)),
            ),
        )

    def __str__(self) -> str:
        return f"visit {self.pk}"
