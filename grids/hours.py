"""Opening and closing times as people write them, in forms and in files; a day ends at 24:00."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTimeWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import ServiceHours
from grids.models.hours import END_OF_DAY, closing_text

_WRITTEN = re.compile(r"(\d{1,2})(?:[:：.](\d{2})(?:[:：]00)?|[点时](?:(\d{1,2})分?)?)?")
LAST_HOUR, MINUTES = 24, 60


def read_time(value: object, *, closing: bool = False) -> time | None:
    """Return a time of the day as people and spreadsheets write it; nothing for nothing. ``closing``: 24:00 is one.

    :raises ValueError: for anything else
    """
    if isinstance(value, float) and 0 <= value <= 1:  # a spreadsheet keeps a time as its share of the day
        value = timedelta(days=value)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / MINUTES)
        value = f"{minutes // MINUTES}:{minutes % MINUTES:02}"
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value
    text = "" if value is None else str(value).strip()
    if not text:
        return None
    found = _WRITTEN.fullmatch(text)
    hour, minute = (int(found[1]), int(found[2] or found[3] or 0)) if found else (-1, -1)
    if closing and (hour, minute) == (LAST_HOUR, 0):
        return END_OF_DAY
    if not (0 <= hour < LAST_HOUR and 0 <= minute < MINUTES):
        raise ValueError(_("“%(value)s” is not a time; write it as 17:30.") % {"value": text})
    return time(hour, minute)


class ClosingWidget(AdminTimeWidget):
    """A time that shows the end of the day as 24:00."""

    def format_value(self, value: Any) -> str | None:
        """As people write it."""
        return closing_text(value) if isinstance(value, time) else super().format_value(value)


class ClosingField(forms.TimeField):
    """A closing time, up to 24:00."""

    widget = ClosingWidget

    def to_python(self, value: Any) -> time | None:
        """Read it as it is written."""
        try:
            return read_time(value, closing=True)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


class ServiceHoursForm(forms.ModelForm):
    """Opening hours of one weekday and season."""

    closes = ClosingField(
        label=gettext_lazy("closes"), help_text=gettext_lazy("A hall that is open until midnight closes at 24:00.")
    )

    class Meta:
        model = ServiceHours
        fields = ["area", "weekday", "month_from", "month_to", "opens", "closes"]
