"""Owing notices in bulk: a constant number of statements however many there are.

Hand-written SQL, because the sweep owes thousands at a time: arrays go in, ``ON CONFLICT`` drops what is
owed already, and the database itself knows who has an address.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
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


INSERT_NOTICES = """
INSERT INTO notifications_notice
    (id, recipient_id, person_id, kind, params, about, url_path, created_at, not_before, urgent, dedupe_key)
SELECT id, recipient_id, person_id, kind, params::jsonb, about, url_path, created_at, not_before, urgent, dedupe_key
FROM unnest(
    %s::uuid[], %s::bigint[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::timestamptz[], %s::timestamptz[], %s::boolean[], %s::text[]
) AS owed (id, recipient_id, person_id, kind, params, about, url_path, created_at, not_before, urgent, dedupe_key)
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


def insert_notices(notices: Sequence[NewNotice]) -> list[uuid.UUID]:
    """Write the notices that are not owed yet; return their ids. One statement."""
    # In the order of their keys, so that two transactions owing the same notices wait and do not deadlock.
    rows = sorted(notices, key=lambda notice: notice.dedupe_key)
    columns: list[list[object]] = [
        [uuid.uuid4() for _row in rows],
        [row.recipient_id for row in rows],
        [row.person_id for row in rows],
        [row.kind for row in rows],
        [json.dumps(row.params, cls=DjangoJSONEncoder, ensure_ascii=False) for row in rows],
        [row.about for row in rows],
        [row.url_path for row in rows],
        [row.at for row in rows],
        [row.not_before for row in rows],
        [row.urgent for row in rows],
        [row.dedupe_key for row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_NOTICES, columns)
        return [notice_id for (notice_id,) in cursor.fetchall()]


def insert_emails(notice_ids: Sequence[uuid.UUID]) -> int:
    """Queue an e-mail for each of these notices whose recipient has an address; return how many. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT_EMAILS, [Channel.EMAIL, State.QUEUED, list(notice_ids)])
        return int(cursor.rowcount)
