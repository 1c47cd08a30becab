"""What became of each period, counted once when its time for writing down was over."""

from typing import ClassVar, Final, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.models.duties import VisitDuty
from grids.enums import PostKind
from grids.staff import Staff
from people.retention import Personal

# Who sees how many households were visited: whoever works there and whoever answers for it above.
COUNTS: Final = frozenset(
    {
        PostKind.GRID_WORKER,
        PostKind.GRID_LEAD,
        PostKind.COMMUNITY_SECRETARY,
        PostKind.COMMUNITY_WORKER,
        PostKind.DISPATCHER,
        PostKind.STREET_LEADER,
        PostKind.SUPERVISOR,
        PostKind.DISTRICT_COMMAND,
    }
)


class VisitCoverageQuerySet(models.QuerySet["VisitCoverage"]):
    """Counts by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of the grids at or under the person's areas."""
        scope = Q(pk__in=())
        for path in staff.reach(*COUNTS):
            scope |= Q(grid__path__startswith=path)
        return self.filter(scope)


class VisitCoverage(models.Model):
    """Of so many households that one kind of visit was asked for in a grid in a period, so many were reached.

    A count, once made, stays: what is written down later stands in the log, not here.
    """

    personal: ClassVar[Personal] = Personal.none()

    duty = models.ForeignKey(
        VisitDuty, models.PROTECT, db_index=False, related_name="+", verbose_name=_("kind of visit")
    )
    grid = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("grid"))
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    asked = models.PositiveIntegerField(_("households asked for"))
    visited = models.PositiveIntegerField(_("households reached"))
    counted_at = models.DateTimeField(_("counted at"))

    objects = VisitCoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage of visits")
        verbose_name_plural = _("coverage of visits")
        constraints = (
            models.UniqueConstraint(fields=("duty", "first_on", "grid"), name="coverage_once_a_period"),
            models.CheckConstraint(
                name="coverage_visited_of_asked", condition=Q(asked__gte=1) & Q(visited__lte=F("asked"))
            ),
            models.CheckConstraint(name="coverage_from_before_to", condition=Q(first_on__lte=F("last_on"))),
        )

    def __str__(self) -> str:
        return f"coverage {self.pk}"
