"""Ending what has been kept long enough: the rules that apps announce, run each night row by row.

A row that is held back, or that fails, is counted and passed over; the scan goes on.
"""

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from people import audit
from people.enums import AuditKind
from people.errors import NotAllowedNow
from people.models import Authenticator, RecoveryCode, RetentionRun, User

logger = logging.getLogger(__name__)

BATCH: Final = 500
NAMED_FAILURES: Final = 50
_LOCK: Final = "people.expiry"


def _none_held(_keys: Collection[Any]) -> Collection[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """How the data of some models ends.

    ``models``: labels of the models whose personal fields it ends. ``due``: the rows whose time is over at an
    instant. ``end``: ends one row, in a transaction of its own, and tells whether there was anything to end.
    ``held``: which of these keys are held back.
    """

    name: str
    models: tuple[str, ...]
    due: Callable[[datetime], QuerySet[Any]]
    end: Callable[[Any, datetime], bool]
    held: Callable[[Collection[Any]], Collection[Any]] = field(default=_none_held)


_rules: dict[str, Rule] = {}


def announce(rule: Rule) -> None:
    """Add a rule; called from ``ready()``. The same name again replaces it."""
    _rules[rule.name] = rule


def rules() -> tuple[Rule, ...]:
    """Return the rules in the order of their names."""
    return tuple(_rules[name] for name in sorted(_rules))


def run(*, at: datetime, dry: bool = False, only: Collection[str] = ()) -> tuple[RetentionRun, ...]:
    """End what is due ``at`` an instant, or only count it (``dry``), and keep a report of each rule.

    :raises NotAllowedNow: if another run is at it
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [_LOCK])
        if not cursor.fetchone()[0]:
            raise NotAllowedNow("Another retention run is at it.")
    try:
        return tuple(_run(rule, at=at, dry=dry) for rule in rules() if not only or rule.name in only)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [_LOCK])


def _run(rule: Rule, *, at: datetime, dry: bool) -> RetentionRun:
    report = RetentionRun(rule=rule.name, at=at, dry=dry)
    for keys in _batches(rule.due(at)):
        held = set(rule.held(keys))
        report.due += len(keys)
        report.held += len(held)
        for key in keys:
            if key in held or dry:
                continue
            _end(rule, key, report, at=at)
    with transaction.atomic():
        report.save(force_insert=True)
        if report.ended or report.failed:
            details = {"ended": report.ended, "held": report.held, "failed": report.failed}
            audit.record(AuditKind.PURGED, by=None, at=at, about=f"rule:{rule.name}", details=details)
    return report


def _end(rule: Rule, key: Any, report: RetentionRun, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            report.ended += rule.end(key, at)
    except Exception as bug:  # noqa: BLE001 - one bad row must not stop the others
        # The type alone: the text of an exception may quote what the row holds.
        logger.error("Retention %s fails at %s: %s.", rule.name, key, type(bug).__name__)  # noqa: TRY400 - as above
        report.failed += 1
        if len(report.failures) < NAMED_FAILURES:
            report.failures.append([str(key), type(bug).__name__])


def _batches(due: QuerySet[Any]) -> Iterator[list[Any]]:
    """Yield the keys of what is due, by keyset: what was ended, held or failed is behind the next batch."""
    last: Any = None
    while True:
        rows = due.order_by("pk") if last is None else due.filter(pk__gt=last).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        if keys:
            yield keys
            last = keys[-1]
        if len(keys) < BATCH:
            return


# -- accounts of staff


def closed_before(cutoff: datetime) -> QuerySet[User]:
    """Return the closed accounts that nobody has used since; when one was closed stands in no column."""
    closed = User.objects.filter(is_active=False).annotate(seen=Coalesce("last_login", "date_joined"))
    return closed.filter(Q(seen__lt=cutoff))


def _closed_accounts(at: datetime) -> QuerySet[User]:
    something = ~Q(email="") | ~Q(identity="") | Q(last_login__isnull=False) | Q(authenticator__isnull=False)
    return closed_before(User.personal.cutoff(at)).filter(something)


def _end_account(key: int, _at: datetime) -> bool:
    """Address, outside identity, last sign-in and second factor go.

    User name and name stay with what the person did in office (a public act). The last sign-in becomes the day of
    joining for other rules, which is earlier: they end no later for it.
    """
    RecoveryCode.objects.filter(user=key).delete()
    Authenticator.objects.filter(user=key).delete()
    return bool(User.objects.filter(pk=key, is_active=False).update(email="", identity="", last_login=None))


ACCOUNTS: Final = Rule("people.accounts", ("people.User", "people.Authenticator"), _closed_accounts, _end_account)
