"""A neighbour's system with a key, and by which row its pages at the desk are filled."""

from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from gateway import services
from gateway.models import Client
from tests.config.matrix_calls import OF_REPORTS, call_out
from tests.config.matrix_world import World

OF_GATEWAY: Final = {
    "admin:gateway_client_keys": "gateway.client",
    "admin:gateway_client_revoke": "gateway.key",
    **OF_REPORTS,
}


def let_in(world: World) -> World:
    """Add them to the world, the calls of its workers first, and return it."""
    call_out(world)
    at = timezone.now()
    client = Client(name="12345", area=world.district.street, channel="hotline", scopes=["file"])
    client.valid_to = date(2099, 12, 31)
    services.add_client(client, at=at)
    issued = services.issue_key(client, by=world.district.command, at=at, expires_at=at + timedelta(days=9))
    for row in (client, issued.key):
        world.note(type(row), "", row)
    return world
