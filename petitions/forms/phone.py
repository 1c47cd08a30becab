"""The two questions of a resident who wants to see all his matters: which telephone, which code."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import contacts


class PhoneForm(forms.Form):
    """A mobile number as people type it."""

    phone = forms.CharField(
        label=gettext_lazy("Your mobile number"),
        help_text=gettext_lazy("The one you gave when you raised your matters."),
        max_length=40,
        error_messages={"required": gettext_lazy("Please give your mobile number.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        """Bring it to one form; what is no mobile is a slip and counts for nothing."""
        phone = contacts.normalise_phone(self.cleaned_data["phone"])
        if not contacts.is_mobile(phone):
            raise ValidationError(_("Give a mobile number of 11 digits: only a mobile can get the code."))
        return phone


class PhoneCodeForm(forms.Form):
    """The six digits of the message."""

    code = forms.CharField(
        label=gettext_lazy("The six digits of the message"),
        max_length=20,
        error_messages={"required": gettext_lazy("Please type the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """Take it as it is typed; what cannot be a code is no try."""
        code = contacts.half_width(self.cleaned_data["code"]).replace(" ", "").replace("-", "")
        if len(code) != 6 or not code.isascii() or not code.isdigit():  # noqa: PLR2004 - six digits, as it says
            raise ValidationError(_("The code has six digits."))
        return code
