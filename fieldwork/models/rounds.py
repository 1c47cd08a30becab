"""One round of a patrol on its day, the places confirmed on it by button, and what was found there."""

import uuid
from typing import ClassVar, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import RoundReason, RoundState
from fieldwork.models.coverage import COUNTS
from fieldwork.models.patrols import PatrolPoint, PatrolRoute
from fieldwork.models.teams import TeamMember
from grids.staff import Staff
from people.fields import Sealed
from people.retention import Personal

TO_WALK: Final = (RoundState.OPEN, RoundState.UNDER_WAY)
KEEP: Final = "90 days"
PURPOSE: Final = _("knowing that a round was walked, never where somebody is")
GROUND: Final = _("PIPL art. 13(3): statutory duty")


class PatrolDutyQuerySet(models.QuerySet["PatrolDuty"]):
    """Rounds by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of the routes at or under the areas of whoever works there or answers for it, and of one's teams."""
        scope = Q(route__team__in=TeamMember.objects.serving().filter(user=staff.user.pk).values("team"))
        for path in staff.reach(*COUNTS):
            scope |= Q(route__area__path__startswith=path)
        return self.filter(scope)


class PatrolDuty(models.Model):
    """One round of a route on one day, to be done by a time of day. Made once by ``rounds.make_day``.

    ``asked``, ``confirmed`` and ``found`` are the sums of its day, which stay; who walked it and when does not.
    ``opens_at``: a later round of a day begins when the one before it was due. ``up_told``: whether the post above
    the lead has been told that it was not done.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("walker", "begun_at", "done_at"),
        keep=KEEP,
        after="created",
        subjects="staff",
        purpose=PURPOSE,
        legal_ground=GROUND,
    )

    route = models.ForeignKey(
        PatrolRoute, models.PROTECT, db_index=False, related_name="duties", verbose_name=_("route")
    )
    on = models.DateField(_("day"))
    opens_at = models.TimeField(_("begins at"), null=True, blank=True)
    due_by = models.TimeField(_("done by"))
    state = models.CharField(_("state"), max_length=10, choices=RoundState, default=RoundState.OPEN)
    walker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("walked by")
    )
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    asked = models.PositiveSmallIntegerField(_("places to pass"))
    confirmed = models.PositiveSmallIntegerField(_("places confirmed"), default=0)
    found = models.PositiveSmallIntegerField(_("matters found"), default=0)
    in_time = models.BooleanField(_("done in time"), null=True, blank=True)
    reason = models.CharField(_("why it was not done"), max_length=10, choices=RoundReason, blank=True)
    in_emergency = models.BooleanField(_("in emergency mode"), default=False)
    up_told = models.BooleanField(_("the post above was told"), default=False)

    objects = PatrolDutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of a patrol")
        verbose_name_plural = _("rounds of patrols")
        indexes = (
            # the rounds of today, and what yesterday left
            models.Index(fields=("on",), name="patrolduty_to_walk", condition=Q(state__in=TO_WALK)),
            models.Index(
                fields=("on",), name="patrolduty_missed", condition=Q(state=RoundState.MISSED, up_told=False, reason="")
            ),
            # one's own, and those whose walker is to be forgotten
            models.Index(fields=("walker", "on"), name="patrolduty_walker", condition=Q(walker__isnull=False)),
        )
        constraints = (
            models.UniqueConstraint(fields=("route", "on", "due_by"), name="patrolduty_once"),
            models.CheckConstraint(
                name="patrolduty_state_known", condition=Q(state__in=[one.value for one in RoundState])
            ),
            models.CheckConstraint(
                name="patrolduty_asks_something", condition=Q(asked__gte=1) & Q(confirmed__lte=F("asked"))
            ),
            models.CheckConstraint(
                name="patrolduty_done_iff_all_confirmed",
                condition=Q(state=RoundState.DONE, confirmed=F("asked"), in_time__isnull=False)
                | (~Q(state=RoundState.DONE) & Q(confirmed__lt=F("asked"), in_time__isnull=True)),
            ),
            models.CheckConstraint(
                name="patrolduty_reason_only_if_missed", condition=Q(reason="") | Q(state=RoundState.MISSED)
            ),
        )

    def __str__(self) -> str:
        return f"round {self.pk}"


class PatrolCheck(models.Model):
    """That somebody stood at a place of a round and pressed the button. The server says when.

    ``where``: his own coordinates if he chose to add them, sealed; nobody but he himself is ever shown them.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("by", "at", "where_sealed"),
        keep=KEEP,
        after="created",
        ends="deleted",
        subjects="staff",
        sensitive=("where_sealed",),
        purpose=PURPOSE,
        legal_ground=GROUND,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty = models.ForeignKey(PatrolDuty, models.CASCADE, db_index=False, related_name="checks", verbose_name=_("round"))
    point = models.ForeignKey(PatrolPoint, models.PROTECT, related_name="+", verbose_name=_("place"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    all_right = models.BooleanField(_("all right"))
    where_sealed = models.BinaryField(_("place of the device (sealed)"), null=True, blank=True)

    where = Sealed("where_sealed")

    class Meta:
        verbose_name = _("confirmed place of a round")
        verbose_name_plural = _("confirmed places of rounds")
        indexes = (
            models.Index(fields=("at",), name="patrolcheck_at"),
            models.Index(fields=("by", "-at"), name="patrolcheck_by"),
        )
        constraints = (models.UniqueConstraint(fields=("duty", "point"), name="patrolcheck_once"),)

    def __str__(self) -> str:
        return f"check {self.pk}"


class PatrolFinding(models.Model):
    """That a round led to a matter, which has its own file from then on. Ends with the confirmations."""

    personal: ClassVar[Personal] = Personal(
        fields=("by", "at"),
        keep=KEEP,
        after="created",
        ends="deleted",
        subjects="staff",
        purpose=PURPOSE,
        legal_ground=GROUND,
    )

    duty = models.ForeignKey(PatrolDuty, models.CASCADE, related_name="findings", verbose_name=_("round"))
    point = models.ForeignKey(
        PatrolPoint, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    petition = models.OneToOneField(
        "petitions.Petition", models.PROTECT, related_name="patrol_finding", verbose_name=_("petition")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("matter found on a round")
        verbose_name_plural = _("matters found on rounds")
        indexes = (models.Index(fields=("at",), name="patrolfinding_at"),)

    def __str__(self) -> str:
        return f"finding {self.pk}"
