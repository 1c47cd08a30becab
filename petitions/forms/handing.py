"""What is asked of who gives a matter back, decides on it, corrects its place, or steps back from it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from people.models import User
from petitions import recusals
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
