"""What lending asks: who takes it, a number to call, and that they agree."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork.forms.visits import as_digits, telephone


class LendForm(forms.Form):
    """Who takes a piece."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write down who takes it.")},
    )
    phone = telephone()
    agreed = forms.BooleanField(
        label=gettext_lazy("They agree that name and number are kept until 30 days after it is back"), required=False
    )

    def __init__(self, data: Any = None) -> None:
        """A key of its own for each form: sent twice it is one loan."""
        super().__init__(data, initial={"client_key": uuid.uuid4()}, auto_id="lend_%s")
        self.fields["phone"].required = True

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])

    def facts(self) -> dict[str, Any]:
        """Return what ``loans.lend`` takes beside the item, ``by`` and ``at``."""
        return dict(self.cleaned_data)
