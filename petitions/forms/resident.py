"""What residents fill in. Nothing is stored here; every step of the page brings all answers along."""

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import Area
from people import contacts
from people.enums import Language
from people.errors import BadInput
from people.forms import the_same_for_all
from petitions import guide, places, points, posters
from petitions.enums import About
from petitions.forms.photos import PhotosInput
from petitions.models import ServiceItem
from petitions.numbers import ALPHABET, CODE_LENGTH, normalise_code, normalise_number, number_is_well_formed
from petitions.services import MAX_WORDS, Contact
from petitions.suggestion import Suggestion, suggest

# What the answers are carried by from step to step. Photos go their own way (``petitions.drafts``).
CARRIED = (
    "text", "about", "about_words", "place", "place_words", "point", "q", "searched", "b", "name", "phone", "email",
    "anonymous", "confidential", "agrees", "client_key", "item", "answer_in",
)  # fmt: skip
# The steps that ask something, in their order, and what each of them asks.
PAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "write": ("text", "photos", "about", "about_words"),
        "place": ("q", "place", "place_words", "point"),
        "contact": ("name", "phone", "email", "anonymous", "confidential"),
    },
)
# Each language by its own name: who looks for his own reads no other.
OWN_NAMES = ((Language.CHINESE, "中文"), (Language.ENGLISH, "English"))


