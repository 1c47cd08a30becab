"""Setting up a neighbour's system, and how long a key of it holds."""

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.timetable import SHANGHAI
from gateway.enums import Scope
from gateway.models import Client
from notifications import destinations, reasons
from notifications.errors import TurnedAway
from notifications.forms import SECRET_CHARS

A_YEAR = timedelta(days=365)


class ClientForm(forms.ModelForm):
    """A neighbour's system; an empty callback address or secret keeps the one there is."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), choices=Scope, widget=forms.CheckboxSelectMultiple
    )
    callback = forms.CharField(
        label=gettext_lazy("Callback address"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "The https address that changes are reported to. It is not shown again; empty keeps it."
        ),
    )
    secret = forms.CharField(
        label=gettext_lazy("Signing secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("16 characters or more; it signs every callback. Empty keeps it."),
    )

    class Meta:
        model = Client
        fields: ClassVar[list[str]] = [
            "name", "area", "channel", "scopes", "post_kind", "organisation", "per_minute", "valid_to", "active",
        ]  # fmt: skip

    def clean_callback(self) -> str:
        """Refuse what we would not connect to."""
        url: str = self.cleaned_data["callback"].strip()
        if url:
            try:
                destinations.parse(url)
            except TurnedAway as refusal:
                raise forms.ValidationError(reasons.in_words(refusal.code)) from None
        return url

    def clean_secret(self) -> str:
        """Refuse a secret that could be guessed, and an address without one."""
        secret: str = self.cleaned_data["secret"].strip()
        if secret and len(secret) < SECRET_CHARS:
            raise forms.ValidationError(_("The secret needs at least %(count)d characters.") % {"count": SECRET_CHARS})
        if self.cleaned_data.get("callback") and not (secret or self.instance.secret_locked):
            raise forms.ValidationError(_("Give the secret that signs the callbacks."))
        return secret

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Lock address and secret away with the row."""
        for name in ("callback", "secret"):
            if self.cleaned_data[name]:
                setattr(self.instance, name, self.cleaned_data[name])
        return super().save(commit=commit)


class KeyForm(forms.Form):
    """Until when a key holds."""

    expires_on = forms.DateField(
        label=gettext_lazy("Valid until (last day)"),
        help_text=gettext_lazy("Two years ahead at most."),
        widget=forms.DateInput({"type": "date"}),
    )

    def __init__(self, data: Any = None, *, on: date) -> None:
        """``on``: today's civil date in Shanghai."""
        super().__init__(data, initial={"expires_on": on + A_YEAR})

    def expires_at(self) -> datetime:
        """Return the end of the last day, in Shanghai."""
        day: date = self.cleaned_data["expires_on"]
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)
