"""What the register of legally informed residents asks."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork.enums import LegalRole
from fieldwork.forms.visits import as_digits, telephone
from fieldwork.legalpeople import MOST_HOURS
from fieldwork.models import LegalPerson
from grids.models import Area


def _term() -> forms.DateField:
    return forms.DateField(
        label=gettext_lazy("Last day of the term"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


def _named() -> forms.BooleanField:
    return forms.BooleanField(
        label=gettext_lazy("They also agree that residents read their name"),
        help_text=gettext_lazy("The name alone, never the number: residents reach them through the community."),
        required=False,
    )


class LegalPersonForm(forms.Form):
    """Somebody who agreed to explain the law to neighbours."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    role = forms.TypedChoiceField(
        label=gettext_lazy("Role"),
        choices=LegalRole,
        coerce=LegalRole,
        initial=LegalRole.INFORMED,
        widget=forms.RadioSelect,
    )
    area = forms.ChoiceField(label=gettext_lazy("Grid or community"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write down a name.")},
    )
    phone = telephone(help_text=gettext_lazy("Only if they want to be called."))
    term_ends_on = _term()
    agreed = forms.BooleanField(
        label=gettext_lazy("They agree to be written down"),
        help_text=gettext_lazy("They can take it back at any time; name and number are then gone at once."),
        required=False,
    )
    is_named = _named()

    def __init__(self, data: Mapping[str, Any] | None = None, *, areas: Sequence[Area], on: date) -> None:
        """``areas``: the grids and communities whose register the person keeps; ``on``: today."""
        self.areas = {area.code: area for area in areas}
        term = date(on.year + 2, 12, 31)
        super().__init__(data, initial={"client_key": uuid.uuid4(), "term_ends_on": term})
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, area.label) for code, area in self.areas.items()]

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])

    def facts(self) -> dict[str, Any]:
        """Return what ``legalpeople.add`` takes."""
        return {**self.cleaned_data, "area": self.areas[self.cleaned_data["area"]]}


class TrainingForm(forms.Form):
    """A training they took part in."""

    taken_on = forms.DateField(
        label=gettext_lazy("Day of the training"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    subject = forms.CharField(
        label=gettext_lazy("What the training was about"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say what it was about.")},
    )
    hours = forms.IntegerField(label=gettext_lazy("Hours"), min_value=1, max_value=MOST_HOURS, initial=2)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="training_%s")

    def facts(self) -> dict[str, Any]:
        """Return what ``legalpeople.trained`` takes."""
        return dict(self.cleaned_data)


class TermForm(forms.Form):
    """Until when the term lasts, and whether residents read the name."""

    term_ends_on = _term()
    is_named = _named()

    def __init__(self, data: Mapping[str, Any] | None = None, *, row: LegalPerson) -> None:
        """Start from what is written down."""
        given = {"term_ends_on": row.term_ends_on, "is_named": row.is_named}
        super().__init__(data, initial=given, auto_id="term_%s")

    def facts(self) -> dict[str, Any]:
        """Return what ``legalpeople.change`` takes."""
        return dict(self.cleaned_data)
