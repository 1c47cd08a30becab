"""Photos: checked, turned the right way up, scaled, re-encoded without EXIF or place."""

import hashlib
import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from people.models import User
from petitions.enums import PhotoKind
from petitions.errors import BadPhoto
from petitions.models import Petition, PetitionPhoto

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000  # a 40-megapixel phone picture; more is a decompression bomb
LONGEST_SIDE = 1600
ACCEPTED = ("JPEG", "PNG", "WEBP")  # the pairs of pictures some telephones make (MPO) open as JPEG
MAX_PER_STEP = 5


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A photo fit to be kept: a JPEG without metadata, its size in pixels."""

    data: bytes
    width: int
    height: int


def clean(upload: IO[bytes]) -> Cleaned:
    """Return the photo as a JPEG without metadata: turned upright, at most 1600 pixels a side.

    :raises BadPhoto: too large, not a photo, or a picture built to exhaust memory
    """
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadPhoto(_("The photo is larger than 10 MB. Please choose a smaller one."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=ACCEPTED) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise BadPhoto(  # noqa: TRY301 - the size is known only with the file open
                        _("The photo has too many pixels. Please choose a smaller one.")
                    )
                # smaller first: a large JPEG is then never unpacked whole; the square bound fits either way up
                picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except BadPhoto:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPhoto(_("This file is not a photo. Please choose a JPEG, PNG or WebP picture.")) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise BadPhoto(_("The photo is damaged. Please choose another one.")) from error
    upright.info.clear()  # Pillow would write a comment of the original into the new file
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=82, optimize=True)
    return Cleaned(out.getvalue(), upright.width, upright.height)


def clean_all(uploads: Sequence[IO[bytes]]) -> list[Cleaned]:
    """Return every photo of one step, checked, before anything is kept.

    :raises BadPhoto: as ``clean`` says, or if there are more than ``MAX_PER_STEP``
    """
    if len(uploads) > MAX_PER_STEP:
        raise BadPhoto(_("At most %(count)d photos at a time.") % {"count": MAX_PER_STEP})
    return [clean(upload) for upload in uploads]


def stored(petition: Petition, photo: Cleaned, *, kind: PhotoKind, by: User | None, at: datetime) -> PetitionPhoto:
    """Store the file of one cleaned photo and return its row, which is still to be written."""
    row = PetitionPhoto(
        petition=petition,
        kind=kind,
        width=photo.width,
        height=photo.height,
        sha256=hashlib.sha256(photo.data).digest(),
        added_at=at,
        by=by,
    )
    row.file.save(f"{row.pk}.jpg", ContentFile(photo.data), save=False)
    return row


def keep(petition: Petition, photo: Cleaned, *, kind: PhotoKind, by: User | None, at: datetime) -> PetitionPhoto:
    """Keep one cleaned photo with a petition: the file first, then its row."""
    row = stored(petition, photo, kind=kind, by=by, at=at)
    row.save(force_insert=True)
    return row


@contextmanager
def all_or_none() -> Iterator[list[PetitionPhoto]]:
    """Collect in the list what is kept; if the block fails, the files go as the rows do.

    Stands around the transaction, not in it.
    """
    kept: list[PetitionPhoto] = []
    try:
        yield kept
    except BaseException:
        for photo in kept:
            photo.file.delete(save=False)
        raise


def add(petition: Petition, upload: IO[bytes], *, kind: PhotoKind, by: User | None, at: datetime) -> PetitionPhoto:
    """Clean one photo and keep it with a petition.

    :raises BadPhoto: as ``clean`` says
    """
    return keep(petition, clean(upload), kind=kind, by=by, at=at)
