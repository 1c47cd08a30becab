"""What an organisation is asked: what it is, where it stands, how it is called, why it is closed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import Area, Organisation
from parties.enums import BranchForm, PartyKind


class OrganisationForm(forms.Form):
    """A new organisation."""

    kind = forms.TypedChoiceField(label=gettext_lazy("Kind of organisation"), coerce=PartyKind)
    area = forms.ChoiceField(label=gettext_lazy("Area"))
    name = forms.CharField(
        label=gettext_lazy("Name of the organisation"),
        max_length=100,
        error_messages={"required": gettext_lazy("Give it a name.")},
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Single or joint"),
        required=False,
        help_text=gettext_lazy("Only for branches in property management and in new organisations."),
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Enterprise or unit it belongs to"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=gettext_lazy("Left out for a joint branch."),
    )

    def __init__(
        self, data: Any = None, *, kinds: Sequence[PartyKind], areas: Sequence[Area], organisations: Any
    ) -> None:
        """``kinds`` and ``areas``: what may stand there, and where."""
        super().__init__(data)
        self.areas = {area.code: area for area in areas}
        kind, area, form, units = (self.fields[name] for name in ("kind", "area", "form", "organisation"))
        assert isinstance(kind, forms.TypedChoiceField)  # noqa: S101 - declared above
        assert isinstance(area, forms.ChoiceField)  # noqa: S101 - likewise
        assert isinstance(form, forms.ChoiceField)  # noqa: S101 - likewise
        assert isinstance(units, forms.ModelChoiceField)  # noqa: S101 - likewise
        kind.choices = [(one.value, one.label) for one in kinds]
        area.choices = [(code, f"{one.label} {code}") for code, one in self.areas.items()]
        form.choices = [("", _("none")), *BranchForm.choices]
        units.queryset, units.empty_label = organisations, _("none")

    def facts(self) -> dict[str, Any]:
        """Return what ``organisations.found`` takes beside ``by``, ``at`` and ``parent``."""
        return {**self.cleaned_data, "area": self.areas[self.cleaned_data["area"]]}


class RenameForm(forms.Form):
    """Another name."""

    name = forms.CharField(
        label=gettext_lazy("Name of the organisation"),
        max_length=100,
        error_messages={"required": gettext_lazy("Give it a name.")},
    )

    def __init__(self, data: Any = None, *, name: str = "") -> None:
        """``name``: the one it has."""
        super().__init__(data, auto_id="rename_%s", initial={"name": name})


class CloseForm(forms.Form):
    """Why an organisation is closed."""

    because = forms.CharField(
        label=gettext_lazy("Why it is closed"),
        max_length=200,
        help_text=gettext_lazy("No names of persons."),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say why it is closed.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="close_%s")
