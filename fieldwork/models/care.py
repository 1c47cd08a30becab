"""Care recipients 关爱对象 (003a-25): who agreed to be looked in on, why, and what was agreed; seen by very few."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import CareConsent, CareEnd, CareKind
from fieldwork.models.duties import VisitDuty
from fieldwork.models.households import AT_GRID, Household
from grids.enums import PostKind
from grids.staff import Staff
from people.fields import Sealed
from people.models import Person
from people.retention import Personal


class CareRecipientQuerySet(models.QuerySet["CareRecipient"]):
    """Care recipients by date and viewer."""

    def at(self, on: date) -> Self:
        """Those in care on the civil date ``on``."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's grids, and of his community if he is its secretary. Nobody else sees that they are."""
        grids = [held.area_id for held in staff.holdings if held.kind in AT_GRID]
        communities = [held.area_id for held in staff.holdings if held.kind == PostKind.COMMUNITY_SECRETARY]
        return self.filter(Q(household__grid__in=grids) | Q(household__grid__parent__in=communities))


class CareRecipient(models.Model):
    """Somebody who agreed, apart from everything else, to be visited for a reason the law names.

    Name and number stand in a sealed person of this context, kind and what was agreed are sealed here. No list shows
    them: the sheet opens for a reason, which is logged. When care ends they are gone at once, the days stay a year.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("person", "kind_sealed", "plan_sealed", "consent_by"),
        sensitive=("kind_sealed", "plan_sealed"),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        purpose=_("looking in on those who need a hand, as often as they agreed"),
        legal_ground=_("PIPL art. 28 and 29: separate consent; art. 31: for a child, that of a parent or guardian"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="care", verbose_name=_("household"))
    person = models.OneToOneField(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    kind_sealed = models.BinaryField(_("why they need a hand (sealed)"), null=True, blank=True)
    plan_sealed = models.BinaryField(_("what was agreed (sealed)"), null=True, blank=True)
    duty = models.ForeignKey(
        VisitDuty, models.PROTECT, db_index=False, related_name="+", verbose_name=_("kind of visit")
    )
    consent_by = models.CharField(_("who agreed"), max_length=8, choices=CareConsent)
    agreed_on = models.DateField(_("agreed on"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    ended = models.CharField(_("why it ended"), max_length=9, choices=CareEnd, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("written down by")
    )

    kind = Sealed("kind_sealed")
    plan = Sealed("plan_sealed")
    objects = CareRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("care recipient")
        verbose_name_plural = _("care recipients")
        indexes = (models.Index(fields=("household",), name="care_now", condition=Q(ends_on__isnull=True)),)
        constraints = (
            models.CheckConstraint(
                name="care_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
            models.CheckConstraint(name="care_agreed_first", condition=Q(agreed_on__lte=F("starts_on"))),
            models.CheckConstraint(
                name="care_says_nothing_once_it_ended",
                condition=Q(ends_on__isnull=True, ended="", kind_sealed__isnull=False)
                | (Q(ends_on__isnull=False, kind_sealed__isnull=True, plan_sealed__isnull=True) & ~Q(ended="")),
            ),
        )

    def __str__(self) -> str:
        return f"care {self.pk}"

    def reason(self) -> CareKind:
        """Return why they need a hand; one that has ended has no reason any more."""
        return CareKind(self.kind)
