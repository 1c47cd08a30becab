"""Take away the audit entries whose time is over. Runs as the database's owner: the runtime role may not delete."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from people import audit
from people.errors import Refusal


class Command(BaseCommand):
    help = "Take away sealed audit entries older than AUDIT_MONTHS; the seals stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Purge whole seals only, so that what stays can still be checked."""
        try:
            count = audit.purge(at=timezone.now(), months=settings.AUDIT_MONTHS, dry=options["dry_run"])
        except Refusal as no:
            raise CommandError(str(no)) from no
        self.stdout.write(_("%(count)d entries whose time is over.") % {"count": count})
