"""Rotation of the person keys: every sealed column of every model brought to the newest key while the site serves.

Both keys are listed meanwhile: what is still under the old one opens, whatever the site writes is under the new one.
A batch is one transaction with its progress row; a run that was killed goes on behind the last finished batch.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.db import connection, models, transaction

from people import audit, crypto
from people.enums import AuditKind
from people.errors import NotAllowedNow
from people.fields import Sealed
from people.models import KeyRotation

# Opening and sealing is some 10 µs a field: a batch of a thousand rows holds its row locks for well under a second.
BATCH: Final = 1000
# The site may write under the old key until its processes have seen the new one; a second look finds those rows.
PASSES: Final = 3
_LOCK: Final = "people.rotation"

_KEYS = """
    SELECT CASE WHEN length({column}) > 2 + get_byte({column}, 1)
                THEN encode(substring({column} FROM 3 FOR get_byte({column}, 1)), 'escape') ELSE '' END, count(*)
    FROM {table} WHERE length({column}) > 1 GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with sealed columns and what opens them."""

    model: type[models.Model]
    fields: tuple[Sealed, ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.model._meta.db_table  # noqa: SLF001 - Django's public name for its metadata

    @property
    def columns(self) -> tuple[str, ...]:
        """Their columns in the database, in the order of ``fields``."""
        fields = [self.model._meta.get_field(one.column) for one in self.fields]  # noqa: SLF001 - as above
        return tuple(str(field.column) for field in fields if isinstance(field, models.BinaryField))


@dataclass(slots=True)
class Report:
    """What a rotation did: rows seen and sealed again, and the fields that do not open ("table.column row")."""

    rows: int = 0
    resealed: int = 0
    unreadable: list[str] = field(default_factory=list)


def sealed_tables() -> tuple[SealedTable, ...]:
    """Return every table of ours with sealed columns, found by walking the models."""
    found = []
    for model in apps.get_models():
        sealed = tuple(value for value in vars(model).values() if isinstance(value, Sealed))
        if sealed and not model._meta.proxy:  # noqa: SLF001 - as above
            found.append(SealedTable(model, sealed))
    return tuple(sorted(found, key=lambda table: table.name))


def keys_in_use() -> Mapping[str, int]:
    """Return how many stored fields each key holds shut; one scan of each sealed column."""
    counted: Counter[str] = Counter()
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in sealed_tables():
            for column in table.columns:
                cursor.execute(_KEYS.format(table=quote(table.name), column=quote(column)))
                counted.update(dict(cursor.fetchall()))
    return counted


def check_may_drop(key_id: str) -> None:
    """Refuse to give up a key that something stored still needs, or that seals.

    :raises NotAllowedNow: with the count
    """
    newest, _ring = crypto.keyring()
    if key_id == newest:
        raise NotAllowedNow(f"{key_id} is the newest key: what is written now is sealed with it.")
    count = keys_in_use().get(key_id, 0)
    if count:
        raise NotAllowedNow(f"{key_id} is still needed by {count} stored fields: run rotate_person_keys first.")


def rotate(
    *, now: Callable[[], datetime], batch: int = BATCH, progress: Callable[[KeyRotation], None] = lambda _row: None
) -> Report:
    """Bring every sealed column to the newest key and return what was done. Repeating it is safe and does nothing.

    :raises NotAllowedNow: if another rotation runs
    """
    with _alone():
        report = Report()
        target, _ring = crypto.keyring()
        for table in sealed_tables():
            for _turn in range(PASSES):
                if not _needs_work(table, target):
                    break
                if not report.rows:
                    note("begun", target, at=now())
                _pass(table, target, report, now=now, batch=batch, progress=progress)
        if report.rows:
            note("done", target, at=now(), resealed=report.resealed, unreadable=len(report.unreadable))
        return report


def note(what: str, key_id: str, *, at: datetime, **counts: int) -> None:
    """Write into the audit log what was done with a key: added, begun, done, dropped. An operator has no account."""
    audit.record(AuditKind.KEYS, by=None, at=at, about=f"people.key:{key_id}", details={"what": what, **counts})


class _alone:  # noqa: N801 - reads as a word of the with statement
    """One rotation at a time, by a lock of the session that a killed process loses."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [_LOCK])
            if not cursor.fetchone()[0]:
                raise NotAllowedNow("Another rotation of the keys is running.")

    def __exit__(self, *_error: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [_LOCK])