@the_same_for_all
class FilingForm(forms.Form):
    """A matter in words, where it is, and who may be asked back."""

    text = forms.CharField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy(
            "Say what it is, since when, and what you would like to be done. You need not give your identity card "
            "number, nor anybody's name."
        ),
        max_length=MAX_WORDS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": gettext_lazy("Please tell us what happened.")},
    )
    photos = forms.FileField(
        label=gettext_lazy("Photos"),
        help_text=gettext_lazy(
            "Up to 5. Place and camera data are removed. Please no faces and no number plates, if you can."
        ),
        required=False,
        widget=PhotosInput,
    )
    about = forms.ChoiceField(
        label=gettext_lazy("Is it about a member of our staff?"),
        help_text=gettext_lazy("If so, it goes one level above them at once. Nobody there can see it."),
        choices=About,
        required=False,
        widget=forms.RadioSelect,
    )
    about_words = forms.CharField(
        label=gettext_lazy("Whom, if you want to say"),
        help_text=gettext_lazy("Only if it is about staff. The post is enough, such as: the window on Tuesday."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    q = forms.CharField(
        label=gettext_lazy("Find the place"),
        help_text=gettext_lazy("Name of the community, compound or building, or the first letters of its pinyin."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}),
    )
    place = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput())
    place_words = forms.CharField(
        label=gettext_lazy("Where exactly?"),
        help_text=gettext_lazy("Anything that helps to find it: floor, gate, next to what."),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    point = forms.CharField(
        label=gettext_lazy("Point on the map"), max_length=points.LONGEST, required=False, widget=forms.HiddenInput()
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "email", "autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
    )
    anonymous = forms.BooleanField(
        label=gettext_lazy("I do not want to give my name or number"),
        help_text=gettext_lazy("You can still follow the matter with its number and follow-up code."),
        required=False,
    )
    confidential = forms.BooleanField(
        label=gettext_lazy("Keep confidential who I am"),
        help_text=gettext_lazy(
            "Whoever handles the matter is not shown who you are; only the community secretary and the dispatcher are."
        ),
        required=False,
    )
    # asked on the page to check, and only where the words tell of something sensitive (PIPL art. 29)
    agrees = forms.BooleanField(
        label=gettext_lazy(
            "I agree that what I wrote about health, disability, money or family is used for this matter"
        ),
        help_text=gettext_lazy("Without it we deal with your matter all the same. You can take it back at any time."),
        required=False,
    )
    # asked on the page to check, and only of whoever reads or writes another language than the house
    answer_in = forms.ChoiceField(
        label=gettext_lazy("In which language shall we answer you?"),
        choices=OWN_NAMES,
        required=False,
        widget=forms.RadioSelect,
    )
    searched = forms.CharField(required=False, widget=forms.HiddenInput())
    b = forms.CharField(max_length=posters.LONGEST, required=False, widget=forms.HiddenInput())
    item = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput())
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(self, answers: Mapping[str, str] | None = None, *, on: date, **kwargs: Any) -> None:
        super().__init__(answers, **kwargs)
        self.on = on
        self.area: Area | None = None

    @staticmethod
    def answers_in(post: Mapping[str, str]) -> dict[str, str]:
        """Return what a step brought along, and nothing else; a key that is none is replaced by a new one."""
        answers = {name: post[name] for name in CARRIED if post.get(name)}
        # a browser counts a line break as one character and sends two
        for name in ("text", "place_words"):
            if name in answers:
                answers[name] = answers[name].replace("\r\n", "\n").replace("\r", "\n")
        answers["client_key"] = str(_key_in(answers.get("client_key", "")))
        return answers

    def clean_phone(self) -> str:
        """Bring the number to one form, and refuse what cannot be dialled."""
        phone = contacts.normalise_phone(self.cleaned_data["phone"])
        if phone and not contacts.is_phone(phone):
            raise ValidationError(
                _("Give a mobile number of 11 digits, or a landline with its area code, such as 0935-8210000.")
            )
        return phone

    def clean_email(self) -> str:
        """Bring the address to one form, and refuse what is none."""
        email = contacts.normalise_email(self.cleaned_data["email"])
        try:
            forms.EmailField(required=False).clean(email)
        except ValidationError as error:
            raise ValidationError(_("This is not an e-mail address. It looks like name@example.com.")) from error
        return email

    def clean_place(self) -> str:
        """Find the area that was chosen; one that closed meanwhile is said so."""
        code = str(self.cleaned_data["place"])
        self.area = places.by_code(code, on=self.on)
        if code and self.area is None:
            raise ValidationError(_("This place is no longer on our list. Please search again, or describe it."))
        return code

    def clean_point(self) -> str:
        """Read the point on the map; nothing where there is no map."""
        try:
            return points.checked(self.cleaned_data["point"])
        except BadInput as no:
            raise ValidationError(str(no)) from no

    def clean(self) -> dict[str, Any]:
        """A place is needed, chosen, described or shown on the map; who stays anonymous gives no contact."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if "place" in found and self.area is None and not (found.get("place_words") or found.get("point")):
            self.add_error("q", _("Please choose the place, or describe it in a few words."))
        if found.get("anonymous") and any(found.get(part) for part in ("name", "phone", "email")):
            self.add_error(
                "anonymous",
                _("To stay anonymous, leave name, telephone and e-mail empty. Or take the tick away, and we may call."),
            )
        return found

    @property
    def by_poster(self) -> bool:
        """Tell whether the place is the one of the printed code the form was opened with."""
        token = str(self.cleaned_data.get("b") or "")
        return bool(token) and self.area is not None and posters.area_of(token, on=self.on) == self.area

    @cached_property
    def service_item(self) -> ServiceItem | None:
        """The item of the community's list that it is about, as it is there; one query if one was asked for."""
        code = str(self["item"].value() or "").replace("\x00", "")
        return guide.find(code, self.area, on=self.on) if code else None

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """What the words speak for, best first; one query if there are any."""
        # the form refuses zero bytes; the page that says so is still shown
        words = str(self["text"].value() or "").replace("\x00", "").strip()
        return suggest(words, on=self.on) if words else []

    def forgive(self, pages: Collection[str]) -> None:
        """Drop what is wrong on other steps than these: it is said when their turn has come."""
        asked = {field for page in pages for field in PAGES[page]}
        for field in [field for field in self.errors if field not in asked]:
            del self.errors[field]

    def first_wrong(self) -> str:
        """Return the first step on which something is wrong; the first of all if nothing says where."""
        return next((page for page, fields in PAGES.items() if set(fields) & set(self.errors)), "write")

    @property
    def contact(self) -> Contact:
        """The contact as checked; empty when nothing was given."""
        return Contact(*(self.cleaned_data[part] for part in ("name", "phone", "email")))


@the_same_for_all
class FollowForm(forms.Form):
    """The two things on the receipt. Both are checked for slips before anything is looked up."""

    number = forms.CharField(
        label=gettext_lazy("Number"),
        help_text=gettext_lazy("It begins with PX and stands on your receipt."),
        max_length=40,
        error_messages={"required": gettext_lazy("Please give the number of the matter.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Follow-up code"),
        help_text=gettext_lazy("Ten letters and digits. It has no 0, O, 1, I or L."),
        max_length=40,
        error_messages={"required": gettext_lazy("Please give the follow-up code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        """Take the number as people type it, and find slips by its check digit."""
        number = normalise_number(contacts.half_width(self.cleaned_data["number"]))
        if not number_is_well_formed(number):
            raise ValidationError(_("There is a slip in this number. Please compare it with your receipt."))
        return number

    def clean_code(self) -> str:
        """Take the code as people type it; what cannot be a code is no wrong try."""
        code = normalise_code(contacts.half_width(self.cleaned_data["code"]))
        if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
            raise ValidationError(
                _("A follow-up code has ten letters and digits, and no 0, O, 1, I or L. Please compare it again.")
            )
        return code


def _key_in(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return uuid.uuid4()
