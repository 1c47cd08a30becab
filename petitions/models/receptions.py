"""The reception log of a community 来访接待 (000-20): who received whom, when, and what came of it."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.staff import Staff
from people.retention import Personal
from petitions.enums import ReceptionOutcome

# Who receives visitors, writes the log and reads it: the community itself. Nobody needs it to judge anybody.
RECEIVES = (PostKind.COMMUNITY_WORKER, PostKind.COMMUNITY_SECRETARY)


class ReceptionQuerySet(models.QuerySet["Reception"]):
    """Receptions by viewer and day."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of the communities somebody receives visitors in."""
        return self.filter(area__path__in=staff.reach(*RECEIVES)) if staff.holds(*RECEIVES) else self.none()

    def on(self, first: date, last: date) -> Self:
        """Those of the civil days from ``first`` to ``last`` in Shanghai, both included."""
        return self.filter(at__date__gte=first, at__date__lte=last)


class Reception(models.Model):
    """One visit. The name is kept masked, the words without numbers; a contact goes with the matter that was filed."""

    personal: ClassVar[Personal] = Personal(
        fields=("visitor", "words"),
        keep="3 years",
        after="created",
        purpose=_("showing that visitors were received, and what came of it"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    # the form's own key: sent twice it is one visit
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    area = models.ForeignKey(
        "grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("community")
    )  # reception_of_area begins with it
    at = models.DateTimeField(_("at"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("received by")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    visitor = models.CharField(_("visitor (masked)"), max_length=8, blank=True)
    words = models.CharField(_("what it was about (masked)"), max_length=300, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=8, choices=ReceptionOutcome)
    referred_to = models.CharField(_("referred to"), max_length=80, blank=True)
    petition = models.OneToOneField(
        "petitions.Petition", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("petition")
    )

    objects = ReceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("reception of a visitor")
        verbose_name_plural = _("receptions of visitors")
        indexes = (models.Index(fields=("area", "-at"), name="reception_of_area"),)
        constraints = (
            models.CheckConstraint(
                name="reception_filed_iff_petition",
                condition=Q(outcome=ReceptionOutcome.FILED, petition__isnull=False)
                | (~Q(outcome=ReceptionOutcome.FILED) & Q(petition__isnull=True)),
            ),
            models.CheckConstraint(
                name="reception_referred_somewhere",
                condition=~Q(outcome=ReceptionOutcome.REFERRED) | ~Q(referred_to=""),
            ),
        )

    def __str__(self) -> str:
        return f"reception {self.pk}"
