#!/usr/bin/env python
"""Django's commands. Without ``DATABASE_URL`` they run on the embedded servers, started for them when down."""

import contextlib
import os
import sys
from collections.abc import Iterator

# Who change the schema, or empty or fill whole tables: they log in as the database's owner.
OWNER_COMMANDS = {"migrate", "flush", "import_areas", "sqlflush", "sqlmigrate", "pgtrigger", "purge_audit"}
OWNER_COMMANDS |= {"purge_ledgers"}
# Who touch no database; everything else gets one.
WITHOUT_DATABASE = {"", "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help"}
WITHOUT_DATABASE |= {"makemessages", "makemigrations", "startapp", "startproject", "version", "--help", "--version"}


@contextlib.contextmanager
def environment(command: str) -> Iterator[None]:
    """Set what the settings read, and have the servers that ``command`` needs."""
    from config.local_services import borrow
    from config.local_services import environment as local
    from config.local_services.places import places

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if command in OWNER_COMMANDS:
        os.environ["LINLI_DB_ROLE"] = "owner"
    if local.is_external():
        yield
        return
    here = places()
    local.load(here)
    if command in WITHOUT_DATABASE:
        yield
        return
    with borrow.servers(here):
        yield


def run(arguments: list[str]) -> None:
    """Run one command; a migration of the whole database is checked before and recorded after."""
    from django.core.management import execute_from_command_line

    from config.local_services import fingerprint

    migrates = arguments[1:2] == ["migrate"]
    if migrates:
        fingerprint.check(fingerprint.owner_url())
    execute_from_command_line(arguments)
    if migrates and not any(not word.startswith("-") for word in arguments[2:]) and "--plan" not in arguments:
        fingerprint.record(fingerprint.owner_url())


def main() -> None:
    """Run the command of the command line."""
    from config.local_services.errors import Trouble

    command = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        with environment(command):
            run(sys.argv)
    except Trouble as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()
