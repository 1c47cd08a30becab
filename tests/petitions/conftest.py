"""What tests of pages share."""

import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation


@pytest.fixture
def english(client) -> Iterator[None]:
    """Read pages and refusals in English, so that a better Chinese word breaks no test of a rule."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def fresh_cache(settings) -> None:
    """Have a cache that no other test, and no other worker of the run, has written to."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}
