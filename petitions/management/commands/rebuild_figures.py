"""``manage.py rebuild_figures``: every figure made anew from petitions, clocks, events and ratings."""

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from petitions import pledges, rollups


class Command(BaseCommand):
    help = (
        "Make all facts and sums of the figures anew, in one transaction: all or nothing. "
        "Pages show the old figures until it is done. Published months stay as they were published."
    )

    def handle(self, *_args: object, verbosity: int, **_options: Any) -> None:
        begun = monotonic()

        def say(done: int, last: int) -> None:
            if verbosity > 1:
                self.stdout.write(_("… up to petition %(done)d of %(last)d") % {"done": done, "last": last})

        pledges.count(at=timezone.now())
        counted = rollups.rebuild(at=timezone.now(), say=say)
        self.stdout.write(
            _("%(count)d petitions counted anew in %(seconds).1f seconds.")
            % {"count": counted, "seconds": monotonic() - begun}
        )
