"""What a volunteer says of himself: name, where he lives, what he can do and when; for a child, who agrees."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.forms.visits import as_digits
from grids.enums import Weekday
from grids.models import Area
from people.errors import BadInput
from volunteers import registering
from volunteers.enums import DayPart, QualificationKind, Skill
from volunteers.models import Volunteer
from volunteers.registering import Offer, Ward

PAPERS = ("1", "2")


class WeekBoxes(forms.SelectMultiple):
    """A week of boxes: a row for each day, a column for each part of it; each box has its name for who hears it."""

    template_name = "volunteers/week.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the days with their boxes."""
        context = super().get_context(name, value, dict(attrs or {}))
        chosen = {str(one) for one in value or ()}
        base = context["widget"]["attrs"].get("id", f"id_{name}")
        context["parts"] = [part.label for part in DayPart]
        context["days"] = [
            (day.label, [(key, f"{base}_{key}", part.label, str(key) in chosen) for part in DayPart
                         for key in (10 * day + part,)])
            for day in Weekday
        ]  # fmt: skip
        return context


def telephone(label: Any, **options: Any) -> forms.CharField:
    """Return a field for a number."""
    attrs = {"type": "tel", "inputmode": "tel", "autocomplete": "off"}
    return forms.CharField(label=label, max_length=40, widget=forms.TextInput(attrs), **options)


class OfferForm(forms.Form):
    """Name, number and what somebody offers. ``child``: the number is the child's own, if it has one."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write down a name.")},
    )
    phone = telephone(
        gettext_lazy("Your mobile number"), error_messages={"required": gettext_lazy("Please give your mobile number.")}
    )
    home = forms.ChoiceField(label=gettext_lazy("Community where you live"))
    work = forms.ChoiceField(
        label=gettext_lazy("Community where you work or study"),
        required=False,
        help_text=gettext_lazy("If you want to help there too."),
    )
    skills = forms.TypedMultipleChoiceField(
        label=gettext_lazy("What you can help with"),
        choices=Skill,
        coerce=Skill,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    free = forms.TypedMultipleChoiceField(
        label=gettext_lazy("When you are usually free"),
        choices=[(str(key), str(key)) for key in sorted(registering.FREE)],
        coerce=int,
        required=False,
        widget=WeekBoxes,
    )

    def __init__(
        self, data: Any = None, *, communities: Sequence[Area], child: bool = False, initial: Any = None, **options: Any
    ) -> None:
        """``communities``: those of ours."""
        super().__init__(data, initial=initial, **options)
        self.communities = {area.code: area for area in communities}
        choices = [("", _("Please choose")), *((code, area.label) for code, area in self.communities.items())]
        for name in ("home", "work"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = choices
        if child:
            self.fields["name"].label = _("The child's name")
            self.fields["name"].widget.attrs["autocomplete"] = "off"
            self.fields["phone"].label = _("The child's own mobile number")
            self.fields["phone"].required = False
            self.fields["home"].label = _("Community where the child lives")
            self.fields["work"].label = _("Community where the child goes to school")
            self.fields["work"].help_text = _("If the child wants to help there too.")
            self.fields["skills"].label = _("What the child can help with")
            self.fields["free"].label = _("When the child is usually free")

    def clean_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["phone"])

    def offer(self, papers: registering.Papers = ()) -> Offer:
        """Return what they offer."""
        given = self.cleaned_data
        return Offer(
            home=self.communities[given["home"]],
            work=self.communities.get(given["work"]),
            skills=tuple(given["skills"]),
            free=tuple(given["free"]),
            papers=papers,
        )


class ChangeForm(OfferForm):
    """What somebody corrects of himself; ``key`` names the registration."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=36)

    def __init__(self, data: Any = None, *, row: Volunteer, communities: Sequence[Area], child: bool) -> None:
        """Start from what is written down: whoever proved the number reads it in clear, as he typed it."""
        initial = {
            "key": str(row.pk), "name": row.person.name, "phone": row.person.phone, "home": row.home.code,
            "work": row.work.code if row.work is not None else "", "skills": row.skills, "free": row.free,
        }  # fmt: skip
        super().__init__(data, communities=communities, child=child, initial=initial, auto_id=f"change_{row.pk.hex}_%s")


