"""What a team of volunteers is asked: what it is, who joins, who leads until when."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import Area, Organisation
from volunteers import teams
from volunteers.enums import TeamKind
from volunteers.models import Volunteer, VolunteerTeam


class VolunteerField(forms.ModelChoiceField):
    """Somebody of the register, masked."""

    def label_from_instance(self, obj: Any) -> str:
        """Return name and number, masked."""
        return f"{obj.person.name_masked} {obj.person.phone_masked}".strip()


class TeamForm(forms.Form):
    """A new team."""

    kind = forms.TypedChoiceField(
        label=gettext_lazy("Kind of team"), choices=TeamKind, coerce=TeamKind, widget=forms.RadioSelect,
        initial=TeamKind.GRID,
    )  # fmt: skip
    area = forms.ChoiceField(label=gettext_lazy("Grid or community"))
    name = forms.CharField(
        label=gettext_lazy("Name of the team"),
        max_length=60,
        error_messages={"required": gettext_lazy("Give it a name.")},
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=gettext_lazy("Only for the team of an organisation."),
    )

    def __init__(self, data: Any = None, *, areas: Sequence[Area], organisations: Any) -> None:
        """``areas``: where the person keeps teams."""
        super().__init__(data)
        self.areas = {area.code: area for area in areas}
        field, units = self.fields["area"], self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(units, forms.ModelChoiceField)  # noqa: S101 - likewise
        field.choices = [(code, area.label) for code, area in self.areas.items()]
        units.queryset, units.empty_label = organisations, _("none")

    def facts(self) -> dict[str, Any]:
        """Return what ``teams.make`` takes beside ``by`` and ``at``."""
        return {**self.cleaned_data, "area": self.areas[self.cleaned_data["area"]]}


class JoinForm(forms.Form):
    """Who joins."""

    volunteer = VolunteerField(
        label=gettext_lazy("Volunteer"),
        queryset=Volunteer.objects.none(),
        help_text=gettext_lazy("Registered in this community, at home or at work."),
    )

    def __init__(self, data: Any = None, *, team: VolunteerTeam) -> None:
        """Offer the volunteers of the team's community."""
        super().__init__(data, auto_id="join_%s")
        field = self.fields["volunteer"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset, field.empty_label = teams.joinable(team), _("Please choose")


class MandateForm(forms.Form):
    """Who leads, until when."""

    member = forms.TypedChoiceField(label=gettext_lazy("Member"), coerce=int)
    until = forms.DateField(
        label=gettext_lazy("Leads until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, members: Sequence[Any], on: date) -> None:
        """``members``: memberships of today with their persons."""
        super().__init__(data, auto_id="mandate_%s", initial={"until": date(on.year + 1, 12, 31)})
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            ("", _("Please choose")), *((str(one.pk), one.volunteer.person.name_masked) for one in members)
        ]  # fmt: skip
