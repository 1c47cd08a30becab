"""What each verb asks of the person; a form turns the answers into the facts its transition takes."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from deadlines.choice import choose, load_overrides
from deadlines.models import Policy
from grids.staff import Staff
from people.enums import PersonField
from petitions.casefile import ONE_TAP
from petitions.enums import IssueKind, Tier, Urgency, Verb
from petitions.forms.photos import PhotosField
from petitions.models import Category, Petition
from petitions.suggestion import Suggestion, suggest

WORDS = 2000
AS_CATEGORY = gettext_lazy("As the category says")
MORE = ("needs_deliberation", "tier", "urgency", "policy")
Groups = list[tuple[str, list[tuple[str, str]]]]


def words_field(label: Any, *, help_text: Any = "", required: bool = True) -> forms.CharField:
    """Return a text area of a few lines."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=WORDS,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Say it in a few words.")},
    )


class VerbForm(forms.Form):
    """The form of one verb on one petition. ``version`` says what the person saw when it was opened."""

    verb: ClassVar[Verb]
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        petition: Petition,
        by: Staff,
        on: date,
        said: str = "",
    ) -> None:
        """``on``: civil date in Shanghai; ``said``: the masked words, for a form that suggests."""
        super().__init__(data, files, initial={"version": petition.version}, auto_id="do_%s")
        self.petition, self.by, self.on, self.said = petition, by, on, said
        self.prepare()

    def prepare(self) -> None:
        """Load the choices."""

    @property
    def is_one_tap(self) -> bool:
        """Whether the button of the verb asks for nothing more."""
        return self.verb in ONE_TAP

    def facts(self) -> dict[str, Any]:
        """Return what the transition takes beside the petition, ``by`` and ``at``."""
        return dict(self.cleaned_data)


