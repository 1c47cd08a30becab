"""The work calendar: days that differ from Monday to Friday, by the yearly notice."""

from typing import ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from deadlines.enums import DayKind
from people.retention import Personal


@pghistory.track(attrs={"personal": Personal.none()})
class CalendarYear(models.Model):
    """One year of the calendar and the notice it rests on; without a notice it is provisional."""

    personal: ClassVar[Personal] = Personal.none()

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    notice = models.CharField(_("notice"), max_length=200, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")

    def __str__(self) -> str:
        return str(self.year)


@pghistory.track(attrs={"personal": Personal.none()})
class CalendarDay(models.Model):
    """A holiday, or a weekend day that is worked to make up for one."""

    personal: ClassVar[Personal] = Personal.none()

    date = models.DateField(_("date"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=16, choices=DayKind)
    code = models.SlugField(_("holiday"), max_length=30)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    year = models.ForeignKey(CalendarYear, models.PROTECT, related_name="days", verbose_name=_("year"))

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"
