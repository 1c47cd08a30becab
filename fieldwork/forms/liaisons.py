"""What the register of liaisons asks: who, where, whose calls; and what somebody calls about."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from deadlines.timetable import shanghai_date
from fieldwork.enums import LiaisonKind
from fieldwork.forms.visits import as_digits, telephone
from grids.models import Area
from people.models import User
from petitions.forms.placing import PlaceForm
from petitions.services import MAX_WORDS


class PersonChoice(forms.ModelChoiceField):
    """A colleague, by his name."""

    def label_from_instance(self, user: User) -> str:
        """Return the name to choose by."""
        return user.get_full_name()


def who_answers() -> PersonChoice:
    """Return the field for the worker who answers."""
    return PersonChoice(
        label=gettext_lazy("Who answers"),
        help_text=gettext_lazy("Whoever takes such a call files it; this worker is told at once and is the contact."),
        queryset=User.objects.none(),
        error_messages={"required": gettext_lazy("Choose the person.")},
    )


class CallForm(forms.Form):
    """The number that calls."""

    phone = forms.CharField(
        label=gettext_lazy("Which number is calling?"),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the number.")},
    )

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])


class ToldForm(forms.Form):
    """What they call about."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("In the person's own words. Place and number are filled in."),
        max_length=MAX_WORDS,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": gettext_lazy("Please tell us what happened.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"client_key": uuid.uuid4()})


class AnswersForm(forms.Form):
    """Who answers from now on."""

    answers = who_answers()

    def __init__(self, data: Mapping[str, Any] | None = None, *, people: Any) -> None:
        """``people``: who may answer there."""
        super().__init__(data)
        field = self.fields["answers"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = people


class LiaisonForm(PlaceForm):
    """Who, where, the number, who answers; and that they agreed."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.TypedChoiceField(
        label=gettext_lazy("Kind"), choices=LiaisonKind, coerce=LiaisonKind, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    phone = telephone()
    lent = forms.CharField(
        label=gettext_lazy("Telephone lent (inventory number)"),
        help_text=gettext_lazy("If the community lent them the telephone."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    answers = who_answers()
    agreed = forms.BooleanField(
        label=gettext_lazy("They agree that the number is kept, so that their calls are recognised"),
        help_text=gettext_lazy("They can take it back at any time; name and number are then gone at once."),
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        at: datetime,
        people: Any,
        offered: Sequence[Area],
        **options: Any,
    ) -> None:
        """``people``: who may answer in the areas of whoever keeps the register."""
        given = {"client_key": uuid.uuid4(), "kind": LiaisonKind.LIAISON, **options.pop("initial", {})}
        super().__init__(data, on=shanghai_date(at), offered=offered, initial=given, **options)
        field = self.fields["answers"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = people
        self.fields["phone"].required = True
        self.fields["phone"].error_messages["required"] = gettext_lazy("Give the number that calls will come from.")

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])

    def facts(self) -> dict[str, Any]:
        """Return what ``liaisons.add`` takes beside ``by`` and ``at``."""
        given = self.cleaned_data
        names = ("client_key", "kind", "name", "phone", "lent", "answers", "agreed")
        return {"place": self.area, **{name: given[name] for name in names}}