class PaperForm(forms.Form):
    """A paper and until when it is good."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=36)
    kind = forms.TypedChoiceField(
        label=gettext_lazy("Qualification"), choices=QualificationKind, coerce=QualificationKind
    )
    until = forms.DateField(
        label=gettext_lazy("Good until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Leave it empty if it does not run out."),
    )

    def __init__(self, data: Any = None, *, key: str) -> None:
        """``key``: of the registration."""
        super().__init__(data, initial={"key": key}, auto_id=f"paper_{key}_%s")


def _paper(**options: Any) -> forms.ChoiceField:
    choices = [("", gettext_lazy("none")), *QualificationKind.choices]
    return forms.ChoiceField(label=gettext_lazy("Qualification"), choices=choices, required=False, **options)


def _until() -> forms.DateField:
    return forms.DateField(
        label=gettext_lazy("Good until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Leave it empty if it does not run out."),
    )


class RegisterForm(OfferForm):
    """Registering oneself, a child, or on behalf."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    born_year = forms.IntegerField(
        label=gettext_lazy("Year of birth of the child"), min_value=1990, max_value=2200,
        help_text=gettext_lazy("Only year and month: we keep from when on the child is 18, and nothing once it is."),
    )  # fmt: skip
    born_month = forms.TypedChoiceField(label=gettext_lazy("Month of birth of the child"), choices=MONTHS, coerce=int)
    guardian_name = forms.CharField(
        label=gettext_lazy("Your name, as parent or guardian"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write down the name of the parent or guardian.")},
    )
    guardian_phone = telephone(gettext_lazy("Your mobile number"))
    paper_1 = _paper(help_text=gettext_lazy("Two here; more once you are registered."))
    until_1 = _until()
    paper_2 = _paper()
    until_2 = _until()
    agreed = forms.BooleanField(
        label=gettext_lazy("I agree that my community keeps this, to offer me tasks"),
        help_text=gettext_lazy("You can take it back at any time: everything is then gone at once."),
        error_messages={"required": gettext_lazy("Nobody is registered without agreeing to it.")},
    )

    def __init__(
        self, data: Any = None, *, communities: Sequence[Area], child: bool = False, behalf: bool = False
    ) -> None:
        """``child``: a minor, with who agrees for it; ``behalf``: written down by staff, who ask first."""
        super().__init__(data, communities=communities, child=child, initial={"client_key": uuid.uuid4()})
        self.child = child
        if not child:
            for name in ("born_year", "born_month", "guardian_name", "guardian_phone"):
                del self.fields[name]
        if behalf:
            self._on_behalf()
        elif child:
            self.fields["agreed"].label = _("I am a parent or guardian and agree that the child helps, and that our "
                                            "community keeps this")  # fmt: skip
        order = ["client_key", "guardian_name", "guardian_phone", "name", "born_year", "born_month", "phone"]
        self.order_fields(order)

    def clean_guardian_phone(self) -> str:
        """Return the number as digits."""
        return as_digits(self.cleaned_data["guardian_phone"])

    def facts(self, *, proved: bool) -> dict[str, Any]:
        """Return what ``registering.register`` takes beside language, ``by`` and ``at``. ``proved``: by a code."""
        given = self.cleaned_data
        chosen = [(given[f"paper_{one}"], given[f"until_{one}"]) for one in PAPERS if given[f"paper_{one}"]]
        ward = None
        if self.child:
            born_on = date(given["born_year"], given["born_month"], 1)
            ward = Ward(name=given["guardian_name"], phone=given["guardian_phone"], born_on=born_on, is_proved=proved)
        return {
            "name": given["name"],
            "phone": given["phone"],
            "offer": self.offer([(QualificationKind(kind), until) for kind, until in chosen]),
            "agreed": given["agreed"],
            "client_key": given["client_key"],
            "ward": ward,
        }

    def refuse(self, no: Any) -> None:
        """Show a refusal at its field."""
        self.add_error(no.field if no.field in self.fields else None, str(no))

    def check_proved(self, index: bytes, index_of: Any) -> None:
        """Refuse a number other than the proved one: what is typed once more must be it.

        :raises BadInput: if it is another one
        """
        name = "guardian_phone" if self.child else "phone"
        if index_of(self.cleaned_data[name]) != index:
            raise BadInput(_("This is not the number that got the code."), field=name)

    def _on_behalf(self) -> None:
        self.fields["name"].label = _("The child's name") if self.child else _("Name")
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["home"].label = _("Community where they live")
        self.fields["work"].label = _("Community where they work or study")
        self.fields["work"].help_text = _("If they want to help there too.")
        self.fields["skills"].label = _("What they can help with")
        self.fields["free"].label = _("When they are usually free")
        self.fields["paper_1"].help_text = ""
        if self.child:
            self.fields["guardian_name"].label = _("Name of the parent or guardian")
            self.fields["guardian_phone"].label = _("Number of the parent or guardian")
        else:
            self.fields["phone"].label = _("Telephone")
            self.fields["phone"].required = False
            self.fields["phone"].help_text = _("Only with it they hear of the decision and see their data online.")
        self.fields["agreed"].label = (
            _("I asked the parent or guardian: they agree") if self.child else _("I asked them: they agree")
        )
        self.fields["agreed"].help_text = _(
            "Say that it can be taken back at any time; everything is then gone at once."
        )
