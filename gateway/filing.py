"""A neighbour's system files a matter: once for its own number, whatever comes twice."""

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from gateway.errors import NumberTaken
from gateway.models import Client, Filing
from grids.enums import Level
from grids.models import Area
from people.errors import BadInput
from petitions import channels, places, services
from petitions.enums import About, Channel
from petitions.services import Contact, Filed


def file(client: Client, said: dict[str, Any], *, key: str, digest: bytes, at: datetime) -> Filed:
    """File what a client sent; the same number, or without one the same key, again gives the same petition.

    :param said: the checked body (``api.bodies.FileIn``)
    :param digest: of that body, so that the same number with other words is not swallowed
    :raises NumberTaken: if the client sent something else under this number before
    :raises BadInput: if the place lies outside the client's area
    :raises Refusal: as ``petitions.services.file`` says
    """
    channel = Channel(client.channel)
    number = said["external_id"].strip()
    filed = services.file(
        text=said["text"],
        at=at,
        client_key=client_key(client, f"number {number}" if number else f"key {key}"),
        title=said["title"],
        channel=channel,
        place=_place(client, said["place"], at=at),
        place_words=said["place_words"],
        contact=Contact(**said["contact"]) if said.get("contact") else None,
        anonymous=said["anonymous"],
        confidential=said["confidential"],
        language=said["language"],
        filed_by=client.account,
        about=About(said["about"]),
        about_words=said["about_words"],
        external_id=channels.external_id(channel, number) if number else "",
    )
    kept, _made = Filing.objects.get_or_create(
        petition=filed.petition, defaults={"client": client, "digest": digest, "created_at": at}
    )
    if bytes(kept.digest) != digest:
        raise NumberTaken(
            _("Another matter came in under this number: %(number)s.") % {"number": filed.petition.number},
            field="external_id",
        )
    return filed


def client_key(client: Client, what: str) -> uuid.UUID:
    """Return what makes a filing one and the same: of this client, by its number or by its key."""
    return uuid.uuid5(client.pk, what)


def _place(client: Client, code: str, *, at: datetime) -> Area | None:
    if not code:
        # whoever serves one street or community sends nothing from elsewhere
        return client.area if client.area.level > Level.DISTRICT else None
    place = places.by_code(code, on=shanghai_date(at))
    if place is None or not place.path.startswith(client.area.path):
        raise BadInput(_("There is no place with this code in the area of this key."), field="place")
    return place
