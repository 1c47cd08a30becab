"""Numbers people see: the public number and the follow-up code."""

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from people.crypto import blind

# no 0 O 1 I L: a code is read aloud and copied by hand
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
# the sequence that serials are drawn from
SERIAL = "petition_serial"
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def check_digit(digits: str) -> str:
    """Return the Luhn check digit of a string of digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - Luhn
    return str(-total % 10)


def new_number(*, at: datetime) -> str:
    """Return the next public number: ``PX``, the Shanghai date of ``at`` (aware), a serial, a check digit."""
    return new_numbers([at])[0]


def new_numbers(moments: Sequence[datetime]) -> list[str]:
    """Return one public number for each of these moments (aware), in their order; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [SERIAL, len(moments)])
        serials = [serial for (serial,) in cursor.fetchall()]
    return [number_of(serial, at=at) for at, serial in zip(moments, serials, strict=True)]


def number_of(serial: int, *, at: datetime) -> str:
    """Return the public number with this serial, of a matter filed ``at`` (aware)."""
    digits = f"{at.astimezone(_SHANGHAI):%Y%m%d}{serial:05d}"
    return f"PX{digits}{check_digit(digits)}"


def normalise_number(typed: str) -> str:
    """Return what a person typed as we store it: upper case, no spaces or dashes, ``PX`` in front."""
    clean = "".join(typed.upper().replace("-", "").split())
    return clean if not clean or clean.startswith("PX") else f"PX{clean}"


def number_is_well_formed(number: str) -> bool:
    """Tell whether the check digit fits, before the database is asked."""
    digits = number.removeprefix("PX")
    return digits.isascii() and digits.isdigit() and len(digits) > 1 and check_digit(digits[:-1]) == digits[-1]


def code_for(client_key: uuid.UUID) -> str:
    """Return the follow-up code of a filing: ten symbols no one can derive without our key.

    The same filing sent twice gets the same code, so a lost answer can be repeated.
    """
    number = int.from_bytes(blind(str(client_key), purpose="follow-up code"), "big")
    symbols = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        symbols.append(ALPHABET[place])
    return "".join(symbols)


def normalise_code(typed: str) -> str:
    """Return a typed follow-up code without spaces, dashes and case."""
    return "".join(typed.upper().replace("-", "").split())


def hash_code(number: str, code: str) -> bytes:
    """Return what is stored of a code: a keyed hash bound to the public number."""
    return blind(f"{number}|{normalise_code(code)}", purpose="follow-up code check")


def code_fits(stored: bytes | memoryview | None, number: str, typed: str) -> bool:
    """Compare a typed code in constant time."""
    expected = bytes(stored) if stored is not None else hashlib.sha256(b"no such petition").digest()
    return hmac.compare_digest(expected, hash_code(number, typed)) and stored is not None
