"""The residents' form as a browser would send it."""

import re
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from grids.models import Area
from petitions import posters
from petitions.enums import PhotoKind
from petitions.models import Petition, PetitionPhoto
from petitions.numbers import code_for
from tests.factories import TUESDAY
from tests.petitions.photo_files import phone_photo

NEW = "/petitions/new/"
FOLLOW = "/petitions/follow/"
BUILDING = "620302001001001-3"
WORDS = "3号楼前的垃圾桶满了两天，味道很大。"


def answers(**changes: object) -> dict[str, object]:
    """A complete matter; ``None`` leaves an answer out."""
    given = {"client_key": str(uuid.uuid4()), "text": WORDS, "place": BUILDING, **changes}
    return {name: value for name, value in given.items() if value is not None}


def send(client: Client, *, address: str = "127.0.0.1", **changes: object) -> HttpResponse:
    """Press "Send" on the page to check, from an address."""
    return client.post(NEW, {**answers(**changes), "step": "send"}, REMOTE_ADDR=address)


def check(client: Client, *, address: str = "127.0.0.1", **changes: object) -> HttpResponse:
    """Press "Go on to check", from an address."""
    return client.post(NEW, {**answers(**changes), "step": "check"}, REMOTE_ADDR=address)


def search(client: Client, **changes: object) -> HttpResponse:
    """Press "Search"."""
    return client.post(NEW, {**answers(**changes), "step": "search"})


def picture(name: str = "bin.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    """A photo as a telephone sends it, with place and camera inside."""
    return SimpleUploadedFile(name, phone_photo() if data is None else data, "image/jpeg")


def hidden(response: HttpResponse, name: str) -> str:
    """What a page carries to the next step under ``name``."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no hidden field {name}"
    return found.group(1)


def poster(code: str = BUILDING) -> str:
    """What the printed code of a building carries."""
    return posters.token_for(Area.objects.get(code=code))


def prove(client: Client, petition: Petition, **extra: str) -> HttpResponse:
    """Type number and follow-up code of a petition."""
    typed = {"number": petition.number, "code": code_for(petition.client_key)}
    return client.post(FOLLOW, typed, **extra)


def follow_url(petition: Petition) -> str:
    """The page of a matter, for who has proved it."""
    return f"/petitions/follow/{petition.number}/"


def add_photo(petition: Petition) -> PetitionPhoto:
    """A photo of a petition without its file."""
    return PetitionPhoto.objects.create(
        petition=petition, kind=PhotoKind.FILED, file=f"photos/{uuid.uuid4()}.jpg", width=10, height=10,
        sha256=bytes(32), added_at=TUESDAY,
    )  # fmt: skip
