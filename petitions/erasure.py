"""Ending a petition's personal data: the contact first, words and photos later, or all at once when asked.

The history stays: events hold codes, ids and a digest that proves nothing once its salt is gone (architecture.md 7).
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from notifications.services import hush
from people import consents
from people.crypto import SealError
from people.expiry import Rule
from people.masking import mask_text, scrub
from people.models import Person, User
from people.services import blank_person
from petitions import records
from petitions.enums import OPEN, EventCode, TextKind
from petitions.errors import NotNow
from petitions.models import (
    Broadcast,
    Petition,
    PetitionEvent,
    PetitionPhoto,
    PetitionText,
    RetentionHold,
    Whistle,
    WhistleEntry,
)
from petitions.notices import ABOUT


def is_over(petition: Petition) -> bool:
    """Tell whether nothing more happens to it; one that was joined to another is over when that one is."""
    return not petition.is_open and (petition.master is None or not petition.master.is_open)


def is_held(petition: Petition) -> bool:
    """Tell whether it is kept beyond its time."""
    return bool(held([petition.pk]))


def held(keys: Collection[int]) -> Collection[int]:
    """Return which of these petitions are kept beyond their time."""
    return RetentionHold.objects.filter(petition__in=keys, lifted_at=None).values_list("petition_id", flat=True)


def check_may_erase(petition: Petition) -> None:
    """Refuse to end the data of a matter that still needs them, and say why.

    :raises NotNow: if it is open (PIPL art. 47 with art. 13(3)), or held for a stated reason
    """
    if not is_over(petition):
        raise NotNow(
            _(
                "Matter %(number)s is still being dealt with. While it is, the law has us keep what its handling needs "
                "(PIPL art. 13(3) and 47). You can have everything erased once it is closed, or withdraw the matter."
            )
            % {"number": petition.number}
        )
    if is_held(petition):
        raise NotNow(
            _(
                "Matter %(number)s is needed in a review or before a court and is kept until that has ended. "
                "Please ask again later, or ask your community for the reason."
            )
            % {"number": petition.number}
        )


@transaction.atomic
def erase_contact(petition: Petition, *, at: datetime, by: User | None = None) -> bool:
    """Take name, number and address away, and what of them stands in the words; return whether there was anything.

    Repeating it does nothing. Nothing more is sent to the person; his consents end.

    :raises NotNow: as ``check_may_erase`` says
    """
    locked = Petition.objects.select_for_update(of=("self",), no_key=True).select_related("master").get(pk=petition.pk)
    check_may_erase(locked)
    return _erase_contact(locked, at=at, by=by)


@transaction.atomic
def anonymise(petition: Petition, *, at: datetime, by: User | None = None) -> bool:
    """Take contact, words and photos away; return whether there was anything. Repeating it does nothing.

    :raises NotNow: as ``check_may_erase`` says
    """
    locked = Petition.objects.select_for_update(of=("self",), no_key=True).select_related("master").get(pk=petition.pk)
    check_may_erase(locked)
    if locked.anonymised_at is not None:
        return False
    _erase_contact(locked, at=at, by=by)
    for photo in PetitionPhoto.objects.filter(petition=locked):
        # the file before its row: what fails between leaves a row without a picture, never a picture without a row
        photo.file.delete(save=False)
        photo.delete()
    PetitionText.objects.filter(petition=locked).update(original_sealed=b"", masked="", bigrams=[], salt=b"")
    _scrub_calls(locked, lambda _words: "")
    locked.title = _neutral_title(locked)
    locked.anonymised_at = at
    locked.code_hash = None
    locked.version += 1
    locked.save(update_fields=["title", "anonymised_at", "code_hash", "version"])
    records.append(locked, EventCode.ANONYMISED, at=at, by=by)
    return True


def _erase_contact(petition: Petition, *, at: datetime, by: User | None) -> bool:
    if petition.contact_erased_at is not None:
        return False
    person = petition.petitioner
    names = [_name_of(person)] if person is not None else []
    if person is not None and not _needed_elsewhere(person, petition):
        blank_person(person)
        consents.withdraw_all(person, at=at)
    texts = PetitionText.objects.filter(petition=petition)
    # a point to a metre may be his own door
    texts.filter(kind=TextKind.POINT).update(original_sealed=b"", masked="", bigrams=[], salt=b"")
    for text in texts.exclude(kind=TextKind.POINT):
        _scrub(text, names)
    _scrub_calls(petition, lambda words: scrub(words, names=names))
    petition.title = scrub(petition.title, names=names)[:120] or petition.number
    petition.contact_erased_at = at
    petition.version += 1
    petition.save(update_fields=["title", "contact_erased_at", "version"])
    hush(about=f"{ABOUT}{petition.number}")
    records.append(petition, EventCode.CONTACT_ERASED, at=at, by=by)
    return True


def _scrub(text: PetitionText, names: Collection[str]) -> None:
    """Write the words again without what identifies; what cannot be read cannot be checked and goes."""
    try:
        words = text.original
    except SealError:
        words = ""
    left = scrub(words, names=names)
    if left == words and words and scrub(text.masked, names=names) == text.masked:
        return
    text.original = left
    text.masked = mask_text(left)[0]
    text.bigrams = records.bigrams(text.masked)
    text.salt = b""  # the digest of words that named somebody must not be guessed back
    text.save(update_fields=["original_sealed", "masked", "bigrams", "salt"])


def _scrub_calls(petition: Petition, left: Callable[[str], str]) -> None:
    """Write the words of whistles and calls for help about a matter again, as ``left`` leaves them."""
    for whistle in petition.whistles.prefetch_related("entries"):
        for entry in whistle.entries.all():
            WhistleEntry.objects.filter(pk=entry.pk).update(words=left(entry.words))
        words, place = left(whistle.words), left(whistle.place_words)
        Whistle.objects.filter(pk=whistle.pk).update(words=words, place_words=place)
    for broadcast in petition.broadcasts.all():
        words, place, end = left(broadcast.words), left(broadcast.place_words), left(broadcast.end_words)
        back = left(broadcast.back_words)
        Broadcast.objects.filter(pk=broadcast.pk).update(words=words, place_words=place, end_words=end, back_words=back)


def _name_of(person: Person) -> str:
    try:
        return person.name
    except SealError:
        return ""


def _needed_elsewhere(person: Person, petition: Petition) -> bool:
    return Petition.objects.filter(petitioner=person, contact_erased_at=None).exclude(pk=petition.pk).exists()


def _neutral_title(petition: Petition) -> str:
    return petition.category.name_zh if petition.category else petition.number


# -- the nightly job


def _ended_before(cutoff: datetime) -> QuerySet[Petition]:
    """Petitions that are over and ended before an instant; where no column says when, the history does."""
    last = (
        PetitionEvent.objects.filter(petition=OuterRef("pk"), to_status=OuterRef("status"))
        .order_by()
        .values("petition")
        .annotate(last=Max("at"))
        .values("last")
    )
    over = Petition.objects.exclude(status__in=OPEN).exclude(master__status__in=OPEN).filter(submitted_at__lt=cutoff)
    ended = Coalesce("closed_at", Subquery(last), "submitted_at")
    return over.annotate(ended_at=ended).filter(Q(ended_at__lt=cutoff))


def _contacts_due(at: datetime) -> QuerySet[Petition]:
    return _ended_before(Person.personal.cutoff(at)).filter(contact_erased_at=None)


def _words_due(at: datetime) -> QuerySet[Petition]:
    return _ended_before(PetitionText.personal.cutoff(at)).filter(anonymised_at=None)


CONTACTS: Final = Rule(
    name="petitions.contact",
    models=("people.Person",),
    due=_contacts_due,
    end=lambda key, at: erase_contact(Petition(pk=key), at=at),
    held=held,
)
WORDS: Final = Rule(
    name="petitions.words",
    models=("petitions.Petition", "petitions.PetitionText", "petitions.PetitionPhoto"),
    due=_words_due,
    end=lambda key, at: anonymise(Petition(pk=key), at=at),
    held=held,
)
