"""Group chats of an area or a unit: they hear of escalations in short words, nothing personal in them.

A chat's ``scope`` is the code or the path of an area, or ``unit:`` and the code of a handling unit. It hears of what
happens in its area as far up as the rung reaches: a reminder to the grid is nothing for the subdistrict's chat. What
is silent or about staff is told in no chat. Before triage nobody knows whether it is: then every matter is told in
the same words (number, step of intake, date, link), which say nothing of it. Urgent matters are posted one by one,
the others once a sweep.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse

from deadlines.ladder import request_for
from deadlines.models import Rung
from deadlines.registry import Subject
from grids.enums import Level
from grids.models import Area, Organisation
from notifications.models import Webhook
from notifications.services import NewNotice, owe

UNIT: Final = "unit:"

ADD: Final = """
INSERT INTO deadlines_chatdigest (digest, webhook_id, matters, params, url_path, created_at, not_before, opened_at)
SELECT %s, webhook_id, matters, params, url_path, %s, %s, now()
FROM ROWS FROM (
    unnest(%s::uuid[], %s::int[], %s::text[]), jsonb_array_elements(%s::jsonb)
) AS row (webhook_id, matters, url_path, params)
ORDER BY webhook_id
ON CONFLICT (digest, webhook_id) DO UPDATE SET matters = deadlines_chatdigest.matters + excluded.matters
"""
# Longer than any task may run: whoever opened it and did not close it by then was killed.
CLOSE: Final = """
DELETE FROM deadlines_chatdigest WHERE digest = %s OR opened_at < now() - interval '12 minutes'
RETURNING digest, webhook_id, matters, params, url_path, created_at, not_before
"""


@dataclass(frozen=True, slots=True)
class Chats:
    """The chats in use: by area with the area's level, and by handling unit."""

    of_area: Mapping[int, tuple[int, tuple[UUID, ...]]] = field(default_factory=dict)
    of_unit: Mapping[int, tuple[UUID, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.of_area or self.of_unit)

    def hear(self, rung: Rung, subject: Subject, level: Level) -> list[UUID]:
        """Return which chats hear of a rung; ``level`` is that of the area that answers now."""
        if subject.silent:
            return []
        reach = min(where for where, _post in request_for(None, rung, subject, level).targets)
        found = list(self.of_unit.get(subject.organisation_id or 0, ()))
        for part in subject.path.split("/")[:-1]:
            where, webhooks = self.of_area.get(int(part), (0, ()))
            if where >= reach:
                found += webhooks
        return found


def load() -> Chats:
    """Return the chats in use. One query where there is none, three at most."""
    scopes: dict[str, list[UUID]] = {}
    for scope, pk in Webhook.objects.filter(active=True).exclude(scope="").order_by("pk").values_list("scope", "pk"):
        scopes.setdefault(scope, []).append(pk)
    if not scopes:
        return Chats()
    units = [scope.removeprefix(UNIT) for scope in scopes if scope.startswith(UNIT)]
    areas = Area.objects.filter(Q(code__in=scopes) | Q(path__in=scopes)).values_list("pk", "level", "code", "path")
    bodies = Organisation.objects.filter(code__in=units).values_list("pk", "code") if units else ()
    return Chats(
        of_area={pk: (level, (*scopes.get(code, ()), *scopes.get(path, ()))) for pk, level, code, path in areas},
        of_unit={pk: tuple(scopes[f"{UNIT}{code}"]) for pk, code in bodies},
    )


@dataclass(slots=True)
class Heard:
    """What the chats hear of one batch that can wait for the sweep's end."""

    matters: Counter[UUID] = field(default_factory=Counter)
    first: dict[UUID, tuple[Mapping[str, object], str]] = field(default_factory=dict)

    def add(self, webhook_id: UUID, params: Mapping[str, object], url_path: str) -> None:
        """One matter more for a chat."""
        self.matters[webhook_id] += 1
        self.first.setdefault(webhook_id, (params, url_path))


def keep(heard: Heard, digest: UUID, *, at: datetime, not_before: datetime | None) -> None:
    """Keep what a batch owes to chats until ``close``, in the batch's transaction. One statement, none for nothing."""
    if not heard.matters:
        return
    chats = sorted(heard.matters)
    values: list[Any] = [
        digest, at, not_before, chats, [heard.matters[one] for one in chats], [heard.first[one][1] for one in chats],
        json.dumps([heard.first[one][0] for one in chats]),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ADD, values)


def close_forgotten() -> int:
    """Owe what a killed sweep kept for chats; return how many messages."""
    return close(None)


@transaction.atomic
def close(digest: UUID | None) -> int:
    """Owe each chat one message for all that a sweep kept for it, and for what a killed one left; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [digest])
        rows = cursor.fetchall()
    return owe(list(_messages(rows)))


def _messages(rows: Sequence[tuple[Any, ...]]) -> Iterable[NewNotice]:
    for of_sweep, webhook_id, matters, params, url_path, created_at, not_before in rows:
        several = matters > 1
        yield NewNotice(
            webhook_id=webhook_id,
            kind="escalation",
            dedupe_key=f"chat:{of_sweep}:{webhook_id}",
            at=created_at,
            not_before=not_before,
            params={"matters": matters} if several else json.loads(params),
            url_path=reverse("notifications:inbox") if several else url_path,
        )
