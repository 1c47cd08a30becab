"""What a red-armband team and its members are asked."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork import teams
from fieldwork.forms.patrols import areas_of
from fieldwork.forms.visits import PersonField, as_digits, telephone
from fieldwork.models import PatrolTeam
from grids.staff import Staff
from people.models import User


class TeamForm(forms.Form):
    """A new team: where it walks and what it is called."""

    area = forms.ChoiceField(label=gettext_lazy("Where"))
    name = forms.CharField(
        label=gettext_lazy("Name of the team"),
        max_length=60,
        error_messages={"required": gettext_lazy("Give it a name.")},
    )

    def __init__(self, data: Any = None, *, by: Staff) -> None:
        """Offer the areas whose routes the person keeps."""
        super().__init__(data)
        self._areas = {area.code: area for area in areas_of(by)}
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, area.label) for code, area in self._areas.items()]

    def facts(self) -> dict[str, Any]:
        """Return what ``teams.make`` takes beside ``by`` and ``at``."""
        return {**self.cleaned_data, "area": self._areas[self.cleaned_data["area"]]}


class MemberForm(forms.Form):
    """Who joins: an account, or a resident by name."""

    user = PersonField(
        label=gettext_lazy("Account"), queryset=User.objects.none(), required=False,
        help_text=gettext_lazy("Who has one can walk rounds on his telephone."),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("or a name"), max_length=60, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    phone = telephone(help_text=gettext_lazy("Only if they want to be called."))
    leads = forms.BooleanField(label=gettext_lazy("Leads the team"), required=False)
    agreed = forms.BooleanField(
        label=gettext_lazy("They agreed to be written down here"),
        help_text=gettext_lazy("Say that they can take it back at any time; name and number are then deleted at once."),
        error_messages={"required": gettext_lazy("Ask them first: they join only if they agree.")},
    )

    def __init__(self, data: Any = None, *, team: PatrolTeam, on: date) -> None:
        """Offer the people of the area. ``on``: civil date in Shanghai."""
        super().__init__(data, auto_id="member_%s")
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = teams.joinable(team, on=on)

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])

    def facts(self) -> dict[str, Any]:
        """Return what ``teams.join`` takes beside the team, ``by`` and ``at``."""
        return dict(self.cleaned_data)
