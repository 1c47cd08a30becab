"""Surveys (001: 2,900 questionnaires): made by staff, answered on a page or on paper, counted without small counts.

Counts from 1 to 4 are not shown, nor what would give them away by subtraction. An answer in words becomes a petition
by one click, once.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from grids.enums import PostKind
from grids.models import Area
from grids.staff import Staff
from people.errors import BadInput
from people.masking import mask_text
from people.models import User
from petitions import services
from petitions.enums import AnswerSource, Channel, QuestionKind
from petitions.errors import NotNow, NotYours
from petitions.models import Answer, Petition, Question, Survey, SurveyResponse

SMALL: Final = 5
MAKES: Final = (
    PostKind.COMMUNITY_SECRETARY, PostKind.COMMUNITY_WORKER, PostKind.DISPATCHER, PostKind.STREET_LEADER,
    PostKind.DISTRICT_COMMAND,
)  # fmt: skip
TYPES_IN: Final = (*MAKES, PostKind.GRID_WORKER, PostKind.GRID_LEAD)
LONGEST_WORDS: Final = 1000

# What one form says: the position of a question → numbers of options, or words.
Given = Mapping[int, Sequence[int] | str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A question that is to be asked."""

    words: str
    kind: QuestionKind
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """A question with how often each option was chosen; None where the number is too small to be shown."""

    question: Question
    options: tuple[tuple[str, int | None], ...]
    answered: int | None


@transaction.atomic
def make(
    *, title: str, intro: str, area: Area, questions: Sequence[Draft], opens_on: date, closes_on: date,
    by: Staff, at: datetime,
) -> Survey:  # fmt: skip
    """Make a survey for an area of one's own.

    :raises NotYours: if no post of ``by`` makes surveys there
    :raises BadInput: without a question, or if the last day lies before the first
    """
    if not by.holds(*MAKES, path=area.path):
        raise NotYours(_("Your post makes no surveys there."))
    if not questions:
        raise BadInput(_("Ask at least one question."), field="questions")
    if closes_on < opens_on:
        raise BadInput(_("The last day lies before the first."), field="closes_on")
    survey = Survey.objects.create(
        title=title, intro=intro, area=area, opens_on=opens_on, closes_on=closes_on, made_by=by.user, made_at=at
    )
    Question.objects.bulk_create(
        Question(survey=survey, position=place, kind=one.kind, words=one.words, options=list(one.options))
        for place, one in enumerate(questions, 1)
    )
    return survey


def may_type_in(by: Staff, survey: Survey) -> bool:
    """Tell whether somebody types paper answers for a survey: whoever serves in its area, above it or in its grids."""
    path = survey.area.path
    return any(
        held.kind in TYPES_IN and (path.startswith(held.path) or held.path.startswith(path)) for held in by.holdings
    )


@transaction.atomic
def answer(
    survey: Survey, given: Given, *, client_key: uuid.UUID, source: AnswerSource, on: date, at: datetime,
    by: User | None = None,
) -> SurveyResponse:  # fmt: skip
    """Keep one filled-in form; the same client key again keeps nothing more. Paper may come in after the last day.

    :raises NotNow: if the page is no longer or not yet open
    :raises BadInput: if nothing is answered, or an answer does not fit its question
    """
    if source == AnswerSource.PAGE and not survey.opens_on <= on <= survey.closes_on:
        raise NotNow(_("This survey is not open now."))
    return store(survey, [(client_key, given)], source=source, at=at, by=by)[0]


@transaction.atomic
def store(
    survey: Survey, forms: Sequence[tuple[uuid.UUID, Given]], *, source: AnswerSource, at: datetime, by: User | None
) -> list[SurveyResponse]:
    """Keep filled-in forms, all or none; those whose key is known already are left as they are.

    :raises BadInput: if one of them answers nothing, or an answer does not fit its question
    """
    questions = {one.position: one for one in survey.questions.all()}
    rows = [(key, _checked(questions, given)) for key, given in forms]
    SurveyResponse.objects.bulk_create(
        [SurveyResponse(survey=survey, client_key=key, source=source, at=at, by=by) for key, _given in rows],
        ignore_conflicts=True,
    )
    kept = SurveyResponse.objects.filter(survey=survey).in_bulk([key for key, _given in rows], field_name="client_key")
    known = set(Answer.objects.filter(response__in=kept.values()).values_list("response_id", flat=True))
    answers = []
    for key, given in rows:
        if key in kept and kept[key].pk not in known:
            answers += [_answer(kept[key], questions[place], value) for place, value in given.items()]
    Answer.objects.bulk_create(answers)
    return [kept[key] for key, _given in rows if key in kept]


