"""Forms of a mediation: what the quarrel is about, and how it ended."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from petitions.dispute_enums import AgreementForm, Dispute, MediationResult
from petitions.forms.case import words_field


class MediationForm(forms.Form):
    """What the quarrel is about."""

    dispute = forms.ChoiceField(
        label=_("What is the quarrel about?"), choices=Dispute.choices, widget=forms.RadioSelect
    )


class MediatedForm(forms.Form):
    """The result, what was agreed, and by when it is carried out."""

    result = forms.ChoiceField(label=_("Result"), choices=MediationResult.choices, widget=forms.RadioSelect)
    agreement = forms.ChoiceField(
        label=_("If settled: how what was agreed stands"),
        choices=AgreementForm.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    perform_by = forms.DateField(
        label=_("If settled: to be carried out by (last day)"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    words = words_field(
        _("What was agreed, or why it failed"), help_text=_("For staff only. Name nobody; the sides are known here.")
    )

    def facts(self) -> dict[str, Any]:
        """Return what the verb takes."""
        given = self.cleaned_data
        return {
            "result": MediationResult(given["result"]),
            "agreement": AgreementForm(given["agreement"]) if given["agreement"] else None,
            "perform_by": given["perform_by"],
            "words": given["words"],
        }
