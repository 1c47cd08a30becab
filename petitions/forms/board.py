"""The public board: the words that hang there, a reason to keep a matter off, an objection and its answer."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from petitions.board import LONGEST
from petitions.forms.case import words_field


class PublishForm(forms.Form):
    """The words everybody reads."""

    matter = words_field(
        gettext_lazy("What it was about"),
        help_text=gettext_lazy(
            "Everybody reads this. No names, numbers, doors, plates or anything else that points to a person."
        ),
    )
    done = words_field(gettext_lazy("What was done"), help_text=gettext_lazy("In one or two sentences."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.max_length = LONGEST  # type: ignore[attr-defined]
            field.widget.attrs["maxlength"] = LONGEST


class WithholdForm(forms.Form):
    """Why it is not shown."""

    words = words_field(gettext_lazy("Why is it not shown?"), help_text=gettext_lazy("For staff only."))


class ObjectForm(forms.Form):
    """What somebody has against it; sent twice it is one objection."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    words = words_field(
        gettext_lazy("What is not right?"),
        help_text=gettext_lazy(
            "The secretary of the community reads this; it is not shown here. You need not say who you are."
        ),
    )

    @classmethod
    def fresh(cls) -> "ObjectForm":
        """Return an empty form with a key of its own."""
        return cls(initial={"client_key": uuid.uuid4()})


class AnswerObjectionForm(forms.Form):
    """Whether the objection is right, and why."""

    upheld = forms.TypedChoiceField(
        label=gettext_lazy("Is the objection right?"),
        choices=(
            ("yes", gettext_lazy("Yes: the notice comes down and the matter goes back to work")),
            ("no", gettext_lazy("No: the notice goes on")),
        ),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    words = words_field(gettext_lazy("Reason"), help_text=gettext_lazy("For staff only."))
