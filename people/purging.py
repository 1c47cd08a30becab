"""Ledgers that are only added to, and what of them is over: taken away by the database's owner, never by the site.

Apps announce their ledgers (``petitions`` first: what points at a row goes before it).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pgtrigger
from django.db import models, transaction
from django.db.models import QuerySet

from people import audit
from people.enums import AuditKind
from people.ledgers import check_may_purge
from people.models import ExportLog, FactorReset, RevealLog


@dataclass(frozen=True, slots=True)
class Ledger:
    """A table whose rows are kept whole until their time is over: ``over`` says which are, at an instant."""

    model: type[models.Model]
    over: Callable[[datetime], QuerySet[Any]]

    @property
    def label(self) -> str:
        """The model's label, "people.ExportLog"."""
        return self.model._meta.label  # noqa: SLF001 - Django's public name for its metadata

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table  # noqa: SLF001 - as above


_ledgers: list[Ledger] = []


def announce(ledger: Ledger) -> None:
    """Add a ledger; called from ``ready()``, which runs in the highest app first."""
    if all(one.model is not ledger.model for one in _ledgers):
        _ledgers.append(ledger)


def ledgers() -> tuple[Ledger, ...]:
    """Return the ledgers in the order in which their rows may go."""
    return tuple(_ledgers)


@transaction.atomic
def purge(*, at: datetime, dry: bool = False) -> Mapping[str, int]:
    """Take away the rows whose time is over, of every ledger or of none; return how many by the model's label.

    One entry of the audit log per ledger tells how many; ``dry`` only counts.

    :raises NotAllowed: to anybody but the database's owner, before anything is done
    """
    if dry:
        return {one.label: one.over(at).count() for one in ledgers()}
    check_may_purge(*(one.table for one in ledgers()))
    gone: dict[str, int] = {}
    with pgtrigger.ignore(*(uri for one in ledgers() for uri in _in_the_way(one))):
        for one in ledgers():
            count = one.over(at).delete()[1].get(one.label, 0)
            gone[one.label] = count
            if count:
                audit.record(AuditKind.PURGED, by=None, at=at, about=one.label.lower(), details={"ended": count})
    return gone


def _in_the_way(ledger: Ledger) -> list[str]:
    """The triggers that refuse a deletion, or would name the author of the old row as who deleted it."""
    triggers = getattr(ledger.model._meta, "triggers", ())  # noqa: SLF001 - as above
    return [f"{ledger.label}:{one.name}" for one in triggers if str(pgtrigger.Delete) in str(one.operation)]


EXPORTS: Final = Ledger(ExportLog, lambda at: ExportLog.objects.filter(at__lt=ExportLog.personal.cutoff(at)))
REVEALS: Final = Ledger(RevealLog, lambda at: RevealLog.objects.filter(at__lt=RevealLog.personal.cutoff(at)))
FACTOR_RESETS: Final = Ledger(
    FactorReset, lambda at: FactorReset.objects.filter(at__lt=FactorReset.personal.cutoff(at))
)