def results(survey: Survey) -> list[Counted]:
    """Return the counts of every question that has options, small ones left out; two queries."""
    questions = list(survey.questions.order_by("position"))
    chosen: dict[int, Counter[int]] = {one.pk: Counter() for one in questions}
    answered: Counter[int] = Counter()
    for question_id, options in Answer.objects.filter(question__in=questions).values_list("question", "chosen"):
        chosen[question_id].update(options)
        answered[question_id] += 1
    return [
        Counted(
            question=one,
            options=tuple(zip(one.options, shown([chosen[one.pk][place] for place in range(len(one.options))]),
                              strict=True)),
            answered=answered[one.pk] if answered[one.pk] >= SMALL or not answered[one.pk] else None,
        )
        for one in questions
    ]  # fmt: skip


def shown(counts: Sequence[int]) -> list[int | None]:
    """Leave out counts from 1 to 4, and one more where a single gap could be found by subtraction. Pure."""
    hidden = {place for place, count in enumerate(counts) if 0 < count < SMALL}
    if len(hidden) == 1:
        others = [place for place, count in enumerate(counts) if place not in hidden and count]
        if others:
            hidden.add(min(others, key=lambda place: (counts[place], place)))
    return [None if place in hidden else count for place, count in enumerate(counts)]


@transaction.atomic
def raise_petition(answer_id: uuid.UUID, survey: Survey, *, by: Staff, at: datetime) -> Petition:
    """File the words of one answer as a petition of the survey's area; a second click finds the first's.

    :raises NotYours: if ``by`` does not serve there
    :raises NotNow: if it has no words
    """
    if not may_type_in(by, survey):
        raise NotYours(_("Your post does not file for others."))
    row = Answer.objects.select_for_update(of=("self",)).filter(pk=answer_id, question__survey=survey).first()
    if row is None or not row.words:
        raise NotNow(_("This answer has no words to file."))
    if row.petition is not None:
        return row.petition
    filed = services.file(
        text=row.words, at=at, client_key=uuid.uuid5(row.pk, "petition"), channel=Channel.SURVEY, place=survey.area,
        anonymous=True, filed_by=by.user,
    )  # fmt: skip
    row.petition = filed.petition
    row.save(update_fields=["petition"])
    return filed.petition


def _checked(questions: Mapping[int, Question], given: Given) -> dict[int, Sequence[int] | str]:
    found: dict[int, Sequence[int] | str] = {}
    for place, value in given.items():
        question = questions.get(place)
        if question is None:
            raise BadInput(_("There is no question %(number)d.") % {"number": place})
        if isinstance(value, str):
            fits = question.kind == QuestionKind.WORDS and len(value) <= LONGEST_WORDS and "\x00" not in value
        else:
            fits = question.kind != QuestionKind.WORDS and set(value) <= set(range(len(question.options)))
            fits = fits and (question.kind == QuestionKind.MANY or len(value) <= 1)
        if not fits:
            raise BadInput(_("The answer to question %(number)d does not fit it.") % {"number": place})
        if value:
            found[place] = value.strip() if isinstance(value, str) else sorted(set(value))
    if not any(found.values()):
        raise BadInput(_("Please answer at least one question."))
    return {place: value for place, value in found.items() if value}


def _answer(response: SurveyResponse, question: Question, value: Sequence[int] | str) -> Answer:
    row = Answer(response=response, question=question)
    if isinstance(value, str):
        row.words = value
        row.masked = mask_text(value)[0]
    else:
        row.chosen = list(value)
    return row
