"""What an order of the emergency mode says."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork.enums import EmergencyKind
from fieldwork.permissions import ORDERS_EMERGENCIES
from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from petitions.forms.circulars import DayField


class EmergencyForm(forms.Form):
    """Where, of which kind, why, until when."""

    area = forms.ChoiceField(label=gettext_lazy("Where"))
    kind = forms.TypedChoiceField(
        label=gettext_lazy("Kind"), coerce=EmergencyKind, choices=EmergencyKind, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Name the order or warning it follows. No names of residents."),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why.")},
    )
    last_on = DayField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("It ends by itself at the end of this day.")
    )

    def __init__(self, data: Any = None, *, by: Staff, on: date) -> None:
        """Offer streets, communities and grids of one's own areas. ``on``: civil date in Shanghai."""
        super().__init__(data, initial={"last_on": on})
        inside = Area.objects.under_any(by.reach(*ORDERS_EMERGENCIES)).served().at(on)
        found = inside.filter(level__in=(Level.STREET, Level.COMMUNITY, Level.GRID)).select_related("parent")
        self._areas = {area.code: area for area in found.order_by("path")}
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, _called(area)) for code, area in self._areas.items()]

    def facts(self) -> dict[str, Any]:
        """Return what ``emergencies.order`` takes beside ``by`` and ``at``."""
        return {**self.cleaned_data, "area": self._areas[self.cleaned_data["area"]]}


def _called(area: Area) -> str:
    above = area.parent
    return f"{above.label} › {area.label}" if above is not None and area.level > Level.STREET else area.label
