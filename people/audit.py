"""The audit log: writing into it, sealing what has been written, and proving that nothing was changed since.

The seals form a chain: a digest covers its entries and the digest before it, so a change anywhere breaks every later
one. The newest digest is carried out of the database once a day (``heads``), so that cutting off the end shows too.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pgtrigger
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from people import ledgers
from people.addresses import shortened
from people.enums import AuditKind, SignInKind
from people.models import AuditEntry, AuditSeal, User
from people.models.audit import LOCK
from people.registry import SignInEvent
from people.retention import before

log = logging.getLogger(__name__)

BATCH: Final = 1000
PATIENCE_MS: Final = 500
START: Final = b"\0" * 32
HEX_DIGITS: Final = 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found; ``broken`` are the seals (by last entry) whose entries do not fit them."""

    seals: int
    entries: int
    unsealed: int
    purged: int
    broken: tuple[int, ...]
    missing_heads: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was changed, taken away or slipped in."""
        return not self.broken and not self.missing_heads


def record(
    kind: AuditKind | SignInKind,
    *,
    by: User | None,
    at: datetime,
    about: str = "",
    details: Mapping[str, Any] | None = None,
    address: str = "",
) -> None:
    """Write one entry, in the transaction of what it tells about.

    :param about: "app.model:key"
    :param details: codes, keys and counts; never a name, a number or a word that somebody wrote
    :param address: the network address of the request; kept without its last part
    """
    AuditEntry.objects.create(
        kind=kind, actor=by, at=at, about=about, details=dict(details or {}), address=shortened(address)
    )


def on_door(event: SignInEvent) -> None:
    """Write what happened at the door (``people.registry.listen``); the account it is about, and who did it."""
    details = {name: value for name, value in event.details.items() if value not in {"", None}}
    AuditEntry.objects.create(
        kind=event.kind,
        actor=event.by or event.user,
        at=event.at,
        about=f"people.user:{event.user.pk}" if event.user else "",
        details=details,
        address=event.network,
    )


def seal(*, at: datetime) -> int:
    """Seal what has been committed since the last seal; return how many entries, 0 if writers kept it waiting.

    One sealer at a time; it waits half a second for those who are writing and leaves it to the next run otherwise.
    """
    sealed = 0
    while True:
        try:
            count = _seal_batch(at)
        except OperationalError:
            log.warning("The audit log could not be sealed now: somebody was writing for too long")
            return sealed
        sealed += count
        if count < BATCH:
            return sealed


@transaction.atomic
def _seal_batch(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(PATIENCE_MS)])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = AuditSeal.objects.order_by("-last_entry").first()
    entries = list(AuditEntry.objects.after(last.last_entry if last else 0)[:BATCH])
    if entries:
        AuditSeal.objects.create(
            sealed_at=at,
            last_entry=entries[-1].pk,
            entries=len(entries),
            digest=digest(bytes(last.digest) if last else START, entries),
        )
    return len(entries)


def digest(so_far: bytes, entries: Iterable[AuditEntry]) -> bytes:
    """Return the SHA-256 over the digest so far and these entries, in their order."""
    found = hashlib.sha256(so_far)
    for entry in entries:
        parts = [
            entry.pk, entry.at.isoformat(), entry.kind, entry.actor_id, entry.about, entry.details, entry.address
        ]  # fmt: skip
        found.update(json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode())
    return found.digest()


def head() -> str:
    """Return the newest seal as "last entry, digest in hex"; "" before the first."""
    last = AuditSeal.objects.order_by("-last_entry").first()
    return f"{last.last_entry} {bytes(last.digest).hex()}" if last else ""


def carry_out(*, at: datetime) -> str:
    """Write the newest digest where the database cannot reach: into AUDIT_HEADS_FILE if set, and always into the log.

    The log masks what looks like a number of a person, so the digest stands there in groups of four.

    Return the line, "date last-entry digest"; "" while there is nothing to carry.
    """
    newest = head()
    if not newest:
        return ""
    line = f"{timezone.localdate(at).isoformat()} {newest}"
    dated, _space, found = line.rpartition(" ")
    # a warning, so that no ordinary level leaves it out
    log.warning("Audit log: %s %s", dated, ":".join(found[place : place + 4] for place in range(0, len(found), 4)))
    if settings.AUDIT_HEADS_FILE is not None:
        with settings.AUDIT_HEADS_FILE.open("a", encoding="utf-8") as lines:
            lines.write(f"{line}\n")
    return line


def verify(*, heads: Sequence[str] = ()) -> Verdict:
    """Check the whole chain, streaming, and that every one of ``heads`` (as ``head`` gave them) is still in it.

    Entries purged after their time leave seals without entries at the beginning of the chain; those are counted, not
    broken. An entry changed, taken out of a batch or slipped into one breaks its seal.
    """
    seals = count = purged = 0
    broken: list[int] = []
    known: set[str] = set()
    so_far, after = START, 0
    for one in AuditSeal.objects.order_by("last_entry").iterator():
        known.add(f"{one.last_entry} {bytes(one.digest).hex()}")
        entries = list(AuditEntry.objects.after(after).filter(pk__lte=one.last_entry))
        if not entries and count == 0:
            purged += one.entries
        elif len(entries) != one.entries or digest(so_far, entries) != bytes(one.digest):
            broken.append(one.last_entry)
        seals, count = seals + 1, count + len(entries)
        so_far, after = bytes(one.digest), one.last_entry
    return Verdict(
        seals=seals,
        entries=count,
        unsealed=AuditEntry.objects.after(after).count(),
        purged=purged,
        broken=tuple(broken),
        missing_heads=tuple(line for line in heads if line not in known),
    )


@transaction.atomic
def purge(*, at: datetime, months: int, dry: bool = False) -> int:
    """Take away the entries of whole seals that are older than ``months``; return how many (or would be).

    The seals stay, so the rest can be checked.

    :raises NotAllowed: to anybody but the database's owner
    """
    cutoff = before(at, f"{months} months")
    last = 0
    for one in AuditSeal.objects.filter(sealed_at__lt=cutoff).order_by("last_entry").iterator():
        if AuditEntry.objects.after(last).filter(pk__lte=one.last_entry, at__gte=cutoff).exists():
            break
        last = one.last_entry
    old = AuditEntry.objects.filter(pk__lte=last)
    if dry:
        return old.count()
    ledgers.check_may_purge("people_auditentry")
    with pgtrigger.ignore("people.AuditEntry:auditentry_append_only"):
        gone = old.delete()[0]
    if gone:
        record(AuditKind.PURGED, by=None, at=at, about=f"people.auditentry:{last}", details={"ended": gone})
    return gone


def minutes_unsealed(*, at: datetime) -> int:
    """Return for how many whole minutes the oldest entry without a seal has waited; 0 if every entry has one."""
    last = AuditSeal.objects.order_by("-last_entry").values_list("last_entry", flat=True).first()
    oldest = AuditEntry.objects.after(last or 0).values_list("at", flat=True).first()
    return max(0, int((at - oldest).total_seconds() // 60)) if oldest is not None else 0


def read_heads(lines: Iterable[str]) -> Iterator[str]:
    """Return the heads of a file of them, or of a log: each ends in "date last-entry digest"; other lines left out."""
    for line in lines:
        parts = line.split()[-3:]
        digest_of_it = parts[-1].replace(":", "") if parts else ""
        if len(parts) == 3 and len(digest_of_it) == HEX_DIGITS and parts[1].isdecimal():  # noqa: PLR2004 - as above
            yield f"{parts[1]} {digest_of_it}"
