"""``manage.py load_demo``: the demo district into an empty database."""

import os
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from config.demo.loading import Demo, load_demo
from config.demo.scale import FULL
from people.errors import Refusal

OWNER_ONLY = 0o600


class Command(BaseCommand):
    help = "Load two streets of 金川区 with invented grids, people and petitions into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--petitions", type=int, default=FULL.petitions, help="how many, over the last 60 days")

    def handle(self, *_args: object, petitions: int, verbosity: int, **_options: object) -> None:
        call_command("load_reference", verbosity=0)
        scale = replace(FULL, petitions=petitions)
        with tqdm(
            total=petitions + scale.requests,
            unit=_(" petitions"),
            desc=_("Demo district"),
            disable=None if verbosity else True,
        ) as bar:
            try:
                demo = load_demo(scale=scale, at=timezone.now(), progress=bar.update)
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
        words = "".join(f"{line}\n" for line in _accounts(demo))
        file = os.environ.get("ACCOUNTS_FILE")
        if file:
            _keep(Path(file), words)
        if verbosity:
            self.stdout.write(words)


def _accounts(demo: Demo) -> list[str]:
    lines = [_("Demo accounts (this computer only; the passwords are random):"), ""]
    lines += [
        f"{login.account.user.username:<22} {login.password:<14} {login.account.post.label}, {login.account.where}"
        for login in demo.logins
    ]
    return [
        *lines,
        "",
        _("A petition to follow as a resident: %(number)s, code %(code)s")
        % {"number": demo.follow.number, "code": demo.follow.code},
    ]


def _keep(file: Path, words: str) -> None:
    """Write the accounts where only we can read them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(words)
