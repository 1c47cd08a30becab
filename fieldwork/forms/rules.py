"""The form of a rule for visits."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork.enums import VisitMode
from fieldwork.models import VisitRule


class VisitRuleForm(forms.ModelForm):
    """How often, and what counts: chosen, not typed."""

    class Meta:
        model = VisitRule
        fields: ClassVar[list[str]] = ["duty", "area", "cadence", "modes", "valid_from", "valid_to", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every way of reaching somebody."""
        super().__init__(*args, **kwargs)
        if "modes" not in self.fields:  # read only: there is nothing to choose
            return
        self.fields["modes"] = forms.MultipleChoiceField(
            label=gettext_lazy("what counts"),
            choices=[(mode.value, mode.label) for mode in VisitMode if mode != VisitMode.ABSENT],
            widget=forms.CheckboxSelectMultiple,
        )
