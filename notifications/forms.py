"""Setting up a group chat. Address and secret are written here and never shown again."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications import destinations, reasons
from notifications.errors import TurnedAway
from notifications.models import Webhook

SECRET_CHARS = 16


class WebhookForm(forms.ModelForm):
    """A group chat; an empty address or secret keeps the one there is."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The https address of the chat's robot. It is not shown again; empty keeps it."),
    )
    secret = forms.CharField(
        label=gettext_lazy("Signing secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("16 characters or more. Empty keeps it; without one the secret of the settings signs."),
    )

    class Meta:
        model = Webhook
        fields: ClassVar[list[str]] = ["name", "scope", "language", "active"]

    def clean_url(self) -> str:
        """Refuse what we would not connect to; a name is resolved only when a message goes out."""
        url: str = self.cleaned_data["url"].strip()
        if not url and not self.instance.url_locked:
            raise forms.ValidationError(_("Give the address of the group chat."))
        if url:
            try:
                destinations.parse(url)
            except TurnedAway as refusal:
                raise forms.ValidationError(reasons.in_words(refusal.code)) from None
        return url

    def clean_secret(self) -> str:
        """Refuse a secret that could be guessed, and none at all where nothing else signs."""
        secret: str = self.cleaned_data["secret"].strip()
        if secret and len(secret) < SECRET_CHARS:
            raise forms.ValidationError(_("The secret needs at least %(count)d characters.") % {"count": SECRET_CHARS})
        if not (secret or self.instance.secret_locked or settings.WEBHOOK_SECRET):
            raise forms.ValidationError(_("Give a secret: the settings hold none."))
        return secret

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Lock address and secret away with the row."""
        if self.cleaned_data["url"]:
            self.instance.url = self.cleaned_data["url"]
        if self.cleaned_data["secret"]:
            self.instance.secret = self.cleaned_data["secret"]
        return super().save(commit=commit)
