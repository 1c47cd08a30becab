"""Throw-away PostgreSQL and Valkey for a test run: ``-p config.local_services.pytest_plugin``.

A plugin and not a conftest, because pytest-django imports the settings before any conftest: importing this module
sets the environment, configuring starts the servers. xdist workers inherit both from the controller. With
``DATABASE_URL`` and ``BROKER_URL`` set the tests use those servers; the role must be allowed to create databases.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from config.local_services import chores, environment, processes, template
from config.local_services.embedded import Postgres, Valkey
from config.local_services.errors import Trouble
from config.local_services.places import Places, throwaway_places

# Set in the environment, so that a worker or a subprocess of a test never starts servers of its own.
MARK = "LINLI_TEST_SERVERS"
PREFIX = "linli-test-"
TEST_SETTINGS = {
    "LINLI_DB_ROLE": "owner",  # tests make and flush tables; what linli_app may not do is tested by logging in as it
    "EMAIL_URL": "memorymail://",
    "PUBLIC_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    # Playwright's synchronous API runs an event loop in the test's own thread, which Django takes for async code.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    "LC_ALL": "C.UTF-8",
}


class RunPlaces:
    """The temporary folder of one run, with servers in it unless somebody else's are named."""

    def __init__(self, *, with_servers: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.places: Places = throwaway_places(self.folder)
        (self.places.local / "staticfiles").mkdir(parents=True)  # WhiteNoise warns of a folder that is not there
        self.servers: list[Postgres | Valkey] = [
            Valkey(self.places, throwaway=True),
            Postgres(self.places, throwaway=True),
        ]
        if not with_servers:
            self.servers.clear()

    def start(self) -> None:
        """Start the servers; they end with us, even when we are killed."""
        for server in self.servers:
            if isinstance(server, Postgres):
                template.start(server)
            else:
                server.start(dies_with_us=True)

    def stop(self) -> None:
        """Stop the servers and delete everything."""
        for server in self.servers:
            server.stop()
        for folder in (self.folder, self.places.run):
            shutil.rmtree(folder, ignore_errors=True)


def _prepare() -> RunPlaces | None:
    """Fill the environment; return what this process has to start and to clear away, in a worker nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if MARK in os.environ:
        return None
    _sweep_leftovers()
    named = os.environ.get("DATABASE_URL") and os.environ.get("BROKER_URL")
    here = RunPlaces(with_servers=not named)
    atexit.register(here.stop)  # also when pytest gives up before it configures anything
    os.environ[MARK] = str(here.folder)
    os.environ["LINLI_LOCAL"] = str(here.places.local)
    values = environment.fitting(environment.addresses(here.places)) | environment.new_secrets() | TEST_SETTINGS
    for key, value in values.items():
        os.environ.setdefault(key, value)
    if not named:
        os.environ["TEST_DATABASE_TEMPLATE"] = template.DATABASE
    # WhiteNoise warns of a folder that is not there, and a warning is an error in tests.
    Path(os.environ["STATIC_ROOT"]).mkdir(parents=True, exist_ok=True)
    return here


def _sweep_leftovers() -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = left.name.removeprefix(PREFIX).split("-")[0]
        if number.isdigit() and not processes.command_line(int(number)):
            shutil.rmtree(left, ignore_errors=True)


_here = _prepare()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the servers, once, in the process that reports."""
    if _here is None or config.option.collectonly:
        return
    # kill <pid> shall clean up like Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    chores.compile_messages()
    try:
        _here.start()
    except Trouble as trouble:
        raise pytest.UsageError(str(trouble)) from trouble


def pytest_unconfigure() -> None:
    """Stop and delete what was started."""
    if _here is not None:
        _here.stop()
