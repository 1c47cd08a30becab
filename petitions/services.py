"""Filing a petition, and what is done to one without changing its status."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from deadlines import clocks as engine
from deadlines.clocks import Known
from deadlines.timetable import shanghai_date
from grids.models import Area
from grids.staff import Staff
from grids.standing import standing, standing_line
from people import consents, notice
from people.contacts import best_phone
from people.enums import ConsentPurpose, Context
from people.errors import BadInput
from people.inserting import IN_ONE_TRIP, MOST_VALUES, draw, insert, next_of, sequence_of
from people.keeping import all_at_once
from people.masking import mask_text
from people.models import User
from people.prepared import Prepared
from people.services import composed_person
from petitions import clocks, notices, photos, records, tongues, transitions
from petitions.enums import About, Channel, EventCode, PhotoKind, Status, TextKind, Urgency
from petitions.errors import WordsMissing
from petitions.models import Petition, PetitionClock, PetitionPhoto, ServiceItem
from petitions.numbers import SERIAL, code_for, hash_code, number_of
from petitions.permissions import check_may_place, check_not_recused
from petitions.responsible import answers_for, barred_from
from petitions.sendings import HERE, Sent
from petitions.suggestion import judge

TITLE_LENGTH = 30
MAX_WORDS = 5000
WAS_FILED = "EXISTS (SELECT 1 FROM petitions_petition WHERE client_key = %s::uuid AND channel <> %s)"
# Whether the form was filed before; a number, a key, and that of a clock: as a rule one starts. What is drawn in vain
# is not missed.
DRAWN = (WAS_FILED, next_of(SERIAL), next_of(sequence_of(Petition)), next_of(sequence_of(PetitionClock)))
WIPE_FORM = "DELETE FROM petitions_unsent WHERE id = %s"
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


@dataclass(slots=True)
class New:
    """A matter that is about to be written, nothing of it saved yet: it may go on before it is (``onspot``).

    ``rows``: what is written after its first event. ``steps``: the matter as it stood after each of its events.
    ``kept``: photos whose files are stored already; they go if the writing fails.
    """

    petition: Petition
    clocks: Known
    steps: list[tuple[Petition, EventCode]]
    kept: list[PetitionPhoto]
    rows: list[Model] = field(default_factory=list)


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
    point: str = "",
    contact: Contact | None = None,
    anonymous: bool = False,
    confidential: bool = False,
    agrees: bool = False,
    language: str = "",
    uploads: Sequence[IO[bytes]] = (),
    filed_by: User | None = None,
    about: About = About.NOBODY,
    about_words: str = "",
    service_item: ServiceItem | None = None,
    external_id: str = "",
    form_key: uuid.UUID | None = None,
    beside: Callable[[Petition], Sequence[Model]] | None = None,
    onward: Callable[[New], None] | None = None,
) -> Filed:
    """File a matter: petition, first event, clocks and notices in one transaction.

    The same ``client_key`` again gives the same petition and the same code, and files nothing.

    ``point``: on a map, as ``points.checked`` returns it.

    ``about``: whether it is about staff, and of which level; it then goes one level above them before anybody below
    can see it. ``about_words``: which person or post, as the petitioner puts it. ``service_item``: what of the
    community's list he asks for. ``external_id``: its number in the app it came from (``channels.external_id``).

    ``form_key``: of the form it was written in; what was kept of that form before it was sent is wiped with this.

    ``beside``: what the caller writes with a new matter, in the same trip; the matter has its key and is unsaved.

    ``language``: in which the petitioner is answered; without it, that of his words.

    ``onward``: takes the matter on in the same trip, before it is written.

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
    asked = (client_key, Channel.IMPORT.value)
    try:
        with photos.all_or_none() as kept, transaction.atomic(), all_at_once(*DRAWN, values=asked) as drawn:
            was_filed, serial, key, clock_key = drawn
            if was_filed:
                return _filed_under(client_key)
            petition, silent = _build(
                number=number_of(serial, at=at),
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
                language=language or tongues.of(text),
                filed_by=filed_by,
            )
            petition.pk, petition.service_item = key, service_item
            petition.external_id = _unknown(external_id) or None
            said = {
                TextKind.TITLE: title,
                TextKind.PLACE: place_words,
                TextKind.POINT: point,
                TextKind.ABOUT: about_words,
            }
            new = New(petition, clocks.begun(petition), [], kept)
            new.steps.append((copy(petition), EventCode.SUBMITTED))
            if onward:
                onward(new)
            also = [
                *_clock_rows(new, key=clock_key),
                *new.rows,
                *_consents(petition, gave_contact=bool(contact), agrees=agrees),
                *(beside(petition) if beside else ()),
            ]
            _write(petition, text, said, also=also, form_key=form_key)
            kept.extend(
                photos.keep(petition, picture, kind=PhotoKind.FILED, by=filed_by, at=at) for picture in pictures
            )
            notices.tell_of_new(new.steps, silent=silent, by=filed_by, at=at)
    except (IntegrityError, BadInput):
        # two sends of one form at once: the table takes one of them, or the other found the first one's number
        if not _OF_FORM(client_key):
            raise
        return _filed_under(client_key)
    return Filed(petition, code_for(client_key), created=True)


