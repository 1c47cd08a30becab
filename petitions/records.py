"""Writing history: one event, and the words that go with it, sealed and masked."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Model
from django.utils.translation import gettext as _

from people.errors import BadInput, Refusal
from people.inserting import insert
from people.masking import mask_text
from people.models import User
from petitions.enums import EventCode, Status, TextKind
from petitions.errors import SentBefore, WordsMissing
from petitions.models import Petition, PetitionEvent, PetitionText
from petitions.sendings import Sent


def bigrams(text: str) -> list[str]:
    """Return the sorted pairs of neighbouring characters of the words, for search in two-character Chinese words."""
    clean = "".join(character if character.isalnum() else " " for character in text.lower())
    return sorted({run[place : place + 2] for run in clean.split() for place in range(max(1, len(run) - 1))})


def write_words(
    petition: Petition, kind: TextKind, words: str, *, at: datetime, public: bool = True
) -> tuple[PetitionText, bytes]:
    """Return an unsaved text row and the salted digest its event keeps.

    The digest proves what was written as long as the salt lives; the eraser blanks both words and salt.
    """
    masked, _lifted = mask_text(words)
    text = PetitionText(
        petition=petition,
        kind=kind,
        masked=masked,
        bigrams=bigrams(masked),
        salt=secrets.token_bytes(16),
        public=public,
        created_at=at,
    )
    text.original = words
    return text, hashlib.sha256(bytes(text.salt) + words.encode()).digest()


def composed(
    petition: Petition,
    code: EventCode,
    *,
    at: datetime,
    by: User | None,
    from_status: Status | str = "",
    to_status: Status | str = "",
    words: str = "",
    text_kind: TextKind = TextKind.NOTE,
    public: bool = True,
    refs: Mapping[str, Any] | None = None,
    client_key: UUID | None = None,
) -> tuple[PetitionText | None, PetitionEvent]:
    """Return an event with its words, both unsaved; the words first."""
    text, digest = None, None
    if words.strip():
        text, digest = write_words(petition, text_kind, words.strip(), at=at, public=public)
    event = PetitionEvent(
        petition=petition,
        code=code,
        at=at,
        by=by,
        from_status=from_status,
        to_status=to_status,
        text_id=text.pk if text else None,
        digest=digest,
        refs={name: value for name, value in (refs or {}).items() if value is not None},
        client_key=client_key,
    )
    return text, event


def append(
    petition: Petition,
    code: EventCode,
    *,
    at: datetime,
    by: User | None,
    from_status: Status | str = "",
    to_status: Status | str = "",
    words: str = "",
    text_kind: TextKind = TextKind.NOTE,
    public: bool = True,
    refs: Mapping[str, Any] | None = None,
    client_key: UUID | None = None,
) -> PetitionEvent:
    """Append one event to a petition's history, with its words if there are any."""
    text, event = composed(
        petition,
        code,
        at=at,
        by=by,
        from_status=from_status,
        to_status=to_status,
        words=words,
        text_kind=text_kind,
        public=public,
        refs=refs,
        client_key=client_key,
    )
    write(text, event)
    return event


def write(text: PetitionText | None, event: PetitionEvent, *also: Model) -> None:
    """Write an event that was composed, its words before it and other rows after it; one trip."""
    insert([*([] if text is None else [text]), event, *also])


def is_done(petition: Petition, client_key: UUID | None, *, code: EventCode, by: User) -> bool:
    """Whether this very sending of this person arrived before and was done. One query; none without a key."""
    if client_key is None:
        return False
    return PetitionEvent.objects.filter(petition=petition, client_key=client_key, code=code, by=by).exists()


@contextmanager
def once(petition: Petition, sent: Sent, *, code: EventCode, by: User) -> Iterator[None]:
    """Stand around an act that may arrive more than once: of the same sendings the table takes one.

    Costs nothing where all goes well: only what is refused is asked whether it is done already.

    :raises SentBefore: if it is done
    :raises BadInput: if the key belongs to another sending
    """
    try:
        yield
    except (Refusal, IntegrityError) as no:
        if is_done(petition, sent.key, code=code, by=by):
            raise SentBefore(_("%(number)s: this arrived before and is done.") % {"number": petition.number}) from no
        if isinstance(no, Refusal) or not petition.events.filter(client_key=sent.key).exists():
            raise
        raise BadInput(_("This form was sent for something else before. Please load the page again.")) from no


def required(words: str) -> str:
    """Return the words if there are any.

    :raises WordsMissing: if there are none
    """
    if not words.strip():
        raise WordsMissing(_("Say it in a few words."))
    return words


def words_of(event: PetitionEvent) -> UUID:
    """Return the id of the words an event was written with, for events that always have some."""
    assert event.text_id is not None  # noqa: S101 - required() saw to the words
    return event.text_id
