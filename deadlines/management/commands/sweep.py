"""``manage.py sweep [--at ISO]``: one sweep by hand, for any moment."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from deadlines.sweep import sweep
from deadlines.timetable import SHANGHAI


class Command(BaseCommand):
    help = "Run one sweep: escalate every clock whose next rung has come."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", metavar="ISO", help="moment to sweep for; without an offset it is Shanghai time")

    def handle(self, *_args: object, at: str | None, **_options: object) -> None:
        # a sweep for another moment is no proof that the beat lives
        swept = sweep(at=_moment(at), beats=False) if at else sweep(at=timezone.now())
        self.stdout.write(
            _("%(clocks)d clocks, %(escalations)d escalations, %(notices)d notices, %(faults)d faults")
            % {
                "clocks": swept.clocks,
                "escalations": swept.escalations,
                "notices": swept.notices,
                "faults": swept.faults,
            }
        )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("“%(text)s” is not an ISO moment.") % {"text": text}) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
