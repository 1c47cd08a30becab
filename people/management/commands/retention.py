"""``manage.py retention [--dry-run] [--only RULE]``: end what has been kept long enough, and report."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people import expiry
from people.errors import Refusal


class Command(BaseCommand):
    help = "Blank or delete the personal data whose time is over. What is held back, or fails, does not stop the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")
        parser.add_argument(
            "--only", action="append", default=[], metavar="RULE", help="one rule, such as petitions.words"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        known = {rule.name for rule in expiry.rules()}
        if unknown := set(options["only"]) - known:
            raise CommandError(f"No such rule: {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}.")
        try:
            runs = expiry.run(at=timezone.now(), dry=options["dry_run"], only=options["only"])
        except Refusal as no:
            raise CommandError(str(no)) from no
        for run in runs:
            said = f"{run.rule}: {run.due} due, {run.ended} ended, {run.held} held back, {run.failed} failed"
            self.stdout.write(f"{said} (dry run)" if run.dry else said)
            for key, kind in run.failures:
                self.stdout.write(f"  {key}: {kind}")
        if any(run.failed for run in runs):
            raise CommandError("Some rows failed; the others are done.")
