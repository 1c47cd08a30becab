"""What the pages of houses and households ask: houses of a building, its sheet, one house, a person, a whole file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork import households
from fieldwork.dwellings import FIRST_YEAR, LOWEST_FLOOR, MOST_FLOORS
from fieldwork.enums import Equipment, HouseState, HouseUse
from fieldwork.forms.visits import as_digits, telephone
from fieldwork.models import BuildingSheet, Dwelling, Resident
from grids.models import Area
from people.enums import PersonField
from people.errors import Refusal
from people.models import Person
from petitions.forms.case import RevealForm


def _floor() -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("Floor"),
        required=False,
        min_value=LOWEST_FLOOR,
        max_value=MOST_FLOORS,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


def _use() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=gettext_lazy("What is it used for?"),
        choices=HouseUse,
        coerce=HouseUse,
        initial=HouseUse.HOME,
        widget=forms.RadioSelect,
    )


def _state() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=gettext_lazy("Does somebody live there?"),
        choices=HouseState,
        coerce=HouseState,
        initial=HouseState.UNKNOWN,
        widget=forms.RadioSelect,
    )


class HousesForm(forms.Form):
    """Houses of one building, a whole floor or stairwell at a time."""

    place = forms.ChoiceField(label=gettext_lazy("Where in the building?"), widget=forms.RadioSelect)
    numbers = forms.CharField(
        label=gettext_lazy("Numbers of the doors"),
        help_text=gettext_lazy("As many as you like: 101 102 201-204. Those known already stay as they are."),
        max_length=2000,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write down at least one door.")},
    )
    floor = _floor()
    use = _use()
    state = _state()

    def __init__(self, data: Mapping[str, Any] | None = None, *, places: Sequence[Area]) -> None:
        """``places``: the building itself and its stairwells."""
        self.places = {place.code: place for place in places}
        super().__init__(data, initial={"place": places[-1].code if len(places) == 1 else ""}, auto_id="houses_%s")
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(place.code, place.label) for place in places]

    def clean_numbers(self) -> list[str]:
        """Return the doors, once they can be read."""
        try:
            return households.doors_in(self.cleaned_data["numbers"])
        except Refusal as no:
            raise forms.ValidationError(str(no)) from no

    def facts(self) -> dict[str, Any]:
        """Return what ``dwellings.write_down`` takes."""
        given = self.cleaned_data
        return {**given, "place": self.places[given["place"]]}


class HouseForm(forms.Form):
    """One house as it is now."""

    use = _use()
    state = _state()
    floor = _floor()

    def __init__(self, data: Mapping[str, Any] | None = None, *, house: Dwelling) -> None:
        """Start from what is noted."""
        super().__init__(data, initial={"use": house.use, "state": house.state, "floor": house.floor})


class SheetForm(forms.Form):
    """What is noted of a building."""

    floors = forms.IntegerField(
        label=gettext_lazy("Floors above the ground"), required=False, min_value=1, max_value=MOST_FLOORS
    )
    floors_below = forms.IntegerField(
        label=gettext_lazy("Floors below the ground"), required=False, min_value=0, max_value=-LOWEST_FLOOR
    )
    built_in = forms.IntegerField(
        label=gettext_lazy("Built in (year)"), required=False, min_value=FIRST_YEAR, max_value=9999
    )
    equipment = forms.MultipleChoiceField(
        label=gettext_lazy("What the building has"),
        choices=Equipment,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    remarks = forms.CharField(
        label=gettext_lazy("Remarks on the building"),
        help_text=gettext_lazy("About the house only, not about people."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, sheet: BuildingSheet | None) -> None:
        """Start from what is noted."""
        initial = {name: getattr(sheet, name) for name in self.base_fields} if sheet else {}
        super().__init__(data, initial=initial)


class ResidentForm(forms.Form):
    """One more person of a household."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write down a name.")},
    )
    phone = telephone(help_text=gettext_lazy("Only if they want to be called."))

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        """Nothing known is shown again."""
        super().__init__(data, auto_id="resident_%s")

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])

    def facts(self) -> dict[str, Any]:
        """Return what ``residents.add`` takes."""
        return dict(self.cleaned_data)


class LookForm(RevealForm):
    """One sealed field of one person of the household, and why."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        contact: Person | None,
        others: Sequence[Resident],
        whose: Mapping[str, str],
    ) -> None:
        """``whose``: the masked name of each of the others by his key."""
        super().__init__(data, fields=_sealed(contact))
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        choices = [
            (f"{one.pk}:{name}", f"{whose[str(one.pk)]}: {PersonField(name).label}")
            for one in others
            for name in _sealed(one.person)
        ]
        field.choices = [*((name, PersonField(name).label) for name in _sealed(contact)), *choices]
        self.is_empty = not choices and not _sealed(contact)


def _sealed(person: Person | None) -> list[str]:
    if person is None:
        return []
    return [name for name, blob in (("name", person.name_sealed), ("phone", person.phone_sealed)) if blob]


class LedgerFileForm(forms.Form):
    """A file of houses and households."""

    file = forms.FileField(
        label=gettext_lazy("XLSX or CSV file"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )
