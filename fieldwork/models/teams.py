"""Red-armband teams 红袖章 (002-33): who walks rounds together, each with his own consent."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.models.coverage import COUNTS
from grids.staff import Staff
from people.models import Person
from people.retention import Personal


class PatrolTeamQuerySet(models.QuerySet["PatrolTeam"]):
    """Teams by date and viewer."""

    def at(self, on: date) -> Self:
        """Teams that exist on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those at or under the areas of whoever works there or answers for it, and those one serves in."""
        scope = Q(pk__in=TeamMember.objects.serving().filter(user=staff.user.pk).values("team"))
        for path in staff.reach(*COUNTS):
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)


@pghistory.track(attrs={"personal": Personal.none()})
class PatrolTeam(models.Model):
    """A team that walks rounds in an area. Closed by ``valid_to``, never deleted: its routes point at it."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=60)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))

    objects = PatrolTeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("patrol team")
        verbose_name_plural = _("patrol teams")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "name"),
                name="patrolteam_once",
                condition=Q(valid_to__isnull=True),
                violation_error_message=_("This area has a team of this name already."),
            ),
            models.CheckConstraint(
                name="patrolteam_from_before_to", condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to"))
            ),
        )

    def __str__(self) -> str:
        return f"team {self.pk}"


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    """Members who serve now."""

    def serving(self) -> Self:
        """Those who have not left."""
        return self.filter(ends_on=None)


class TeamMember(models.Model):
    """Somebody in a team: an account of ours, or a resident who agreed to be written down, sealed."""

    personal: ClassVar[Personal] = Personal(
        fields=("user", "person", "agreed_on"),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        purpose=_("knowing who walks rounds in a team, and whom to call"),
        legal_ground=_("PIPL art. 13(1): the member's own consent"),
    )

    team = models.ForeignKey(PatrolTeam, models.CASCADE, db_index=False, related_name="members", verbose_name=_("team"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person without an account")
    )
    leads = models.BooleanField(_("leads the team"), default=False)
    agreed_on = models.DateField(_("agreed on"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a patrol team")
        verbose_name_plural = _("members of patrol teams")
        constraints = (
            models.CheckConstraint(
                name="teammember_account_or_person",
                condition=Q(user__isnull=False, person__isnull=True) | Q(user__isnull=True, person__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("team", "user"), name="teammember_once", condition=Q(ends_on__isnull=True, user__isnull=False)
            ),
            models.UniqueConstraint(
                fields=("team",), name="teammember_one_leads", condition=Q(ends_on__isnull=True, leads=True)
            ),
            models.CheckConstraint(
                name="teammember_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
        )
        indexes = (models.Index(fields=("team", "ends_on"), name="teammember_of_team"),)

    def __str__(self) -> str:
        return f"member {self.pk}"
