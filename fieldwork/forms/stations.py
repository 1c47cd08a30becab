"""What the pages of stations ask their staff."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork.models import StationDays, StationHours
from fieldwork.stations import LONGEST_WORDS
from grids.hours import ClosingField
from petitions.forms.circulars import DayField


class CloseForm(forms.Form):
    """From when to when a station stays closed, and what people are told."""

    starts_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(label=gettext_lazy("Last day"))
    words = forms.CharField(
        label=gettext_lazy("What people are told"),
        help_text=gettext_lazy("Why, and where they can go meanwhile. Everybody reads it."),
        max_length=LONGEST_WORDS,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, on: date) -> None:
        """``on``: civil date in Shanghai, the first day to begin with."""
        super().__init__(data, initial={"starts_on": on, "ends_on": on}, auto_id="close_%s")


class StationHoursForm(forms.ModelForm):
    """Opening hours of one weekday and season; a day ends at 24:00."""

    closes = ClosingField(label=gettext_lazy("closes"))

    class Meta:
        model = StationHours
        fields = ["station", "weekday", "month_from", "month_to", "opens", "closes"]


class StationDaysForm(forms.ModelForm):
    """Other hours of some days; both times empty is closed."""

    closes = ClosingField(label=gettext_lazy("closes"), required=False)

    class Meta:
        model = StationDays
        fields = ["station", "starts_on", "ends_on", "opens", "closes", "words"]
