"""The form of a diary entry."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from petitions.diaries import LONGEST
from petitions.models.diaries import WRITES


class PlaceField(forms.ModelChoiceField):
    """A place of one's own area; a building is named with its grid, for every grid has a building 1."""

    def label_from_instance(self, area: Area) -> str:
        """Return the name to choose by (``parent`` loaded)."""
        return f"{area.parent.label} {area.label}" if area.parent and area.level > Level.COMMUNITY else area.label


class DiaryForm(forms.Form):
    """What was heard, where, and when."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What did you hear?"),
        help_text=gettext_lazy(
            "What residents need and think of their surroundings. Nothing about health, faith or what somebody is like."
        ),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 5}),
    )
    area = PlaceField(label=gettext_lazy("Where"), queryset=Area.objects.none(), to_field_name="code", empty_label=None)
    household = forms.CharField(
        label=gettext_lazy("Household"),
        help_text=gettext_lazy("For yourself only, such as the door number. Nobody else reads it."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    heard_on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: Staff, on: date) -> None:
        super().__init__(data, initial={"client_key": uuid.uuid4(), "heard_on": on})
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        areas = Area.objects.served().at(on).under_any(by.reach(*WRITES))
        field.queryset = areas.filter(level__lte=Level.BUILDING).select_related("parent").order_by("path")
