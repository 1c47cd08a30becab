"""What tests of pages share."""

import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from petitions import tasks
from tests.notifications.posting import SECRET, Gateway


@pytest.fixture
def english(client) -> Iterator[None]:
    """Read pages and refusals in English, so that a better Chinese word breaks no test of a rule."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def no_sums(request, monkeypatch) -> None:
    """Ask no sum near a limit: tests of limits count what is behind it. Those of the sum itself keep it."""
    if not request.module.__name__.endswith("test_resident_sums"):
        monkeypatch.setattr("petitions.throttle.NEAR", 1_000_000)


@pytest.fixture
def fresh_cache(settings) -> None:
    """Have a cache that no other test, and no other worker of the run, has written to."""
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    """Have an SMS gateway on loopback."""
    gateway = Gateway().start()
    settings.SMS_URL, settings.SMS_SECRET, settings.NOTIFY_ALLOW_PRIVATE = gateway.url, SECRET, True
    yield gateway
    gateway.stop()


@pytest.fixture
def sent_at_once(monkeypatch) -> None:
    """Send codes for telephones as the worker does, where the task is enqueued."""

    def send(name, **given):
        if name == "petitions.send_phone_code":
            tasks.send_phone_code(**given)

    monkeypatch.setattr("petitions.phones.queue.on_commit", send)
