"""The form of a policy's next version."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.conditions import conditions
from deadlines.editing import Edit
from deadlines.enums import LimitUnit
from deadlines.models import Policy, PolicyOverride

LONGEST = 3650


class OverrideForm(forms.ModelForm):
    """A rule: tier, urgency and policy are chosen, not typed."""

    class Meta:
        model = PolicyOverride
        fields: ClassVar[list[str]] = [
            "area", "category_code", "tier", "urgency", "policy_key", "valid_from", "valid_to",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what whoever uses the policies knows, and the policies in force."""
        super().__init__(*args, **kwargs)
        if "policy_key" not in self.fields:  # read only: there is nothing to choose
            return
        for name in ("tier", "urgency"):
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label,
                choices=[("", _("All")), *conditions(name)],
                required=False,
            )
        policies = Policy.objects.filter(valid_to=None).order_by("key")
        self.fields["policy_key"] = forms.ChoiceField(
            label=self.fields["policy_key"].label,
            choices=[(policy.key, f"{policy.name} ({policy.key})") for policy in policies],
        )


class NextVersionForm(forms.Form):
    """Names, limits, the day; and whether what runs already is touched too."""

    name_zh = forms.CharField(label=gettext_lazy("name (Chinese)"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("name (English)"), max_length=80)
    valid_from = forms.DateField(
        label=gettext_lazy("valid from"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Tomorrow at the earliest. New cases from this day on get the new limits."),
    )
    running_too = forms.BooleanField(
        label=gettext_lazy("Running clocks change too"),
        help_text=gettext_lazy("Open cases get the new limits at once. Closed ones never change."),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, policy: Policy, tomorrow: date) -> None:
        """``tomorrow``: civil date in Shanghai."""
        super().__init__(data, initial={"name_zh": policy.name_zh, "name_en": policy.name_en, "valid_from": tomorrow})
        self.stages = list(policy.stages.order_by("position"))
        last = self.fields.pop("running_too")
        for stage in self.stages:
            self.fields[f"value_{stage.code}"] = forms.IntegerField(
                label=_("%(stage)s: limit") % {"stage": stage.name},
                initial=stage.limit_value,
                min_value=0,
                max_value=LONGEST,
            )
            self.fields[f"unit_{stage.code}"] = forms.ChoiceField(
                label=_("%(stage)s: unit") % {"stage": stage.name}, choices=LimitUnit, initial=stage.limit_unit
            )
        self.fields["running_too"] = last

    def edit(self) -> Edit:
        """Return the edit asked for; call it on a valid form."""
        given = self.cleaned_data
        return Edit(
            name_zh=given["name_zh"],
            name_en=given["name_en"],
            valid_from=given["valid_from"],
            limits={stage.code: (given[f"value_{stage.code}"], given[f"unit_{stage.code}"]) for stage in self.stages},
        )
