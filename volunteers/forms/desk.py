"""What the community says of an application."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from volunteers.transitions import LONGEST_REASON


class RefuseForm(forms.Form):
    """Why somebody is not taken on; he reads it."""

    why = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("They read it, and may apply again. No names, no illnesses."),
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say why: they read it.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="refuse_%s")