_OF_FORM: Prepared[Petition] = Prepared(
    lambda key: Petition.objects.exclude(channel=Channel.IMPORT).filter(client_key=key)[:1], uuid.UUID(int=1)
)


def _filed_under(client_key: uuid.UUID) -> Filed:
    [earlier] = _OF_FORM(client_key)
    return Filed(earlier, code_for(client_key), created=False)


def _clock_rows(new: New, *, key: int) -> Sequence[Model]:
    """Return the rows of a new matter's clocks, the first with this key; keys of more are drawn."""
    more = len(new.clocks.started) - 1
    keys = [key, *(draw(*[sequence_of(PetitionClock)] * more) if more > 0 else ())]
    return engine.rows_of(clocks.FAMILY, new.clocks, keys=keys, area_path=new.petition.area_path)


def _consents(petition: Petition, *, gave_contact: bool, agrees: bool) -> list[Model]:
    if petition.petitioner is None:
        return []
    # he gave it of his own accord; what was lifted out of his words is kept for our duty alone
    purposes = [ConsentPurpose.CONTACT] if gave_contact else []
    purposes += [ConsentPurpose.SENSITIVE] if agrees else []
    return [consents.given(petition.petitioner, purpose, at=petition.submitted_at) for purpose in purposes]


def _write(
    petition: Petition, text: str, said: Mapping[TextKind, str], *, also: Sequence[Model], form_key: uuid.UUID | None
) -> None:
    """Write a matter with who raised it, its words, its first event and ``also``, and wipe its form.

    Two or three trips to the database; one where a person of staff files, who waits with somebody at the door.
    """
    words, event = records.composed(
        petition,
        EventCode.SUBMITTED,
        at=petition.submitted_at,
        by=petition.filed_by,
        to_status=Status.SUBMITTED,
        words=text,
        text_kind=TextKind.BODY,
        refs={"channel": petition.channel},
    )
    others = [
        records.write_words(petition, kind, words.strip(), at=petition.submitted_at)[0]
        for kind, words in said.items()
        if words.strip()
    ]
    rows: list[Model | None] = [petition.petitioner, petition, *others, words, event, *also]
    insert(
        [row for row in rows if row is not None],
        before=[] if form_key is None else [(WIPE_FORM, [form_key])],
        most=MOST_VALUES if petition.filed_by is None else IN_ONE_TRIP,
    )


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
    cleaned: Sequence[photos.Cleaned] = (),
    version: int | None = None,
    sent: Sent = HERE,
) -> Petition:
    """Resolve a matter and keep its photos with it: both or neither.

    The photos are checked before the petition is touched, so that no lock waits for them. ``cleaned``: what shows it
    done and was checked already.

    :raises BadPhoto: if an upload is no photo, or there are more than five of a kind
    :raises Refusal: as ``transitions.resolve`` says
    """
    pictures = [(PhotoKind.BEFORE, photo) for photo in photos.clean_all(before)]
    pictures += [(PhotoKind.AFTER, photo) for photo in (*photos.clean_all(after), *cleaned)]
    with photos.all_or_none() as kept:

        def also(resolved: Petition) -> Sequence[Model]:
            kept.extend(photos.stored(resolved, picture, kind=kind, by=by.user, at=at) for kind, picture in pictures)
            if not kept:
                return ()
            refs = {"photos": [str(photo.pk) for photo in kept]}
            return [*kept, records.composed(resolved, EventCode.PHOTO, at=at, by=by.user, refs=refs)[1]]

        return transitions.resolve(petition, by=by, at=at, reply=reply, version=version, also=also, sent=sent)


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
    number: str,
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
) -> tuple[Petition, bool]:
    """Return the matter with who raised it, both unsaved, and whether its words name what must not be pushed."""
    above: list[Area] | None = None
    if place is not None:
        place, above = standing_line(place, on=shanghai_date(at))
    masked_title, in_title = mask_text(title.strip()[:120] or short_title(text))
    _masked, in_text = mask_text(text)
    lifted = [*in_text, *in_title]
    petitioner = None
    if not anonymous:
        given = contact or Contact()
        phone = given.phone or best_phone(lifted)
        if given or phone:
            petitioner = composed_person(
                context=Context.PETITIONER, name=given.name, phone=phone, email=given.email, language=language, at=at
            )
    suggestions, silent = judge(f"{title}\n{text}", on=shanghai_date(at))
    emergency = bool(suggestions and suggestions[0].category.emergency_numbers)
    barred = barred_from(place, about=about, suggestions=suggestions)
    answers = answers_for(place, barred=barred, above=above)
    petition = Petition(
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
        # who wrote it down does not answer for a matter that may be about himself, nor does a neighbour's system
        first_contact_owner=filed_by if barred is None and filed_by is not None and filed_by.is_active else None,
        barred_from=barred,
        urgency=Urgency.EMERGENCY if emergency else Urgency.NORMAL,
        submitted_at=at,
    )
    return petition, silent
