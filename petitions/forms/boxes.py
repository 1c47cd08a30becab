"""The form of a box that was emptied."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

MOST_SLIPS = 500


class EmptyingForm(forms.Form):
    """How many slips lay in a box."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    slips = forms.IntegerField(
        label=gettext_lazy("How many slips lay in it?"),
        help_text=gettext_lazy("Write 0 if the box was empty."),
        min_value=0,
        max_value=MOST_SLIPS,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-4"}),
    )
    blank = forms.IntegerField(
        label=gettext_lazy("How many of them are empty or not legible?"),
        min_value=0,
        max_value=MOST_SLIPS,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-4"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"client_key": uuid.uuid4()})

    def facts(self) -> dict[str, Any]:
        """Return what ``boxes.empty`` takes."""
        given = self.cleaned_data
        return {"client_key": given["client_key"], "slips": given["slips"], "blank": given["blank"] or 0}
