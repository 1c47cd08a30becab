"""What the pages of care recipients ask: who, why, how often, that they agreed; why somebody opens a sheet."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fieldwork import care
from fieldwork.enums import CareConsent, CareEnd, CareKind, Whom
from fieldwork.forms.visits import DutyField, as_digits, telephone
from fieldwork.models import VisitDuty
from people.services import REASON_CHARS


def _duty() -> DutyField:
    return DutyField(
        label=gettext_lazy("How often they want to be visited"),
        queryset=VisitDuty.objects.filter(whom=Whom.CARE).order_by("position", "pk"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose how often they are visited.")},
    )


def _plan() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("What was agreed"),
        help_text=gettext_lazy("What help they want, when to come, whom to call. No diagnoses, no card numbers."),
        max_length=care.MOST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )


class CareForm(forms.Form):
    """Somebody who agreed to be looked in on."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.TypedChoiceField(
        label=gettext_lazy("Why they need a hand"),
        coerce=CareKind,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one; there are no other reasons.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write down a name.")},
    )
    phone = telephone(help_text=gettext_lazy("Only if they want to be called."))
    duty = _duty()
    plan = _plan()
    consent_by = forms.TypedChoiceField(
        label=gettext_lazy("Who agreed"),
        help_text=gettext_lazy("For a child always a parent or guardian."),
        choices=CareConsent,
        coerce=CareConsent,
        initial=CareConsent.SELF,
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("Asked for this alone, they agree that it is written down and that we come"),
        help_text=gettext_lazy("Say who sees it, and that they can take it back at any time: all of it is then gone."),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        """Each kind with the statute that makes it a task to look after them."""
        super().__init__(data, initial={"client_key": uuid.uuid4()})
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(kind.value, f"{kind.label} ({care.GROUNDS[kind]})") for kind in CareKind]

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])

    def facts(self) -> dict[str, Any]:
        """Return what ``care.add`` takes."""
        return dict(self.cleaned_data)


class OpenForm(forms.Form):
    """Why the sheet is opened."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you open it?"),
        help_text=gettext_lazy("It is written down with your name. They may ask who looked."),
        min_length=REASON_CHARS[0],
        max_length=REASON_CHARS[1],
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Say in a few words why you need to see this."),
            "min_length": gettext_lazy("Say in a few words why you need to see this."),
        },
    )

    def facts(self) -> dict[str, Any]:
        """Return what ``care.open_sheet`` takes."""
        return dict(self.cleaned_data)


class PlanForm(forms.Form):
    """What was agreed anew; what stood there is not shown."""

    duty = _duty()
    plan = _plan()

    def __init__(self, data: Mapping[str, Any] | None = None, *, duty: VisitDuty) -> None:
        """Start from how often they are visited now."""
        super().__init__(data, initial={"duty": duty}, auto_id="plan_%s")

    def facts(self) -> dict[str, Any]:
        """Return what ``care.agree_anew`` takes."""
        return dict(self.cleaned_data)


class EndForm(forms.Form):
    """Why care ends."""

    why = forms.TypedChoiceField(
        label=gettext_lazy("Why does it end?"),
        choices=CareEnd,
        coerce=CareEnd,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of these.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="end_%s")

    def facts(self) -> dict[str, Any]:
        """Return what ``care.end`` takes."""
        return dict(self.cleaned_data)
