"""Filing a petition, and what is done to one without changing its status."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.models import Area
from grids.staff import Staff
from grids.standing import standing
from people import consents, notice
from people.contacts import best_phone
from people.enums import ConsentPurpose, Context
from people.errors import BadInput
from people.masking import mask_text
from people.models import User
from people.services import create_person
from petitions import clocks, notices, photos, records, transitions
from petitions.enums import About, Channel, EventCode, PhotoKind, Status, TextKind, Urgency
from petitions.errors import WordsMissing
from petitions.models import Petition, ServiceItem
from petitions.numbers import code_for, hash_code, new_number
from petitions.permissions import check_may_place, check_not_recused
from petitions.responsible import answers_for, barred_from
from petitions.suggestion import suggest

TITLE_LENGTH = 30
MAX_WORDS = 5000
# Where the petitioner sees the privacy notice before he sends, or is told of it by whoever writes for him.
TOLD_OF_PRIVACY = frozenset(
    {
        Channel.WEB, Channel.QR, Channel.PHONE, Channel.WINDOW, Channel.RECEPTION, Channel.VISIT, Channel.DEVICE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contact:
    """Who may be called; all optional."""

    name: str = ""
    phone: str = ""
    email: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)


@dataclass(frozen=True, slots=True)
class Filed:
    """The petition, its follow-up code (shown once, derived from the client key), and whether it is new."""

    petition: Petition
    code: str
    created: bool


def file(
    *,
    text: str,
    at: datetime,
    client_key: uuid.UUID,
    title: str = "",
    channel: Channel = Channel.WEB,
    place: Area | None = None,
    place_words: str = "",
    contact: Contact | None = None,
    anonymous: bool = False,
    confidential: bool = False,
    agrees: bool = False,
    language: str = "zh-hans",
    uploads: Sequence[IO[bytes]] = (),
    filed_by: User | None = None,
    about: About = About.NOBODY,
    about_words: str = "",
    service_item: ServiceItem | None = None,
    external_id: str = "",
) -> Filed:
    """File a matter: petition, first event, clocks and notices in one transaction.

    The same ``client_key`` again gives the same petition and the same code, and files nothing.

    ``about``: whether it is about staff, and of which level; it then goes one level above them before anybody below
    can see it. ``about_words``: which person or post, as the petitioner puts it. ``service_item``: what of the
    community's list he asks for. ``external_id``: its number in the app it came from (``channels.external_id``).

    ``agrees``: separately, to the use of what is sensitive in his words (PIPL art. 29).

    :raises WordsMissing: if there are no words
    :raises BadInput: if the words are too long, the contact is no contact, or no area answers
    :raises BadPhoto: if an upload is no photo, or there are more than five
    """
    if not text.strip():
        raise WordsMissing(_("Please tell us what happened."))
    if len(text) > MAX_WORDS:
        raise BadInput(_("Please keep it under %(count)d characters.") % {"count": MAX_WORDS})
    pictures = photos.clean_all(uploads)
    with photos.all_or_none() as kept, transaction.atomic():
        # two sends of one form wait here for each other; the second finds the first's petition
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(client_key)])
        earlier = Petition.objects.exclude(channel=Channel.IMPORT).filter(client_key=client_key).first()
        if earlier is not None:
            return Filed(earlier, code_for(client_key), created=False)
        if place is not None:
            place = standing(place, on=shanghai_date(at))
        petition = _build(
            text=text,
            title=title,
            at=at,
            client_key=client_key,
            channel=channel,
            place=place,
            about=about,
            contact=contact,
            anonymous=anonymous,
            confidential=confidential,
            language=language,
            filed_by=filed_by,
        )
        petition.service_item = service_item
        petition.external_id = _unknown(external_id) or None
        petition.save(force_insert=True)
        if contact and petition.petitioner is not None:
            # he gave it of his own accord; what was lifted out of his words is kept for our duty alone
            consents.give(petition.petitioner, ConsentPurpose.CONTACT, at=at)
        if agrees and petition.petitioner is not None:
            consents.give(petition.petitioner, ConsentPurpose.SENSITIVE, at=at)
        given = ((TextKind.TITLE, title), (TextKind.PLACE, place_words), (TextKind.ABOUT, about_words))
        _write_first(petition, given, at=at)
        kept.extend(photos.keep(petition, picture, kind=PhotoKind.FILED, by=filed_by, at=at) for picture in pictures)
        records.append(
            petition,
            EventCode.SUBMITTED,
            at=at,
            by=filed_by,
            to_status=Status.SUBMITTED,
            words=text,
            text_kind=TextKind.BODY,
            refs={"channel": channel},
        )
        clocks.advance(petition, at=at)
        notices.tell(petition, EventCode.SUBMITTED, by=filed_by, at=at)
    return Filed(petition, code_for(client_key), created=True)


@transaction.atomic
def place_petition(petition: Petition, *, place: Area, by: Staff, at: datetime, version: int | None = None) -> Petition:
    """Give a petition of the "to be placed" list its place; who answers, and its opening hours, follow from it.

    :raises NotYours: if no post of ``by`` may
    :raises NotNow: if it has a place, or is over
    :raises BadInput: if the place lies outside what answers for it now
    :raises ChangedMeanwhile: if ``version`` is no longer the petition's
    """
    place = standing(place, on=shanghai_date(at))
    locked = Petition.objects.locked(petition.pk)
    check_not_recused(by, locked)
    check_may_place(by, locked)
    transitions.check_version(locked, version)
    if not place.path.startswith(locked.area_path):
        raise BadInput(_("That place lies outside the area that answers for it."), field="place")
    area_before = locked.area_id
    answers = answers_for(place, barred=locked.barred_from)
    locked.place, locked.area, locked.area_path = place, answers.area, answers.area.path
    locked.street, locked.community, locked.grid = answers.street, answers.community, answers.grid
    locked.version += 1
    locked.save(update_fields=["place", "area", "area_path", "street", "community", "grid", "version"])
    records.append(locked, EventCode.PLACED, at=at, by=by.user, refs={"area": place.pk})
    clocks.advance(locked, at=at)
    if locked.area_id != area_before:
        clocks.redate(locked, at=at)
    notices.tell(locked, EventCode.SUBMITTED, by=by.user, at=at, petitioner=False)
    return locked


def resolve_with_photos(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    reply: str,
    before: Sequence[IO[bytes]] = (),
    after: Sequence[IO[bytes]] = (),
    version: int | None = None,
) -> Petition:
    """Resolve a matter and keep its photos with it: both or neither.

    The photos are checked before the petition is touched, so that no lock waits for them.

    :raises BadPhoto: if an upload is no photo, or there are more than five of a kind
    :raises Refusal: as ``transitions.resolve`` says
    """
    pictures = [(PhotoKind.BEFORE, photo) for photo in photos.clean_all(before)]
    pictures += [(PhotoKind.AFTER, photo) for photo in photos.clean_all(after)]
    with photos.all_or_none() as kept, transaction.atomic():
        resolved = transitions.resolve(petition, by=by, at=at, reply=reply, version=version)
        kept.extend(photos.keep(resolved, picture, kind=kind, by=by.user, at=at) for kind, picture in pictures)
        if kept:
            refs = {"photos": [str(photo.pk) for photo in kept]}
            records.append(resolved, EventCode.PHOTO, at=at, by=by.user, refs=refs)
    return resolved


def short_title(text: str) -> str:
    """Return the first sentence of the words, at most 30 characters, as a title."""
    first = text.strip().splitlines()[0]
    for stop in "。！？!?；;":
        first = first.split(stop)[0]
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


def _unknown(external_id: str) -> str:
    """Return the number of another app.

    :raises BadInput: if a matter came in under it already
    """
    if external_id and Petition.objects.filter(external_id=external_id).exists():
        raise BadInput(_("The matter with this number of the other app is here already."), field="there")
    return external_id


def _build(
    *,
    text: str,
    title: str,
    at: datetime,
    client_key: uuid.UUID,
    channel: Channel,
    place: Area | None,
    about: About,
    contact: Contact | None,
    anonymous: bool,
    confidential: bool,
    language: str,
    filed_by: User | None,
) -> Petition:
    masked_title, in_title = mask_text(title.strip()[:120] or short_title(text))
    _masked, in_text = mask_text(text)
    lifted = [*in_text, *in_title]
    number = new_number(at=at)
    petitioner = None
    if not anonymous:
        given = contact or Contact()
        phone = given.phone or best_phone(lifted)
        if given or phone:
            petitioner = create_person(
                context=Context.PETITIONER, name=given.name, phone=phone, email=given.email, language=language, at=at
            )
    suggestions = suggest(f"{title}\n{text}", on=shanghai_date(at))
    emergency = bool(suggestions and suggestions[0].category.emergency_numbers)
    barred = barred_from(place, about=about, suggestions=suggestions)
    answers = answers_for(place, barred=barred)
    return Petition(
        number=number,
        code_hash=hash_code(number, code_for(client_key)),
        client_key=client_key,
        channel=channel,
        privacy_version=notice.VERSION if channel in TOLD_OF_PRIVACY else "",
        privacy_at=at if channel in TOLD_OF_PRIVACY else None,
        title=masked_title[:120],
        place=place,
        area=answers.area,
        area_path=answers.area.path,
        street=answers.street,
        community=answers.community,
        grid=answers.grid,
        petitioner=petitioner,
        is_anonymous=anonymous,
        is_confidential=confidential,
        language=language,
        filed_by=filed_by,
        # who wrote it down does not answer for a matter that may be about himself
        first_contact_owner=filed_by if barred is None else None,
        barred_from=barred,
        urgency=Urgency.EMERGENCY if emergency else Urgency.NORMAL,
        submitted_at=at,
    )


def _write_first(petition: Petition, given: Sequence[tuple[TextKind, str]], *, at: datetime) -> None:
    """Write the title, the place in words and whom it is about, when the petitioner gave them."""
    for kind, words in given:
        if words.strip():
            row, _digest = records.write_words(petition, kind, words.strip(), at=at)
            row.save(force_insert=True)
