"""What a notice to residents asks."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork import bulletins
from grids.models import Area

WEEK = timedelta(days=7)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class BulletinForm(forms.Form):
    """A notice: for whom, what, when."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=bulletins.LONGEST_TITLE,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Text of the notice"),
        help_text=gettext_lazy("What, where, when, for whom. No names or numbers of residents."),
        max_length=bulletins.LONGEST_WORDS,
        widget=forms.Textarea({"rows": 6}),
    )
    office_phone = forms.CharField(
        label=gettext_lazy("Office telephone for questions"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    buildings = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these buildings"),
        help_text=gettext_lazy("None ticked: for all of it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    from_on = _day(gettext_lazy("First day"))
    to_on = _day(gettext_lazy("Last day"))
    is_pinned = forms.BooleanField(label=gettext_lazy("Pin it on top"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        on: date,
        houses: Sequence[Area],
        may_pin: bool,
    ) -> None:
        """``houses``: buildings of the place; ``on``: today."""
        self.houses = {str(one.pk): one for one in houses}
        super().__init__(data, initial={"client_key": uuid.uuid4(), "from_on": on, "to_on": on + WEEK})
        field = self.fields["buildings"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(key, one.label) for key, one in self.houses.items()]
        if not houses:
            del self.fields["buildings"]
        if not may_pin:
            del self.fields["is_pinned"]

    def facts(self) -> dict[str, Any]:
        """Return what ``bulletins.write`` takes beside the area."""
        given = dict(self.cleaned_data)
        return {**given, "buildings": [self.houses[key] for key in given.get("buildings", [])]}


class DecideForm(forms.Form):
    """Whether a grid worker's notice is read by residents."""

    agree = forms.TypedChoiceField(
        label=gettext_lazy("Shall residents read it?"),
        choices=[("yes", gettext_lazy("Yes, as it stands")), ("no", gettext_lazy("No"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=gettext_lazy("If not, why?"),
        max_length=bulletins.LONGEST_REASON,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class WithdrawForm(forms.Form):
    """Why a notice is taken down."""

    why = forms.CharField(
        label=gettext_lazy("Why is it taken down?"),
        max_length=bulletins.LONGEST_REASON,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say why in a few words.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="withdraw_%s")
