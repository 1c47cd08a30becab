"""``manage.py load_scale liwan``: an invented district of full size into an empty database, for measurements."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from config.scale import DISTRICTS, load_scale
from people.errors import Refusal

MEBIBYTE = 1 << 20


class Command(BaseCommand):
    help = "Load an invented district of full size into an empty database; print time, size on disk and peak memory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("district", choices=sorted(DISTRICTS))
        parser.add_argument("--one-in", type=int, default=1, help="load only this part of it, such as 10 for a tenth")

    def handle(self, *_args: object, district: str, one_in: int, verbosity: int, **_options: object) -> None:
        if one_in < 1:
            raise CommandError("--one-in: 1 or more")
        scale = DISTRICTS[district].one_in(one_in)
        total, silent = scale.persons + scale.members, None if verbosity else True
        with tqdm(total=total, unit=" ", desc=scale.name, disable=silent) as bar:
            try:
                done = load_scale(scale, at=timezone.now(), progress=bar.update)
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{done.areas:,} areas, {done.houses:,} houses, {done.persons:,} persons, {done.members:,} members: "
            f"{done.seconds:.1f} s, "
            f"{done.bytes_on_disk / MEBIBYTE:,.0f} MiB on disk, {done.peak_memory / MEBIBYTE:,.0f} MiB peak memory"
        )
