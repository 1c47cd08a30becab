"""``manage.py recompute --since DATE``: compute the open clocks anew that reach that day."""

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from deadlines import recompute
from deadlines.enums import RecomputeReason


class Command(BaseCommand):
    help = "Compute open clocks anew whose span crosses the day, in batches; a stopped run is gone on with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", metavar="DATE", required=True, help="first day that changed, such as 2027-01-01")

    def handle(self, *_args: object, since: str, **_options: object) -> None:
        try:
            day = date.fromisoformat(since)
        except ValueError as error:
            raise CommandError(_("“%(text)s” is not a date.") % {"text": since}) from error
        at = timezone.now()
        recompute.ask(reason=RecomputeReason.COMMAND, at=at, since=day)
        changed = recompute.run_all(at=at, seconds=float("inf"))
        self.stdout.write(_("%(changed)d clocks changed") % {"changed": changed})
