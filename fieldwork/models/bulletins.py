"""Notices to residents 社区公告: of a community or grid, or of some of its buildings, for some days."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import BulletinState
from fieldwork.models.coverage import COUNTS
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people.retention import Personal


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    """Notices, by day, place and viewer."""

    def showing(self, on: date) -> Self:
        """Those that residents read on a civil date."""
        return self.filter(state=BulletinState.PUBLISHED, from_on__lte=on, to_on__gte=on)

    def for_place(self, area: Area) -> Self:
        """Those for a place: of the areas it lies in; of a community also those of its grids; of a house its own."""
        here = Q(area__in=area.line_ids())
        if area.level <= Level.GRID:
            return self.filter(here | Q(area__path__startswith=area.path))
        return self.filter(here, Q(buildings=None) | Q(buildings__in=area.line_ids())).distinct()

    def visible_to(self, staff: Staff) -> Self:
        """Those at or under the person's areas, for posts that answer for areas."""
        scope = Q(pk__in=())
        for path in staff.reach(*COUNTS):
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)


class Bulletin(models.Model):
    """Something residents should know: water cut off, a meeting, a clinic. No personal data stands in it."""

    personal: ClassVar[Personal] = Personal.none()

    client_key = models.UUIDField(_("client key"), unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("community or grid"))
    buildings = models.ManyToManyField("grids.Area", blank=True, related_name="+", verbose_name=_("buildings"))
    title = models.CharField(_("title"), max_length=60)
    words = models.TextField(_("text"), max_length=2000)
    office_phone = models.CharField(_("office telephone"), max_length=30, blank=True)
    from_on = models.DateField(_("first day"))
    to_on = models.DateField(_("last day"))
    is_pinned = models.BooleanField(_("pinned on top"), default=False)
    state = models.CharField(_("state"), max_length=9, choices=BulletinState)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    at = models.DateTimeField(_("written at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    why = models.CharField(_("reason"), max_length=200, blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to residents")
        verbose_name_plural = _("notices to residents")
        indexes = (models.Index(fields=("area", "to_on"), name="bulletin_showing"),)
        constraints = (
            models.CheckConstraint(name="bulletin_days_in_order", condition=Q(from_on__lte=F("to_on"))),
            models.CheckConstraint(
                name="bulletin_decided_by_another",
                condition=Q(decided_by=None) | ~Q(state="published", by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="bulletin_reason_given", condition=~Q(state__in=("refused", "withdrawn")) | ~Q(why="")
            ),
        )

    def __str__(self) -> str:
        return f"bulletin {self.pk}"
