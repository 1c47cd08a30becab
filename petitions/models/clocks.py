"""The clocks of petitions, whistles and calls for help, on the one engine of ``deadlines``."""

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


class WhistleClock(Clock):
    """One promise of one called unit; after the end, the caller's promise to score it."""

    personal: ClassVar[Personal] = Personal.none()

    # whistleclock_once begins with it
    call = models.ForeignKey(
        "petitions.WhistleCall", models.CASCADE, db_index=False, related_name="clocks", verbose_name=_("called unit")
    )

    class Meta(Clock.Meta):
        abstract = False
        verbose_name = _("whistle clock")
        verbose_name_plural = _("whistle clocks")
        constraints = (  # type: ignore[assignment]  # one more than the base has
            *Clock.Meta.constraints,
            models.UniqueConstraint(fields=("call", "stage", "generation"), name="whistleclock_once"),
        )


class WhistleClockRung(ClockRung):
    """When a rung of a whistle's clock fires."""

    personal: ClassVar[Personal] = Personal.none()

    # whistleclockrung_once begins with it
    clock = models.ForeignKey(
        WhistleClock, models.CASCADE, db_index=False, related_name="rungs", verbose_name=_("clock")
    )

    class Meta(ClockRung.Meta):
        abstract = False
        verbose_name = _("rung moment of a whistle")
        verbose_name_plural = _("rung moments of whistles")


class WhistleEscalation(Escalation):
    """A rung of a whistle's clock that fired."""

    personal: ClassVar[Personal] = Personal.none()

    # whistleescalation_once begins with it
    clock = models.ForeignKey(
        WhistleClock, models.CASCADE, db_index=False, related_name="escalations", verbose_name=_("clock")
    )

    class Meta(Escalation.Meta):
        abstract = False
        verbose_name = _("escalation of a whistle")
        verbose_name_plural = _("escalations of whistles")


class BroadcastClock(Clock):
    """Within how many minutes somebody must have taken a call for help."""

    personal: ClassVar[Personal] = Personal.none()

    # broadcastclock_once begins with it
    broadcast = models.ForeignKey(
        "petitions.Broadcast", models.CASCADE, db_index=False, related_name="clocks", verbose_name=_("call for help")
    )

    class Meta(Clock.Meta):
        abstract = False
        verbose_name = _("clock of a call for help")
        verbose_name_plural = _("clocks of calls for help")
        constraints = (  # type: ignore[assignment]  # one more than the base has
            *Clock.Meta.constraints,
            models.UniqueConstraint(fields=("broadcast", "stage", "generation"), name="broadcastclock_once"),
        )


class BroadcastClockRung(ClockRung):
    """When a rung of a call for help fires."""

    personal: ClassVar[Personal] = Personal.none()

    # broadcastclockrung_once begins with it
    clock = models.ForeignKey(
        BroadcastClock, models.CASCADE, db_index=False, related_name="rungs", verbose_name=_("clock")
    )

    class Meta(ClockRung.Meta):
        abstract = False
        verbose_name = _("rung moment of a call for help")
        verbose_name_plural = _("rung moments of calls for help")


class BroadcastEscalation(Escalation):
    """A rung of a call for help that fired: nobody had taken it."""

    personal: ClassVar[Personal] = Personal.none()

    # broadcastescalation_once begins with it
    clock = models.ForeignKey(
        BroadcastClock, models.CASCADE, db_index=False, related_name="escalations", verbose_name=_("clock")
    )

    class Meta(Escalation.Meta):
        abstract = False
        verbose_name = _("escalation of a call for help")
        verbose_name_plural = _("escalations of calls for help")
