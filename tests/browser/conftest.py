"""Browsers for the tests of pages: of residents who walk a path, and with axe in them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext

from people.models import User
from petitions import viewers
from tests.browser.checking import AXE
from tests.browser.visiting import Visitor, Way
from tests.petitions.conftest import gateway, sent_at_once

__all__ = ["gateway", "sent_at_once"]  # fixtures of the pages, asked for by their names here too


@pytest.fixture
def visitor(chromium: Browser, live_server, settings, tmp_path) -> Iterator[Callable[..., Visitor]]:
    """Let somebody come in some way; as one who has proved a matter before, if ``proved`` names it."""
    settings.MEDIA_ROOT = str(tmp_path)
    contexts = []

    def comes(way: Way, *, proved: int | None = None, **options: Any) -> Visitor:
        context = way.context(chromium, base_url=live_server.url, **options)
        context.set_default_timeout(30_000)
        context.add_cookies(_cookies(live_server.url, settings, language=way.language, proved=proved))
        contexts.append(context)
        return Visitor(context)

    yield comes
    for context in contexts:
        context.close()


@pytest.fixture
def browser_of(chromium: Browser, live_server, settings, tmp_path) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser in a language: of a passer-by, of one who proved a matter, or of a member of staff."""
    settings.MEDIA_ROOT = str(tmp_path)
    contexts = []

    def opened(
        language: str,
        *,
        user: User | None = None,
        proved: int | None = None,
        elder: bool = False,
        dark: bool = False,
        scripts: bool = True,
    ) -> BrowserContext:
        # bypass_csp: axe is put into the page, which our own policy forbids to everybody else
        context = chromium.new_context(
            base_url=live_server.url,
            bypass_csp=True,
            reduced_motion="reduce",
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(30_000)
        context.add_init_script(AXE)
        context.add_cookies(
            _cookies(live_server.url, settings, language=language, user=user, proved=proved, elder=elder)
        )
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()


def _cookies(
    url: str, settings, *, language: str, user: User | None = None, proved: int | None = None, elder: bool = False
) -> list[Any]:
    client = Client()
    if user is not None:
        client.force_login(user)
    if proved is not None:
        session = client.session
        viewers.remember(session, proved, filed=True)
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    cookies = {settings.LANGUAGE_COOKIE_NAME: language} | ({"elder": "1"} if elder else {})
    if settings.SESSION_COOKIE_NAME in client.cookies:
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
