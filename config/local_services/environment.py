"""The environment of the embedded installation: secrets made once in ``.local/env``, addresses computed.

Production sets every variable itself; then nothing here is read.
"""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from config.local_services.embedded import APP, DATABASE, OWNER
from config.local_services.errors import Trouble, unwritable
from config.local_services.places import Places

SECRETS = ("SECRET_KEY", "PERSON_KEYS", "BLIND_INDEX_KEY")
HEAD = """\
# Made by config.local_services on the first start. It holds the keys of the personal data in the database:
# whoever loses this file loses them, whoever copies it can read them. `make backup` takes it along.
# Lines of your own (LOG_LEVEL=INFO, DEBUG=1, ...) may be added; the addresses of the servers are computed.
"""


def is_external(environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether somebody else's servers are named, and ours must stay down."""
    return bool(environ.get("DATABASE_URL"))


def load(places: Places) -> None:
    """Fill ``os.environ`` for the embedded servers; what is set already stays.

    :raises Trouble: if the file of secrets is damaged, or gone while there is data that needs it
    """
    for key, value in (read_secrets(places) | fitting(addresses(places))).items():
        os.environ.setdefault(key, value)


def read_secrets(places: Places) -> dict[str, str]:
    """Return what ``.local/env`` says; make it with new random secrets when nothing depends on old ones."""
    if not places.env_file.exists():
        if (places.pgdata / "PG_VERSION").exists():
            raise Trouble(
                f"{places.env_file} is gone, and with it the keys of the personal data in the database: "
                "put it back (from a backup), or start over with RESET=1."
            )
        _write(places.env_file, new_secrets())
    found = parse(places.env_file)
    missing = [key for key in SECRETS if not found.get(key)]
    if missing:
        raise Trouble(f"{places.env_file} lacks {', '.join(missing)}: put the file back, or start over with RESET=1.")
    return found


def new_secrets() -> dict[str, str]:
    """Return fresh random values for every secret."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PERSON_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "BLIND_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def replace_secrets(places: Places, values: Mapping[str, str]) -> None:
    """Put other secrets in force, those of a backup; the old file stays beside it."""
    if places.env_file.exists():
        places.env_file.rename(places.env_file.with_name("env.before-restore"))
    _write(places.env_file, values)


def addresses(places: Places, port: str = "") -> dict[str, str]:
    """Return the variables that follow from where the servers stand and from ``PORT``."""
    run = str(places.run)
    port = port or os.environ.get("PORT", "8000")
    return {
        "DATABASE_URL": f"postgres://{APP}@/{DATABASE}?host={run}",
        "DATABASE_OWNER_URL": f"postgres://{OWNER}@/{DATABASE}?host={run}",
        "BROKER_URL": f"redis+socket://{places.valkey_socket}",
        # A database number of its own: emptying the cache must not empty the broker.
        "CACHE_URL": f"unix://{places.valkey_socket}?db=1",
        "EMAIL_URL": f"filemail:///{quote(str(places.local / 'mail'))}",
        "PUBLIC_URL": f"http://localhost:{port}",
        "MEDIA_ROOT": str(places.local / "media"),
        "STATIC_ROOT": str(places.local / "staticfiles"),
        "ACCOUNTS_FILE": str(places.accounts_file),
        "AUDIT_HEADS_FILE": str(places.local / "audit-heads"),
        # The invented accounts share one password and no telephone; SECOND_FACTOR=1 make demo asks for codes.
        "SECOND_FACTOR": "0",
        # For psql and `manage.py dbshell`, which do not read the address.
        "PGHOST": run,
    }


def fitting(values: Mapping[str, str], environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Leave out of ``values`` what would point past a server that ``environ`` names at one of ours."""
    past: set[str] = set()
    if environ.get("DATABASE_URL"):
        past |= {"DATABASE_OWNER_URL", "PGHOST"}
    if environ.get("BROKER_URL"):
        past |= {"CACHE_URL"}
    return {key: value for key, value in values.items() if key not in past}


def parse(file: Path) -> dict[str, str]:
    """Read lines of the form KEY=VALUE; blank lines and # comments are skipped, quotes around a value fall."""
    found: dict[str, str] = {}
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        key, equals, value = text.partition("=")
        if not equals:
            raise Trouble(f"{file}, line {number} is not of the form KEY=VALUE.")
        found[key.strip()] = value.strip().strip("'\"")
    return found


def _write(file: Path, values: Mapping[str, str]) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_name(file.name + ".half")
        half.unlink(missing_ok=True)
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except PermissionError as error:
        raise unwritable(file.parent) from error
    with os.fdopen(descriptor, "w") as out:
        out.write(HEAD)
        out.writelines(f"{key}={value}\n" for key, value in values.items())
    half.rename(file)
