"""Forms of the reports: which one to write, and what the meeting that heard it concluded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.models import Area
from petitions.periods import Choices


class ReportForm(forms.Form):
    """Which area, which month, quarter or half-year that is over."""

    def __init__(self, *args: Any, areas: list[Area], periods: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        over = (
            (_("Months"), periods.months[1:]),
            (_("Quarters"), periods.quarters[1:]),
            (_("Half-years"), periods.halves[1:]),
        )
        self.fields["area"] = forms.ChoiceField(label=_("Area"), choices=[(area.code, area.label) for area in areas])
        self.fields["period"] = forms.ChoiceField(
            label=_("Month, quarter or half-year"),
            choices=[(heading, [(one.code, one.label) for one in found]) for heading, found in over],
        )


class HearingForm(forms.Form):
    """When the meeting was, and what it concluded."""

    held_on = forms.DateField(
        label=_("Day of the meeting"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    conclusions = forms.CharField(
        label=_("Conclusions"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was decided, who does it, and by when. Name no resident."),
    )
