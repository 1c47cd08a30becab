"""Making a person, and looking at what is sealed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from people import contacts
from people.enums import Context, Language, PersonField
from people.errors import BadInput, NotAllowed
from people.models import Person, RevealLog, User

NAME_CHARS = 60
EMAIL_CHARS = 254
REASON_CHARS = (4, 200)


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
    person.save(force_insert=True)
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


@transaction.atomic
def reveal(*, person: Person, field: str, reason: str, by: User, about: str, at: datetime) -> str:
    """Return one sealed field in clear, after writing down who looked, why, and about which record.

    The caller has proved that ``by`` may see the record (``visible_to``) and holds the right to reveal.

    :raises BadInput: if the reason says nothing
    :raises NotAllowed: if the account is closed
    :raises ValueError: if there is no such field (a bug)
    """
    field = PersonField(field)
    reason = " ".join(reason.split())
    fewest, most = REASON_CHARS
    if len(reason) < fewest:
        raise BadInput(_("Say in a few words why you need to see this."), field="reason")
    if len(reason) > most:
        raise BadInput(_("Give the reason in at most %(most)d characters.") % {"most": most}, field="reason")
    if not by.is_active:
        raise NotAllowed(_("Your account is closed."))
    RevealLog.objects.create(person=person, field=field, reason=reason, by=by, about=about, at=at)
    return str(getattr(person, field.value))
