"""The same request twice is done once: ``Idempotency-Key``, in the database, in the transaction of what it asks for.

The row of the key is inserted first. Who comes with the same key meanwhile waits for that transaction and then reads
its answer; when what was asked is refused, everything is taken back, the key with it, and it may be tried again.
"""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from gateway.errors import InProgress, KeyReused
from gateway.models import Answer, Client

# How long an answer is kept; a filing is known for good by its own number (``petitions.services.file``).
KEEP: Final = timedelta(days=7)
PATIENCE_MS: Final = 10_000
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, and whether it was given before."""

    status: int
    body: dict[str, Any]
    again: bool = False


def digest_of(method: str, path: str, body: object) -> bytes:
    """Return what tells two requests apart, whatever the order of their members."""
    written = json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{method} {path}\n{written}".encode()).digest()


def once(
    client: Client, key: str, *, digest: bytes, at: datetime, work: Callable[[], tuple[int, dict[str, Any]]]
) -> Said:
    """Do ``work`` unless this client had it done under this key; return its answer either way. One transaction.

    :param work: returns status and body; what it raises takes everything back
    :raises KeyReused: if the key came with another request before
    :raises InProgress: if the same request is still being worked on after some seconds
    """
    row = Answer(id=uuid.uuid4(), client=client, key=key, digest=digest, created_at=at)
    with transaction.atomic():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(PATIENCE_MS)])
            Answer.objects.bulk_create([row], ignore_conflicts=True)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
        except OperationalError as busy:
            raise InProgress(_("The same request is being worked on at this moment. Please ask again.")) from busy
        kept = Answer.objects.get(client=client, key=key)
        if kept.pk != row.pk:
            if bytes(kept.digest) != digest:
                raise KeyReused(_("This Idempotency-Key came with another request before."), field="Idempotency-Key")
            return Said(kept.status, json.loads(kept.body), again=True)
        status, body = work()
        row.status, row.body = status, json.dumps(body, ensure_ascii=False)
        row.save(update_fields=["status", "body_locked"])
    return Said(status, body)


def purge(*, at: datetime) -> int:
    """Forget the answers whose time is over; return how many."""
    return Answer.objects.filter(created_at__lt=at - KEEP).delete()[0]
