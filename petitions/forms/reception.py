"""What is written down of a visit to the community."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.timetable import SHANGHAI
from grids.models import Area
from people import contacts
from people.models import User
from petitions.enums import About, ReceptionOutcome
from petitions.receptions import Visit
from petitions.services import MAX_WORDS

WRITTEN = "%Y-%m-%dT%H:%M"


class ReceptionForm(forms.Form):
    """When, who received, what it was about and what came of it; the contact goes with a matter that is filed."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    area = forms.CharField(widget=forms.HiddenInput)
    came_at = forms.DateTimeField(
        label=gettext_lazy("When did the visitor come?"),
        input_formats=[WRITTEN],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=WRITTEN),
        error_messages={
            "required": gettext_lazy("Say when."),
            "invalid": gettext_lazy("Write day and time as 2026-06-09T10:00."),
        },
    )
    received_by = forms.TypedChoiceField(
        label=gettext_lazy("Who received the visitor?"),
        coerce=int,
        error_messages={"required": gettext_lazy("Choose the person.")},
    )
    words = forms.CharField(
        label=gettext_lazy("What was it about?"),
        help_text=gettext_lazy("A few words. Names and numbers do not belong here."),
        max_length=MAX_WORDS,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Say in a few words what it was about.")},
    )
    outcome = forms.TypedChoiceField(
        label=gettext_lazy("What came of the reception?"),
        choices=ReceptionOutcome,
        coerce=ReceptionOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of them.")},
    )
    referred_to = forms.CharField(
        label=gettext_lazy("Where was the visitor sent?"),
        help_text=gettext_lazy("Office and telephone, so that nobody is sent about twice."),
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the visitor"),
        help_text=gettext_lazy("The log keeps the first character only; a matter that is filed keeps it sealed."),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("Kept with a matter that is filed, and nowhere else."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    about = forms.ChoiceField(
        label=gettext_lazy("Is it about a member of staff?"),
        help_text=gettext_lazy("It then goes one level above them at once; you do not see it afterwards either."),
        choices=About,
        required=False,
        widget=forms.RadioSelect,
    )
    about_words = forms.CharField(
        label=gettext_lazy("Which post or person, if they said so"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    confidential = forms.BooleanField(
        label=gettext_lazy("Keep confidential who raised it"),
        help_text=gettext_lazy("Only the community secretary and the dispatcher can then see the contact."),
        required=False,
    )

    agrees = forms.BooleanField(
        label=gettext_lazy("Asked separately, they agree to the use of what is sensitive"),
        help_text=gettext_lazy(
            "If they told of health, disability, money or family. Without it the matter is dealt with too."
        ),
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        area: Area,
        receivers: Sequence[User],
        at: datetime,
        by: User,
        so_far: Mapping[str, Any] | None = None,
    ) -> None:
        """``receivers``: who may have received somebody there, those on duty first; ``at``: the moment it is opened.

        ``so_far``: answers to show again without judging them yet.
        """
        duty = receivers[0].pk if receivers else ""
        initial = {
            "client_key": uuid.uuid4(),
            "area": area.code,
            "came_at": at.astimezone(SHANGHAI).strftime(WRITTEN),
            "received_by": by.pk if by in receivers else duty,
            **(so_far or {}),
        }
        super().__init__(data, initial=initial)
        self._receivers = {user.pk: user for user in receivers}
        field = self.fields["received_by"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", ""), *((user.pk, user.get_full_name()) for user in receivers)]

    def clean_phone(self) -> str:
        """Return the number as digits."""
        phone = contacts.normalise_phone(self.cleaned_data["phone"])
        if phone and not contacts.is_phone(phone):
            raise ValidationError(
                _("Give a mobile number of 11 digits, or a landline with its area code, such as 0935-8210000.")
            )
        return phone

    @property
    def receiver(self) -> User:
        """Who received the visitor."""
        return self._receivers[self.cleaned_data["received_by"]]

    def visit(self) -> Visit:
        """Return what ``receptions.receive`` writes down."""
        given = self.cleaned_data
        return Visit(
            outcome=given["outcome"],
            words=given["words"],
            name=given["name"],
            phone=given["phone"],
            referred_to=given["referred_to"],
            confidential=given["confidential"],
            agrees=given["agrees"],
            about=About(given["about"]),
            about_words=given["about_words"],
        )
