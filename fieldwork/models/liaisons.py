"""The one telephone of the six ones (004-06): liaisons 民情联络员, and elderly people with a telephone."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import LiaisonKind
from fieldwork.models.households import AT_COMMUNITY, AT_GRID
from grids.staff import Staff
from people.models import Person
from people.retention import Personal


class LiaisonQuerySet(models.QuerySet["Liaison"]):
    """Liaisons by date and viewer."""

    def at(self, on: date) -> Self:
        """Those in force on the civil date ``on``."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's grids and communities, and those whose calls he answers; a street sees figures."""
        grids = [held.area_id for held in staff.holdings if held.kind in AT_GRID]
        communities = [held.area_id for held in staff.holdings if held.kind in AT_COMMUNITY]
        return self.filter(Q(grid__in=grids) | Q(grid__parent__in=communities) | Q(answers=staff.user.pk, ends_on=None))


class Liaison(models.Model):
    """Whose number is known: a call from it goes to the worker who answers, with the place filled in.

    Who it is stands in a sealed person, kept with his consent, blanked when it ends. ``grid`` follows from ``place``.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("person", "lent"),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        purpose=_("knowing whose call it is and where to go"),
        legal_ground=_("PIPL art. 13(1): consent"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=LiaisonKind)
    place = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("building or stairwell"))
    grid = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", editable=False, verbose_name=_("grid"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    answers = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("worker who answers")
    )
    lent = models.CharField(_("telephone lent (inventory number)"), max_length=40, blank=True)
    agreed_on = models.DateField(_("agreed on"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("ended on"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("written down by")
    )

    objects = LiaisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("liaison")
        verbose_name_plural = _("liaisons and elderly people's telephones")
        constraints = (
            models.CheckConstraint(
                name="liaison_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
            models.CheckConstraint(name="liaison_agreed_first", condition=Q(agreed_on__lte=F("starts_on"))),
        )

    def __str__(self) -> str:
        return f"liaison {self.pk}"
