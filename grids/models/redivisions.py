"""Plans to draw the grids of a community anew, line by line, and which area followed which."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import KEEPS_POSTS, Level, RedivisionState
from grids.models.areas import Area
from grids.models.posts import Appointment
from grids.staff import Staff
from people.models import User
from people.retention import Personal


class RedivisionQuerySet(models.QuerySet["Redivision"]):
    """Plans by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of communities whose areas, or the areas above, the person keeps."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.reach(*KEEPS_POSTS):
            scope |= Q(community__path__startswith=path)
        return self.filter(scope)


class Redivision(models.Model):
    """A dated plan: from the civil day ``on`` the grids of one community are drawn as its lines say.

    ``version`` grows with every edit of the draft. ``level`` is that of the post it was proposed from; one level above
    decides. ``taken`` counts what passed, by the code of each part ("petitions": 12); codes and numbers only.
    """

    personal: ClassVar[Personal] = Personal.none()

    community = models.ForeignKey(Area, models.PROTECT, verbose_name=_("community"), related_name="redivisions")
    on = models.DateField(_("first day of the new grids"))
    reason = models.CharField(_("why the grids are drawn anew"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=RedivisionState, default=RedivisionState.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1)
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("drawn by"), related_name="+")
    made_at = models.DateTimeField(_("drawn at"))
    proposed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("proposed by"), related_name="+", null=True, blank=True
    )
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True)
    level = models.SmallIntegerField(_("proposed at the level"), choices=Level, null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision = models.CharField(_("words to the decision"), max_length=300, blank=True)
    applied_at = models.DateTimeField(_("carried out at"), null=True, blank=True)
    taken = models.JSONField(_("what passed"), default=dict, blank=True)

    objects = RedivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("re-division of grids")
        verbose_name_plural = _("re-divisions of grids")
        constraints = [
            models.CheckConstraint(
                name="redivision_applied_iff_at",
                condition=Q(state=RedivisionState.APPLIED, applied_at__isnull=False)
                | (~Q(state=RedivisionState.APPLIED) & Q(applied_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="redivision_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="redivision_decided_has_who",
                condition=~Q(state__in=(RedivisionState.APPROVED, RedivisionState.REFUSED, RedivisionState.APPLIED))
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index("on", name="redivision_waiting", condition=Q(state=RedivisionState.APPROVED))]
        triggers = [pgtrigger.Protect(name="redivision_stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.community_id} {self.on:%Y-%m-%d} #{self.pk}"


class RedivisionGrid(models.Model):
    """One grid of a plan: one of today (``grid``), or a new one, whose ``grid`` is made when the plan is applied.

    A grid that ends names its ``heir``, which takes whatever lies in no building of it.
    """

    personal: ClassVar[Personal] = Personal.none()

    plan = models.ForeignKey(Redivision, models.PROTECT, related_name="grids", verbose_name=_("plan"))
    grid = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("grid"))
    code = models.CharField(_("code"), max_length=32)
    name = models.CharField(_("name"), max_length=100)
    is_new = models.BooleanField(_("new"), default=False)
    ends = models.BooleanField(_("ends"), default=False)
    heir = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("what has no building goes to")
    )
    stays_empty = models.BooleanField(_("stays without a building on purpose"), default=False)

    class Meta:
        verbose_name = _("grid of a re-division")
        verbose_name_plural = _("grids of a re-division")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="redivision_code_once"),
            models.CheckConstraint(
                name="redivision_heir_is_another", condition=Q(heir__isnull=True) | ~Q(heir=F("id"))
            ),
            models.CheckConstraint(name="redivision_new_does_not_end", condition=Q(is_new=False) | Q(ends=False)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class RedivisionBuilding(models.Model):
    """Where a building goes: each stands in a plan once, with the grid it was found in."""

    personal: ClassVar[Personal] = Personal.none()

    plan = models.ForeignKey(Redivision, models.PROTECT, related_name="buildings", verbose_name=_("plan"))
    building = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("building"))
    from_grid = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("grid today"))
    to = models.ForeignKey(RedivisionGrid, models.PROTECT, related_name="buildings", verbose_name=_("new grid"))

    class Meta:
        verbose_name = _("building of a re-division")
        verbose_name_plural = _("buildings of a re-division")
        constraints = [models.UniqueConstraint(fields=["plan", "building"], name="redivision_building_once")]

    def __str__(self) -> str:
        return f"{self.building_id} → {self.to_id} #{self.pk}"


class RedivisionSeat(models.Model):
    """Where somebody who holds a post of a grid goes; ``to`` is empty for an appointment that ends."""

    personal: ClassVar[Personal] = Personal.none()

    plan = models.ForeignKey(Redivision, models.PROTECT, related_name="seats", verbose_name=_("plan"))
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="+", verbose_name=_("appointment"))
    to = models.ForeignKey(
        RedivisionGrid, models.PROTECT, related_name="seats", null=True, blank=True, verbose_name=_("new grid")
    )

    class Meta:
        verbose_name = _("post in a re-division")
        verbose_name_plural = _("posts in a re-division")
        constraints = [models.UniqueConstraint(fields=["plan", "appointment"], name="redivision_seat_once")]

    def __str__(self) -> str:
        return f"{self.appointment_id} → {self.to_id} #{self.pk}"


class AreaSuccession(models.Model):
    """From the day ``on`` a grid answers for what another did; ``is_heir``: also for what lies in no building."""

    personal: ClassVar[Personal] = Personal.none()

    plan = models.ForeignKey(Redivision, models.PROTECT, related_name="successions", verbose_name=_("plan"))
    predecessor = models.ForeignKey(Area, models.PROTECT, related_name="followed_by", verbose_name=_("before"))
    successor = models.ForeignKey(Area, models.PROTECT, related_name="follows", verbose_name=_("after"))
    on = models.DateField(_("first day"))
    is_heir = models.BooleanField(_("takes what has no building"), default=False)

    class Meta:
        verbose_name = _("area that followed another")
        verbose_name_plural = _("areas that followed others")
        constraints = [
            models.UniqueConstraint(fields=["plan", "predecessor", "successor"], name="areasuccession_once"),
            models.CheckConstraint(name="areasuccession_of_another", condition=~Q(predecessor=F("successor"))),
        ]
        triggers = [pgtrigger.Protect(name="areasuccession_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id} {self.on:%Y-%m-%d} #{self.pk}"
