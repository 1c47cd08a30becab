"""``manage.py purge_ledgers [--dry-run]``: take away what ledgers have kept long enough. For the database's owner."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people import purging
from people.errors import Refusal


class Command(BaseCommand):
    help = "Delete the looks, exports, requests and resets whose time is over; the audit log has purge_audit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say for each ledger how many rows went, or would go.

        :raises CommandError: as the runtime role, which may not delete
        """
        dry = options["dry_run"]
        try:
            counts = purging.purge(at=timezone.now(), dry=dry)
        except Refusal as no:
            raise CommandError(str(no)) from no
        for label, count in counts.items():
            self.stdout.write(f"{label}: {count} whose time is over" if dry else f"{label}: {count} taken away")
