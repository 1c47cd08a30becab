"""Routes of patrols and the places on them, and on which days somebody walks them (002-33, 002-36, 003b-12)."""

from datetime import date
from typing import ClassVar, Final, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import Rhythm
from fieldwork.models.coverage import COUNTS
from fieldwork.models.teams import PatrolTeam, TeamMember
from grids.enums import Level, PostKind
from grids.staff import Staff
from people.retention import Personal

# Whose round it can be, by where the route lies. A lane is a grid of its own kind: its lead (巷长) is a grid lead.
WALKERS: Final[dict[Level, tuple[PostKind, ...]]] = {
    Level.GRID: (PostKind.GRID_WORKER, PostKind.GRID_LEAD),
    Level.COMMUNITY: (PostKind.COMMUNITY_WORKER, PostKind.COMMUNITY_SECRETARY),
    Level.STREET: (PostKind.DISPATCHER, PostKind.STREET_LEADER),
}
WALKING: Final = frozenset(kind for kinds in WALKERS.values() for kind in kinds)
MOST_TIMES: Final = 6


class PatrolRouteQuerySet(models.QuerySet["PatrolRoute"]):
    """Routes by date and viewer."""

    def at(self, on: date) -> Self:
        """Routes that are walked on the civil date ``on``, as far as their rhythm asks."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those at or under the areas of whoever works there or answers for it, and those of one's own teams."""
        scope = Q(team__in=TeamMember.objects.serving().filter(user=staff.user.pk).values("team"))
        for path in staff.reach(*COUNTS):
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)


@pghistory.track(attrs={"personal": Personal.none()})
class PatrolRoute(models.Model):
    """A way through a grid, a community or a street that is walked at certain times of certain days.

    ``times``: by when each round of a day is to be done, in order; ``emergency_times`` take their place, on every day,
    while the area is in emergency mode. ``post`` or ``team``: whose round it is; the posts
    of the same area may step in. Closed by ``valid_to``, never deleted: the rounds that were walked point at it.
    """

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=60)
    post = models.CharField(_("whose round it is"), max_length=24, choices=PostKind, blank=True)
    team = models.ForeignKey(
        PatrolTeam, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("patrol team")
    )
    rhythm = models.CharField(_("on which days"), max_length=8, choices=Rhythm, default=Rhythm.DAILY)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("weekdays"), default=list, blank=True)
    on_holidays = models.BooleanField(
        _("also on public holidays"), default=True, help_text=_("Public holidays as the work calendar names them.")
    )
    times = ArrayField(models.TimeField(), verbose_name=_("done by"))
    emergency_times = ArrayField(
        models.TimeField(), verbose_name=_("done by, in emergency mode"), default=list, blank=True
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    set_at = models.DateTimeField(_("days and times set at"))

    objects = PatrolRouteQuerySet.as_manager()

    class Meta:
        verbose_name = _("route of a patrol")
        verbose_name_plural = _("routes of patrols")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "name"),
                name="patrolroute_once",
                condition=Q(valid_to__isnull=True),
                violation_error_message=_("This area has a route of this name already."),
            ),
            models.CheckConstraint(
                name="patrolroute_rhythm_known", condition=Q(rhythm__in=[one.value for one in Rhythm])
            ),
            models.CheckConstraint(
                name="patrolroute_post_or_team_walks",
                condition=Q(post__in=sorted(kind.value for kind in WALKING), team__isnull=True)
                | Q(post="", team__isnull=False),
            ),
            models.CheckConstraint(
                name="patrolroute_weekdays_iff_asked",
                condition=Q(rhythm=Rhythm.WEEKDAYS, weekdays__len__gt=0)
                | (~Q(rhythm=Rhythm.WEEKDAYS) & Q(weekdays__len=0)),
            ),
            models.CheckConstraint(
                name="patrolroute_has_times",
                condition=Q(times__len__range=(1, MOST_TIMES), emergency_times__len__lte=MOST_TIMES),
            ),
            models.CheckConstraint(
                name="patrolroute_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
            ),
        )

    def __str__(self) -> str:
        return f"route {self.pk}"


class PatrolPointQuerySet(models.QuerySet["PatrolPoint"]):
    """Places of routes by date."""

    def at(self, on: date) -> Self:
        """Places that a round of the civil date ``on`` passes."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


@pghistory.track(attrs={"personal": Personal.none()})
class PatrolPoint(models.Model):
    """One place on a route: where it is in words, and what to look at there."""

    personal: ClassVar[Personal] = Personal.none()

    route = models.ForeignKey(PatrolRoute, models.CASCADE, related_name="points", verbose_name=_("route"))
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=60)
    look_at = models.CharField(_("what to look at"), max_length=200, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = PatrolPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on a route")
        verbose_name_plural = _("places on routes")
        constraints = (
            models.UniqueConstraint(
                fields=("route", "position"), name="patrolpoint_once", condition=Q(ends_on__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.route_id}/{self.position} #{self.pk}"
