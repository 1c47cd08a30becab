"""What a request asks of the person: words always, a number of days for more time, a yes or no for a decision."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from petitions.enums import Affairs
from petitions.forms.case import words_field
from petitions.models import ServiceItem


class WordsForm(forms.Form):
    """Words, and nothing else."""

    words = words_field(gettext_lazy("In a few words"))


class SupplementForm(WordsForm):
    """What is missing: materials of the service item to tick, and words for all that stands on no list."""

    materials = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which of these are missing?"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    words = words_field(gettext_lazy("What else is missing, in words"), required=False)
    field_order = ("materials", "words")

    def __init__(self, data: Any = None, *, names: Sequence[str]) -> None:
        """``names``: the materials that may be ticked, in their order."""
        super().__init__(data)
        field = self.fields["materials"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(enumerate(names))
        if not names:
            del self.fields["materials"]

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        given = super().clean() or {}
        given.setdefault("materials", [])
        if not self.errors and not given["materials"] and not given.get("words", "").strip():
            ticks = "materials" in self.fields
            said = (
                gettext_lazy("Tick it, or say it in a few words.") if ticks else gettext_lazy("Say it in a few words.")
            )
            self.add_error("words", said)
        return given


class SuppliedForm(SupplementForm):
    """What came of what was asked for: ticked, and words."""

    def __init__(self, data: Any = None, *, names: Sequence[str]) -> None:
        """``names``: the materials that were asked for, in their order."""
        super().__init__(data, names=names)
        if "materials" in self.fields:
            self.fields["materials"].label = gettext_lazy("Which of these have come?")
        self.fields["words"].label = gettext_lazy("In a few words")


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


class ItemForm(forms.Form):
    """Which of the items offered there a matter is."""

    code = forms.ChoiceField(
        label=gettext_lazy("Service item"),
        error_messages={"required": gettext_lazy("Choose the item.")},
    )

    def __init__(self, data: Any = None, *, items: Sequence[ServiceItem], chosen: str = "") -> None:
        """``chosen``: the code of the item it is now."""
        super().__init__(data, initial={"code": chosen})
        self._items = {item.code: item for item in items}
        groups = {
            str(kind.label): [(item.code, f"{item.code} {item.name}") for item in items if item.kind == kind]
            for kind in Affairs
        }
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", ""), *((label, choices) for label, choices in groups.items() if choices)]

    @property
    def item(self) -> ServiceItem:
        """The item chosen."""
        return self._items[self.cleaned_data["code"]]
