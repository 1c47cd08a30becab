"""Ending what levels wrote to one another: the words of circulars, answers and filings; that they were sent stays.

Also the ledgers of looks that hang on petitions, which the database's owner purges.
"""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from people.expiry import Rule
from people.models import RevealLog
from people.purging import Ledger
from petitions.models import Circular, CircularAddress, Filing, PetitionReveal, RevealRequest

# What stands where words stood: a circular has a text, an answer given is not empty.
GONE: Final = "—"


def _circulars(at: datetime) -> QuerySet[Circular]:
    return Circular.objects.filter(issued_at__lt=Circular.personal.cutoff(at)).exclude(body=GONE)


def _answers(at: datetime) -> QuerySet[CircularAddress]:
    over = CircularAddress.objects.filter(answered_at__lt=CircularAddress.personal.cutoff(at))
    return over.exclude(answer=GONE)


def _filings(at: datetime) -> QuerySet[Filing]:
    return Filing.objects.filter(filed_at__lt=Filing.personal.cutoff(at)).exclude(body=GONE)


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
)
# A request was asked for before the look it led to, so it is never younger than that.
LEDGERS: Final = (Ledger(PetitionReveal, _looks), Ledger(RevealRequest, _requests))
