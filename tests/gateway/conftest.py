"""A neighbour with a key."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gateway import services
from gateway.enums import Scope
from gateway.models import Client
from petitions.enums import Channel
from tests.gateway.neighbour import Neighbour


@pytest.fixture
def neighbour(district):
    """Make neighbours: the 12345 hotline of the street, with all its scopes but the closed one, unless told else."""

    def make(name="12345", *, scopes=(Scope.FILE, Scope.READ), area=None, key_days=30, **facts):
        given = {"channel": Channel.HOTLINE, "valid_to": date(2099, 12, 31), **facts}
        client = services.add_client(
            Client(name=name, area=area or district.street, scopes=list(scopes), **given), at=timezone.now()
        )
        at = timezone.now()
        issued = services.issue_key(client, by=district.command, at=at, expires_at=at + timedelta(days=key_days))
        return Neighbour(client, issued)

    return make
