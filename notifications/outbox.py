"""Owing notices in bulk: a constant number of statements however many there are.

Hand-written SQL, because the sweep owes thousands at a time: arrays go in, ``ON CONFLICT`` drops what is
owed already, and the database itself knows who has an address.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils.timezone import is_aware

from notifications.enums import Channel, State
from notifications.models import Notice

LONGEST: Mapping[str, int] = {
    name: cast("models.CharField[str, str]", Notice._meta.get_field(name)).max_length or 0  # noqa: SLF001 - public
    for name in ("kind", "dedupe_key", "about", "url_path")
}


@dataclass(frozen=True, kw_only=True)
class NewNotice:
    """A notice to be owed to one user of staff or one person.

    ``params``: codes, numbers and instants, never personal data (it lies in clear in the database and
    goes out by e-mail). ``dedupe_key``: the fact told and to whom; a second notice with the same key is
    dropped. ``at``: the moment of the event. ``not_before`` holds back the sending, never the message in
    the app, and never an urgent one.

    :raises ValueError: if it could not be stored
    """

    kind: str
    dedupe_key: str
    at: datetime
    recipient_id: int | None = None
    person_id: uuid.UUID | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    about: str = ""
    url_path: str = ""
    not_before: datetime | None = None
    urgent: bool = False

    def __post_init__(self) -> None:
        problems = []
        if (self.recipient_id is None) == (self.person_id is None):
            problems.append("needs exactly one recipient")
        if not all(is_aware(moment) for moment in (self.at, self.not_before) if moment):
            problems.append("needs aware moments")
        if self.url_path and (not self.url_path.startswith("/") or self.url_path.startswith("//")):
            problems.append("may only lead to a page of ours")
        problems += [f"needs a {name}" for name in ("kind", "dedupe_key") if not getattr(self, name)]
        problems += [f"has too long a {name}" for name, most in LONGEST.items() if len(getattr(self, name)) > most]
        if problems:
            msg = f"A notice of kind {self.kind!r} {', '.join(problems)}."
            raise ValueError(msg)


# One column beside the other: params as one JSON array, the rest as arrays of their own type.
INSERT_NOTICES = """
INSERT INTO notifications_notice
    (id, recipient_id, person_id, kind, params, about, url_path, created_at, not_before, urgent, dedupe_key)
SELECT gen_random_uuid(), recipient_id, person_id, kind, params, about, url_path, created_at, not_before, urgent,
    dedupe_key
FROM ROWS FROM (
    unnest(
        %s::bigint[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[],
        %s::boolean[], %s::text[]
    ),
    jsonb_array_elements(%s::jsonb)
) AS owed (recipient_id, person_id, kind, about, url_path, created_at, not_before, urgent, dedupe_key, params)
ON CONFLICT (dedupe_key) DO NOTHING
RETURNING id
"""

# greatest() passes over a NULL. A disabled account gets no mail: its post has another holder by then.
INSERT_EMAILS = """
INSERT INTO notifications_delivery (notice_id, channel, state, attempts, next_try_at, error_code)
SELECT notice.id, %s, %s, 0,
    CASE WHEN notice.urgent THEN notice.created_at ELSE greatest(notice.created_at, notice.not_before) END, ''
FROM notifications_notice AS notice
LEFT JOIN people_user AS account ON account.id = notice.recipient_id
LEFT JOIN people_person AS person ON person.id = notice.person_id
WHERE notice.id = ANY(%s)
    AND ((account.is_active AND account.email <> '') OR person.email_sealed IS NOT NULL)
ORDER BY notice.created_at, notice.id
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


def insert_notices(notices: Sequence[NewNotice]) -> list[uuid.UUID]:
    """Write the notices that are not owed yet; return their ids. One statement."""
    # In the order of their keys, so that two transactions owing the same notices wait and do not deadlock.
    rows = sorted(notices, key=lambda notice: notice.dedupe_key)
    instants = _Instants()
    columns = [
        _array("NULL" if row.recipient_id is None else str(row.recipient_id) for row in rows),
        _array("NULL" if row.person_id is None else str(row.person_id) for row in rows),
        _texts(row.kind for row in rows),
        _texts(row.about for row in rows),
        _texts(row.url_path for row in rows),
        _array(instants[row.at] for row in rows),
        _array("NULL" if row.not_before is None else instants[row.not_before] for row in rows),
        _array("true" if row.urgent else "false" for row in rows),
        _texts(row.dedupe_key for row in rows),
        ENCODE([row.params for row in rows]),
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_NOTICES, columns)
        return [notice_id for (notice_id,) in cursor.fetchall()]


def insert_emails(notice_ids: Sequence[uuid.UUID]) -> int:
    """Queue an e-mail for each of these notices whose recipient has an address; return how many. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT_EMAILS, [Channel.EMAIL, State.QUEUED, list(notice_ids)])
        return int(cursor.rowcount)
