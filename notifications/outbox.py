"""Owing notices in bulk: a constant number of statements however many there are.

Hand-written SQL, because the sweep owes thousands at a time: arrays go in, ``ON CONFLICT`` drops what is
owed already, and the database itself knows who has an address.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, cast

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils.timezone import is_aware

from notifications.enums import Channel, State
from notifications.models import Notice
from people.prepared import fetch

# Longer than any task may run: whoever opened a digest and did not close it by then was killed.
FORGOTTEN = timedelta(minutes=12)

LONGEST: Mapping[str, int] = {
    name: cast("models.CharField[str, str]", Notice._meta.get_field(name)).max_length or 0  # noqa: SLF001 - public
    for name in ("kind", "dedupe_key", "about", "url_path")
}
RECIPIENT_KINDS = 3
# So many are owed by a plan that is kept; for more the planning costs little beside the work, and it must fit.
FEW = 20


@dataclass(frozen=True, kw_only=True)
class NewNotice:
    """A notice to be owed to one user of staff, one person or one group chat.

    ``params``: codes, numbers and instants, never personal data (it lies in clear in the database and
    goes out by e-mail). ``dedupe_key``: the fact told and to whom; a second notice with the same key is
    dropped. ``at``: the moment of the event. ``not_before`` holds back the sending, never the message in
    the app, and never an urgent one. ``digest`` marks notices that staff get in one e-mail, once ``close_digests``
    says that the last of them is owed; all with one mark have one ``at``. ``silent``: a person hears of it on our
    pages alone, never by a message.

    :raises ValueError: if it could not be stored
    """

    kind: str
    dedupe_key: str
    at: datetime
    recipient_id: int | None = None
    person_id: uuid.UUID | None = None
    webhook_id: uuid.UUID | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    about: str = ""
    url_path: str = ""
    not_before: datetime | None = None
    urgent: bool = False
    digest: uuid.UUID | None = None
    silent: bool = False

    def __post_init__(self) -> None:
        problems = []
        if [self.recipient_id, self.person_id, self.webhook_id].count(None) != RECIPIENT_KINDS - 1:
            problems.append("needs exactly one recipient")
        if self.digest and (self.recipient_id is None or self.urgent):
            problems.append("cannot wait for a digest")
        if not all(is_aware(moment) for moment in (self.at, self.not_before) if moment):
            problems.append("needs aware moments")
        if self.url_path and (not self.url_path.startswith("/") or self.url_path.startswith("//")):
            problems.append("may only lead to a page of ours")
        problems += [f"needs a {name}" for name in ("kind", "dedupe_key") if not getattr(self, name)]
        problems += [f"has too long a {name}" for name, most in LONGEST.items() if len(getattr(self, name)) > most]
        if problems:
            msg = f"A notice of kind {self.kind!r} {', '.join(problems)}."
            raise ValueError(msg)


# One column beside the other: params as one JSON array, the rest as arrays of their own type. What is new goes
# out now, or by e-mail with the others of its digest: to staff by e-mail, to a person by whatever he left us (unless
# the matter is silent), into a group chat by its webhook. greatest() passes over a NULL. A disabled account gets no
# mail: its post has another holder by then.
INSERT = """
WITH owed AS (
    INSERT INTO notifications_notice (
        id, recipient_id, person_id, webhook_id, kind, params, about, url_path, created_at, not_before, urgent, silent,
        digest, dedupe_key)
    SELECT gen_random_uuid(), recipient_id, person_id, webhook_id, kind, params, about, url_path, created_at,
        not_before, urgent, silent, digest, dedupe_key
    FROM ROWS FROM (
        unnest(
            %(recipient)s::bigint[], %(person)s::uuid[], %(webhook)s::uuid[], %(kind)s::text[], %(about)s::text[],
            %(url_path)s::text[], %(created_at)s::timestamptz[], %(not_before)s::timestamptz[], %(urgent)s::boolean[],
            %(silent)s::boolean[], %(digest)s::uuid[], %(dedupe_key)s::text[]),
        jsonb_array_elements(%(params)s::jsonb)
    ) AS row (
        recipient_id, person_id, webhook_id, kind, about, url_path, created_at, not_before, urgent, silent, digest,
        dedupe_key, params)
    ON CONFLICT (dedupe_key) DO NOTHING
    RETURNING id, recipient_id, person_id, webhook_id, created_at, not_before, urgent, silent, digest
),
sent AS (
    INSERT INTO notifications_delivery (notice_id, channel, state, attempts, next_try_at, error_code)
    SELECT owed.id, way.channel, %(queued)s, 0,
        CASE WHEN owed.urgent THEN owed.created_at ELSE greatest(owed.created_at, owed.not_before) END, ''
    FROM owed
    LEFT JOIN people_user AS account ON account.id = owed.recipient_id
    LEFT JOIN people_person AS person ON person.id = owed.person_id AND NOT owed.silent
    LEFT JOIN notifications_webhook AS webhook ON webhook.id = owed.webhook_id AND webhook.active
    CROSS JOIN LATERAL (VALUES
        (%(email)s::text, (account.is_active AND account.email <> '') OR person.email_sealed IS NOT NULL),
        (%(sms)s::text, %(has_gateway)s AND person.phone_sealed IS NOT NULL),
        (%(chat)s::text, webhook.secret_locked IS NOT NULL OR (%(has_secret)s AND webhook.id IS NOT NULL))
    ) AS way (channel, is_open)
    WHERE owed.digest IS NULL AND way.is_open
    ORDER BY owed.created_at, owed.id
    RETURNING 1
),
gathered AS (
    INSERT INTO notifications_digest (digest, recipient_id, created_at, opened_at)
    SELECT DISTINCT digest, recipient_id, created_at, now() FROM owed WHERE digest IS NOT NULL
    ON CONFLICT (digest, recipient_id) DO NOTHING
)
SELECT (SELECT count(*) FROM owed), (SELECT count(*) FROM sent)
"""

# The e-mail hangs on the most pressing notice of the digest (as ``in_digest`` orders them), and has its Message-ID.
CLOSE = """
WITH closed AS (
    DELETE FROM notifications_digest WHERE digest = %(digest)s OR opened_at < now() - %(forgotten)s
    RETURNING digest, recipient_id, created_at
)
INSERT INTO notifications_delivery (notice_id, channel, state, attempts, next_try_at, error_code)
SELECT head.id, %(email)s, %(queued)s, 0, greatest(head.created_at, head.not_before), ''
FROM closed
JOIN people_user AS account ON account.id = closed.recipient_id AND account.is_active AND account.email <> ''
CROSS JOIN LATERAL (
    SELECT id, created_at, not_before FROM notifications_notice AS notice
    WHERE notice.recipient_id = closed.recipient_id AND notice.created_at = closed.created_at
        AND notice.digest = closed.digest
    ORDER BY params -> 'due_at', about, id LIMIT 1
) AS head
ORDER BY head.id
ON CONFLICT (notice_id, channel) DO NOTHING
"""


# Not ``json.dumps``: one encoder for all; a list of JSON texts would be quoted once more, seven times as dear.
ENCODE = DjangoJSONEncoder(ensure_ascii=False).encode


class _Instants(dict[datetime, str]):
    """The text of an instant, written once: notices of one sweep share theirs."""

    def __missing__(self, instant: datetime) -> str:
        text = self[instant] = instant.isoformat()
        return text


def _array(values: Iterable[str]) -> str:
    """An array as PostgreSQL writes it; psycopg's own way, value by value, takes ten times as long."""
    return "{" + ",".join(values) + "}"


