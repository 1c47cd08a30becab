"""What is asked of who gives a matter back, decides on it, corrects its place, or steps back from it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from grids.models import Organisation
from grids.staff import Staff
from people.models import User
from petitions import recusals
from petitions.dispatching import units_for
from petitions.enums import ReturnReason
from petitions.forms.case import words_field
from petitions.forms.placing import PlaceForm
from petitions.forms.requests import WordsForm
from petitions.models import Petition


class ReturnForm(WordsForm):
    """Why it is given back: one of the reasons, and words."""

    reason_code = forms.TypedChoiceField(
        label=gettext_lazy("Why do you return it?"),
        choices=ReturnReason,
        coerce=ReturnReason,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    words = words_field(
        gettext_lazy("Explain it"), help_text=gettext_lazy("Say who should handle it instead, if you know. Staff only.")
    )
    field_order = ("reason_code", "words")


class ReturnDecisionForm(WordsForm):
    """Taken back, or refused; and why."""

    agree = forms.TypedChoiceField(
        label=gettext_lazy("Your decision"),
        choices=(
            ("yes", gettext_lazy("Take it back, to be dispatched elsewhere")),
            ("no", gettext_lazy("Refuse: it stays with them")),
        ),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        empty_value=None,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    field_order = ("agree", "words")


class DeferForm(WordsForm):
    """For how long, and why."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("When shall it be looked at again?"),
        choices=(
            (30, gettext_lazy("in 30 days")),
            (60, gettext_lazy("in 60 days")),
            (90, gettext_lazy("in 90 days")),
        ),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    words = words_field(
        gettext_lazy("Why can it not be solved now, and what is done meanwhile?"),
        help_text=gettext_lazy("Whoever decides reads this."),
    )
    field_order = ("days", "words")


class ConflictForm(WordsForm):
    """Which other unit is responsible, and why."""

    unit = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Which unit is responsible?"),
        error_messages={"required": gettext_lazy("Name the other unit that is responsible.")},
    )
    words = words_field(
        gettext_lazy("Explain it"), help_text=gettext_lazy("Name the rule or the list of duties. Staff only.")
    )
    field_order = ("unit", "words")

    def __init__(self, data: Any = None, *, petition: Petition, by: Staff, on: date) -> None:
        """``on``: civil date in Shanghai."""
        super().__init__(data)
        found = [one.organisation.code for one in units_for(petition, by=by, on=on, counted=False)]
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = (
            Organisation.objects.filter(code__in=found).exclude(pk=petition.organisation_id or 0).order_by("code")
        )
        setattr(field, "label_from_instance", lambda one: one.name)  # noqa: B010 - Django's own way to name a row


class RulingForm(WordsForm):
    """Agreed or refused, and why."""

    agree = forms.TypedChoiceField(
        label=gettext_lazy("Your decision"),
        choices=(("yes", gettext_lazy("Agree")), ("no", gettext_lazy("Refuse"))),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        empty_value=None,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    field_order = ("agree", "words")


class AboutStaffForm(WordsForm):
    """Whom of the staff the matter is about, and how that is known."""

    person = forms.ChoiceField(
        label=gettext_lazy("Whom is it about?"),
        error_messages={
            "required": gettext_lazy("Choose the person."),
            "invalid_choice": gettext_lazy("This person holds no post that answers for the matter."),
        },
    )
    field_order = ("person", "words")

    def __init__(self, data: Any = None, *, petition: Petition, on: date) -> None:
        """``on``: civil date in Shanghai."""
        super().__init__(data, auto_id="about_%s")
        self._seats = {str(seat.user_id): seat for seat in recusals.candidates(petition, on=on)}
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            ("", ""),
            *((key, f"{seat.user.get_full_name()} · {seat.post.label}") for key, seat in self._seats.items()),
        ]

    @property
    def user(self) -> User:
        """The person chosen."""
        return self._seats[self.cleaned_data["person"]].user


class CorrectPlaceForm(PlaceForm):
    """Where the matter really is, and why it was wrong."""

    reason = words_field(gettext_lazy("What was wrong?"), help_text=gettext_lazy("For staff only."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        """As ``PlaceForm``; the page carries the version it was opened at."""
        super().__init__(data, **options)
