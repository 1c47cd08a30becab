"""A worker's phone with a profile of its own on disk: it can be closed and opened again, and its line cut."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from people.models import User
from tools import browser as installed

READY = "navigator.serviceWorker.ready.then(() => true)"


class Phone:
    """One phone of one person; ``shut`` and ``wake`` close the browser and open it again with all it kept."""

    def __init__(self, browser: Browser, url: str, profile: Path, settings: Any) -> None:
        self.browser, self.url, self.profile, self.settings = browser, url, profile, settings
        self.context: BrowserContext = self._opened()

    def _opened(self) -> BrowserContext:
        context = self.browser.browser_type.launch_persistent_context(
            self.profile,
            executable_path=installed.find(),
            args=["--no-sandbox", "--disable-gpu"],
            viewport={"width": 360, "height": 740},
            base_url=self.url,
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        return context

    @property
    def page(self) -> Page:
        """The only tab."""
        return self.context.pages[0]

    def sign_in(self, user: User, *, language: str = "en") -> None:
        """Bring the session of a person, as if he had signed in on this phone."""
        client = Client()
        client.force_login(user)
        session = self.settings.SESSION_COOKIE_NAME
        cookies = ((session, client.cookies[session].value), (self.settings.LANGUAGE_COOKIE_NAME, language))
        # kept when the browser is closed, as the server has them kept
        later = time.time() + 12 * 3600
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.url, "expires": later} for name, value in cookies]
        )
        self.page.goto("/grid/")
        self.page.evaluate(READY)

    def cut(self) -> None:
        """Lose the line."""
        self.context.set_offline(True)

    def line(self) -> None:
        """Have it back."""
        self.context.set_offline(False)

    def shut(self) -> None:
        """Close the browser."""
        self.context.close()

    def wake(self, *, cut: bool) -> None:
        """Open it again, with or without a line."""
        self.context = self._opened()
        self.context.set_offline(cut)

    def kept(self) -> int:
        """Return how many entries lie on the phone."""
        return self.page.evaluate("linliOutbox.all().then((items) => items.length)")


@pytest.fixture
def phone(chromium: Browser, live_server, settings, tmp_path) -> Iterator[Callable[[], Phone]]:
    """Hand out phones."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    phones: list[Phone] = []

    def taken() -> Phone:
        phones.append(Phone(chromium, live_server.url, tmp_path / f"phone{len(phones)}", settings))
        return phones[-1]

    yield taken
    for one in phones:
        one.context.close()
