"""``manage.py import_petitions FILE --policy KEY``: an export of another system, with its history."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from grids.models import Area
from people.errors import Refusal
from petitions.importing import Imported, import_petitions


class Command(BaseCommand):
    help = (
        "Import petitions of another system from CSV or XLSX with the columns external_id, title, text, submitted_at, "
        "reply, replied_at (Asia/Shanghai). A row with a reply becomes a closed petition, one without an open one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--policy", required=True, metavar="KEY", help="what was promised, e.g. reply_15wd")
        parser.add_argument("--area", metavar="CODE", help="who answers; without it the root of the jurisdiction")
        parser.add_argument("--prefix", default="", metavar="TEXT", help="goes before the numbers of the other system")
        parser.add_argument("--strict", action="store_true", help="one bad row stops all, nothing is stored")

    def handle(
        self, *_args: object, file: Path, policy: str, area: str | None, prefix: str, strict: bool, **options: object
    ) -> None:
        with tqdm(unit=" rows", disable=not options["verbosity"]) as bar:
            try:
                done = import_petitions(
                    path=file,
                    policy_key=policy,
                    area=_area(area),
                    prefix=prefix,
                    strict=strict,
                    at=timezone.now(),
                    progress=bar.update,
                )
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
        for error in done.errors:
            self.stderr.write(str(error))
        if options["verbosity"]:
            for line in _report(done):
                self.stdout.write(line)


def _area(code: str | None) -> Area | None:
    if code is None:
        return None
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise CommandError(_("There is no area with the code %(code)s.") % {"code": code})
    return area


def _report(done: Imported) -> list[str]:
    lines = [
        _("Petitions imported: %(added)d (closed: %(closed)d, open: %(open)d); here already: %(known)d.")
        % {"added": done.added, "closed": done.closed, "open": done.added - done.closed, "known": done.known},
        _("Escalations of the past recorded: %(escalations)d; open petitions to be placed: %(placed)d.")
        % {"escalations": done.escalations, "placed": done.to_be_placed},
    ]
    if done.ignored:
        lines.append(_("Columns not read: %(names)s.") % {"names": ", ".join(done.ignored)})
    if done.answered_since:
        lines.append(
            _(
                "Open petitions that have a reply in the file now: %(count)d. "
                "An import changes nothing; close them here."
            )
            % {"count": done.answered_since}
        )
    if done.errors:
        lines.append(_("Lines not imported: %(count)d.") % {"count": len(done.errors)})
    return lines
