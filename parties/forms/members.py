"""What a member is asked: who, since when, on which ground; where he moves."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parties.enums import Ground
from parties.models import PartyOrganisation


class MemberForm(forms.Form):
    """Somebody who is written down as a member."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the name.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    joined_on = forms.DateField(
        label=gettext_lazy("In this organisation since"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    ground = forms.TypedChoiceField(
        label=gettext_lazy("Why may we write them down?"),
        choices=Ground,
        coerce=Ground,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Nobody is written down without their consent or letter.")},
    )

    def __init__(self, data: Any = None, *, on: date) -> None:
        """``on``: today."""
        super().__init__(data, initial={"client_key": uuid.uuid4(), "joined_on": on})


class MoveForm(forms.Form):
    """Where a member moves."""

    to = forms.ChoiceField(label=gettext_lazy("Moves to"))

    def __init__(self, data: Any = None, *, there: Sequence[PartyOrganisation]) -> None:
        """``there``: the organisations to choose from."""
        super().__init__(data, auto_id="move_%s")
        self.there = {str(one.pk): one for one in there}
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("Please choose")), *((key, one.name) for key, one in self.there.items())]
