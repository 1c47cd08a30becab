"""What a petitioner may ask for his own data: a copy, a correction, an end of consent, an end of it all (PIPL 44-50).

Whoever asks has proved number and follow-up code, or stands at the window and is served by staff (``by``).
"""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.services import hush
from people import audit, consents
from people.enums import AuditKind, ConsentPurpose, Context
from people.errors import Refusal
from people.models import User
from people.services import correct_person, create_person
from petitions import erasure, records, story
from petitions.enums import EventCode, PhotoKind, TextKind, TransferField
from petitions.errors import NotNow
from petitions.models import Petition, PetitionPhoto, PetitionReveal, PetitionText, Transfer
from petitions.notices import ABOUT
from petitions.viewers import Follower

# The petitioner's own words; staff's own notes are not his data.
HIS_WORDS = (TextKind.TITLE, TextKind.BODY, TextKind.PLACE, TextKind.POINT, TextKind.ABOUT)


def data_of(petition: Petition) -> dict[str, Any]:
    """Return everything kept about the petitioner of one matter, his own words and contact in clear.

    Who looked at his contact is said by post and reason's moment, not by name: a name of staff is theirs.
    """
    person = petition.petitioner
    told = story.tell(petition, to=Follower(petition_ids=(petition.pk,)))
    texts = PetitionText.objects.filter(petition=petition, kind__in=HIS_WORDS).order_by("created_at", "pk")
    photos = PetitionPhoto.objects.filter(petition=petition, kind=PhotoKind.FILED).order_by("added_at", "pk")
    reveals = PetitionReveal.objects.filter(petition=petition).select_related("log").order_by("log__at")
    transfers = Transfer.objects.filter(petition=petition).select_related("organisation").order_by("at")
    given = person.consents.order_by("given_at") if person is not None else ()
    return {
        "number": petition.number,
        "title": petition.title,
        "submitted_at": _moment(petition.submitted_at),
        "status": petition.get_status_display(),
        "channel": petition.get_channel_display(),
        "place": str(petition.place.label) if petition.place else "",
        "confidential": petition.is_confidential,
        "privacy_notice": {
            "version": petition.privacy_version,
            "accepted_at": _moment(petition.privacy_at),
        },
        "contact": {
            "name": person.name if person else "",
            "phone": person.phone if person else "",
            "email": person.email if person else "",
            "language": person.language if person else petition.language,
        },
        "words": [
            {"kind": str(TextKind(text.kind).label), "written_at": _moment(text.created_at), "text": text.original}
            for text in texts
            if text.original
        ],
        "history": [
            {"at": _moment(line.at), "what": line.sentence, "words": line.words} for line in reversed(told.lines)
        ],
        "photos": [f"photos/{photo.pk}.jpg" for photo in photos],
        "looked_at": [
            {
                "at": _moment(row.log.at),
                "field": str(row.log.get_field_display()),
                "post": str(row.get_by_kind_display()),
            }
            for row in reveals
        ],
        "given_to": [
            {
                "at": _moment(row.at),
                "unit": row.organisation.name,
                "could_see": [str(label) for label in _labels(row)],
            }
            for row in transfers
        ],
        "consents": [
            {
                "purpose": str(ConsentPurpose(row.purpose).label),
                "version": row.version,
                "given_at": _moment(row.given_at),
                "withdrawn_at": _moment(row.withdrawn_at),
            }
            for row in given
        ],
    }


@transaction.atomic
def copy(petition: Petition, *, at: datetime, by: User | None = None) -> bytes:
    """Return a ZIP with the data as JSON, as a page to read, and the photos; the history says that it was given."""
    data = data_of(petition)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
        archive.writestr("data.html", render_to_string("petitions/resident/data_copy.html", {"data": data}))
        for photo in PetitionPhoto.objects.filter(petition=petition, kind=PhotoKind.FILED):
            try:
                with photo.file.open("rb") as file:
                    archive.writestr(f"photos/{photo.pk}.jpg", file.read())
            except FileNotFoundError:  # a database restored without its uploads
                continue
    records.append(petition, EventCode.DATA_COPIED, at=at, by=by)
    _audit(petition, "copy", at=at, by=by)
    return out.getvalue()


