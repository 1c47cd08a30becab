"""Fields of this app's forms."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import ModelChoiceField, TextInput
from django.utils.translation import gettext_lazy as _

from grids.models import Appointment, Area, StaffCard
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


class PostsField(forms.ModelMultipleChoiceField):
    """Appointments, each by its area and post."""

    def label_from_instance(self, obj: Any) -> str:
        """Where and what."""
        return f"{obj.post.area.label} · {obj.post.label}"


class HandoverForm(forms.Form):
    """Which of a leaver's posts pass to whom, from which day."""

    receiver = AccountField(label=_("Who takes over?"))
    first_day = forms.DateField(
        label=_("First day of the receiver"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    appointments = PostsField(
        label=_("Which posts pass?"),
        queryset=Appointment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one post to hand over.")},
    )

    def __init__(self, data: Any = None, *, rows: Sequence[Appointment], today: date, **kwargs: Any) -> None:
        running = [row.pk for row in rows if row.ends_on is None or row.ends_on >= today]
        chosen_first = running or [row.pk for row in rows]
        kwargs["initial"] = {"first_day": today, "appointments": chosen_first, **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        self.fields["receiver"].help_text = _("The user name. The receiver gets these posts if he has not got them.")
        self.fields["first_day"].help_text = _("The leaver's last day is the day before.")
        chosen = self.fields["appointments"]
        assert isinstance(chosen, PostsField)  # noqa: S101 - declared above
        mine = Appointment.objects.filter(pk__in=[row.pk for row in rows])
        chosen.queryset = mine.select_related("post__area").order_by("post__area__path", "pk")


class AreaField(forms.ModelChoiceField):
    """An area, by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name as people say it."""
        return str(obj.label)


class RedivisionForm(forms.Form):
    """Whose grids are drawn anew, from when, and why."""

    community = AreaField(label=_("Community"), queryset=Area.objects.none())
    on = forms.DateField(
        label=_("First day of the new grids"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Until the day before, everything stays as it is."),
    )
    reason = forms.CharField(
        label=_("Why are the grids drawn anew?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, communities: QuerySet[Area], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        chosen = self.fields["community"]
        assert isinstance(chosen, AreaField)  # noqa: S101 - declared above
        chosen.queryset = communities


class NewGridForm(forms.Form):
    """A grid that a plan adds."""

    name = forms.CharField(label=_("Name of the new grid"), max_length=60)
    code = forms.CharField(
        label=_("code"), max_length=32, required=False, help_text=_("Empty: the next free code of the community.")
    )


class PledgeForm(forms.ModelForm):
    """What somebody promises publicly, in his own words."""

    class Meta:
        model = StaffCard
        fields = ["pledge"]
        widgets = {"pledge": forms.Textarea(attrs={"rows": 3})}
        labels = {"pledge": _("My pledge to the residents")}
        help_texts = {"pledge": _("It stands on the public page and on the notice board, beside your name and post.")}
