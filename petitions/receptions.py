"""Receiving visitors 来访接待 (000-20): the duty officer writes down each visit and what came of it.

What a visitor wants done becomes a matter with its own number in the same transaction; the log then keeps no words of
it, so that a matter about staff is read nowhere below the level it goes to.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import Level, WeekdayPlace
from grids.models import Appointment, Area, WeekdayDuty
from grids.staff import Staff
from people import contacts
from people.errors import BadInput
from people.masking import mask_name, mask_text
from people.models import User
from petitions import registry, services
from petitions.enums import About, Channel, ReceptionOutcome
from petitions.errors import NotYours, WordsMissing
from petitions.models import Petition, Reception
from petitions.models.receptions import RECEIVES
from petitions.numbers import code_for

# How long afterwards a visit may still be written down.
LATE: Final = timedelta(days=7)
LONGEST_WORDS: Final = 300


@dataclass(frozen=True, slots=True)
class Visit:
    """What is written down of one visit; name, telephone and the rest travel into a matter that is filed."""

    outcome: ReceptionOutcome
    words: str
    name: str = ""
    phone: str = ""
    referred_to: str = ""
    confidential: bool = False
    # separately, to the use of what is sensitive in the words (PIPL art. 29)
    agrees: bool = False
    about: About = About.NOBODY
    about_words: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """The line of the log, whether it is new, and the matter that was filed with its follow-up code."""

    reception: Reception
    created: bool
    filed: services.Filed | None


def communities_of(by: Staff, *, on: date) -> list[Area]:
    """Return the communities somebody receives visitors in on a civil date; one query."""
    areas = Area.objects.served().at(on).filter(level=Level.COMMUNITY)
    return list(areas.under_any(by.reach(*RECEIVES)).by_name())


def on_duty(area: Area, *, on: date) -> list[User]:
    """Return who serves at the window of a community on a civil date, by name; one query."""
    duties = WeekdayDuty.objects.at(on).filter(area=area, weekday=on.weekday(), place=WeekdayPlace.WINDOW)
    return list(User.objects.filter(pk__in=duties.values("user"), is_active=True).order_by("display_name", "pk"))


def on_shift(area: Area, *, at: datetime) -> list[User]:
    """Return who the duty shifts name for a community at an instant; two queries."""
    found = registry.on_duty(area, at=at)
    users = User.objects.in_bulk(found)
    return [users[pk] for pk in found if pk in users]


def receivers(area: Area, *, on: date) -> list[User]:
    """Return who may have received a visitor on a civil date; two queries.

    Who is on duty that weekday stands first, then, by name, who is on another weekday or has the post.
    """
    seats = Appointment.objects.at(on).filter(post__area=area, post__kind__in=RECEIVES)
    duties = WeekdayDuty.objects.at(on).filter(area=area, place=WeekdayPlace.WINDOW)
    serves = Q(pk__in=seats.values("user")) | Q(pk__in=duties.values("user"))
    others = User.objects.filter(serves, is_active=True).order_by("display_name", "pk")
    return list({user.pk: user for user in (*on_duty(area, on=on), *others)}.values())


@transaction.atomic
def receive(
    area: Area,
    visit: Visit,
    *,
    received_by: User,
    came_at: datetime,
    client_key: uuid.UUID,
    by: Staff,
    at: datetime,
) -> Received:
    """Write a visit into the log of a community; what is to be done becomes a matter. The same key again adds nothing.

    :raises NotYours: if ``by`` receives no visitors there
    :raises BadInput: if it lies ahead or too long ago, or ``received_by`` does not serve there
    :raises WordsMissing: without words, or without where the visitor was sent
    """
    if not by.holds(*RECEIVES, path=area.path):
        raise NotYours(_("Your post receives no visitors there."))
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)  # two sends of one form wait here for each other
    earlier = Reception.objects.select_related("petition").filter(client_key=client_key).first()
    if earlier is not None and earlier.area_id != area.pk:
        raise NotYours(_("Your post receives no visitors there."))
    if earlier is not None:
        return Received(earlier, created=False, filed=_filed_before(earlier, client_key))
    _check(area, visit, received_by=received_by, came_at=came_at, at=at)
    filed = None
    if visit.outcome == ReceptionOutcome.FILED:
        filed = services.file(
            text=visit.words,
            at=at,
            client_key=client_key,
            channel=Channel.RECEPTION,
            place=area,
            contact=services.Contact(name=visit.name, phone=visit.phone),
            confidential=visit.confidential,
            agrees=visit.agrees,
            about=visit.about,
            about_words=visit.about_words,
            filed_by=by.user,
        )
    is_filed = filed is not None
    reception = Reception.objects.create(
        client_key=client_key,
        area=area,
        at=came_at,
        received_by=received_by,
        written_by=by.user,
        # what was filed is kept with its matter, by whom it may be seen there
        visitor="" if is_filed else mask_name(visit.name.strip()),
        words="" if is_filed else mask_text(visit.words.strip())[0][:LONGEST_WORDS],
        outcome=visit.outcome,
        referred_to=_office(visit.referred_to.strip()) if visit.outcome == ReceptionOutcome.REFERRED else "",
        petition=filed.petition if filed else None,
    )
    return Received(reception, created=True, filed=filed)


def log(by: Staff, areas: Sequence[Area], *, first: date, last: date, most: int) -> list[Reception]:
    """Return the visits of these communities between two civil days, newest first; one query.

    A visit whose matter this person does not see is left out: a line without its number would tell that there is one.
    """
    rows = Reception.objects.visible_to(by).filter(area__in=[area.pk for area in areas]).on(first, last)
    rows = rows.filter(Q(petition=None) | Q(petition__in=Petition.objects.visible_to(by)))
    return list(rows.select_related("area", "received_by", "petition").order_by("-at", "-pk")[:most])


def _check(area: Area, visit: Visit, *, received_by: User, came_at: datetime, at: datetime) -> None:
    if not visit.words.strip():
        raise WordsMissing(_("Say in a few words what it was about."), field="words")
    if visit.outcome == ReceptionOutcome.REFERRED and not visit.referred_to.strip():
        raise WordsMissing(_("Say where the visitor was sent."), field="referred_to")
    if visit.outcome != ReceptionOutcome.FILED and len(visit.words) > LONGEST_WORDS:
        raise BadInput(_("Please keep it under %(count)d characters.") % {"count": LONGEST_WORDS}, field="words")
    if came_at > at:
        raise BadInput(_("That lies ahead. When did the visitor come?"), field="came_at")
    if at - came_at > LATE:
        raise BadInput(_("A visit is written down within seven days."), field="came_at")
    if received_by not in receivers(area, on=shanghai_date(came_at)):
        raise BadInput(_("This person did not serve there that day."), field="received_by")


def _office(words: str) -> str:
    """Return where a visitor was sent with the office's telephone; a mobile is somebody's own and is masked."""
    masked, lifted = mask_text(words)
    return masked if any(contacts.is_mobile(contacts.normalise_phone(one)) for one in lifted) else words


def _filed_before(earlier: Reception, client_key: uuid.UUID) -> services.Filed | None:
    if earlier.petition is None:
        return None
    return services.Filed(earlier.petition, code_for(client_key), created=False)
