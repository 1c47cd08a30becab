"""The form of a check."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from petitions.forms.case import words_field
from petitions.forms.photos import PhotosField

FOUND = (("yes", gettext_lazy("Passed: it is really done")), ("no", gettext_lazy("Failed: it goes back to work")))


class CheckForm(forms.Form):
    """What a check found; a failed one says what is missing."""

    passed = forms.TypedChoiceField(
        label=gettext_lazy("What did you find?"),
        choices=FOUND,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    words = words_field(
        gettext_lazy("In words"),
        help_text=gettext_lazy("If it failed, whoever handles it and the petitioner read this: say what is missing."),
        required=False,
    )
    photos = PhotosField(label=gettext_lazy("Photos"))

    def clean(self) -> dict[str, Any]:
        """Ask what is missing where something is."""
        given = super().clean() or {}
        if given.get("passed") is False and not given.get("words", "").strip():
            self.add_error("words", _("Say what is missing: whoever handles it reads this."))
        return given

    def facts(self) -> dict[str, Any]:
        """Return what ``supervising.perform`` takes."""
        given = self.cleaned_data
        return {"passed": given["passed"], "words": given["words"], "uploads": given["photos"]}
