"""Fields of this app's forms."""

from typing import Any

from django.forms import ModelChoiceField, TextInput
from django.utils.translation import gettext_lazy as _

from people.models import User


class AccountField(ModelChoiceField):
    """An account, asked for by its user name: who keeps posts need not see the register of accounts."""

    widget = TextInput
    default_error_messages = {"invalid_choice": _("There is no account with this user name.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("to_field_name", None)
        kwargs.pop("limit_choices_to", None)
        kwargs["help_text"] = _("The user name.")
        queryset = User.objects.filter(is_active=True)
        kwargs["queryset"] = queryset
        super().__init__(to_field_name="username", **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The user name for what the model holds: an id."""
        if isinstance(value, int):
            return User.objects.filter(pk=value).values_list("username", flat=True).first()
        return super().prepare_value(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare user names."""
        return super().has_changed(self.prepare_value(initial), data)
