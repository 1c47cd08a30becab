"""Forms of residents' reviews: making one, printing codes, typing in marks, marking online."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from grids.models import Area, Organisation
from petitions.enums import Mark, ReviewMode, ReviewSubject
from petitions.numbers import normalise_number
from petitions.reviews import MOST_CODES, WEIGHTS


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


def _weight(mode: ReviewMode, label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=100,
        initial=WEIGHTS[mode],
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )


def _mark(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=Mark.choices,
        widget=forms.RadioSelect,
        coerce=lambda value: Mark(int(value)),
        error_messages={"required": gettext_lazy("Please give a mark.")},
    )


class ReviewForm(forms.Form):
    """What residents are to mark, between which days, and how much each way counts."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Residents read it. Please write no names of residents."),
        max_length=80,
    )
    area = forms.ModelChoiceField(
        label=gettext_lazy("Residents of"), queryset=Area.objects.none(), to_field_name="code"
    )
    subject = forms.ChoiceField(
        label=gettext_lazy("What is marked?"), choices=ReviewSubject.choices, widget=forms.RadioSelect
    )
    number = forms.CharField(
        label=gettext_lazy("Number of the closed matter"),
        help_text=gettext_lazy("Needed for a closed matter."),
        max_length=24,
        required=False,
    )
    project = forms.CharField(
        label=gettext_lazy("Name of the project"),
        help_text=gettext_lazy("Needed for a project."),
        max_length=80,
        required=False,
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Unit"),
        help_text=gettext_lazy("Needed for a unit."),
        queryset=Organisation.objects.none(),
        required=False,
    )
    period_from = _day(gettext_lazy("Period from"), required=False, help_text=gettext_lazy("Needed for a unit."))
    period_to = _day(gettext_lazy("Period to"), required=False)
    opens_on = _day(gettext_lazy("First day"))
    closes_on = _day(gettext_lazy("Last day"))
    weight_home = _weight(ReviewMode.HOME, gettext_lazy("Home visits count"))
    weight_invited = _weight(ReviewMode.INVITED, gettext_lazy("Marks on site count"))
    weight_online = _weight(ReviewMode.ONLINE, gettext_lazy("Online votes count"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, areas: Any, organisations: Any, on: date) -> None:
        super().__init__(data, initial={"opens_on": on})
        for name, rows in (("area", areas), ("organisation", organisations)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
            field.queryset = rows
            field.empty_label = str(gettext_lazy("Choose"))
        self.fields["weight_online"].help_text = gettext_lazy("The three make 100 together.")

    def clean_number(self) -> str:
        """Return the number as we write it."""
        return normalise_number(self.cleaned_data["number"])

    def facts(self) -> dict[str, Any]:
        """Return what ``reviews.make`` takes beside the matter."""
        given = dict(self.cleaned_data)
        del given["number"]
        given["subject"] = ReviewSubject(given["subject"])
        given["weights"] = {
            ReviewMode.HOME: given.pop("weight_home"),
            ReviewMode.INVITED: given.pop("weight_invited"),
            ReviewMode.ONLINE: given.pop("weight_online"),
        }
        return given


class CodesForm(forms.Form):
    """How many codes to print."""

    count = forms.IntegerField(
        label=gettext_lazy("How many codes?"),
        help_text=gettext_lazy("For residents without a mobile. The list is shown once: print it at once."),
        min_value=1,
        max_value=MOST_CODES,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )


class EnterForm(forms.Form):
    """A mark given at the door or on site."""

    mode = forms.TypedChoiceField(
        label=gettext_lazy("How was it given?"),
        choices=[(one.value, one.label) for one in (ReviewMode.HOME, ReviewMode.INVITED)],
        coerce=ReviewMode,
        widget=forms.RadioSelect,
    )
    mark = _mark(gettext_lazy("The resident's mark"))
    phone = forms.CharField(
        label=gettext_lazy("The resident's mobile number"),
        help_text=gettext_lazy("It is not kept: it only makes sure that each resident counts once."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Or the code on paper"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class VoteForm(forms.Form):
    """A mark given online by who proved his telephone."""

    mark = _mark(gettext_lazy("Your mark"))


class CodeVoteForm(VoteForm):
    """A mark given online with a code on paper."""

    code = forms.CharField(
        label=gettext_lazy("The code on your paper"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Please type the code.")},
    )
    field_order = ("code", "mark")
