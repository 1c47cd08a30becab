"""What is asked of the list of matters. Sent by POST: what was typed is looked at before it becomes an address."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.errors import BadInput
from petitions import saved_lists
from petitions.enums import Channel, Status, Tier, Urgency
from petitions.matters import Due, Held, Order, Stand

FEWEST = 2
ANY = [("", "")]


class DayField(forms.DateField):
    """A civil date, kept as the address says it."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        """Return the day as 2026-11-22, empty for none."""
        day: date | None = super().clean(value)
        return day.isoformat() if day else ""


class FilterForm(forms.Form):
    """The filters of the list, each with words for what cannot be used."""

    status = forms.ChoiceField(required=False, choices=[*ANY, *Stand.choices, *Status.choices])
    due = forms.ChoiceField(required=False, choices=[*ANY, *Due.choices])
    category = forms.RegexField(r"\A\d{2,8}\Z", required=False)
    tier = forms.ChoiceField(required=False, choices=[*ANY, *Tier.choices])
    urgency = forms.ChoiceField(required=False, choices=[*ANY, *Urgency.choices])
    channel = forms.ChoiceField(required=False, choices=[*ANY, *Channel.choices])
    area = forms.CharField(required=False, max_length=32)
    held = forms.ChoiceField(required=False, choices=[*ANY, *Held.choices])
    holder = forms.CharField(label=gettext_lazy("Name or unit"), required=False, max_length=40)
    since = DayField(label=gettext_lazy("Filed from"), required=False)
    until = DayField(label=gettext_lazy("Filed until"), required=False)
    q = forms.CharField(label=gettext_lazy("Number or words"), required=False, max_length=60)
    order = forms.ChoiceField(required=False, choices=[*ANY, *Order.choices])

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="f_%s")

    def clean_q(self) -> str:
        """Look at the words before they become an address."""
        words = str(self.cleaned_data["q"]).strip()
        if 0 < len(words) < FEWEST:
            raise forms.ValidationError(_("Type at least two characters."))
        return _checked(words)

    def clean_holder(self) -> str:
        """Likewise."""
        return _checked(str(self.cleaned_data["holder"]))

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first."))
        return given


def _checked(words: str) -> str:
    try:
        return saved_lists.check_words(words)
    except BadInput as no:
        raise forms.ValidationError(str(no)) from no
