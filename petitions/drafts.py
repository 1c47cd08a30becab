"""Photos between the form and its sending: cleaned at once, kept in a folder of their own, gone after three days.

The form carries their names signed, so that a page may be checked, corrected and sent without choosing them again,
and nobody can name a file that this form did not bring. No row is written before the petition is.
"""

import base64
import io
import uuid
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from petitions import photos

FOLDER = "drafts"
KEPT = timedelta(hours=72)
THUMBNAIL_SIDE = 200
_SALT = "petitions.drafts"


@dataclass(frozen=True, slots=True)
class Draft:
    """One cleaned photo that waits for its petition; ``label`` is what its owner calls it."""

    name: str
    label: str


def keep(upload: IO[bytes], *, label: str) -> Draft:
    """Clean a photo and put it by.

    :raises BadPhoto: as ``photos.clean`` says
    """
    name = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}.jpg", ContentFile(photos.clean(upload).data))
    return Draft(name, label[:80])


def sealed(drafts: Sequence[Draft], *, client_key: uuid.UUID) -> str:
    """Return the drafts as text for a hidden field, bound to this one form."""
    return signing.dumps([[draft.name, draft.label] for draft in drafts], salt=f"{_SALT}:{client_key}", compress=True)


def unsealed(text: str, *, client_key: uuid.UUID) -> list[Draft]:
    """Return the drafts that a form brings back, those that are still there.

    What was not signed for this form, or longer ago than a draft is kept, counts as none.
    """
    if not text:
        return []
    try:
        found = signing.loads(text, salt=f"{_SALT}:{client_key}", max_age=KEPT)
    except signing.BadSignature:
        return []
    return [Draft(name, label) for name, label in found if default_storage.exists(name)]


def opened(drafts: Iterable[Draft], stack: ExitStack) -> list[IO[bytes]]:
    """Open the drafts for reading; ``stack`` closes them."""
    return [stack.enter_context(default_storage.open(draft.name)) for draft in drafts]


def discard(drafts: Iterable[Draft]) -> None:
    """Delete drafts: their petition has them, or their owner does not want them."""
    for draft in drafts:
        default_storage.delete(draft.name)


def is_there(draft: Draft) -> bool:
    """Tell whether a draft still waits."""
    return default_storage.exists(draft.name)


def thumbnail(draft: Draft) -> str:
    """Return a small picture as a ``data:`` address: a photo nobody has sent yet gets no address of its own."""
    with default_storage.open(draft.name) as file, Image.open(file) as picture:
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=60)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"


def purge(*, at: datetime) -> int:
    """Delete the drafts nobody sent within three days before ``at``; return how many."""
    if not default_storage.exists(FOLDER):
        return 0
    _folders, names = default_storage.listdir(FOLDER)
    return sum(_purge_if_old(f"{FOLDER}/{name}", before=at - KEPT) for name in names)


def _purge_if_old(path: str, *, before: datetime) -> bool:
    try:
        if default_storage.get_modified_time(path) >= before:
            return False
    except FileNotFoundError:  # sent or discarded since the folder was read
        return False
    default_storage.delete(path)
    return True
