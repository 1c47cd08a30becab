"""Starting a campaign of visits."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork.permissions import starts_campaigns
from fieldwork.reference import Template
from grids.models import Area
from grids.staff import Staff
from petitions.forms.circulars import DayField

A_MONTH: Final = timedelta(days=30)


class CampaignForm(forms.Form):
    """What it is called, where and when it runs, how many it is to reach, what is asked in every household."""

    area = forms.ChoiceField(label=gettext_lazy("Where"))
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, error_messages={"required": gettext_lazy("Give it a name.")}
    )
    words = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    starts_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(label=gettext_lazy("Last day"))
    goal = forms.IntegerField(
        label=gettext_lazy("Households to reach"),
        help_text=gettext_lazy("Leave it empty for every household of the area."),
        min_value=1,
        max_value=1_000_000,
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    items = forms.CharField(
        label=gettext_lazy("What is asked or checked"),
        help_text=gettext_lazy("One line each. The proposals are ours: change them as your street has decided."),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("Write at least one line.")},
    )

    def __init__(self, data: Any = None, *, by: Staff, on: date, template: Template | None = None) -> None:
        """``template``: a campaign of the sources to begin with. ``on``: civil date in Shanghai."""
        initial: dict[str, Any] = {"starts_on": on, "ends_on": on + A_MONTH}
        if template is not None:
            initial |= {"name": template.name_zh, "goal": template.goal, "items": "\n".join(template.items)}
        super().__init__(data, initial=initial)
        self._areas = {area.code: area for area in Area.objects.filter(pk__in=starts_campaigns(by)).order_by("code")}
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, area.label) for code, area in self._areas.items()]

    def facts(self) -> dict[str, Any]:
        """Return what ``campaigns.start`` takes beside ``by`` and ``at``."""
        given = dict(self.cleaned_data)
        return {**given, "area": self._areas[given["area"]], "items": given["items"].splitlines()}
