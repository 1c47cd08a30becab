"""Case 31 of cases/petitions.md: looking changes nothing, whoever looks, at whatever address there is.

Mail scanners, link previews and browsers that fetch ahead open every link they find.
"""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deadlines.sweep import sweep
from people.models import User
from petitions import viewers
from petitions.enums import Channel, PhotoKind, Status
from petitions.models import PetitionPhoto
from tests.digests import digests
from tests.walking import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "COPY")
QUERIES = ("", "?do=resolve&close=1&status=closed&verb=close&next=/&language=en&on=1&p=1&q=3号楼&pile=late")


@pytest.fixture
def matter(district, settings, tmp_path):
    """A matter with everything that can hang on one: escalations, notices, a photo; late, and in a worker's hands."""
    settings.MEDIA_ROOT = str(tmp_path)
    petition = district.petition(timezone.now() - timedelta(days=3), status=Status.SIGNED, channel=Channel.WEB)
    sweep(at=timezone.now())
    PetitionPhoto.objects.create(
        petition=petition, kind=PhotoKind.FILED, file=f"photos/{uuid.uuid4()}.jpg", width=10, height=10,
        sha256=bytes(32), added_at=timezone.now(),
    )  # fmt: skip
    return petition


def visitor(district, matter, who: str) -> Client:
    """A browser of somebody: a passer-by, who has proved the matter, or a member of staff."""
    client = Client(raise_request_exception=False)
    if who == "follower":
        session = client.session
        viewers.remember(session, matter.pk, filed=True)
        session.save()
        client.cookies["sessionid"] = session.session_key
    elif who == "administrator":
        client.force_login(User.objects.create_superuser("root", password="open-sesame-2026"))
    elif who != "passer_by":
        client.force_login(getattr(district, who))
    return client


@pytest.mark.parametrize(
    "who", ["passer_by", "follower", "worker", "secretary", "dispatcher", "handler", "administrator"]
)
def test_looking_at_every_address_changes_nothing(district, matter, who):
    """Case 31: GET on any link, of every kind of viewer; not one row is written and no page breaks."""
    client = visitor(district, matter, who)
    before = digests()
    wrote, broken, seen = [], [], set()

    for address in addresses(district, matter):
        for query in QUERIES if not address.name.startswith("admin:") else QUERIES[:1]:
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address.url + query)
            seen.add(response.status_code)
            if response.status_code >= 500 and address.name != "readyz":
                broken.append(address.url + query)
            wrote += [
                (address.url + query, one["sql"][:120]) for one in queries if one["sql"].lstrip().startswith(WRITES)
            ]

    assert (wrote, broken) == ([], [])
    assert digests() == before
    assert {200, 404} <= seen


def test_the_walk_knows_the_addresses_that_matter(district, matter):
    """Case 31 would prove nothing if the walk went past the links that mail carries."""
    urls = {address.url for address in addresses(district, matter)}

    assert {
        "/", "/petitions/new/", f"/petitions/follow/{matter.number}/", f"/petitions/follow/{matter.number}/urge/",
        f"/petitions/follow/{matter.number}/supplement/", "/petitions/follow/forget/", f"/cases/{matter.number}/",
        f"/cases/{matter.number}/close/", f"/cases/{matter.number}/reveal/",
        f"/cases/{matter.number}/request/extension/", "/logout/", "/language/", "/admin/queue/dispatch/",
        f"/admin/petitions/petition/{matter.pk}/delete/",
    } <= urls  # fmt: skip
    assert len(urls) > 150
    assert any("/seen/" in url and "999999999" not in url for url in urls)
    assert any(url.startswith("/notices/") and url.endswith("/open/") and "00000000" not in url for url in urls)
