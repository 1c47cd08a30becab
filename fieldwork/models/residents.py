"""Who lives behind a door beside the person who may be asked: a name and, if they want, a telephone. No more."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.models.households import GROUND, Household
from people.models import Person
from people.retention import Personal


class Resident(models.Model):
    """One more person of a household, sealed (003b-14). No kinship, number of any card, age, faith or work is kept."""

    personal: ClassVar[Personal] = Personal(
        fields=("person",),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        purpose=_("knowing who lives in a house, to help and to reach them"),
        legal_ground=GROUND,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    household = models.ForeignKey(Household, models.CASCADE, related_name="residents", verbose_name=_("household"))
    person = models.OneToOneField(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("person of a household")
        verbose_name_plural = _("persons of a household")
        constraints = (
            models.CheckConstraint(
                name="resident_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
        )

    def __str__(self) -> str:
        return f"resident {self.pk}"
