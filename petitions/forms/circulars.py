"""What a circular, an answer to it, a filing and the decision on it ask."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import Area
from grids.staff import Staff
from petitions import circulars
from petitions.filing_enums import FilingKind
from petitions.models import Filing

LONG = 4000


class DayField(forms.DateField):
    """A civil day, typed or picked."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def text_field(label: Any, *, help_text: Any = "") -> forms.CharField:
    """Return a text area for a page of words."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONG,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": gettext_lazy("Say it in a few words.")},
    )


class CircularForm(forms.Form):
    """What the areas below are told, and by when they answer."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, error_messages={"required": gettext_lazy("Give it a title.")}
    )
    body = text_field(
        gettext_lazy("Text"),
        help_text=gettext_lazy("No names or telephone numbers of residents: name the case number."),
    )
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("To"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one area.")},
    )
    numbers = forms.CharField(
        label=gettext_lazy("Petitions it is about"),
        help_text=gettext_lazy("Numbers, one a line. The circular is kept in their history."),
        required=False,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )
    answer_by = DayField(
        label=gettext_lazy("Answer by"),
        help_text=gettext_lazy("The last day; leave it empty if no answer is needed."),
        required=False,
    )

    def __init__(self, data: Any = None, *, by: Staff, on: date) -> None:
        """``on``: civil date in Shanghai."""
        super().__init__(data)
        self._areas = {area.code: area for area in circulars.addressable(by, on=on)}
        field = self.fields["areas"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, area.label) for code, area in self._areas.items()]

    def facts(self) -> dict[str, Any]:
        """Return what ``circulars.publish`` takes beside ``by`` and ``at``."""
        given = dict(self.cleaned_data)
        return {
            **given,
            "areas": [self._areas[code] for code in given["areas"]],
            "numbers": given["numbers"].replace(",", "\n").replace("，", "\n").split("\n"),
        }


class AnswerForm(forms.Form):
    """The area's answer."""

    words = text_field(gettext_lazy("Answer for your area"))


class FilingForm(forms.Form):
    """What is planned, from when to when."""

    area = forms.ChoiceField(label=gettext_lazy("For the area"))
    kind = forms.TypedChoiceField(
        label=gettext_lazy("Kind"), choices=FilingKind, coerce=FilingKind, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, error_messages={"required": gettext_lazy("Give it a title.")}
    )
    body = text_field(gettext_lazy("What is planned, and why"))
    starts_on = DayField(label=gettext_lazy("From"), error_messages={"required": gettext_lazy("Say from which day.")})
    ends_on = DayField(label=gettext_lazy("Until (last day)"), required=False)

    def __init__(self, data: Any = None, *, by: Staff, on: date, replaces: Filing | None = None) -> None:
        """``on``: civil date in Shanghai; ``replaces``: what was sent back and is filed anew."""
        self._areas = {
            area.code: area for area in Area.objects.filter(pk__in=circulars.files_from(by)).order_by("level", "code")
        }
        initial: dict[str, Any] = {"starts_on": on, "area": next(iter(self._areas), "")}
        if replaces is not None:
            initial = {name: getattr(replaces, name) for name in ("kind", "title", "body", "starts_on", "ends_on")}
            initial["area"] = replaces.area.code
        super().__init__(data, initial=initial)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, area.label) for code, area in self._areas.items()]

    def facts(self) -> dict[str, Any]:
        """Return what ``circulars.file_record`` takes beside ``by`` and ``at``."""
        return {**self.cleaned_data, "area": self._areas[self.cleaned_data["area"]]}


class FilingDecisionForm(forms.Form):
    """Noted, or sent back with a reason."""

    note = forms.TypedChoiceField(
        label=gettext_lazy("Your decision"),
        choices=(("yes", gettext_lazy("Note it")), ("no", gettext_lazy("Send it back"))),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        empty_value=None,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Needed if you send it back."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask why it is sent back."""
        given = super().clean() or {}
        if given.get("note") is False and not given.get("reason", "").strip():
            self.add_error("reason", _("Say in a few words why you send it back."))
        return given
