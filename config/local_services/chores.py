"""What stands between running servers and a page: migrate, collect static files, load the demo district.

Each is skipped when nothing it depends on has changed, so that a second start takes seconds.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg

from config.local_services import fingerprint
from config.local_services.errors import Trouble
from config.local_services.places import BASE_DIR, Places

LOAD_DEMO = "*/management/commands/load_demo.py"


def migrate() -> bool:
    """Bring the schema up to date; return whether there was anything to do.

    :raises Trouble: if the database was made by an older initial migration, or a migration fails
    """
    if fingerprint.check(fingerprint.owner_url()):
        return False
    _manage("migrate", "--noinput", "--verbosity=0")
    return True


def collect_static(here: Places) -> bool:
    """Gather the static files under ``STATIC_ROOT``; return whether any had changed."""
    stamp = here.local / "collected"
    now = _static_digest()
    if stamp.exists() and stamp.read_text() == now:
        return False
    _manage("collectstatic", "--noinput", "--verbosity=0")
    stamp.write_text(now)
    return True


def compile_messages() -> None:
    """Compile the .po files whose .mo is missing or older."""
    files = [(po, po.with_suffix(".mo")) for po in BASE_DIR.glob("locale/*/LC_MESSAGES/*.po")]
    if all(mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime for po, mo in files):
        return
    subprocess.run([sys.executable, str(BASE_DIR / "tools" / "compile_messages.py"), "--quiet"], check=True)


def load_demo(here: Places) -> bool:
    """Load the demo district into an empty database; return whether it was empty.

    :raises Trouble: if an earlier load broke off, or this one does
    """
    half = here.local / "demo.loading"
    empty = _is_empty(os.environ["DATABASE_URL"])
    if half.exists() and not empty:
        raise Trouble("The demo district was loaded only in part; start over with RESET=1.")
    if not empty or not any(BASE_DIR.glob(LOAD_DEMO)):
        return False
    half.touch()
    _manage("load_demo", quiet=False)
    half.unlink()
    return True


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT NOT EXISTS (SELECT FROM people_user)").fetchone()
    return bool(row and row[0])


def _manage(*words: str, quiet: bool = True) -> None:
    done = subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), *words],
        cwd=BASE_DIR,
        env=_environment(),
        capture_output=quiet,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return
    if quiet:
        sys.stderr.write(done.stdout + done.stderr)
    raise Trouble(f"'manage.py {words[0]}' failed; what it said stands above.")


def _environment() -> Mapping[str, str]:
    # We are the supervisor: no command of ours sees to servers, and none keeps a role that another one set.
    return {key: value for key, value in os.environ.items() if key != "LINLI_DB_ROLE"}


def _static_digest() -> str:
    digest = hashlib.sha256((BASE_DIR / "requirements.lock").read_bytes())
    digest.update(os.environ.get("STATICFILES_BACKEND", "").encode())
    for folder in sorted([BASE_DIR / "static", *BASE_DIR.glob("*/static")]):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            facts = file.stat()
            digest.update(f"{_short(file)} {facts.st_mtime_ns} {facts.st_size}\n".encode())
    return digest.hexdigest()


def _short(file: Path) -> str:
    return str(file.relative_to(BASE_DIR))
