"""Forms that end in a place: giving one to a petition that lacks it, filing for somebody at the door or on the line."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from grids.enums import Level
from grids.models import Area
from grids.staff import Staff
from people import contacts
from people.enums import Language
from petitions import onspot, places
from petitions.channels import SIX_ONES, external_id, in_words
from petitions.enums import About, Channel
from petitions.forms.photos import PhotosField
from petitions.models import Category
from petitions.models.channel_apps import OF_OTHERS
from petitions.services import MAX_WORDS, Contact

DONE = ("category", "reply", "after")
BEHALF = (*SIX_ONES, Channel.WINDOW, Channel.PATROL, *OF_OTHERS)


class Searched(forms.CharField):
    """Words to search by: asked of everybody, and empty when the place is chosen already."""

    is_optional = False


class PlaceField(forms.ChoiceField):
    """A place among those shown; the one that was looked up stands, and to judge it the others are not read."""

    chosen: Area | None = None

    def valid_value(self, value: Any) -> bool:
        """Whether it is the code of the place that was looked up."""
        return self.chosen is not None and str(value) == self.chosen.code


class PlaceForm(forms.Form):
    """Words to find a place by, and the code of the place chosen: the first sending searches, the second chooses."""

    q = Searched(
        label=gettext_lazy("Find the place"),
        help_text=gettext_lazy("Name of the community, grid or building, first letters of its pinyin, or its code."),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "enterkeyhint": "search"}),
    )
    place = PlaceField(
        label=gettext_lazy("Place"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please find and choose the place."),
            "invalid_choice": gettext_lazy("This place cannot be chosen. Please search again."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        on: date,
        within: str = "",
        offered: Iterable[Area] = (),
        **options: Any,
    ) -> None:
        """Search if there are words.

        :param on: civil date in Shanghai
        :param within: path of the area that must hold the place
        :param offered: places shown before any search
        """
        super().__init__(data, files, **options)
        self.on, self.within, self._offered = on, within, offered
        self.area: Area | None = None
        typed = str(self["q"].value() or "").strip()
        self.searched = bool(typed)
        self.results = places.find(typed, on=on, within=within) if typed else places.Results()
        field = self.fields["place"]
        assert isinstance(field, PlaceField)  # noqa: S101 - declared above
        field.chosen = self._chosen = places.by_code(str(self["place"].value() or ""), on=on)
        field.choices = self._choices

    def _choices(self) -> list[tuple[str, str]]:
        return [(found.code, found.trail) for found in self._shown]

    @cached_property
    def _shown(self) -> list[places.Found]:
        """What there is to choose from; asked for when the form is shown."""
        shown = list(self.results.places) if self.searched else places.described(self._offered)
        if self._chosen is not None and self._chosen.code not in {found.code for found in shown}:
            shown += places.described([self._chosen])
        return shown

    @property
    def has_places(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self._shown)

    def clean(self) -> dict[str, Any]:
        """Find the area; it must lie where it has to."""
        given = super().clean() or {}
        if "place" in self.errors:
            if not self.has_places:  # without choices the field is not shown
                self.add_error("q", self.errors.pop("place").as_data()[0].message)
            return given
        self.area = self._chosen
        if self.area is None or not self.area.path.startswith(self.within):
            self.add_error("place", _("Please find and choose the place."))
        return given


class BehalfForm(PlaceForm):
    """What somebody told a member of staff, in their words."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    # the emptying of a box that a slip comes from
    emptying = forms.IntegerField(widget=forms.HiddenInput, required=False)
    channel = forms.TypedChoiceField(
        label=gettext_lazy("How did it reach you?"),
        choices=[(channel.value, in_words(channel)) for channel in BEHALF],
        coerce=Channel,
        widget=forms.RadioSelect,
    )
    there = forms.CharField(
        label=gettext_lazy("Its number in the other app"),
        help_text=gettext_lazy("If it came from an app: the case then leads there."),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("In the person's own words. Names and telephone numbers go into the fields below."),
        max_length=MAX_WORDS,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": gettext_lazy("Please tell us what happened.")},
    )
    photos = PhotosField(label=gettext_lazy("Photos"))
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    answer_in = forms.ChoiceField(
        label=gettext_lazy("In which language do we answer?"),
        choices=[("", gettext_lazy("In the language of the words")), *Language.choices],
        required=False,
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

    # done already: whoever answers one of these closes it on the spot, and answers all of them
    category = forms.ChoiceField(
        label=pgettext_lazy("category", "What was it about?"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Please choose a category from the list.")},
    )
    reply = forms.CharField(
        label=gettext_lazy("What was done?"),
        help_text=gettext_lazy("This is the reply to the petitioner."),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    after = PhotosField(label=gettext_lazy("Photos after"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        by: Staff,
        on: date,
        so_far: Mapping[str, Any] | None = None,
    ) -> None:
        """``so_far``: answers to show again without judging them yet."""
        own = {held.area_id: held.level for held in by.holdings if held.level >= Level.COMMUNITY}
        offered = Area.objects.filter(pk__in=own).by_name()
        initial: dict[str, Any] = {"client_key": uuid.uuid4()}
        if data is None:
            initial["channel"] = Channel.VISIT if Level.GRID in own.values() else Channel.PHONE
            initial["place"] = offered[0].code if len(offered) == 1 else ""
        initial |= so_far or {}
        if isinstance(data, QueryDict) and "drafted" in data and not data.get("place") and len(offered) == 1:
            # written without a line, where no place can be searched: it lies in the writer's own area
            data = {**data.dict(), "place": offered[0].code}
        super().__init__(data, files, on=on, offered=offered, initial=initial)
        self._may_close = onspot.may_close(by) and not initial.get("emptying")
        if self._may_close:
            field = self.fields["category"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = self._to_close_under
        else:
            for name in DONE:
                del self.fields[name]

    @cached_property
    def _categories(self) -> dict[str, Category]:
        """What may be closed on the spot, by code; asked for when it is shown, or somebody does."""
        return {one.code: one for one in onspot.categories(self.on)}

    def _to_close_under(self) -> list[tuple[str, str]]:
        return [("", _("Choose")), *((code, one.name) for code, one in self._categories.items())]

    @property
    def offers_closing(self) -> bool:
        """Whether the matter may be closed on the spot."""
        return self._may_close and bool(self._categories)

    @property
    def is_done(self) -> bool:
        """Whether it was put right already, by what was typed."""
        if not self._may_close:
            return False
        answered = any(self[name].value() for name in ("category", "reply")) or bool(self.files.get("after"))
        return answered and self.offers_closing

    def clean(self) -> dict[str, Any]:
        """Whoever closes it on the spot says what it was and what was done, and shows it."""
        given = super().clean() or {}
        if self.is_done:
            for name, said in (
                ("category", _("Please choose a category from the list.")),
                ("reply", _("Say it in a few words.")),
                ("after", _("A photo must show that it is done.")),
            ):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, said)
        return given

    def done_facts(self) -> dict[str, Any]:
        """Return what ``onspot.file_done`` takes beside ``facts``; nothing if it is still to be done."""
        given = self.cleaned_data
        if not self.is_done:
            return {}
        return {"category": self._categories[given["category"]], "reply": given["reply"], "after": given["after"]}

    def clean_phone(self) -> str:
        """Return the number as digits."""
        phone = contacts.normalise_phone(self.cleaned_data["phone"])
        if phone and not contacts.is_phone(phone):
            raise ValidationError(
                _("Give a mobile number of 11 digits, or a landline with its area code, such as 0935-8210000.")
            )
        return phone

    def facts(self) -> dict[str, Any]:
        """Return what ``services.file`` takes beside ``filed_by`` and ``at``."""
        given = self.cleaned_data
        contact = Contact(name=given["name"], phone=given["phone"])
        return {
            "text": given["text"],
            "client_key": given["client_key"],
            "channel": given["channel"],
            "place": self.area,
            "contact": contact,
            "confidential": given["confidential"],
            "agrees": given["agrees"],
            "language": given["answer_in"],
            "about": About(given["about"]),
            "about_words": given["about_words"],
            "uploads": given["photos"],
            "external_id": external_id(given["channel"], given["there"])
            if given["there"].strip() and given["channel"] in OF_OTHERS
            else "",
        }