class SentForm(VerbForm):
    """The form of a verb that may wait on a phone for a line: its key makes the same sending count once."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        """Give it a key of its own."""
        self.initial["client_key"] = uuid.uuid4()

    def facts(self) -> dict[str, Any]:
        """Return what was typed; how it was sent, the view knows."""
        facts = super().facts()
        del facts["client_key"]
        return facts


class SignForm(VerbForm):
    """Take it."""

    verb = Verb.SIGN


class ArriveForm(SentForm):
    """Be on the scene; ``where``: the place of the device, if its owner ticked that."""

    verb = Verb.ARRIVE
    where = forms.CharField(widget=forms.HiddenInput, max_length=24, required=False)


class CloseForm(VerbForm):
    """Close what was verified."""

    verb = Verb.CLOSE


class DeclineForm(VerbForm):
    """Why not, in words for the petitioner."""

    verb = Verb.DECLINE
    reason = words_field(
        gettext_lazy("Why is it not accepted?"),
        help_text=gettext_lazy("The petitioner reads this: say why, and who can help instead."),
    )


class ContactForm(SentForm):
    """The petitioner was spoken to."""

    verb = Verb.CONTACT
    note = words_field(gettext_lazy("What was said?"), help_text=gettext_lazy("For staff only."), required=False)


class PlanForm(SentForm):
    """What will be done, and by when."""

    verb = Verb.PLAN
    words = words_field(
        gettext_lazy("What will be done, and by when?"), help_text=gettext_lazy("The petitioner reads this.")
    )


class ResolveForm(SentForm):
    """The reply, and photos that show it."""

    verb = Verb.RESOLVE
    reply = words_field(gettext_lazy("What was done?"), help_text=gettext_lazy("This is the reply to the petitioner."))
    after = PhotosField(label=gettext_lazy("Photos after"))
    before = PhotosField(label=gettext_lazy("Photos before"))


class VerifyForm(VerbForm):
    """It is really done."""

    verb = Verb.VERIFY
    note = words_field(gettext_lazy("How was it checked?"), help_text=gettext_lazy("For staff only."), required=False)


class ReworkForm(VerbForm):
    """It is not done, or not well."""

    verb = Verb.REWORK
    reason = words_field(
        gettext_lazy("What is still to be done?"),
        help_text=gettext_lazy("Whoever handles it reads this, and the petitioner too. The time starts anew."),
    )


class RecallForm(VerbForm):
    """Why it is taken back before anybody has taken it."""

    verb = Verb.RECALL
    reason = words_field(gettext_lazy("Why do you recall it?"), help_text=gettext_lazy("For staff only."))


class OneOf(forms.ChoiceField):
    """One of several fields of which one must be answered."""

    is_optional = False


class AcceptForm(VerbForm):
    """Triage: a category, suggested from the words with the reason shown; what it implies may be changed."""

    verb = Verb.ACCEPT
    suggestion = OneOf(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("Suggested from the words. Please check it."),
        widget=forms.RadioSelect,
        required=False,
    )
    category = OneOf(
        label=gettext_lazy("Category"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Please choose a category from the list.")},
    )
    issue_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of matter"),
        choices=IssueKind,
        initial=IssueKind.SMALL,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A small matter has 60 minutes under 1365, a dispute to mediate has 5 hours."),
    )
    needs_deliberation = forms.BooleanField(label=gettext_lazy("Residents must deliberate on it first"), required=False)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=[("", AS_CATEGORY), *Tier.choices], required=False)
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"), choices=[("", AS_CATEGORY), *Urgency.choices], required=False
    )
    policy = forms.ChoiceField(label=gettext_lazy("Time limits"), required=False)

    def prepare(self) -> None:
        """Load categories and policies, and suggest from the words."""
        in_force = Category.objects.in_force(self.on).subjects().defer("keywords")
        categories = list(in_force.select_related("parent").defer("parent__keywords").order_by("code"))
        self._categories = {category.code: category for category in categories}
        self._overrides = load_overrides(self.on)
        keys = {category.policy_key for category in categories} | {rule.policy_key for rule in self._overrides}
        self._policies = {
            policy.key: policy for policy in Policy.objects.in_force(self.on).filter(key__in=keys).order_by("key")
        }
        suggested = [
            one
            for one in suggest(f"{self.petition.title}\n{self.said}", on=self.on)
            if one.category.code in self._categories
        ]
        self._offer("category", [("", _("Choose")), *_grouped(categories)])
        self._offer("policy", [("", AS_CATEGORY), *((key, one.name) for key, one in self._policies.items())])
        if suggested:
            other = ("", _("Something else: choose the category below"))
            self._offer("suggestion", [*map(_suggested, suggested), other])
            self.initial["suggestion"] = suggested[0].category.code
        else:
            del self.fields["suggestion"]
        if self.petition.urgency != Urgency.NORMAL:
            self.initial["urgency"] = self.petition.urgency

    def clean(self) -> dict[str, Any]:
        """Fill in from the category what was left to it."""
        given = super().clean() or {}
        code = given.get("category") or given.get("suggestion")
        category = self._categories.get(code or "")
        if category is None:
            if "category" not in self.errors:
                self.add_error("category", _("Please choose a category from the list."))
            return given
        tier, urgency = given.get("tier") or category.tier, given.get("urgency") or category.urgency
        default = choose(
            self._overrides,
            category=category.code,
            default=category.policy_key,
            tier=tier,
            urgency=urgency,
            area_path=self.petition.area_path,
            on=self.on,
        )
        policy = self._policies.get(given.get("policy") or default)
        if policy is None:
            self.add_error("policy", _("The category's own time limits are not in force. Please choose others."))
        return {
            **given,
            "category": category,
            "policy": policy,
            "tier": tier,
            "urgency": urgency,
        }

    def facts(self) -> dict[str, Any]:
        """Return what triage decided."""
        facts = super().facts()
        facts.pop("suggestion", None)
        return facts

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    @property
    def main(self) -> Iterator[forms.BoundField]:
        """The fields everybody answers."""
        return (self[name] for name in ("suggestion", "category", "issue_kind") if name in self.fields)

    @property
    def more(self) -> Iterator[forms.BoundField]:
        """What the category has answered already."""
        return (self[name] for name in MORE)

    @property
    def more_has_errors(self) -> bool:
        """Whether the folded fields must be shown."""
        return any(name in self.errors for name in MORE)


class RevealForm(forms.Form):
    """Why somebody must see a sealed field in clear."""

    field = forms.ChoiceField(label=gettext_lazy("What do you need to see?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=200,
        help_text=gettext_lazy("It is written down with your name."),
        error_messages={"required": gettext_lazy("Say in a few words why you need to see this.")},
        widget=forms.TextInput({"list": "reveal-reasons", "autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, fields: Sequence[str]) -> None:
        """``fields``: what there is to reveal."""
        first = "phone" if "phone" in fields else next(iter(fields), "")
        super().__init__(data, initial={"field": first}, auto_id="reveal_%s")
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(name, PersonField(name).label) for name in fields]


def _suggested(suggestion: Suggestion) -> tuple[str, str]:
    words = pgettext("list separator", ", ").join(suggestion.because)
    return suggestion.category.code, _("%(category)s (the words say: %(words)s)") % {
        "category": suggestion.category.name,
        "words": words,
    }


def _grouped(categories: Sequence[Category]) -> Groups:
    groups: dict[str, list[tuple[str, str]]] = {}
    for category in categories:
        group = category.parent.name if category.parent else ""
        groups.setdefault(group, []).append((category.code, category.name))
    return list(groups.items())
