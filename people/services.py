"""Making a person, looking at what is sealed, correcting it, taking it away."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from people import contacts
from people.enums import Context, Language, PersonField
from people.errors import BadInput, NotAllowed, TooManyReveals
from people.masking import mask_text
from people.models import Person, RevealLog, User

NAME_CHARS = 60
EMAIL_CHARS = 254
REASON_CHARS = (4, 200)
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
SEALED: Final = ("name_sealed", "phone_sealed", "email_sealed", "phone_index", "name_index")


@dataclass(frozen=True, slots=True)
class Revealed:
    """A field in clear, to be shown once, and the record of the look."""

    value: str = field(repr=False)
    log: RevealLog


@sensitive_variables("name", "phone", "email", "person")
def create_person(
    *,
    context: str,
    name: str = "",
    phone: str = "",
    email: str = "",
    language: str = Language.CHINESE,
    at: datetime,
) -> Person:
    """Keep a person in one context, sealed. Every part may be left out, not all of them.

    :raises BadInput: as ``composed_person``
    """
    person = composed_person(context=context, name=name, phone=phone, email=email, language=language, at=at)
    person.save(force_insert=True)
    return person


@sensitive_variables("name", "phone", "email", "person")
def composed_person(
    *,
    context: str,
    name: str = "",
    phone: str = "",
    email: str = "",
    language: str = Language.CHINESE,
    at: datetime,
) -> Person:
    """Return a person sealed and unsaved, for who writes it together with what it belongs to.

    :raises BadInput: if a part cannot be a name, a phone number or an e-mail address; ``field`` says which
    """
    name = _name(name)
    phone = _phone(phone)
    email = _email(email)
    if not (name or phone or email):
        raise BadInput(_("Give a name, a phone number or an e-mail address."))
    person = Person(context=Context(context), language=Language(language), created_at=at)
    person.name, person.phone, person.email = name, phone, email
    if phone:
        person.phone_index = Person.index_of_phone(phone, context=person.context)
    if name:
        person.name_index = Person.index_of_name(name, context=person.context)
    person.full_clean(validate_unique=False)  # its key was made a moment ago
    return person


@sensitive_variables("name")
def _name(name: str) -> str:
    name = contacts.clean_name(name)
    if len(name) > NAME_CHARS:
        raise BadInput(_("A name has at most %(most)d characters.") % {"most": NAME_CHARS}, field="name")
    return name


@sensitive_variables("phone")
def _phone(phone: str) -> str:
    phone = contacts.normalise_phone(phone)
    if phone and not contacts.is_phone(phone):
        message = _("Give a mobile number of 11 digits, or a landline with its area code, such as 0935-8210000.")
        raise BadInput(message, field="phone")
    return phone


@sensitive_variables("email")
def _email(email: str) -> str:
    email = contacts.normalise_email(email)
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    if not email or len(email) > EMAIL_CHARS:
        # Raised outside the except: the address shall not travel in the cause.
        raise BadInput(_("This is not an e-mail address. It looks like name@example.com."), field="email")
    return email


def check_reason(reason: str) -> str:
    """Return a reason fit to be written down: one line, no numbers of anybody in it.

    :raises BadInput: if it says nothing, or too much
    """
    reason = " ".join(reason.split())
    fewest, most = REASON_CHARS
    if len(reason) < fewest:
        raise BadInput(_("Say in a few words why you need to see this."), field="reason")
    if len(reason) > most:
        raise BadInput(_("Give the reason in at most %(most)d characters.") % {"most": most}, field="reason")
    return mask_text(reason)[0][:most]


@transaction.atomic
def reveal(
    *,
    person: Person,
    field: str,
    reason: str,
    by: User,
    about: str,
    at: datetime,
    agreed_by: User | None = None,
    system: bool = False,
) -> Revealed:
    """Return one sealed field in clear, after writing down who looked, why, and about which record.

    The caller has proved that ``by`` may see the record (``visible_to``) and holds the right to reveal, and where the
    record needs a second person, that ``agreed_by`` has agreed. ``system``: a neighbour's system looks, whose account
    nobody signs in with.

    :raises BadInput: if the reason says nothing
    :raises NotAllowed: if the account is closed
    :raises TooManyReveals: if ``by`` has looked at as many fields today as one person may
    :raises ValueError: if there is no such field (a bug)
    """
    return written(
        person=person, field=field, reason=reason, by=by, about=about, at=at, agreed_by=agreed_by, system=system
    )


def written(
    *,
    person: Person,
    field: str,
    reason: str,
    by: User,
    about: str,
    at: datetime,
    agreed_by: User | None = None,
    system: bool = False,
) -> Revealed:
    """As ``reveal``, within the caller's transaction."""
    field = PersonField(field)
    reason = check_reason(reason)
    if not by.is_active and not system:
        raise NotAllowed(_("Your account is closed."))
    _check_daily_limit(by, at=at)
    log = RevealLog.objects.create(
        person=person, field=field, reason=reason, by=by, agreed_by=agreed_by, about=about, at=at
    )
    return Revealed(str(getattr(person, field.value)), log)


def reveals_left(by: User, *, at: datetime) -> int:
    """Return how many more fields a person may look at on this day in Shanghai."""
    start = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    used = RevealLog.objects.filter(by=by, at__gte=start, at__lt=start + timedelta(days=1)).count()
    return max(0, int(settings.REVEALS_PER_DAY) - used)


def _check_daily_limit(by: User, *, at: datetime) -> None:
    # two looks sent at once wait here for each other, or both would find the last one free
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"people.reveal:{by.pk}"])
    if reveals_left(by, at=at) == 0:
        raise TooManyReveals(
            _("You have looked at %(count)d names or numbers today, as many as one person may. Tomorrow you can again; "
              "if it cannot wait, please ask a colleague who may see this matter.")
            % {"count": settings.REVEALS_PER_DAY}
        )  # fmt: skip


@sensitive_variables("name", "phone", "email")
def correct_person(person: Person, *, name: str, phone: str, email: str) -> Person:
    """Give a person the name, phone number and e-mail address he says; an empty one is taken away.

    :raises BadInput: as ``create_person`` says
    """
    name, phone, email = _name(name), _phone(phone), _email(email)
    person.name, person.phone, person.email = name, phone, email
    person.phone_index = Person.index_of_phone(phone, context=person.context) if phone else None
    person.name_index = Person.index_of_name(name, context=person.context) if name else None
    person.save(update_fields=[*SEALED])
    return person


def blank_person(person: Person) -> bool:
    """Take everything that identifies a person out of his row; the row stays, ledgers point at it.

    Return whether there was anything left.
    """
    some = Q(name_sealed__isnull=False) | Q(phone_sealed__isnull=False) | Q(email_sealed__isnull=False)
    return bool(Person.objects.filter(some, pk=person.pk).update(**dict.fromkeys(SEALED)))
