"""The whole demo: areas, people, their past, and accounts to look at it with."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _

from config.demo.areas import load_areas
from config.demo.calls import call_out
from config.demo.cast import Cast
from config.demo.duties import list_duties
from config.demo.grounds import furnish
from config.demo.helpers import volunteer
from config.demo.history import Follow, History, cases, requests
from config.demo.homes import visit_around
from config.demo.neighbours import look_after
from config.demo.parties import organise
from config.demo.people import Account, people_the_district
from config.demo.reported import report_on
from config.demo.rulings import ask_above
from config.demo.scale import Scale
from config.demo.shown import ask_around
from config.demo.teams import team_up
from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area
from notifications.services import mark_all_read
from people.errors import NotAllowedNow
from people.models import User
from petitions import sampling
from petitions.enums import CheckKind, Status
from petitions.models import Petition, VerificationRule

SEED = 620302
READ_UNTIL = timedelta(days=2)  # what is older lies read in the inboxes


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demo with its password, made now and kept nowhere but in the file of accounts."""

    account: Account
    password: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What was loaded: the accounts, and number and code of a petition to follow as a resident."""

    logins: Sequence[Login]
    follow: Follow


def load_demo(*, scale: Scale, at: datetime, progress: Callable[[int], object]) -> Demo:
    """Build the demo district with ``scale.petitions`` petitions that end at ``at``; the reference data is there.

    Every step is a transaction of its own, as in life; a load that breaks off leaves a database to throw away.

    Nobody has an e-mail address while the past is lived through, so none of its notices is sent; the demo accounts
    get theirs at the end.

    :raises NotAllowedNow: if the database holds anything already
    """
    if User.objects.exists() or Area.objects.exists() or Petition.objects.exists():
        raise NotAllowedNow(_("There is data here already. The demo goes into an empty database: make demo RESET=1."))
    rng = Random(SEED)  # noqa: S311 - dice for a demo, the same every time
    with transaction.atomic():
        load_areas(scale)
        town = people_the_district(scale, rng=rng, today=shanghai_date(at))
        team_up(town, rng=Random(SEED + 1), today=shanghai_date(at))  # noqa: S311 - dice of its own, as above
    known = cases(town, scale, now=at, rng=rng)
    known += requests(town, scale, now=at, rng=Random(SEED + 6))  # noqa: S311 - likewise
    follow = History(town, at).run(known, progress)
    _ask_for_checks(at=at)
    today = Cast(town, shanghai_date(at))
    ask_around(town, cast=today, at=at, rng=Random(SEED + 2))  # noqa: S311 - likewise
    visit_around(town, cast=today, at=at, rng=Random(SEED + 3))  # noqa: S311 - likewise
    call_out(town, cast=today, at=at, rng=Random(SEED + 4))  # noqa: S311 - likewise
    furnish(town, cast=today, at=at)
    look_after(town, cast=today, at=at, rng=Random(SEED + 5))  # noqa: S311 - likewise
    list_duties(today=shanghai_date(at))
    volunteer(town, cast=today, at=at, rng=Random(SEED + 6))  # noqa: S311 - likewise
    organise(town, cast=today, at=at, rng=Random(SEED + 7))  # noqa: S311 - likewise
    ask_above(at=at)
    report_on(town, cast=today, at=at)
    logins = [_open(account, at=at) for account in town.accounts]
    return Demo(logins, follow)


def _ask_for_checks(*, at: datetime) -> None:
    """Have a sample of what is reported as done checked in two of the four ways before it is closed (004-12)."""
    on = shanghai_date(at)
    district = Area.objects.served().get(level=Level.DISTRICT)
    for kind, share in ((CheckKind.CALLBACK, 40), (CheckKind.ON_SITE, 20)):
        VerificationRule.objects.create(kind=kind, area=district, share=share, seed=f"demo-{kind}", valid_from=on)
    for petition in Petition.objects.filter(status=Status.RESOLVED).select_related("area").order_by("pk"):
        sampling.plan(petition, at=at)


def _open(account: Account, *, at: datetime) -> Login:
    """Give a demo account a name to sign in with, a random password and an address; its old notices are read."""
    user = account.user
    password = secrets.token_urlsafe(9)
    user.username = account.post.value
    user.email = f"{account.post.value}@example.org"
    user.set_password(password)
    user.save(update_fields=["username", "email", "password", "must_change_password"])
    mark_all_read(by=user, at=at - READ_UNTIL)
    return Login(account, password)
