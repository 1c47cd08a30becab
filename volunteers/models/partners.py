"""Happy Home partners 幸福家园合伙人 (001-24): volunteers with a role for a term; the outstanding of a year."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal
from volunteers.enums import PartnerDuty, PartnerKind, PartnerMode
from volunteers.models.volunteers import AT_COMMUNITY, AT_GRID, Volunteer


class HomePartnerQuerySet(models.QuerySet["HomePartner"]):
    """Partners by date and viewer."""

    def at(self, on: date) -> Self:
        """Those within their term on the civil date ``on``."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on, term_ends_on__gte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's community; from the street upwards there are figures only."""
        grids = [held.area_id for held in staff.holdings if held.kind in AT_GRID]
        communities = [held.area_id for held in staff.holdings if held.kind in AT_COMMUNITY]
        home = Q(area__in=communities)
        if not grids:
            return self.filter(home)
        return self.filter(home | Q(area__children__in=grids)).distinct()


class HomePartner(models.Model):
    """A volunteer who is a partner of a community: as what, with which duties, in peace or emergency, for a term."""

    personal: ClassVar[Personal] = Personal(
        fields=("volunteer", "kind", "duties", "mode"),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        purpose=_("knowing who has taken on which duty in the community, and until when"),
        legal_ground=_("PIPL art. 13(1): consent; Volunteer Service Regulation 2017, art. 7"),
    )

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="partners", verbose_name=_("volunteer"))
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("community"))
    kind = models.CharField(_("category"), max_length=12, choices=PartnerKind)
    duties = ArrayField(models.CharField(max_length=9, choices=PartnerDuty), verbose_name=_("duties"))
    mode = models.CharField(_("in peace or emergency"), max_length=9, choices=PartnerMode)
    starts_on = models.DateField(_("first day"))
    term_ends_on = models.DateField(_("last day of the term"))
    ends_on = models.DateField(_("ended on"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("written down by")
    )

    objects = HomePartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Happy Home partner")
        verbose_name_plural = _("Happy Home partners")
        constraints = (
            models.UniqueConstraint(
                fields=("volunteer", "area"), name="homepartner_once", condition=Q(ends_on__isnull=True)
            ),
            models.CheckConstraint(name="homepartner_term_in_order", condition=Q(starts_on__lte=F("term_ends_on"))),
            models.CheckConstraint(
                name="homepartner_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
            models.CheckConstraint(name="homepartner_has_a_duty", condition=~Q(duties=[])),
        )

    def __str__(self) -> str:
        return f"partner {self.pk}"

    @property
    def duty_labels(self) -> list[str]:
        """The duties in words, in the order of the list."""
        return [str(one.label) for one in PartnerDuty if one.value in self.duties]


class PartnerAward(models.Model):
    """A partner was named outstanding for a year; it ends with the row of the partner."""

    personal: ClassVar[Personal] = Personal.none()

    partner = models.ForeignKey(
        HomePartner, models.CASCADE, db_index=False, related_name="awards", verbose_name=_("Happy Home partner")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    given_on = models.DateField(_("given on"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("given by")
    )

    class Meta:
        verbose_name = _("outstanding partner of a year")
        verbose_name_plural = _("outstanding partners of a year")
        constraints = (models.UniqueConstraint(fields=("partner", "year"), name="partneraward_once_a_year"),)

    def __str__(self) -> str:
        return f"award {self.pk}"
