"""A cluster with a migrated database, kept to be copied: a test run need not migrate what has not changed.

The copies lie in the temporary folder under the digest of what made them; the newest few stay.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from config.local_services.embedded import OWNER, Postgres
from config.local_services.errors import Trouble
from config.local_services.places import BASE_DIR

DATABASE = "linli_template"
KEPT = 16


def start(postgres: Postgres) -> None:
    """Start a throw-away cluster that holds ``DATABASE``, migrated; from a copy if there is one.

    :raises Trouble: if the server does not start or a migration fails
    """
    kept = _folder() / _digest()
    if kept.exists():
        _copy(kept, postgres.places.pgdata)
        kept.touch()
        postgres.start(dies_with_us=True)
        return
    postgres.start(dies_with_us=True)
    with postgres.connect("postgres") as connection:
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}".encode())
    _migrate()
    postgres.stop()
    _keep(postgres.places.pgdata, kept)
    postgres.start(dies_with_us=True)


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"linli-templates-{os.getuid()}"
    folder.mkdir(mode=0o755, exist_ok=True)
    return folder


def _digest() -> str:
    found = hashlib.sha256(sys.version.encode())
    for path in _made_by():
        found.update(f"{path.relative_to(BASE_DIR)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:24]


def _made_by() -> Iterator[Path]:
    yield from sorted(BASE_DIR.glob("*/migrations/*.py"))
    yield BASE_DIR / "requirements-dev.lock"
    yield from sorted((BASE_DIR / "config" / "local_services").glob("embedded.py"))
    yield from sorted((BASE_DIR / "config" / "local_services").glob("*.sql"))


def _migrate() -> None:
    values = {
        name: _elsewhere(os.environ[name]) for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if os.environ.get(name)
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--noinput", "--verbosity=0"],
        cwd=BASE_DIR,
        env=os.environ | values | {"LINLI_DB_ROLE": "owner", "PYTHONPATH": str(BASE_DIR)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"The migrations do not run: {done.stderr.strip()}")


def _elsewhere(url: str) -> str:
    """Return the address of the template database on the same server."""
    return urlsplit(url)._replace(path=f"/{DATABASE}").geturl()


def _keep(data: Path, kept: Path) -> None:
    """Keep a copy of a stopped cluster, and forget the oldest ones; a copy that fails is none."""
    half = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        _copy(data, half)
        half.rename(kept)
    except OSError:
        shutil.rmtree(half, ignore_errors=True)
    found = sorted(kept.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in found[KEPT:]:
        with suppress(OSError):
            shutil.rmtree(old)


def _copy(source: Path, target: Path) -> None:
    """Copy a data folder with its owner and rights."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    for path in (source, *source.rglob("*")):
        if os.getuid() == 0:
            known = path.stat()
            os.chown(target / path.relative_to(source), known.st_uid, known.st_gid)
