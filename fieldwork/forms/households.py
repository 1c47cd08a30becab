"""Writing down the doors of a house."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork import households
from fieldwork.forms.visits import as_digits, telephone
from grids.models import Area
from people.errors import Refusal
from petitions.forms.placing import PlaceForm


class DoorsForm(PlaceForm):
    """A house or a stairwell, its doors, and of a single door who may be asked there."""

    doors = forms.CharField(
        label=gettext_lazy("Doors"),
        help_text=gettext_lazy("As many as you like: 101 102 201-204. Those known already stay as they are."),
        max_length=2000,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "text"}),
        error_messages={"required": gettext_lazy("Write down at least one door.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Who may be asked there"),
        help_text=gettext_lazy("For a single door only, and only if they agree."),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    phone = telephone()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, on: date, within: str, offered: Sequence[Area], **options: Any
    ) -> None:
        """As the form of a place."""
        super().__init__(data, on=on, within=within, offered=offered, **options)

    def clean_doors(self) -> str:
        """Return what was typed, once it can be read."""
        typed: str = self.cleaned_data["doors"]
        try:
            households.doors_in(typed)
        except Refusal as no:
            raise forms.ValidationError(str(no)) from no
        return typed

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])

    def facts(self) -> dict[str, Any]:
        """Return what ``households.add`` takes beside ``by`` and ``at``."""
        given = self.cleaned_data
        return {
            "place": self.area,
            "doors": households.doors_in(given["doors"]),
            "name": given["name"],
            "phone": given["phone"],
        }
