"""A PostgreSQL of its own for a bench: made, migrated, filled with the reference data, and gone afterwards.

It runs as production does (fsync and synchronous commit on, autovacuum on), not as the forgetful one of the tests.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.local_services import environment
from config.local_services.embedded import OWNER, Postgres, Valkey
from config.local_services.places import throwaway_places

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "LINLI_DB_ROLE": "owner",  # a bench truncates its tables
    "EMAIL_URL": "memorymail://",
    "PYTHONWARNINGS": "ignore",
}


@contextmanager
def servers(**options: str) -> Iterator[tuple[Postgres, Valkey, dict[str, str]]]:
    """Have a durable PostgreSQL with these options, and a Valkey, in a folder of their own; both end with us.

    The third value are the variables that name them, for settings and subprocesses.
    """
    folder = Path(tempfile.mkdtemp(prefix="linli-bench-"))
    here = throwaway_places(folder)
    postgres, valkey = Postgres(here), Valkey(here, throwaway=True)
    try:
        postgres.start(dies_with_us=True)
        with postgres.connect("postgres") as connection:
            for name, value in options.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            connection.execute(f"GRANT pg_checkpoint TO {OWNER}".encode())
        if options:
            postgres.stop()
            postgres.start(dies_with_us=True)
        valkey.start(dies_with_us=True)
        (here.local / "staticfiles").mkdir(parents=True, exist_ok=True)
        yield postgres, valkey, environment.new_secrets() | environment.addresses(here) | SETTINGS
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(here.run, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(settings: Mapping[str, str] | None = None, **options: str) -> Iterator[dict[str, str]]:
    """Have Django set up on a fresh database with schema and reference data. Once per process.

    ``settings`` are variables beside the usual ones. The value is the environment, for subprocesses.
    """
    with servers(**options) as (_postgres, _valkey, variables):
        os.environ.update(variables | dict(settings or {}))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        try:
            yield dict(os.environ)
        finally:
            connection.close()
