"""The form of each verb of a case."""

from collections.abc import Mapping

from petitions.enums import Verb
from petitions.forms.case import (
    AcceptForm,
    ArriveForm,
    CloseForm,
    ContactForm,
    DeclineForm,
    PlanForm,
    RecallForm,
    ResolveForm,
    ReworkForm,
    SignForm,
    VerbForm,
    VerifyForm,
)
from petitions.forms.dispatch import DesignateForm, DispatchForm

FORMS: Mapping[Verb, type[VerbForm]] = {
    form.verb: form
    for form in (
        AcceptForm, DeclineForm, DispatchForm, SignForm, ContactForm, ArriveForm, PlanForm, ResolveForm, VerifyForm,
        ReworkForm, CloseForm, DesignateForm, RecallForm,
    )
}  # fmt: skip
