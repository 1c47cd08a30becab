"""``manage.py data_subject copy|correct|erase NUMBER --by USER``: what a petitioner asks for in person.

Whoever runs it has made sure that the person asking is the petitioner (number and follow-up code, or his papers).
"""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.errors import Refusal
from people.models import User
from petitions import rights
from petitions.models import Petition
from petitions.numbers import normalise_number


class Command(BaseCommand):
    help = "Give a petitioner a copy of his data, correct his contact, or erase it all once the matter is over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("copy", "correct", "erase"))
        parser.add_argument("number", help="the number of the matter, PX…")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who serves him; it is written down")
        parser.add_argument("--file", help="where the copy goes (a ZIP that only you may read)")
        for part in ("name", "phone", "email"):
            parser.add_argument(f"--{part}", default=None, help="as it shall be; '' takes it away; left out, it stays")

    def handle(self, *_args: Any, **options: Any) -> None:
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError("There is no open account of that name.")
        number = normalise_number(options["number"])
        found = Petition.objects.select_related("petitioner", "place", "category", "master")
        petition = found.filter(number=number).first()
        if petition is None:
            raise CommandError("There is no matter with that number.")
        try:
            self.stdout.write(getattr(self, f"_{options['what']}")(petition, by, options))
        except Refusal as no:
            raise CommandError(str(no)) from no

    def _copy(self, petition: Petition, by: User, options: dict[str, Any]) -> str:
        if not options["file"]:
            raise CommandError("Say where the copy goes: --file.")
        file = Path(options["file"])
        try:
            file.touch(mode=0o600, exist_ok=False)
        except FileExistsError as there:
            raise CommandError("That file exists already; nothing was written.") from there
        file.write_bytes(rights.copy(petition, at=timezone.now(), by=by))
        return f"The copy is in {file.name}. Delete it when the petitioner has it."

    def _correct(self, petition: Petition, by: User, options: dict[str, Any]) -> str:
        said = {part: options[part] for part in ("name", "phone", "email") if options[part] is not None}
        if not said:
            raise CommandError("Give at least one of --name, --phone, --email.")
        person = petition.petitioner
        kept = {part: getattr(person, part) if person else "" for part in ("name", "phone", "email")}
        rights.correct(petition, contact=kept | said, at=timezone.now(), by=by)
        return "The contact has been changed."

    def _erase(self, petition: Petition, by: User, _options: dict[str, Any]) -> str:
        erased = rights.erase(petition, at=timezone.now(), by=by)
        return "Everything is erased." if erased else "It had been erased already."
