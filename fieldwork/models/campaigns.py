"""Campaigns of visits with a checklist: 敲门连心, 访千家, 三活四清五百家 (000-26, 002-34, 003a-14, 004-07)."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.staff import Staff
from people.retention import Personal


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns by date and viewer."""

    def running(self, on: date) -> Self:
        """Campaigns whose days have come and are not over on the civil date ``on``."""
        return self.filter(starts_on__lte=on, ends_on__gte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's own areas, of the areas above, whose campaigns are his work, and of those below."""
        scope = Q(pk__in=())
        for held in staff.holdings:
            if held.kind == PostKind.SYSTEM_ADMINISTRATOR:
                continue
            above = [int(part) for part in held.path.split("/")[:-1]]
            scope |= Q(area__in=above) | Q(area__path__startswith=held.path)
        return self.filter(scope)


class Campaign(models.Model):
    """A round of visits to the households of an area between two days.

    ``goal``: how many households it is to reach, such as five hundred; without one, every household of the area.
    """

    personal: ClassVar[Personal] = Personal.none()

    name = models.CharField(_("name"), max_length=60)
    words = models.CharField(_("what it is for"), max_length=300, blank=True)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    goal = models.PositiveIntegerField(_("households to reach"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started at"))

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign of visits")
        verbose_name_plural = _("campaigns of visits")
        constraints = (
            models.CheckConstraint(name="campaign_from_before_to", condition=Q(starts_on__lte=F("ends_on"))),
            models.CheckConstraint(name="campaign_goal_is_some", condition=Q(goal__isnull=True) | Q(goal__gte=1)),
        )

    def __str__(self) -> str:
        return f"campaign {self.pk}"


class CampaignItem(models.Model):
    """One line of a campaign's checklist: what is asked or looked at in every household."""

    personal: ClassVar[Personal] = Personal.none()

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, db_index=False, related_name="items", verbose_name=_("campaign")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("text"), max_length=80)

    class Meta:
        verbose_name = _("line of a checklist")
        verbose_name_plural = _("lines of checklists")
        constraints = (models.UniqueConstraint(fields=("campaign", "position"), name="campaignitem_once"),)

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.position}"


class CampaignTick(models.Model):
    """That a line of the checklist was done on a visit."""

    personal: ClassVar[Personal] = Personal.none()

    visit = models.ForeignKey(
        "fieldwork.Visit", models.CASCADE, db_index=False, related_name="ticks", verbose_name=_("visit")
    )
    item = models.ForeignKey(CampaignItem, models.PROTECT, related_name="ticks", verbose_name=_("line"))

    class Meta:
        verbose_name = _("ticked line")
        verbose_name_plural = _("ticked lines")
        constraints = (models.UniqueConstraint(fields=("visit", "item"), name="tick_once"),)

    def __str__(self) -> str:
        return f"{self.visit_id}/{self.item_id}"
