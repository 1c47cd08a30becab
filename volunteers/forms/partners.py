"""What naming and honouring a partner asks."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from volunteers.enums import PartnerDuty, PartnerKind, PartnerMode


class PartnerForm(forms.Form):
    """As what, with which duties, when, for how long."""

    kind = forms.TypedChoiceField(label=gettext_lazy("Category"), choices=PartnerKind, coerce=PartnerKind)
    duties = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Duties"),
        choices=PartnerDuty,
        coerce=PartnerDuty,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one duty.")},
    )
    mode = forms.TypedChoiceField(
        label=gettext_lazy("In peace or emergency"),
        choices=PartnerMode,
        coerce=PartnerMode,
        widget=forms.RadioSelect,
        initial=PartnerMode.PEACE,
    )
    term_ends_on = forms.DateField(
        label=gettext_lazy("Last day of the term"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, on: date) -> None:
        """``on``: today."""
        super().__init__(data, auto_id="partner_%s", initial={"term_ends_on": date(on.year + 1, 12, 31)})

    def facts(self) -> dict[str, Any]:
        """Return what ``partners.name`` takes beside the volunteer, ``by`` and ``at``."""
        return dict(self.cleaned_data)


class HonourForm(forms.Form):
    """For which year somebody is named outstanding; ``key`` names the partner."""

    year = forms.IntegerField(label=gettext_lazy("Outstanding in the year"), min_value=2000, max_value=2200)

    def __init__(self, data: Any = None, *, on: date) -> None:
        """``on``: today."""
        super().__init__(data, auto_id="honour_%s", initial={"year": on.year})