def _texts(values: Iterable[str]) -> str:
    return _array(['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values])


def insert(notices: Sequence[NewNotice]) -> tuple[int, int]:
    """Write what is not owed yet; return how many notices are new, and how many messages wait now. One statement."""
    # In the order of their keys, so that two transactions owing the same notices wait and do not deadlock.
    rows = sorted(notices, key=attrgetter("dedupe_key"))
    instants = _Instants()
    columns = {
        "recipient": _array("NULL" if row.recipient_id is None else str(row.recipient_id) for row in rows),
        "person": _array("NULL" if row.person_id is None else str(row.person_id) for row in rows),
        "webhook": _array("NULL" if row.webhook_id is None else str(row.webhook_id) for row in rows),
        "kind": _texts(row.kind for row in rows),
        "about": _texts(row.about for row in rows),
        "url_path": _texts(row.url_path for row in rows),
        "created_at": _array(instants[row.at] for row in rows),
        "not_before": _array("NULL" if row.not_before is None else instants[row.not_before] for row in rows),
        "urgent": _array("true" if row.urgent else "false" for row in rows),
        "silent": _array("true" if row.silent else "false" for row in rows),
        "digest": _array("NULL" if row.digest is None else str(row.digest) for row in rows),
        "dedupe_key": _texts(row.dedupe_key for row in rows),
        "params": ENCODE([row.params for row in rows]),
    }
    values = {**columns, **_channels()}
    if len(rows) <= FEW:
        [(owed, waiting)] = fetch(INSERT, values)
        return owed, waiting
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        owed, waiting = cursor.fetchone()
    return owed, waiting


def _channels() -> dict[str, Any]:
    return {
        "queued": State.QUEUED,
        "email": Channel.EMAIL,
        "sms": Channel.SMS,
        "chat": Channel.WEBHOOK,
        "has_gateway": bool(settings.SMS_URL),
        "has_secret": bool(settings.WEBHOOK_SECRET),
    }


def close_digests(digest: uuid.UUID | None = None) -> int:
    """Queue the e-mails of a digest whose notices are all owed, and of any that were forgotten; return how many."""
    values: dict[str, Any] = {"digest": digest, "forgotten": FORGOTTEN, "email": Channel.EMAIL, "queued": State.QUEUED}
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, values)
        return int(cursor.rowcount)
