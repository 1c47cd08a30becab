"""``manage.py rotate_person_keys``: bring all sealed data to the newest key; ``--status``, ``--new-key``, ``--drop``.

With a key file (PERSON_KEYS_FILE): ``--new-key k2``, then without options, then ``--drop k1``; no restart.
With PERSON_KEYS: list the new key last and restart every process, then first and restart, then run this, then
``--drop k1`` says whether k1 may be taken out.
"""

import base64
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people import crypto, rotation
from people.errors import Refusal
from people.models import KeyRotation


class Command(BaseCommand):
    help = "Seal all personal data again with the newest key. It may be stopped and started, and the site serves on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=rotation.BATCH, help="rows in one transaction")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--status", action="store_true", help="say which key holds how many fields, and stop")
        what.add_argument("--new-key", metavar="ID", help="put a new key in front of the key file, and stop")
        what.add_argument("--drop", metavar="ID", help="take a key that nothing needs any more out of the key file")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["new_key"]:
                self._add(options["new_key"])
            elif options["drop"]:
                self._drop(options["drop"])
            elif not options["status"]:
                self._rotate(batch=options["batch"], verbosity=options["verbosity"])
            if options["status"] or not (options["new_key"] or options["drop"]):
                self._status()
        except (Refusal, ImproperlyConfigured) as no:
            raise CommandError(str(no)) from no

    def _rotate(self, *, batch: int, verbosity: int) -> None:
        if batch < 1:
            raise CommandError("--batch is at least 1.")
        report = rotation.rotate(now=timezone.now, batch=batch, progress=self._progress if verbosity else _silent)
        self.stdout.write(f"{report.rows} rows seen, {report.resealed} sealed again.")
        if report.unreadable:
            shown = "\n".join(report.unreadable[:20])
            raise CommandError(f"{len(report.unreadable)} fields do not open and stay as they are:\n{shown}")

    def _progress(self, row: KeyRotation) -> None:
        self.stdout.write(f"{row}: {row.rows} rows seen, {row.resealed} sealed again")

    def _status(self) -> None:
        newest, ring = crypto.keyring()
        in_use = rotation.keys_in_use()
        for key_id in sorted({*ring, *in_use}, key=[*ring, *in_use].index):
            note = " (newest)" if key_id == newest else "" if key_id in ring else " (NOT LISTED)"
            self.stdout.write(f"{key_id}{note}: {in_use.get(key_id, 0)} fields")

    def _add(self, key_id: str) -> None:
        file = _file()
        _newest, ring = crypto.keyring()
        if key_id in ring:
            raise CommandError(f"There is a key {key_id} already.")
        made = f"{key_id}:{base64.b64encode(secrets.token_bytes(crypto.KEY_BYTES)).decode()}"
        _write(file, [made, *file.read_text(encoding="utf-8").splitlines()])
        rotation.note("added", key_id, at=timezone.now())
        self.stdout.write(f"{key_id} seals from now on. Back the file up, then run rotate_person_keys.")

    def _drop(self, key_id: str) -> None:
        _newest, ring = crypto.keyring()
        if key_id not in ring:
            raise CommandError(f"There is no key {key_id}.")
        rotation.check_may_drop(key_id)
        if not settings.PERSON_KEYS_FILE:
            self.stdout.write(f"Nothing needs {key_id} any more: take it out of PERSON_KEYS.")
            return
        file = _file()
        lines = file.read_text(encoding="utf-8").splitlines()
        _write(file, [line for line in lines if line.strip().partition(":")[0] != key_id])
        rotation.note("dropped", key_id, at=timezone.now())
        self.stdout.write(f"{key_id} is taken out. Backups made before today still need it.")


def _silent(_row: KeyRotation) -> None:
    """Say nothing."""


def _file() -> Path:
    if not settings.PERSON_KEYS_FILE:
        raise CommandError("This needs PERSON_KEYS_FILE; PERSON_KEYS is changed where the environment is kept.")
    return Path(settings.PERSON_KEYS_FILE)


def _write(file: Path, lines: list[str]) -> None:
    """Replace the file as a whole, with its rights: no process reads half of it."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    made = Path(name)
    try:
        crypto.check_entries(lines)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        made.chmod(file.stat().st_mode & 0o777)
        made.replace(file)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
