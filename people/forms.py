"""Forms of the account register. Passwords set here are for somebody else, who then chooses his own."""

from typing import Any, ClassVar

from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm

from people.models import User


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
