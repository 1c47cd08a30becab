"""The petition's clocks, on the one engine of ``deadlines``."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from deadlines.models import Clock, ClockRung, Escalation
from people.retention import Personal


class PetitionClock(Clock):
    """One promise of one petition."""

    personal: ClassVar[Personal] = Personal.none()

    # petitionclock_once begins with it
    petition = models.ForeignKey(
        "petitions.Petition", models.CASCADE, db_index=False, related_name="clocks", verbose_name=_("petition")
    )

    class Meta(Clock.Meta):
        abstract = False
        verbose_name = _("petition clock")
        verbose_name_plural = _("petition clocks")
        constraints = (  # type: ignore[assignment]  # one more than the base has
            *Clock.Meta.constraints,
            models.UniqueConstraint(fields=("petition", "stage", "generation"), name="petitionclock_once"),
        )


class PetitionClockRung(ClockRung):
    """When a rung of a petition's clock fires."""

    personal: ClassVar[Personal] = Personal.none()

    # petitionclockrung_once begins with it
    clock = models.ForeignKey(
        PetitionClock, models.CASCADE, db_index=False, related_name="rungs", verbose_name=_("clock")
    )

    class Meta(ClockRung.Meta):
        abstract = False
        verbose_name = _("rung moment")
        verbose_name_plural = _("rung moments")


class PetitionEscalation(Escalation):
    """A rung of a petition's clock that fired."""

    personal: ClassVar[Personal] = Personal.none()

    # petitionescalation_once begins with it
    clock = models.ForeignKey(
        PetitionClock, models.CASCADE, db_index=False, related_name="escalations", verbose_name=_("clock")
    )

    class Meta(Escalation.Meta):
        abstract = False
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
