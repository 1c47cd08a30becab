"""Photos: checked, turned the right way up, scaled, re-encoded without EXIF or place."""

import hashlib
import io
import warnings
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
ACCEPTED = ("JPEG", "PNG", "WEBP", "MPO")
MAX_PER_STEP = 5


def clean(upload: IO[bytes]) -> tuple[bytes, int, int]:
    """Return a JPEG without metadata, its width and height in pixels.

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
                    raise BadPhoto(_("The photo has too many pixels. Please choose a smaller one."))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except BadPhoto:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPhoto(_("This file is not a photo. Please choose a JPEG, PNG or WebP picture.")) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise BadPhoto(_("The photo is damaged. Please choose another one.")) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), upright.width, upright.height


def add(
    petition: Petition, upload: IO[bytes], *, kind: PhotoKind, by: User | None, at: datetime
) -> PetitionPhoto:
    """Keep one photo with a petition.

    :raises BadPhoto: as ``clean`` says
    """
    data, width, height = clean(upload)
    photo = PetitionPhoto(
        petition=petition,
        kind=kind,
        width=width,
        height=height,
        sha256=hashlib.sha256(data).digest(),
        added_at=at,
        by=by,
    )
    photo.file.save(f"{photo.pk}.jpg", ContentFile(data), save=False)
    photo.save(force_insert=True)
    return photo
