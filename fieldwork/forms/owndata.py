"""What a resident says of his own data in the ledger of households."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork.forms.visits import as_digits
from fieldwork.owndata import Entry


class OwnForm(forms.Form):
    """A form about one entry; ``key`` names it."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=36)

    def __init__(self, data: Mapping[str, Any] | None = None, *, entry: Entry) -> None:
        """Nothing known is shown again."""
        super().__init__(data, initial={"key": entry.key}, auto_id=f"{type(self).__name__.lower()}_{entry.key}_%s")


class CorrectForm(OwnForm):
    """Name and number as they shall be."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone number"),
        help_text=gettext_lazy("With another number you no longer get in here with this one."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])


class EraseForm(OwnForm):
    """Out of the ledger."""

    sure = forms.BooleanField(
        label=gettext_lazy("Yes, take me out of the ledger. I know that it cannot be undone."),
        error_messages={"required": gettext_lazy("Please tick the box if you want to be taken out.")},
    )
