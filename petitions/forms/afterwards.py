"""What is asked after the handling: a rating, a callback, a reason to reopen; and of staff: word, joining, category."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from petitions import additions
from petitions.enums import FeedbackKind, IssueKind, Satisfaction, Tier, Urgency
from petitions.forms.case import AcceptForm, words_field
from petitions.forms.photos import PhotosInput

SOLVED = (("yes", gettext_lazy("Yes, it is solved")), ("no", gettext_lazy("No, it is not solved")))


class RatingForm(forms.Form):
    """Solved? and satisfied? asked apart; either may be left open, not both."""

    solved = forms.TypedChoiceField(
        label=gettext_lazy("Is it solved?"),
        choices=SOLVED,
        widget=forms.RadioSelect,
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    satisfaction = forms.ChoiceField(
        label=gettext_lazy("Are you satisfied with how it was handled?"),
        choices=Satisfaction.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    words = words_field(
        gettext_lazy("Would you tell us why?"),
        help_text=gettext_lazy("Whoever handled it and the head read this."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one answer at least."""
        given = super().clean() or {}
        if not self.errors and given.get("solved") is None and not given.get("satisfaction"):
            self.add_error("solved", _("Please answer at least one of the two questions."))
        return given

    def facts(self) -> dict[str, Any]:
        """Return what the verb takes."""
        given = self.cleaned_data
        satisfaction = Satisfaction(given["satisfaction"]) if given["satisfaction"] else None
        return {"solved": given["solved"], "satisfaction": satisfaction, "words": given["words"]}


class CallbackForm(RatingForm):
    """What the petitioner said when he was called; "not solved" needs to say what is missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["solved"].label = _("Does the petitioner say that it is solved?")
        self.fields["satisfaction"].label = _("Is the petitioner satisfied with how it was handled?")
        self.fields["words"].label = _("What did the petitioner say?")
        self.fields["words"].help_text = _("If it is not solved, it goes back to whoever handled it with these words.")

    def clean(self) -> dict[str, Any]:
        """Ask what is missing where something is."""
        given = super().clean()
        if given.get("solved") is False and not given.get("words", "").strip():
            self.add_error("words", _("Say what is not solved: whoever handles it reads this."))
        return given


class ReopenForm(forms.Form):
    """What is still wrong."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = words_field(
        gettext_lazy("What is still wrong?"), help_text=gettext_lazy("Whoever handled it reads this, and the head.")
    )


class AdditionForm(forms.Form):
    """What more there is to say or to show; photos go their own way (``petitions.drafts``)."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What do you want to add?"),
        help_text=gettext_lazy("Whoever handles it reads this. Telephone and identity numbers in it are hidden."),
        max_length=additions.MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    photos = forms.FileField(
        label=gettext_lazy("Photos"),
        help_text=gettext_lazy(
            "Up to 5. Place and camera data are removed. Please no faces and no number plates, if you can."
        ),
        required=False,
        widget=PhotosInput,
    )


class AppealForm(forms.Form):
    """Why it should be taken on after all."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = words_field(
        gettext_lazy("Why should it be taken on?"), help_text=gettext_lazy("The level above reads this and decides.")
    )


class WithdrawForm(forms.Form):
    """Why it is withdrawn, if the petitioner wants to say so."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = words_field(gettext_lazy("Why do you withdraw it?"), required=False)


class AnswerForm(forms.Form):
    """The answer to a bad rating, in words for the petitioner."""

    words = words_field(
        gettext_lazy("Answer to the petitioner"), help_text=gettext_lazy("The petitioner reads this on the page.")
    )


class FeedbackForm(forms.Form):
    """Word to the petitioner, and of which kind."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of feedback"),
        choices=FeedbackKind.choices,
        widget=forms.RadioSelect,
        initial=FeedbackKind.PROMPT,
        help_text=gettext_lazy("Special feedback goes to everybody whose matter was joined, at once."),
    )
    words = words_field(
        gettext_lazy("How does it stand?"),
        help_text=gettext_lazy("The petitioner reads this. No names, no telephone numbers."),
    )


class JoinForm(forms.Form):
    """Both versions that were seen, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    other_version = forms.IntegerField(widget=forms.HiddenInput)
    words = words_field(gettext_lazy("Reason"), help_text=gettext_lazy("For staff only."))


class RecategoriseForm(AcceptForm):
    """Triage again, with a reason; its time limits keep their moments or begin anew."""

    words = words_field(gettext_lazy("Reason"), help_text=gettext_lazy("The petitioner reads this."))
    afresh = forms.ChoiceField(
        label=gettext_lazy("From when do the new time limits count?"),
        choices=(
            ("", gettext_lazy("From when they would have counted, and never into the past")),
            ("yes", gettext_lazy("All of them from now on")),
        ),
        widget=forms.RadioSelect,
        required=False,
    )

    def prepare(self) -> None:
        """Offer what triage offers, filled in as the petition stands."""
        super().prepare()
        self.fields.pop("suggestion", None)
        petition = self.petition
        standing: Mapping[str, Any] = {
            "category": petition.category.code if petition.category else "",
            "issue_kind": petition.issue_kind,
            "needs_deliberation": petition.needs_deliberation,
        }
        self.initial.update(standing)

    def facts(self) -> dict[str, Any]:
        """Return what ``recategorising.recategorise`` takes."""
        given = super().facts()
        return {
            "category": given["category"],
            "policy": given["policy"],
            "tier": Tier(given["tier"]),
            "urgency": Urgency(given["urgency"]),
            "issue_kind": IssueKind(given["issue_kind"]),
            "needs_deliberation": given["needs_deliberation"],
            "reason": given["words"],
            "afresh": given["afresh"] == "yes",
            "version": given["version"],
        }
