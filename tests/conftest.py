"""What every test stands on: the reference data, and a small district with people at their posts."""

import gc
import re
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import TransactionTestCase
from playwright.sync_api import Browser, sync_playwright

from deadlines.models import Policy
from tests.factories import District
from tests.pristine import Pristine
from tools import browser as installed

EXAMPLES = "hypothesis examples"
_DB_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_collection_finish() -> None:
    """Leave alone what lives as long as the run: looking through it for garbage took every tenth second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note how many examples a property was tried with; xdist carries it to whoever reports."""
    report = yield
    said = getattr(item, "hypothesis_statistics", "")
    if report.when == "teardown" and said:
        report.user_properties.append((EXAMPLES, sum(map(int, re.findall(r"(\d+) passing", said)))))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many properties were tried, and with how many examples."""
    ran = [
        count
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, count in getattr(report, "user_properties", ())
        if name == EXAMPLES
    ]
    if ran:
        terminalreporter.write_line(f"{len(ran)} properties, {sum(ran):,} examples, {min(ran)} at least")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """Load policies, categories and the calendar once; ordinary tests see them through their rollback."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)
        if settings.DATABASES["default"]["TEST"]["TEMPLATE"]:  # the server is ours
            kept = Pristine.taken()
            TransactionTestCase._fixture_teardown = lambda _case: kept.restore()


@pytest.fixture(autouse=True)
def reference(request: pytest.FixtureRequest) -> None:
    """Load them again where a transactional test has emptied the tables (on a server that is not ours)."""
    if request.node.get_closest_marker("django_db") is None and not _DB_FIXTURES & set(request.fixturenames):
        return
    request.getfixturevalue("_django_db_helper")
    if not Policy.objects.exists():
        call_command("load_reference", verbosity=0)


@pytest.fixture(autouse=True)
def own_cache(settings) -> None:
    """Have a cache that no other test has counted in: what strangers send is limited."""
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return the Chromium of this machine; without one the test fails and says how to get it."""
    path = installed.find()
    if path is None:
        pytest.fail(f"The browser tests need a Chromium: {' '.join(installed.INSTALL)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def district() -> Iterator[District]:
    """Return a small world; the characters are in ``tests.factories.District``."""
    return District.build()
