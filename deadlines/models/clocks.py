"""Clocks, their rungs and their escalations: abstract here, concrete beside what they measure."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deadlines.enums import OPEN_STATES, ClockKind, ClockState, LimitUnit, RungLevel
from deadlines.models.policies import Rung, Stage
from people.retention import Personal


class Clock(models.Model):
    """A promise that runs: ``due_at`` is stored, never computed in a loop.

    ``life`` is the list of what happened to it (start, pause, resume, extend, restart), from which one
    function recomputes ``due_at``. ``area`` is the area that answers for it now; it is no longer rewritten
    once the clock stands, so figures stay where they were earned.
    """

    personal: ClassVar[Personal] = Personal.none()

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name=_("stage"))
    generation = models.PositiveSmallIntegerField(_("generation"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=ClockState, default=ClockState.RUNNING)
    kind = models.CharField(_("clock"), max_length=16, choices=ClockKind)
    limit_value = models.PositiveSmallIntegerField(_("limit"))
    limit_unit = models.CharField(_("unit"), max_length=8, choices=LimitUnit)
    started_at = models.DateTimeField(_("started at"))
    due_at = models.DateTimeField(_("due at"))
    provisional = models.BooleanField(_("provisional"), default=False)
    life = models.JSONField(_("life"), default=list)
    next_action_at = models.DateTimeField(_("next action at"), null=True, blank=True)
    pause_ends_at = models.DateTimeField(_("pause ends at"), null=True, blank=True)
    # read from the clock alone, and never deleted: an index would only be written
    area = models.ForeignKey("grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("area"))
    organisation = models.ForeignKey(
        "grids.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("handling unit"),
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("who owes it"),
    )
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    met = models.BooleanField(_("kept"), null=True, blank=True)
    seconds_late = models.BigIntegerField(_("seconds late"), null=True, blank=True)

    class Meta:
        abstract = True
        indexes = (
            # read by the sweep: what must be looked at, and nothing else
            models.Index(
                fields=("next_action_at",),
                name="%(class)s_next",
                condition=Q(next_action_at__isnull=False),
            ),
            models.Index(fields=("due_at",), name="%(class)s_open_due", condition=Q(state__in=OPEN_STATES)),
            # read by end_pauses
            models.Index(fields=("pause_ends_at",), name="%(class)s_pause", condition=Q(pause_ends_at__isnull=False)),
        )
        constraints = (
            models.CheckConstraint(
                name="%(class)s_stopped_iff_at",
                condition=Q(state=ClockState.STOPPED, stopped_at__isnull=False, met__isnull=False)
                | (~Q(state=ClockState.STOPPED) & Q(met__isnull=True)),
            ),
            models.CheckConstraint(
                name="%(class)s_open_iff_action",
                condition=Q(state__in=OPEN_STATES) | Q(next_action_at__isnull=True),
            ),
            models.CheckConstraint(
                name="%(class)s_paused_iff_cap",
                condition=Q(state=ClockState.PAUSED, pause_ends_at__isnull=False)
                | (~Q(state=ClockState.PAUSED) & Q(pause_ends_at__isnull=True)),
            ),
            models.CheckConstraint(name="%(class)s_due_after_start", condition=Q(due_at__gte=F("started_at"))),
        )

    def __str__(self) -> str:
        return f"clock {self.pk}"


class ClockRung(models.Model):
    """A rung's moment, computed when the clock starts, restarts or is recomputed."""

    personal: ClassVar[Personal] = Personal.none()

    generation = models.PositiveSmallIntegerField(_("generation"), default=1)
    # a policy's rung is deleted by nobody once a clock stands on it: an index would only be written
    rung = models.ForeignKey(Rung, models.PROTECT, db_index=False, related_name="+", verbose_name=_("rung"))
    fire_at = models.DateTimeField(_("fires at"))
    fired_at = models.DateTimeField(_("fired at"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = (models.UniqueConstraint(fields=("clock", "generation", "rung"), name="%(class)s_once"),)

    def __str__(self) -> str:
        return f"rung {self.pk}"


class Escalation(models.Model):
    """A rung that fired: exactly once per clock, generation and rung; always somebody told."""

    personal: ClassVar[Personal] = Personal.none()

    generation = models.PositiveSmallIntegerField(_("generation"))
    rung = models.ForeignKey(Rung, models.PROTECT, db_index=False, related_name="+", verbose_name=_("rung"))
    fell_due_at = models.DateTimeField(_("fell due at"))
    fired_at = models.DateTimeField(_("fired at"))
    level = models.CharField(_("level"), max_length=12, choices=RungLevel)
    told = ArrayField(models.BigIntegerField(), verbose_name=_("told"))
    route = models.CharField(_("route"), max_length=12)
    historic = models.BooleanField(_("historic"), default=False)
    # Told is not seen: an urgent one asks for an answer, and goes one level up once if none comes by then.
    answer_by_at = models.DateTimeField(_("to be acknowledged by"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )
    raised_at = models.DateTimeField(_("told one level up at"), null=True, blank=True)
    raised_to = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("told one level up"))

    class Meta:
        abstract = True
        indexes = (
            # read by the sweep: what nobody has answered yet, and nothing else
            models.Index(
                fields=("answer_by_at",),
                name="%(class)s_unseen",
                condition=Q(answer_by_at__isnull=False, acknowledged_at__isnull=True, raised_at__isnull=True),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="%(class)s_answered_by_somebody",
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_raised_to_somebody",
                condition=Q(raised_at__isnull=True, raised_to=[]) | (Q(raised_at__isnull=False) & ~Q(raised_to=[])),
            ),
            models.UniqueConstraint(fields=("clock", "generation", "rung"), name="%(class)s_once"),
            models.CheckConstraint(name="%(class)s_somebody_told", condition=~Q(told=[])),
        )

    def __str__(self) -> str:
        return f"escalation {self.pk}"
