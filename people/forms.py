"""Forms of the account register, and of one's own account.

Passwords set in the register are for somebody else, who then chooses his own.
"""

from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import factor
from people.models import User

Form = TypeVar("Form", bound=forms.Form)


class _Fields(dict[str, forms.Field]):
    """Fields of a form that nobody changes."""

    def __deepcopy__(self, _known: object) -> dict[str, forms.Field]:
        return dict(self)


def the_same_for_all(form: type[Form]) -> type[Form]:
    """Give every form of a class the fields of the class, where Django copies each of them for each request (ADR 23).

    For forms that never change a field: a change would be there for everybody.
    """
    form.base_fields = _Fields(form.base_fields)
    return form


class AccountCreationForm(AdminUserCreationForm):
    """A new account; its first password is changed at the first sign-in."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields: ClassVar = ("username", "display_name", "email", "language")

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's signature
        """Save the account, marked for a change of password where it has one."""
        user: User = super().save(commit=False)
        user.must_change_password = user.has_usable_password()
        if commit:
            user.save()
            self.save_m2m()
        return user


class AccountChangeForm(UserChangeForm):
    """An account in the register."""

    class Meta(UserChangeForm.Meta):
        model = User
        fields: ClassVar = "__all__"


class AccountPasswordForm(AdminPasswordChangeForm):
    """An administrator sets a password: for another account it holds until the first sign-in."""

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Save the password, to be changed by whom it is for."""
        user = super().save(commit=False)
        user.must_change_password = user.has_usable_password()
        if commit:
            user.save()
        return user


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code; ``first`` asks for the app's alone."""

    code = forms.CharField(
        max_length=40,
        error_messages={"required": gettext_lazy("Please type the code.")},
        # no number field: browsers add arrows to it, and drop a leading 0
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }
        ),
    )

    def __init__(self, *args: Any, first: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        if first:
            field.label = _("The six digits that the app shows now")
            field.widget.attrs["inputmode"] = "numeric"
        else:
            field.label = _("Code")
            field.help_text = _("The six digits of your authenticator app, or one of your recovery codes.")


class PasswordAgainForm(forms.Form):
    """One's own password once more, before something that opens or shuts the way in.

    An account that signs in through the identity provider alone has none and is not asked.
    """

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        error_messages={"required": gettext_lazy("Please type your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        if not request.user.is_authenticated or not request.user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """Check it as a sign-in is checked: wrong ones are counted."""
        typed: str = self.cleaned_data["password"]
        if authenticate(self.request, username=self.request.user.get_username(), password=typed) is None:
            raise ValidationError(_("This is not your password."))
        return typed


class FactorResetForm(forms.Form):
    """Why somebody's second factor is taken off."""

    reason = forms.CharField(
        label=gettext_lazy("Why, and how you made sure who asks"),
        help_text=gettext_lazy("It is kept, and the person and the other administrators are told."),
        max_length=factor.REASON_CHARS[1],
        error_messages={"required": gettext_lazy("Say in 4 to 200 characters why, and how you made sure who asks.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
