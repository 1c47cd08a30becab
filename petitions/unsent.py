"""What was typed and not sent: kept on the server for 72 hours, given back to the browser with the signed cookie.

Words that must not be read over a shoulder are not kept: whoever opens the page next would see them.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core import signing

from petitions.drafts import KEPT, Draft
from petitions.models import Unsent
from petitions.suggestion import Suggestion

COOKIE: Final = "unsent"
SECONDS: Final = int(KEPT.total_seconds())
MOST_CHARACTERS: Final = 20_000
# What a form carries before anybody has typed anything.
EMPTY: Final = frozenset({"client_key", "b", "place", "searched", "item"})
_SALT: Final = "petitions.unsent"


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was left: its answers, its photos, the page it was left at."""

    answers: dict[str, str]
    photos: tuple[Draft, ...]
    page: str


def save(
    answers: Mapping[str, str],
    photos: Sequence[Draft],
    *,
    page: str,
    suggestions: Sequence[Suggestion],
    at: datetime,
) -> str:
    """Keep a form; return what its cookie carries, or "" if there is nothing that may be kept. One statement."""
    words = json.dumps(
        {"answers": dict(answers), "photos": [[one.name, one.label] for one in photos], "page": page},
        ensure_ascii=False,
    )
    empty = not photos and not answers.keys() - EMPTY
    if empty or len(words) > MOST_CHARACTERS or "\x00" in words or any(one.category.silent for one in suggestions):
        return ""
    row = Unsent(id=uuid.UUID(answers["client_key"]), saved_at=at)
    row.answers = words
    Unsent.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=["answers_sealed", "saved_at"]
    )
    return signing.dumps(str(row.pk), salt=_SALT)


def load(cookie: str, *, at: datetime) -> Kept | None:
    """Return the form a browser left behind; None if it is not ours, was sent, or is too old."""
    try:
        key = uuid.UUID(signing.loads(cookie, salt=_SALT, max_age=SECONDS))
    except (signing.BadSignature, ValueError):
        return None
    row = Unsent.objects.filter(pk=key, saved_at__gt=at - KEPT).first()
    if row is None:
        return None
    kept = json.loads(row.answers)
    return Kept(kept["answers"], tuple(Draft(*photo) for photo in kept["photos"]), kept["page"])


def forget(client_key: uuid.UUID) -> None:
    """Delete a form: it was sent, or its owner does not want it."""
    Unsent.objects.filter(pk=client_key).delete()


def purge(*, at: datetime) -> int:
    """Delete what nobody sent within 72 hours before ``at``; return how many."""
    deleted, _by_model = Unsent.objects.filter(saved_at__lte=at - KEPT).delete()
    return deleted
