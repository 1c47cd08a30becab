from datetime import time
from typing import ClassVar, Final, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import Weekday
from grids.models.areas import Area
from grids.staff import Staff
from people.retention import Personal

# A hall that is open until midnight closes at 24:00; the column holds 00:00, at which no hall could close otherwise.
END_OF_DAY: Final = time(0)


def closing_text(closes: time) -> str:
    """Return a closing time as people write it: the end of the day is 24:00."""
    return "24:00" if closes == END_OF_DAY else f"{closes:%H:%M}"


class ServiceHoursQuerySet(models.QuerySet["ServiceHours"]):
    """Opening hours by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """The default hours and those of the person's own areas and the areas above."""
        if staff.is_administrator:
            return self
        scope = Q(area__isnull=True) if staff.holdings else Q(pk__in=())
        for path in staff.paths:
            scope |= Q(area__path__startswith=path) | Q(area__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class ServiceHours(models.Model):
    """When an area's service hall is open: one row per weekday, season and half of the day (lunch splits it).

    Times are civil times in Asia/Shanghai. Without an area the row is the default for all areas that have no rows
    of their own. A season may run over New Year (``month_from`` 11, ``month_to`` 3). ``closes`` 00:00 is the end of
    the day (``END_OF_DAY``); open around the clock is 00:00 to 24:00.
    """

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey(
        Area,
        models.CASCADE,
        verbose_name=_("area"),
        related_name="service_hours",
        null=True,
        blank=True,
        help_text=_("Empty: the default for every area without hours of its own."),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    month_from = models.PositiveSmallIntegerField(_("from month"), default=1)
    month_to = models.PositiveSmallIntegerField(_("to month (inclusive)"), default=12)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    objects = ServiceHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("service hours")
        verbose_name_plural = _("service hours")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "weekday", "month_from", "opens"],
                name="servicehours_once",
                nulls_distinct=False,
                violation_error_message=_("These hours are there already."),
            ),
            models.CheckConstraint(name="servicehours_weekday_known", condition=Q(weekday__range=(0, 6))),
            models.CheckConstraint(
                name="servicehours_months_known",
                condition=Q(month_from__range=(1, 12), month_to__range=(1, 12)),
                violation_error_message=_("Months are numbers from 1 to 12."),
            ),
            models.CheckConstraint(
                name="servicehours_open_before_close",
                condition=Q(opens__lt=F("closes")) | Q(closes=END_OF_DAY),
                violation_error_message=_("Closing time must lie after opening time."),
            ),
        ]

    def __str__(self) -> str:
        months = f"{self.month_from}-{self.month_to}"
        hours = f"{self.opens:%H:%M}-{closing_text(self.closes)}"
        return f"{self.area_id or '*'} {months} {self.get_weekday_display()} {hours}"
