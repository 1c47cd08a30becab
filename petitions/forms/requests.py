"""What a request asks of the person: words always, a number of days for more time, a yes or no for a decision."""

from django import forms
from django.utils.translation import gettext_lazy

from petitions.forms.case import words_field


class WordsForm(forms.Form):
    """Words, and nothing else."""

    words = words_field(gettext_lazy("In a few words"))


class ExtensionForm(WordsForm):
    """How many days more, and why."""

    value = forms.IntegerField(
        label=gettext_lazy("By how many days?"),
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Say how many days you need.")},
    )
    field_order = ("value", "words")


class DecisionForm(WordsForm):
    """Granted or refused, and why."""

    grant = forms.TypedChoiceField(
        label=gettext_lazy("Your decision"),
        choices=(("yes", gettext_lazy("Grant it")), ("no", gettext_lazy("Refuse it"))),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        empty_value=None,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    field_order = ("grant", "words")
