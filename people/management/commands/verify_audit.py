"""Check the audit log: nothing changed, nothing taken away, nothing slipped in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from people import audit


class Command(BaseCommand):
    help = "Check the chain of the audit log, and that every digest carried out of the database is still in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--heads",
            type=Path,
            default=settings.AUDIT_HEADS_FILE,
            help="file of digests; AUDIT_HEADS_FILE if left out",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what was found.

        :raises CommandError: if the log does not fit its seals, or a digest carried out is gone
        """
        path: Path | None = options["heads"]
        heads: list[str] = []
        if path is not None and path.is_file():
            with path.open(encoding="utf-8") as lines:
                heads = list(audit.read_heads(lines))
        found = audit.verify(heads=heads)
        words = _(
            "%(entries)d entries under %(seals)d seals; %(unsealed)d not sealed yet, %(purged)d purged; "
            "%(heads)d digests checked."
        )
        self.stdout.write(
            words
            % {
                "entries": found.entries,
                "seals": found.seals,
                "unsealed": found.unsealed,
                "purged": found.purged,
                "heads": len(heads),
            }
        )
        if found.is_whole:
            self.stdout.write(_("The audit log is whole."))
            return
        for number in found.broken:
            self.stderr.write(_("The seal up to entry %(number)d does not fit its entries.") % {"number": number})
        for line in found.missing_heads:
            self.stderr.write(
                _("A digest carried out of the database is not in it any more: %(head)s") % {"head": line}
            )
        raise CommandError(_("The audit log is NOT whole."))
