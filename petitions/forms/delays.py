"""What is asked before many are told of a delay: what their matters have in common, then the words."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.enums import Level
from grids.models import Area, Compound, Organisation
from grids.staff import Staff
from people.errors import BadInput
from petitions import desk, replies
from petitions.delays import Wanted
from petitions.forms.case import words_field
from petitions.models import Category


class WantedForm(forms.Form):
    """What the matters have in common; at least one of the four."""

    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    compound = forms.ChoiceField(label=gettext_lazy("Residential compound"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Handling unit"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, by: Staff, on: date) -> None:
        """``on``: civil date in Shanghai; what can be chosen lies in the person's scope. Four queries."""
        super().__init__(data)
        areas = Area.objects.served().under_any(desk.paths(by)).filter(level__gte=Level.STREET, level__lte=Level.GRID)
        units = Organisation.objects.at(on).handling_units().visible_to(by).order_by("code")
        found: dict[str, Sequence[tuple[Any, str]]] = {
            "category": [(one, f"{one.code} {one.name}") for one in Category.objects.in_force(on).order_by("code")],
            "area": [(one, one.label) for one in areas.order_by("code")],
            "compound": [(one, one.name) for one in Compound.objects.visible_to(by).order_by("name", "pk")],
            "unit": [(one, one.name) for one in units],
        }
        self._rows = {name: {one.code: one for one, _label in rows} for name, rows in found.items()}
        for name, rows in found.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [("", _("Any")), *((one.code, label) for one, label in rows)]

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        return Wanted(**{name: rows.get(self.cleaned_data.get(name, "")) for name, rows in self._rows.items()})


class DelayForm(forms.Form):
    """One text for all of them."""

    words = words_field(
        gettext_lazy("What shall they all read?"),
        help_text=gettext_lazy("Say why it takes longer and until when. No names, no telephone numbers of people."),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"client_key": uuid.uuid4(), **kwargs.pop("initial", {})}, **kwargs)

    def clean_words(self) -> str:
        """Refuse a placeholder that nothing can fill in."""
        words = str(self.cleaned_data["words"])
        try:
            replies.check_words(words)
        except BadInput as no:
            raise forms.ValidationError(str(no)) from no
        return words
