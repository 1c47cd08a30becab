"""What a call for help asks: where, and in a few words what for. Short: one hand is free."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from grids.models import Area
from grids.staff import Staff
from petitions import broadcasts
from petitions.models import Petition


class GridField(forms.ModelChoiceField):
    """One of the grids somebody works in."""

    def label_from_instance(self, area: Area) -> str:
        """Return the name to choose by (``parent`` loaded)."""
        return f"{area.parent.label} {area.label}" if area.parent else area.label


class HelpForm(forms.Form):
    """Call everybody on duty here."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    grid = GridField(label=gettext_lazy("Grid"), queryset=Area.objects.none(), to_field_name="code", empty_label=None)
    place_words = forms.CharField(
        label=gettext_lazy("Where are you?"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say where they must come to.")},
    )
    words = forms.CharField(
        label=gettext_lazy("What is needed"),
        help_text=gettext_lazy("If there is time. No names or telephone numbers of residents."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, by: Staff, petition: Petition | None, place: str = ""
    ) -> None:
        """``petition``: with its grid; ``place``: where it is, if the matter knows."""
        super().__init__(data, initial={"client_key": uuid.uuid4(), "place_words": place})
        own = set(broadcasts.grids_of(by, petition))
        self._known = petition.grid if petition is not None and petition.grid_id in own else None
        field = self.fields["grid"]
        assert isinstance(field, GridField)  # noqa: S101 - declared above
        if len(own) <= 1:
            del self.fields["grid"]
        else:
            field.queryset = Area.objects.filter(pk__in=own).select_related("parent").order_by("code")

    def facts(self) -> dict[str, Any]:
        """Return what ``broadcasts.call`` takes beside ``by``, ``at`` and the petition."""
        return {"grid": self._known, **self.cleaned_data}


class GiveBackForm(forms.Form):
    """Why who was coming cannot come."""

    words = forms.CharField(
        label=gettext_lazy("Why can you not come?"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Say it in a few words.")},
    )


class EndForm(forms.Form):
    """How it ended."""

    words = forms.CharField(
        label=gettext_lazy("How it ended"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Say it in a few words.")},
    )
