"""Forms of surveys: making one, answering one, bringing in a table of paper answers."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import Area
from petitions.enums import QuestionKind
from petitions.models import Question
from petitions.surveys import LONGEST_WORDS, Draft

MOST_QUESTIONS = 30
MOST_OPTIONS = 12
LONGEST_QUESTION, LONGEST_OPTION = 200, 80


class SurveyForm(forms.Form):
    """A survey in a few fields; the questions as lines of text, so that a list can be pasted in."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    intro = forms.CharField(
        label=gettext_lazy("Introduction"),
        help_text=gettext_lazy("What it is for, and what will be done with the answers."),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    area = forms.ModelChoiceField(label=gettext_lazy("For whom"), queryset=Area.objects.none(), to_field_name="code")
    opens_on = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    closes_on = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    questions = forms.CharField(
        label=gettext_lazy("Questions"),
        help_text=gettext_lazy(
            "One line for each question, its options after it with | between. Several may be chosen if the line begins "
            "with *. A line without options is answered in words. Please ask for no names and no numbers."
        ),
        max_length=8000,
        widget=forms.Textarea({"rows": 8}),
    )

    def __init__(self, *args: Any, areas: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = areas
        field.empty_label = str(gettext_lazy("Choose"))
        self.fields["opens_on"].initial = on

    def clean_questions(self) -> list[Draft]:
        """Read the lines; what is wrong is said with its line."""
        lines = [line.strip() for line in str(self.cleaned_data["questions"]).splitlines() if line.strip()]
        if len(lines) > MOST_QUESTIONS:
            raise ValidationError(_("At most %(count)d questions.") % {"count": MOST_QUESTIONS})
        return [_draft(line, number) for number, line in enumerate(lines, 1)]


class AnswerForm(forms.Form):
    """The questions of one survey; none of them must be answered, but one at least."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, questions: Sequence[Question], **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = questions
        for one in questions:
            self.fields[f"q{one.position}"] = _field(one)

    def clean(self) -> dict[str, Any]:
        """Ask for one answer at least."""
        given = super().clean() or {}
        if not self.errors and not any(given.get(f"q{one.position}") for one in self.questions):
            raise ValidationError(_("Please answer at least one question."))
        return given

    def given(self) -> dict[int, Sequence[int] | str]:
        """Return what ``surveys.answer`` takes."""
        found: dict[int, Sequence[int] | str] = {}
        for one in self.questions:
            value = self.cleaned_data.get(f"q{one.position}")
            if value:
                in_words = one.kind == QuestionKind.WORDS
                found[one.position] = value if in_words else [int(part) for part in _several(value)]
        return found

    @property
    def key(self) -> uuid.UUID:
        """The client key; a form without one is a new one."""
        return self.cleaned_data.get("client_key") or uuid.uuid4()


class SheetForm(forms.Form):
    """A table of paper answers."""

    file = forms.FileField(
        label=gettext_lazy("XLSX or CSV file"),
        help_text=gettext_lazy(
            "The first row holds the numbers of the questions (1, 2, 3 …), each further row one paper form. In a cell "
            "stands the number or the words of the option, several with a comma between."
        ),
    )


def _several(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _draft(line: str, number: int) -> Draft:
    words, *options = [part.strip() for part in line.removeprefix("*").replace("｜", "|").split("|")]
    options = [option for option in options if option]
    if not words or len(words) > LONGEST_QUESTION:
        raise ValidationError(_("Line %(number)d: give the question, at most 200 characters.") % {"number": number})
    too_many = len(options) > MOST_OPTIONS or len(set(options)) != len(options)
    if len(options) == 1 or too_many or any(len(one) > LONGEST_OPTION for one in options):
        message = _("Line %(number)d: give 2 to 12 different options of at most 80 characters, or none.")
        raise ValidationError(message % {"number": number})
    kind = QuestionKind.WORDS if not options else QuestionKind.MANY if line.startswith("*") else QuestionKind.ONE
    return Draft(words, kind, tuple(options))


def _field(question: Question) -> forms.Field:
    choices = [(str(place), option) for place, option in enumerate(question.options)]
    if question.kind == QuestionKind.WORDS:
        return forms.CharField(
            label=question.words, max_length=LONGEST_WORDS, required=False, widget=forms.Textarea({"rows": 3})
        )
    if question.kind == QuestionKind.MANY:
        return forms.MultipleChoiceField(
            label=question.words, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(label=question.words, choices=choices, required=False, widget=forms.RadioSelect)
