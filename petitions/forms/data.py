"""What a petitioner asks for his own data, and what staff ask when they take data out."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from petitions.forms.resident import FollowForm


class CodeForm(FollowForm):
    """The follow-up code once more: the page may have been left open on a device that others use."""

    number = None  # type: ignore[assignment]
    field_order: Sequence[str] = ("code",)

    def __init__(self, data: Mapping[str, Any] | None = None, *, prefix_id: str = "id") -> None:
        super().__init__(data, auto_id=f"{prefix_id}_%s")
        self.fields["code"].help_text = gettext_lazy("Once more, so that nobody else does this on your device.")


class ContactForm(CodeForm):
    """Name, telephone number and address as they shall be; an empty one is taken away."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone number"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    field_order = ("name", "phone", "email", "code")

    def contact(self) -> dict[str, str]:
        """Return what was typed."""
        return {name: str(self.cleaned_data[name]) for name in ("name", "phone", "email")}


class EraseForm(CodeForm):
    """Everything goes, and cannot come back."""

    sure = forms.BooleanField(
        label=gettext_lazy("Yes, erase everything. I know that it cannot be undone."),
        error_messages={"required": gettext_lazy("Please tick the box if you want everything erased.")},
    )
    field_order = ("sure", "code")


class ExportForm(forms.Form):
    """Which petitions leave the house, and how."""

    FORMATS = (("xlsx", "XLSX"), ("csv", "CSV"))
    since = forms.DateField(
        label=gettext_lazy("Filed from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Filed until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    form = forms.ChoiceField(label=gettext_lazy("File"), choices=FORMATS, initial="xlsx", widget=forms.RadioSelect)
    clear = forms.BooleanField(
        label=gettext_lazy("Names and telephone numbers in clear"),
        required=False,
        help_text=gettext_lazy(
            "Only with a reason. It is written down with your name, and confidential ones stay hidden."
        ),
    )
    reason = forms.CharField(label=gettext_lazy("Why in clear?"), max_length=200, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, in_clear: bool, initial: Mapping[str, Any]) -> None:
        """``in_clear``: whether this person may take data in clear at all."""
        super().__init__(data, initial=dict(initial))
        if not in_clear:
            del self.fields["clear"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", str(gettext_lazy("The last day lies before the first.")))
        return given
