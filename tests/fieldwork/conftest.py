"""What tests of field work share."""

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
