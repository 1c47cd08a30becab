"""What the community says of an application."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from volunteers.models import Volunteer
from volunteers.transitions import LONGEST_REASON


class RefuseForm(forms.Form):
    """Why somebody is not taken on; he reads it."""

    why = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("They read it, and may apply again. No names, no illnesses."),
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say why: they read it.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="refuse_%s")


class MergeForm(forms.Form):
    """Which registration of the same name this one is joined to."""

    into = forms.ChoiceField(
        label=gettext_lazy("It is the same person as"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the registration that stays.")},
    )

    def __init__(self, data: Any = None, *, doubles: Sequence[Volunteer]) -> None:
        """``doubles``: who bears the same name, with their persons."""
        super().__init__(data, auto_id="merge_%s")
        self.doubles = {str(one.pk): one for one in doubles}
        field = self.fields["into"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            (key, f"{one.person.name_masked} {one.person.phone_masked} {one.home.label}")
            for key, one in self.doubles.items()
        ]
