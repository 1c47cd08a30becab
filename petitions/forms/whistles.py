"""What a whistle asks: to blow it, to check it, to say what was done, to score both sides."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import Organisation
from grids.staff import Staff
from petitions import whistle_rights as rights
from petitions.call_enums import WhistleKind
from petitions.forms.case import words_field
from petitions.models import Petition

YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))


def yes_no(label: Any, choices: Any = YES_NO) -> forms.TypedChoiceField:
    """Return a question with two answers, none of them chosen before."""
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        empty_value=None,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )


class UnitsField(forms.ModelMultipleChoiceField):
    """Units to call, by name."""

    def label_from_instance(self, unit: Organisation) -> str:
        """Return the name to choose by."""
        return unit.name


class WhistleForm(forms.Form):
    """Whom to call, where to, what for."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.TypedChoiceField(
        label=gettext_lazy("Kind of whistle"),
        choices=WhistleKind,
        coerce=WhistleKind,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("An emergency goes out at once. The post above checks the others first."),
        error_messages={"required": gettext_lazy("Choose the kind.")},
    )
    units = UnitsField(
        label=gettext_lazy("Units to call"),
        queryset=Organisation.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one unit to call.")},
    )
    place_words = forms.CharField(
        label=gettext_lazy("Where they must come to"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say where they must come to.")},
    )
    words = words_field(
        gettext_lazy("What is needed"),
        help_text=gettext_lazy("The units read these words. No names or telephone numbers of residents."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, by: Staff, on: date, petition: Petition | None, place: str = ""
    ) -> None:
        """``on``: civil date in Shanghai; ``place``: where it is, if the matter knows."""
        super().__init__(data, initial={"client_key": uuid.uuid4(), "place_words": place})
        held = rights.calling_post(by, petition)
        if held is not None and held.kind in rights.CALLS_COMMUNITY:
            del self.fields["units"]
            return
        field = self.fields["units"]
        assert isinstance(field, UnitsField)  # noqa: S101 - declared above
        field.queryset = rights.callable_units(by, on=on)

    def facts(self) -> dict[str, Any]:
        """Return what ``whistles.blow`` takes beside ``by``, ``at`` and the petition."""
        given = dict(self.cleaned_data)
        return {**given, "units": list(given.get("units", ()))}


class ButtonForm(forms.Form):
    """Nothing but a button."""


class CheckWhistleForm(forms.Form):
    """Let it sound, or send it back with a reason."""

    agree = yes_no(
        gettext_lazy("Your check"),
        (("yes", gettext_lazy("Let it sound: it cannot be solved below")), ("no", gettext_lazy("Send it back"))),
    )
    words = words_field(gettext_lazy("Reason"), help_text=gettext_lazy("Needed if you send it back."), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask why it is sent back."""
        given = super().clean() or {}
        if given.get("agree") is False and not given.get("words", "").strip():
            self.add_error("words", _("Say in a few words why you send it back."))
        return given


class ReportForm(forms.Form):
    """On the scene."""

    words = words_field(gettext_lazy("Who came, in a few words"), required=False)


class DoneForm(forms.Form):
    """What was done."""

    words = words_field(gettext_lazy("What your unit has done"))


class NotDoneForm(forms.Form):
    """What is missing."""

    words = words_field(gettext_lazy("What is still to be done"))


class NoteForm(forms.Form):
    """What was done together."""

    words = words_field(gettext_lazy("What was done together"))


class CloseForm(forms.Form):
    """How it ended."""

    words = words_field(gettext_lazy("How it ended"))


class ScoreForm(forms.Form):
    """The caller's score of one unit."""

    came = yes_no(gettext_lazy("Did the unit come in time?"))
    solved = yes_no(gettext_lazy("Has it solved its part?"))
    words = words_field(gettext_lazy("In words"), required=False)


class JudgeForm(forms.Form):
    """The unit's score of the call."""

    justified = yes_no(gettext_lazy("Was the call justified?"))
    words = words_field(gettext_lazy("In words"), required=False)
