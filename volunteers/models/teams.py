"""Teams of volunteers 志愿服务队: of a grid (000-74), red vests 红马甲 (002-31), of an organisation; who leads them."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.models.coverage import COUNTS
from grids.models.posts import BOTH_INCLUDED, Days
from grids.staff import Staff
from people.retention import Personal
from volunteers.enums import TeamKind
from volunteers.models.volunteers import Volunteer


class VolunteerTeamQuerySet(models.QuerySet["VolunteerTeam"]):
    """Teams by date and viewer."""

    def at(self, on: date) -> Self:
        """Teams that exist on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those at or under the areas of whoever works there or answers for it."""
        scope = Q(pk__in=())
        for path in staff.reach(*COUNTS):
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)


@pghistory.track(attrs={"personal": Personal.none()})
class VolunteerTeam(models.Model):
    """A team of volunteers in a grid or a community. Closed by ``valid_to``, never deleted: its work points at it."""

    personal: ClassVar[Personal] = Personal.none()

    kind = models.CharField(_("kind"), max_length=12, choices=TeamKind)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    organisation = models.ForeignKey(
        "grids.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=60)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))

    objects = VolunteerTeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer team")
        verbose_name_plural = _("volunteer teams")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "name"),
                name="volunteerteam_once",
                condition=Q(valid_to__isnull=True),
                violation_error_message=_("This area has a team of this name already."),
            ),
            # one team for each grid is what is counted (000-74)
            models.UniqueConstraint(
                fields=("area",),
                name="volunteerteam_one_of_a_grid",
                condition=Q(valid_to__isnull=True, kind=TeamKind.GRID),
                violation_error_message=_("This grid has its team already."),
            ),
            models.CheckConstraint(
                name="volunteerteam_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
            ),
            models.CheckConstraint(
                name="volunteerteam_of_an_organisation",
                condition=Q(kind=TeamKind.ORGANISATION, organisation__isnull=False)
                | (~Q(kind=TeamKind.ORGANISATION) & Q(organisation__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"volunteer team {self.pk}"


class Membership(models.Model):
    """A volunteer in a team, from one day to another."""

    personal: ClassVar[Personal] = Personal(
        fields=("volunteer",),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        purpose=_("knowing who helps in a team"),
        legal_ground=_("PIPL art. 13(1): consent; Volunteer Service Regulation 2017, art. 7"),
    )

    team = models.ForeignKey(
        VolunteerTeam, models.PROTECT, db_index=False, related_name="memberships", verbose_name=_("team")
    )
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="memberships", verbose_name=_("volunteer"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("member of a volunteer team")
        verbose_name_plural = _("members of volunteer teams")
        constraints = (
            models.UniqueConstraint(
                fields=("team", "volunteer"), name="membership_once", condition=Q(ends_on__isnull=True)
            ),
            models.CheckConstraint(
                name="membership_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
        )

    def __str__(self) -> str:
        return f"membership {self.pk}"


class Mandate(models.Model):
    """A named volunteer leads a team for dated days: a mandate, not a shared password. One leader on any day."""

    personal: ClassVar[Personal] = Personal(
        fields=("volunteer",),
        keep="3 years",
        after="ends_on",
        ends="deleted",
        purpose=_("knowing who speaks and acts for a team, and since when"),
        legal_ground=_("PIPL art. 13(1): consent; Volunteer Service Regulation 2017, art. 7"),
    )

    team = models.ForeignKey(
        VolunteerTeam, models.PROTECT, db_index=False, related_name="mandates", verbose_name=_("team")
    )
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="mandates", verbose_name=_("volunteer"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("given by")
    )

    class Meta:
        verbose_name = _("mandate of a team leader")
        verbose_name_plural = _("mandates of team leaders")
        constraints = (
            models.CheckConstraint(name="mandate_from_before_to", condition=Q(starts_on__lte=F("ends_on"))),
            ExclusionConstraint(
                name="mandate_one_leader_a_day",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on", BOTH_INCLUDED), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Somebody leads the team on these days already."),
            ),
        )

    def __str__(self) -> str:
        return f"mandate {self.pk}"
