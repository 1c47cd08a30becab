"""``manage.py first_run``: a real district from nothing, asked for or by options; may be repeated."""

import getpass
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config import first_run
from deadlines.timetable import shanghai_date
from grids.models import Area, DutyMember
from people.errors import Refusal
from people.models import User

PASSWORD = "FIRST_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable
OWNER_ONLY = 0o600


class Command(BaseCommand):
    help = "Set up a real district: reference data, first administrator, areas, organisations, staff, duty list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--admin", metavar="NAME", help=f"first administrator; password asked, or in ${PASSWORD}")
        parser.add_argument("--areas", nargs="+", type=Path, default=[], metavar="FILE", help="as import_areas reads")
        parser.add_argument("--serve", metavar="CODE", help="the area that is ours, with all below it")
        parser.add_argument("--organisations", type=Path, metavar="FILE", help="code, name, kind, area_code")
        parser.add_argument("--staff", type=Path, metavar="FILE", help=", ".join(first_run.ROSTER))
        parser.add_argument("--passwords", type=Path, metavar="FILE", help="where first passwords of staff are written")
        parser.add_argument("--duty", nargs="+", default=[], metavar="NAME", help="accounts on the duty list")
        parser.add_argument("--noinput", action="store_true", help="ask nothing")

    def handle(self, *_args: object, **options: Any) -> None:
        self.asks = not options["noinput"] and sys.stdin.isatty()
        if options["staff"] and not options["passwords"]:
            raise CommandError(_("Say with --passwords where the first passwords of the staff are to be written."))
        call_command("load_reference", verbosity=options["verbosity"])
        try:
            with transaction.atomic():
                passwords = self._set_up(options)
                if passwords:
                    _keep(options["passwords"], passwords)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _set_up(self, options: dict[str, Any]) -> dict[str, str]:
        """Do every part that was asked for; return the first passwords of new accounts."""
        today = shanghai_date(timezone.now())
        root = self._areas(options)
        self._administrator(options, root)
        if options["organisations"]:
            added = first_run.bring_organisations(options["organisations"])
            self._say(_("Organisations added: %(count)d.") % {"count": added})
        passwords: dict[str, str] = {}
        if options["staff"]:
            hired = first_run.hire(options["staff"], today=today)
            passwords = hired.passwords
            self._say(
                _("Accounts added: %(accounts)d, appointments: %(appointments)d; the passwords are in %(file)s.")
                % {
                    "accounts": len(hired.passwords),
                    "appointments": hired.appointments,
                    "file": options["passwords"],
                }
            )
        first_run.put_on_duty(options["duty"], today=today)
        if not DutyMember.objects.at(today).exists():
            # never nobody: until somebody else is named, the administrator is told
            administrator = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
            if administrator is not None:
                first_run.put_on_duty([administrator.username], today=today)
                self._say(_("The duty list was empty; %(name)s is on it now.") % {"name": administrator.username})
        self._say(_("%(name)s is ready.") % {"name": root.name})
        return passwords

    def _areas(self, options: dict[str, Any]) -> Area:
        files = options["areas"] or [Path(word) for word in self._ask(_("Files of areas (empty: none)")).split()]
        serve = options["serve"] or self._ask(_("Code of the area that is ours"))
        if not serve:
            raise CommandError(_("Say with --serve which area is ours."))
        report, root = first_run.bring_areas(files, serve=serve)
        if report:
            words = _("Areas added: %(added)d, changed: %(changed)d.")
            self._say(words % {"added": report.added, "changed": report.changed})
        served = Area.objects.served().count()
        self._say(_("Areas that are ours, under %(name)s: %(count)d.") % {"name": root.name, "count": served})
        return root

    def _administrator(self, options: dict[str, Any], root: Area) -> None:
        if User.objects.filter(is_superuser=True).exists():
            self._say(_("There is an administrator already."))
            return
        name = options["admin"] or self._ask(_("Name of the first administrator")) or "admin"
        password = os.environ.get(PASSWORD, "")
        if not password and self.asks:
            password = getpass.getpass(_("Password: "))
            if password != getpass.getpass(_("Again: ")):
                raise CommandError(_("The two passwords differ."))
        if not password:
            raise CommandError(
                _("The administrator's password is asked for, or read from %(name)s.") % {"name": PASSWORD}
            )
        first_run.first_administrator(username=name, password=password, root=root, today=shanghai_date(timezone.now()))
        self._say(_("Administrator %(name)s added.") % {"name": name})

    def _ask(self, question: str) -> str:
        return input(f"{question}: ").strip() if self.asks else ""

    def _say(self, words: str) -> None:
        self.stdout.write(words)


def _keep(file: Path, passwords: dict[str, str]) -> None:
    """Write the first passwords where only we can read them; an older file is never overwritten."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except OSError as error:
        raise CommandError(_("%(file)s cannot be written, or is there already.") % {"file": file}) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.writelines(f"{name}\t{password}\n" for name, password in passwords.items())
