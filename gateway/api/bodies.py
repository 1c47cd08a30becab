"""What a neighbour may send. A member that nobody reads is refused: a slip of the pen must not lose what was meant."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from people.enums import Language, PersonField
from petitions.enums import About, IssueKind, ReturnReason, Satisfaction, Status, Tier, Urgency
from petitions.forms.case import WORDS
from petitions.services import MAX_WORDS

BIGGEST = 2**31 - 1


class Strict(serializers.Serializer[Any]):
    """A body without members of its own invention."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse members that are not in the document.

        :raises ValidationError: if there are any
        """
        unknown = set(getattr(self, "initial_data", {})) - set(self.fields)
        if unknown:
            said = _("This member is not in the document.")
            raise serializers.ValidationError({name[:80]: [said] for name in sorted(unknown)})
        return attrs


class ContactIn(serializers.Serializer[Any]):
    """Who may be called."""

    name = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    email = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class FileIn(Strict):
    """A matter, in words."""

    text = serializers.CharField(max_length=MAX_WORDS, help_text="What happened, in the petitioner's words.")
    title = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    external_id = serializers.CharField(
        max_length=60, required=False, default="", allow_blank=True,
        help_text="Its number in your system. The same number again gives the same petition.",
    )  # fmt: skip
    place = serializers.CharField(
        max_length=32, required=False, default="", allow_blank=True, help_text="Code of an area (GET areas/)."
    )
    place_words = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    contact = ContactIn(required=False)
    anonymous = serializers.BooleanField(required=False, default=False)
    confidential = serializers.BooleanField(required=False, default=False)
    about = serializers.ChoiceField(
        About.choices,
        required=False,
        default="",
        allow_blank=True,
        help_text="Whether it is about staff, and of which level.",
    )
    about_words = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(
        Language.choices,
        required=False,
        default="",
        allow_blank=True,
        help_text="In which language the petitioner is answered; without it, that of the words.",
    )


class ListQuery(Strict):
    """Which petitions, and from where on."""

    status = serializers.ChoiceField(Status.choices, required=False)
    external_id = serializers.CharField(max_length=60, required=False)
    after = serializers.RegexField(r"^PX[0-9A-Z]{6,22}$", required=False, help_text="The last number you have.")
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)


class AreaQuery(Strict):
    """Which areas, and from where on."""

    parent = serializers.CharField(max_length=32, required=False)  # type: ignore[assignment]
    after = serializers.CharField(max_length=32, required=False, help_text="The last code you have.")
    limit = serializers.IntegerField(min_value=1, max_value=500, required=False, default=200)


class VerbIn(Strict):
    """What every verb takes: the version of the matter it decides on, unless If-Match says it."""

    version = serializers.IntegerField(min_value=1, max_value=BIGGEST, required=False)


class ReasonIn(VerbIn):
    """Why."""

    reason = serializers.CharField(max_length=WORDS)


class NoteIn(VerbIn):
    """A note for staff."""

    note = serializers.CharField(max_length=WORDS, required=False, default="", allow_blank=True)


class PlanIn(VerbIn):
    """What will be done, and by when; the petitioner reads it."""

    words = serializers.CharField(max_length=WORDS)


class ResolveIn(VerbIn):
    """The reply to the petitioner."""

    reply = serializers.CharField(max_length=WORDS)


class AcceptIn(VerbIn):
    """Triage: what is left out, the category says."""

    category = serializers.CharField(max_length=8)
    issue_kind = serializers.ChoiceField(IssueKind.choices, required=False, default=IssueKind.SMALL)
    needs_deliberation = serializers.BooleanField(required=False, default=False)
    tier = serializers.ChoiceField(Tier.choices, required=False)
    urgency = serializers.ChoiceField(Urgency.choices, required=False)
    policy = serializers.CharField(max_length=40, required=False)


class DispatchIn(NoteIn):
    """Whom it is given to: a handling unit, or the worker of a grid."""

    organisation = serializers.CharField(max_length=40, required=False, help_text="Code of a handling unit.")
    grid = serializers.CharField(max_length=32, required=False, help_text="Code of a grid: its worker gets it.")


class DesignateIn(DispatchIn):
    """Whom, and why: who is designated may not return it."""

    reason = serializers.CharField(max_length=WORDS)


class RevealIn(Strict):
    """What must be seen in clear, and why; both are written down."""

    field = serializers.ChoiceField(PersonField.choices)
    reason = serializers.CharField(max_length=200)


class WordsIn(Strict):
    """What the petitioner says beside what he said."""

    words = serializers.CharField(max_length=WORDS)


class WithdrawIn(Strict):
    """Why the petitioner takes it back, if he says so."""

    words = serializers.CharField(max_length=WORDS, required=False, default="", allow_blank=True)


class RateIn(Strict):
    """Two questions apart; at least one is answered."""

    solved = serializers.BooleanField(required=False, allow_null=True, default=None)
    satisfaction = serializers.ChoiceField(Satisfaction.choices, required=False, allow_null=True, default=None)
    words = serializers.CharField(max_length=WORDS, required=False, default="", allow_blank=True)


class ReturnIn(VerbIn):
    """Why it is given back, as a reason of the list and in words; staff read them."""

    reason_code = serializers.ChoiceField(ReturnReason.choices)
    words = serializers.CharField(max_length=WORDS)


class NothingIn(Strict):
    """Nothing: the address says it all."""
