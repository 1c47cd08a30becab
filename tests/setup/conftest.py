"""Installations of their own: these tests start, break and stop servers, never those of the test run."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from config.local_services import pytest_plugin
from config.local_services.embedded import Postgres, Valkey
from config.local_services.places import places, throwaway_places

NAMED_BY_THE_RUN = {
    *("DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "CACHE_URL", "PGHOST", "MEDIA_ROOT", "STATIC_ROOT"),
    *("ACCOUNTS_FILE", "LINLI_LOCAL", "SECRET_KEY", "PERSON_KEYS", "BLIND_INDEX_KEY", "PORT", pytest_plugin.MARK),
    *pytest_plugin.TEST_SETTINGS,
}


@pytest.fixture
def folder():
    """A folder that the servers' account can enter; pytest's tmp_path is closed to it when we are root."""
    made = Path(tempfile.mkdtemp(prefix="linli-setup-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def here(folder):
    """Places of an installation in which nothing has happened yet."""
    made = throwaway_places(folder)
    yield made
    Valkey(made).stop()
    Postgres(made).stop()
    shutil.rmtree(made.run, ignore_errors=True)


@pytest.fixture
def bare_environ(monkeypatch):
    """The environment as a person has it who has set nothing; whatever the test sets is gone afterwards."""
    before = dict(os.environ)
    for name in NAMED_BY_THE_RUN:
        monkeypatch.delenv(name, raising=False)
    yield os.environ
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def own_local(bare_environ, folder):
    """LINLI_LOCAL in a folder of the test: what `make demo` would do, apart from the developer's own .local."""
    bare_environ["LINLI_LOCAL"] = str(folder / "local")
    found = places()
    yield found
    Valkey(found).stop()
    Postgres(found).stop()
    for left in (found.state, found.run):
        shutil.rmtree(left, ignore_errors=True)