def _needs_work(table: SealedTable, target: str) -> bool:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for column in table.columns:
            cursor.execute(_KEYS.format(table=quote(table.name), column=quote(column)))
            if any(key_id != target for key_id, _count in cursor.fetchall()):
                return True
    return False


def _pass(
    table: SealedTable,
    target: str,
    report: Report,
    *,
    now: Callable[[], datetime],
    batch: int,
    progress: Callable[[KeyRotation], None],
) -> None:
    """Walk the table once by keyset, from where the last run stopped; a finished walk starts over."""
    row, _created = KeyRotation.objects.get_or_create(
        key_id=target, table=table.name, defaults={"started_at": now(), "updated_at": now()}
    )
    if row.finished_at is not None:
        row.last_row, row.finished_at = "", None
    while True:
        with transaction.atomic():
            instances = list(_after(table, row.last_row)[:batch])
            resealed, broken = _reseal(table, instances, target)
            if instances:
                row.last_row = str(instances[-1].pk)
            row.rows += len(instances)
            row.resealed += resealed
            row.unreadable += len(broken)
            row.updated_at = now()
            row.finished_at = None if len(instances) == batch else row.updated_at
            row.save()
        report.rows += len(instances)
        report.resealed += resealed
        report.unreadable += [one for one in broken if one not in report.unreadable]
        progress(row)
        if row.finished_at is not None:
            return


def _after(table: SealedTable, last_row: str) -> models.QuerySet[Any]:
    columns = [one.column for one in table.fields]
    rows = table.model._base_manager.only("pk", *columns).order_by("pk")  # noqa: SLF001 - no manager's filter may hide rows
    return rows.filter(pk__gt=last_row) if last_row else rows


def _reseal(table: SealedTable, instances: list[Any], target: str) -> tuple[int, list[str]]:
    """Seal anew what is not under the target key; a field somebody changed meanwhile stays as he wrote it."""
    broken: list[str] = []
    keys: list[Any] = []
    old: list[list[bytes | None]] = [[] for _one in table.fields]
    new: list[list[bytes | None]] = [[] for _one in table.fields]
    for instance in instances:
        changed = [_changed(sealed, instance, target, broken) for sealed in table.fields]
        if not any(changed):
            continue
        keys.append(instance.pk)
        for place, pair in enumerate(changed):
            old[place].append(pair[0] if pair else None)
            new[place].append(pair[1] if pair else None)
    if not keys:
        return 0, broken
    with connection.cursor() as cursor:
        cursor.execute(_update(table), [keys, *(one for pair in zip(old, new, strict=True) for one in pair)])
        return cursor.rowcount, broken


def _changed(sealed: Sealed, instance: models.Model, target: str, broken: list[str]) -> tuple[bytes, bytes] | None:
    """Return the blob as it is and as it shall be; None if nothing is to do, or it does not open (and is noted)."""
    blob = getattr(instance, sealed.column)
    if not blob:
        return None
    before = bytes(blob)
    try:
        if sealed.key_id(instance) == target:
            return None
        # through the descriptor, which knows the place a blob is bound to
        setattr(instance, _name_of(sealed, type(instance)), sealed.__get__(instance, type(instance)))
    except crypto.SealError:
        broken.append(f"{instance._meta.db_table}.{sealed.column} {instance.pk}")  # noqa: SLF001 - as above
        return None
    return before, bytes(getattr(instance, sealed.column))


def _name_of(sealed: Sealed, model: type[models.Model]) -> str:
    return next(name for name, value in vars(model).items() if value is sealed)


def _update(table: SealedTable) -> str:
    quote = connection.ops.quote_name
    key = table.model._meta.pk  # noqa: SLF001 - as above
    names = list(_pairs(len(table.fields)))
    sets = ", ".join(
        f"{quote(column)} = CASE WHEN t.{quote(column)} = v.{was} THEN v.{shall} ELSE t.{quote(column)} END"
        for column, (was, shall) in zip(table.columns, names, strict=True)
    )
    listed = ", ".join(f"{was}, {shall}" for was, shall in names)
    arrays = ", ".join("%s::bytea[]" for _name in range(2 * len(names)))
    return (
        f"UPDATE {quote(table.name)} AS t SET {sets} "  # noqa: S608 - names of our own models, quoted
        f"FROM unnest(%s::{key.db_type(connection)}[], {arrays}) AS v(pk, {listed}) "
        f"WHERE t.{quote(str(key.column))} = v.pk"
    )


def _pairs(count: int) -> Iterator[tuple[str, str]]:
    for place in range(count):
        yield f"was{place}", f"shall{place}"
