"""Ending what levels wrote to one another (circulars, answers, filings), and words in surveys, diaries, unsent forms.

Also the ledgers of looks that hang on petitions, which the database's owner purges.
"""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from people.expiry import Rule
from people.models import RevealLog
from people.purging import Ledger
from petitions.models import (
    Answer,
    Broadcast,
    Circular,
    CircularAddress,
    Filing,
    PetitionReveal,
    Reception,
    ReportHearing,
    RevealRequest,
    ReviewVote,
    SentimentDiary,
    Unsent,
    Whistle,
    WhistleEntry,
)

# What stands where words stood: a circular has a text, an answer given is not empty.
GONE: Final = "—"


def _circulars(at: datetime) -> QuerySet[Circular]:
    return Circular.objects.filter(issued_at__lt=Circular.personal.cutoff(at)).exclude(body=GONE)


def _answers(at: datetime) -> QuerySet[CircularAddress]:
    over = CircularAddress.objects.filter(answered_at__lt=CircularAddress.personal.cutoff(at))
    return over.exclude(answer=GONE)


def _filings(at: datetime) -> QuerySet[Filing]:
    return Filing.objects.filter(filed_at__lt=Filing.personal.cutoff(at)).exclude(body=GONE)


def _surveyed(at: datetime) -> QuerySet[Answer]:
    over = Answer.objects.filter(response__at__lt=Answer.personal.cutoff(at))
    return over.exclude(words_sealed=None, masked="")


def _diaries(at: datetime) -> QuerySet[SentimentDiary]:
    over = SentimentDiary.objects.filter(written_at__lt=SentimentDiary.personal.cutoff(at))
    return over.exclude(words_sealed=None, household_sealed=None, masked="")


def _marks(at: datetime) -> QuerySet[ReviewVote]:
    return ReviewVote.objects.filter(at__lt=ReviewVote.personal.cutoff(at)).exclude(voter=None)


def _received(at: datetime) -> QuerySet[Reception]:
    return Reception.objects.filter(at__lt=Reception.personal.cutoff(at)).exclude(visitor="", words="")


def _unsent(at: datetime) -> QuerySet[Unsent]:
    return Unsent.objects.filter(saved_at__lt=Unsent.personal.cutoff(at))


def _whistles(at: datetime) -> QuerySet[Whistle]:
    return Whistle.objects.filter(closed_at__lt=Whistle.personal.cutoff(at)).exclude(words=GONE)


def _blank_whistle(key: int, _at: datetime) -> bool:
    WhistleEntry.objects.filter(whistle=key).exclude(words="").update(words=GONE)
    return bool(Whistle.objects.filter(pk=key).update(words=GONE, place_words=GONE))


def _hearings(at: datetime) -> QuerySet[ReportHearing]:
    return ReportHearing.objects.filter(recorded_at__lt=ReportHearing.personal.cutoff(at)).exclude(conclusions=GONE)


def _broadcasts(at: datetime) -> QuerySet[Broadcast]:
    return Broadcast.objects.filter(closed_at__lt=Broadcast.personal.cutoff(at)).exclude(place_words=GONE)


def _looks(at: datetime) -> QuerySet[PetitionReveal]:
    return PetitionReveal.objects.filter(log__at__lt=RevealLog.personal.cutoff(at))


def _requests(at: datetime) -> QuerySet[RevealRequest]:
    return RevealRequest.objects.filter(asked_at__lt=RevealRequest.personal.cutoff(at))


RULES: Final = (
    Rule(
        "petitions.circulars",
        ("petitions.Circular",),
        _circulars,
        lambda key, _at: bool(Circular.objects.filter(pk=key).update(body=GONE)),
    ),
    Rule(
        "petitions.hearings",
        ("petitions.ReportHearing",),
        _hearings,
        lambda key, _at: bool(ReportHearing.objects.filter(pk=key).update(conclusions=GONE)),
    ),
    Rule(
        "petitions.answers",
        ("petitions.CircularAddress",),
        _answers,
        lambda key, _at: bool(CircularAddress.objects.filter(pk=key).update(answer=GONE)),
    ),
    Rule(
        "petitions.filings",
        ("petitions.Filing",),
        _filings,
        lambda key, _at: bool(Filing.objects.filter(pk=key).update(body=GONE)),
    ),
    Rule(
        "petitions.survey_answers",
        ("petitions.Answer",),
        _surveyed,
        lambda key, _at: bool(Answer.objects.filter(pk=key).update(words_sealed=None, masked="")),
    ),
    Rule(
        "petitions.diaries",
        ("petitions.SentimentDiary",),
        _diaries,
        lambda key, _at: bool(
            SentimentDiary.objects.filter(pk=key).update(words_sealed=None, household_sealed=None, masked="")
        ),
    ),
    Rule(
        "petitions.review_votes",
        ("petitions.ReviewVote",),
        _marks,
        lambda key, _at: bool(ReviewVote.objects.filter(pk=key).update(voter=None)),
    ),
    Rule(
        "petitions.receptions",
        ("petitions.Reception",),
        _received,
        lambda key, _at: bool(Reception.objects.filter(pk=key).update(visitor="", words="")),
    ),
    Rule("petitions.whistles", ("petitions.Whistle", "petitions.WhistleEntry"), _whistles, _blank_whistle),
    Rule(
        "petitions.broadcasts",
        ("petitions.Broadcast",),
        _broadcasts,
        lambda key, _at: bool(
            Broadcast.objects.filter(pk=key).update(words="", place_words=GONE, end_words="", back_words="")
        ),
    ),
    Rule(
        "petitions.unsent",
        ("petitions.Unsent",),
        _unsent,
        lambda key, _at: Unsent.objects.filter(pk=key).delete()[0] > 0,
    ),
)
# A request was asked for before the look it led to, so it is never younger than that.
LEDGERS: Final = (Ledger(PetitionReveal, _looks), Ledger(RevealRequest, _requests))