@transaction.atomic
def page(petition: Petition, *, at: datetime, by: User | None = None) -> str:
    """Return the data as a page to read where no file can be kept; the history says so as for a copy."""
    words = render_to_string("petitions/resident/data_copy.html", {"data": data_of(petition)})
    records.append(petition, EventCode.DATA_COPIED, at=at, by=by)
    _audit(petition, "copy", at=at, by=by)
    return words


@transaction.atomic
def correct(petition: Petition, *, contact: Mapping[str, str], at: datetime, by: User | None = None) -> Petition:
    """Give the matter the contact its petitioner says now (keys name, phone, email; empty takes away).

    :raises NotNow: if the contact was erased, or the matter was filed anonymously
    :raises BadInput: if a part cannot be what it is said to be
    """
    locked = (
        Petition.objects.select_for_update(of=("self",), no_key=True).select_related("petitioner").get(pk=petition.pk)
    )
    if locked.contact_erased_at is not None:
        raise NotNow(_("The contact of this matter was erased."))
    if locked.is_anonymous:
        raise NotNow(_("This matter was filed anonymously; it has no contact."))
    said = {name: contact.get(name, "").strip() for name in ("name", "phone", "email")}
    if locked.petitioner is None:
        if not any(said.values()):
            return locked
        locked.petitioner = create_person(context=Context.PETITIONER, language=locked.language, at=at, **said)
        locked.save(update_fields=["petitioner"])
    else:
        correct_person(locked.petitioner, **said)
    if any(said.values()):
        consents.give(locked.petitioner, ConsentPurpose.CONTACT, at=at)
    else:
        consents.withdraw(locked.petitioner, ConsentPurpose.CONTACT, at=at)
    records.append(locked, EventCode.CONTACT_CORRECTED, at=at, by=by)
    _audit(locked, "correct", at=at, by=by)
    return locked


@transaction.atomic
def withdraw_consent(petition: Petition, purpose: ConsentPurpose, *, at: datetime, by: User | None = None) -> bool:
    """Take a consent back; return whether there was one. Without consent to it, the contact goes and no message comes.

    The matter itself goes on: dealing with it is our duty and needs no consent.
    """
    person = petition.petitioner
    if person is None or not consents.withdraw(person, purpose, at=at):
        return False
    if purpose == ConsentPurpose.CONTACT:
        correct_person(person, name="", phone="", email="")
        hush(about=f"{ABOUT}{petition.number}")
        records.append(petition, EventCode.CONTACT_CORRECTED, at=at, by=by)
    _audit(petition, "withdraw", at=at, by=by, purpose=purpose)
    return True


def offered(petition: Petition, always: tuple[ConsentPurpose, ...]) -> tuple[ConsentPurpose, ...]:
    """Return the consents that may be given or taken back here (petitioner and category loaded); one query at most.

    The one for what is sensitive belongs to matters of a sensitive kind, and to who gave it once.
    """
    person, sensitive = petition.petitioner, ConsentPurpose.SENSITIVE
    if petition.category is not None and petition.category.sensitive:
        return (*always, sensitive)
    if person is not None and person.consents.filter(purpose=sensitive).exists():
        return (*always, sensitive)
    return always


def erase(petition: Petition, *, at: datetime, by: User | None = None) -> bool:
    """Erase contact, words and photos of a matter that is over; return whether there was anything left.

    :raises NotNow: if the matter is open or held, with the reason
    """
    try:
        with transaction.atomic():
            erased = erasure.anonymise(petition, at=at, by=by)
            _audit(petition, "erase", at=at, by=by, done=erased)
    except Refusal:
        _audit(petition, "erase", at=at, by=by, refused=True)
        raise
    return erased


def _audit(petition: Petition, asked: str, *, at: datetime, by: User | None, **details: object) -> None:
    """Write the request into the audit log; the petitioner himself is nobody's account, so the actor is empty."""
    audit.record(
        AuditKind.RIGHTS, by=by, at=at, about=f"petitions.petition:{petition.pk}", details={"asked": asked, **details}
    )


def _labels(transfer: Transfer) -> list[str]:
    return [str(TransferField(code).label) for code in transfer.fields]


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at is not None else ""
