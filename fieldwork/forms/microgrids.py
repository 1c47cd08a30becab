"""What the pages of micro-grids ask: a name, houses, who looks after them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from fieldwork.forms.liaisons import PersonChoice
from fieldwork.forms.visits import as_digits, telephone
from grids import microgrids
from grids.models import Area
from people.models import User


class PlacesForm(forms.Form):
    """Buildings and stairwells of one grid."""

    places = forms.MultipleChoiceField(
        label=gettext_lazy("Buildings and stairwells"),
        help_text=gettext_lazy("A whole building, or some of its stairwells."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one building or stairwell.")},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, offered: Sequence[Area], chosen: Sequence[int] = (), **rest: Any
    ) -> None:
        """``offered``: those of the grid; ``chosen``: ids of those that belong to it now."""
        self.offered = {str(one.pk): one for one in offered}
        given = {"places": [str(key) for key in chosen], **rest.pop("initial", {})}
        super().__init__(data, initial=given, **{"auto_id": "places_%s", **rest})
        field = self.fields["places"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(key, microgrids.in_words(one)) for key, one in self.offered.items()]

    def facts(self) -> dict[str, Any]:
        """Return what ``microgrids.change_places`` takes."""
        return {"places": [self.offered[key] for key in self.cleaned_data["places"]]}


class HeadForm(forms.Form):
    """Who looks after it: somebody with a post, a volunteer, or nobody yet."""

    head = PersonChoice(
        label=gettext_lazy("Head with a post"),
        help_text=gettext_lazy("Leave it empty for a volunteer, or if nobody looks after it yet."),
        queryset=User.objects.none(),
        required=False,
    )
    contact_name = forms.CharField(
        label=gettext_lazy("Name of a volunteer"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    contact_phone = telephone(help_text=gettext_lazy("Of the volunteer, if they want to be called."))
    agreed = forms.BooleanField(
        label=gettext_lazy("The volunteer agrees that name and number are kept"),
        help_text=gettext_lazy("They can take it back at any time; name and number are then gone at once."),
        required=False,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, people: QuerySet[User], head: User | None = None, **rest: Any
    ) -> None:
        """``people``: who can be head by a post."""
        super().__init__(data, **{"initial": {"head": head}, "auto_id": "head_%s", **rest})
        field = self.fields["head"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = people

    def clean_contact_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["contact_phone"])

    def facts(self) -> dict[str, Any]:
        """Return what ``microgrids.change_head`` takes."""
        names = ("head", "contact_name", "contact_phone", "agreed")
        return {name: self.cleaned_data[name] for name in names}


class MicroGridForm(HeadForm, PlacesForm):
    """A new micro-grid."""

    name = forms.CharField(
        label=gettext_lazy("Name of the micro-grid"),
        max_length=microgrids.LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give it a name.")},
    )
    field_order = ("name", "places", "head", "contact_name", "contact_phone", "agreed")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, offered: Sequence[Area], people: QuerySet[User]
    ) -> None:
        """``offered``: the houses of the grid; ``people``: who can be head by a post."""
        super().__init__(data, people=people, auto_id="id_%s", offered=offered)

    def facts(self) -> dict[str, Any]:
        """Return what ``microgrids.make`` takes."""
        return {"name": self.cleaned_data["name"], **HeadForm.facts(self), **PlacesForm.facts(self)}
