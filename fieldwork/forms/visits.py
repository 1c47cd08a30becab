"""What the page of a household asks: the visit, who may be asked, for what it is visited, who keeps contact."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork import households
from fieldwork.enums import Outcome, VisitMode, Whom
from fieldwork.models import Campaign, Household, VisitDuty
from fieldwork.periods import GRACE_DAYS
from fieldwork.visiting import MAX_WORDS
from people.contacts import is_phone, normalise_phone
from people.models import User

DAYS_AGO = (gettext_lazy("today"), gettext_lazy("yesterday"), gettext_lazy("the day before yesterday"))


def telephone(**options: Any) -> forms.CharField:
    """Return a field for a telephone number of somebody else."""
    attrs = {"type": "tel", "inputmode": "tel", "autocomplete": "off"}
    return forms.CharField(
        label=gettext_lazy("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs), **options
    )


def as_digits(typed: str) -> str:
    """Return a number as digits.

    :raises ValidationError: if it is none
    """
    phone = normalise_phone(typed)
    if phone and not is_phone(phone):
        raise ValidationError(
            _("Give a mobile number of 11 digits, or a landline with its area code, such as 0935-8210000.")
        )
    return phone


class Asked(forms.TypedChoiceField):
    """A choice that everybody is asked for, though in one case it says nothing: it is not marked as optional."""

    is_optional = False


class VisitForm(forms.Form):
    """One visit: how, what came of it, when; of a campaign which lines were done."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    campaign = forms.ChoiceField(label=gettext_lazy("Campaign"), required=False, widget=forms.RadioSelect)
    mode = forms.TypedChoiceField(
        label=gettext_lazy("How did you reach them?"), choices=VisitMode, coerce=VisitMode, widget=forms.RadioSelect
    )
    outcome = Asked(
        label=gettext_lazy("What came of it?"),
        choices=[(one.value, one.label) for one in Outcome if one != Outcome.NONE],
        coerce=Outcome,
        empty_value=Outcome.NONE,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Leave it empty if nobody was at home."),
    )
    words = forms.CharField(
        label=gettext_lazy("In a few words"),
        help_text=gettext_lazy("No names, telephone numbers or illnesses. It is kept for a year."),
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )
    on = Asked(label=gettext_lazy("When?"), coerce=date.fromisoformat, required=False)

    def __init__(self, data: Any = None, *, today: date, campaigns: Sequence[Campaign]) -> None:
        """``campaigns``: those that run here, with their lines."""
        self.campaigns = {str(one.pk): one for one in campaigns}
        first = next(iter(self.campaigns), "")
        initial = {"client_key": uuid.uuid4(), "campaign": first, "mode": VisitMode.DOOR, "on": today.isoformat()}
        super().__init__(data, initial=initial, auto_id="visit_%s")
        self.fields["on"].choices = [  # type: ignore[attr-defined]  # declared above
            ((today - timedelta(days=ago)).isoformat(), DAYS_AGO[ago]) for ago in range(GRACE_DAYS + 1)
        ]
        if not self.campaigns:
            del self.fields["campaign"]
            return
        names = [(key, one.name) for key, one in self.campaigns.items()]
        self.fields["campaign"].choices = [*names, ("", _("None of these"))]  # type: ignore[attr-defined]
        lines = {
            f"items_{key}": forms.TypedMultipleChoiceField(
                label=_("%(name)s: what was done") % {"name": one.name},
                choices=[(item.pk, item.text) for item in sorted(one.items.all(), key=lambda item: item.position)],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            for key, one in self.campaigns.items()
        }
        fields = dict(self.fields)
        self.fields = {"client_key": fields.pop("client_key"), "campaign": fields.pop("campaign"), **lines, **fields}

    def clean(self) -> dict[str, Any]:
        """Nobody at home says by itself that nobody was reached; whoever was reached, something came of it."""
        given = super().clean() or {}
        if given.get("mode") == VisitMode.ABSENT:
            given["outcome"] = Outcome.NONE
        elif given.get("mode") and given.get("outcome") == Outcome.NONE and "outcome" not in self.errors:
            self.add_error("outcome", _("Say what came of it."))
        return given

    def facts(self) -> dict[str, Any]:
        """Return what ``visiting.log`` takes beside the household, ``by`` and ``at``."""
        given = self.cleaned_data
        chosen = given.get("campaign", "")
        return {
            "client_key": given["client_key"],
            "mode": given["mode"],
            "outcome": given["outcome"],
            "words": given["words"],
            "on": given["on"] or None,
            "campaign": self.campaigns.get(chosen),
            "ticked": given.get(f"items_{chosen}", ()),
        }


class WhoForm(forms.Form):
    """Who may be asked behind this door."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    phone = telephone(help_text=gettext_lazy("Only if they want to be called."))

    def __init__(self, data: Any = None) -> None:
        """Nothing known is shown again: what is written down stays sealed."""
        super().__init__(data, auto_id="who_%s")

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])

    def facts(self) -> dict[str, Any]:
        """Return what ``households.say_contact`` takes."""
        return dict(self.cleaned_data)


class DutyField(forms.ModelChoiceField):
    """A kind of visit by its name."""

    def label_from_instance(self, obj: VisitDuty) -> str:
        """Return the name in the language of the page."""
        return obj.name


class PersonField(forms.ModelChoiceField):
    """Somebody of our own by name."""

    def label_from_instance(self, obj: User) -> str:
        """Return the full name."""
        return obj.get_full_name()


class NoteForm(forms.Form):
    """For what a household is visited from now on, and that it agreed."""

    duty = DutyField(label=gettext_lazy("Reason for the visits"), queryset=VisitDuty.objects.none())
    agreed = forms.BooleanField(
        label=gettext_lazy("They agreed to be visited for this"),
        help_text=gettext_lazy("Say that they can take it back at any time."),
        required=False,
    )

    def __init__(self, data: Any = None, *, household: Household) -> None:
        """Offer what is not noted yet."""
        super().__init__(data, auto_id="note_%s")
        noted = household.noted.filter(ends_on=None).values("duty")
        offered = VisitDuty.objects.filter(whom=Whom.NOTED).exclude(pk__in=noted).order_by("position", "pk")
        field = self.fields["duty"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = offered

    def facts(self) -> dict[str, Any]:
        """Return what ``households.note`` takes."""
        return dict(self.cleaned_data)


class LinkForm(forms.Form):
    """Who keeps contact with a household every week."""

    user = PersonField(label=gettext_lazy("Who keeps contact"), queryset=User.objects.none())

    def __init__(self, data: Any = None, *, household: Household, on: date) -> None:
        """Offer the people of the community. ``on``: civil date in Shanghai."""
        super().__init__(data, auto_id="link_%s")
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        linked = household.links.filter(ends_on=None).values("user")
        field.queryset = households.linkable(household, on=on).exclude(pk__in=linked)

    def facts(self) -> dict[str, Any]:
        """Return what ``households.link`` takes."""
        return dict(self.cleaned_data)
