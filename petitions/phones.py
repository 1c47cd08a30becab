"""Proving a telephone by a code sent to it: six digits, ten minutes, five tries, once.

Whoever asks learns nothing by asking: the page answers alike whether we know the number or not, and looks nothing up.
The worker that sends finds out, and sends only where there is something to see; a stranger cannot use us to pester
others with messages. Neither number nor code is logged, kept in clear, or held in the session.
"""

import hmac
import logging
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from notifications import queue, texting
from people import contacts, crypto
from people.enums import Context
from people.errors import BadInput, Gone
from people.models import Person
from petitions import registry
from petitions.models import Petition, PhoneCode
from petitions.viewers import ProvedPhone

logger = logging.getLogger(__name__)

DIGITS: Final = 6
LASTS: Final = timedelta(minutes=10)
TRIES: Final = 5
PROOF: Final = timedelta(minutes=30)
KEPT: Final = timedelta(hours=1)


def is_offered() -> bool:
    """Whether codes can be sent at all."""
    return texting.is_set_up()


@sensitive_variables("phone")
@transaction.atomic
def ask(*, phone: str, language: str, at: datetime, for_anybody: bool = False) -> uuid.UUID:
    """Have a code sent to a mobile, if we hold matters under it; return what the session keeps to check it by.

    ``for_anybody``: also if we hold none, for what every resident may do.

    The caller has counted the try (``throttle.Doing.ASK_PHONE``).

    :raises BadInput: if it is no mobile number
    """
    phone = contacts.normalise_phone(phone)
    if not contacts.is_mobile(phone):
        raise BadInput(_("Give a mobile number of 11 digits: only a mobile can get the code."), field="phone")
    elsewhere = {part.name: part.index(phone).hex() for part in registry.own_parts()}
    row = PhoneCode(
        phone_index=index_of(phone), elsewhere=elsewhere, language=language, for_anybody=for_anybody, created_at=at
    )
    row.phone = phone
    row.save(force_insert=True)
    queue.on_commit("petitions.send_phone_code", code_id=str(row.pk))
    return row.pk


@sensitive_variables("phone", "code", "text")
def send(*, code_id: uuid.UUID, at: datetime) -> bool:
    """Make the code and send it, if there is anything to see under this number; return whether it was sent.

    :raises NotSent: if the gateway did not take it; trying again makes a new code
    """
    with transaction.atomic():
        row = PhoneCode.objects.select_for_update().filter(pk=code_id, used_at=None).first()
        if row is None or not row.phone or at - row.created_at > LASTS:
            return False
        phone = row.phone
        known = row.for_anybody or Petition.objects.visible_to(ProvedPhone(bytes(row.phone_index))).exists()
        known = known or _is_known_elsewhere(row)
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        row.digest = _digest(code, row.pk) if known else None
        if not known:
            row.phone = ""
        row.save(update_fields=["digest", "phone_sealed"])
    if not known:
        return False
    minutes = int(LASTS.total_seconds()) // 60
    with translation.override(row.language):
        text = _("Linli code: %(code)s, good for %(minutes)d minutes. Tell it to nobody.")
        text %= {"code": code, "minutes": minutes}
    texting.send(phone=phone, text=text, key=f"{row.pk}.sms", at=at)
    PhoneCode.objects.filter(pk=row.pk).update(phone_sealed=None)
    return True


@sensitive_variables("typed")
def check(*, code_id: uuid.UUID, typed: str, at: datetime) -> ProvedPhone:
    """Take the code; return the proof, good for half an hour.

    :raises BadInput: in the same words if it is wrong, or was never sent
    :raises Gone: if it was used, is too old or was tried too often, whether or not one was ever sent
    """
    typed = contacts.half_width(typed).replace(" ", "").replace("-", "")
    with transaction.atomic():
        row = PhoneCode.objects.select_for_update().filter(pk=code_id).first()
        if row is None or row.used_at is not None or row.tries >= TRIES or at - row.created_at > LASTS:
            words = _("This code is over: it was used, typed wrongly five times, or is older than ten minutes.")
            raise Gone(words, field="code")
        row.tries += 1
        if row.digest is not None and hmac.compare_digest(bytes(row.digest), _digest(typed, row.pk)):
            row.used_at = at
        row.save(update_fields=["tries", "used_at"])
        if row.used_at is not None:
            until = int((at + PROOF).timestamp())
            return ProvedPhone(bytes(row.phone_index), until=until, elsewhere=tuple(sorted(row.elsewhere.items())))
    words = _("This code is not right. After five tries, or ten minutes, you need a new one.")
    raise BadInput(words, field="code")


def purge(*, at: datetime) -> int:
    """Delete codes that nobody can use any more; return how many."""
    return PhoneCode.objects.filter(created_at__lt=at - KEPT).delete()[0]


def index_of(phone: str) -> bytes:
    """Return the blind index under which petitioners with this number are found."""
    return Person.index_of_phone(phone, context=Context.PETITIONER)


def _is_known_elsewhere(row: PhoneCode) -> bool:
    parts = ((part, row.elsewhere.get(part.name)) for part in registry.own_parts())
    return any(part.is_known(bytes.fromhex(index)) for part, index in parts if index)


def _digest(code: str, code_id: uuid.UUID) -> bytes:
    return crypto.blind(code, purpose=f"phonecode.{code_id}")
