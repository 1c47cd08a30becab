"""One-time codes of an authenticator app (RFC 6238) and recovery codes. Pure but for the random source."""

import re
import secrets
from datetime import datetime
from typing import Final

import pyotp
from pyotp.utils import strings_equal

from people.contacts import half_width

DIGITS: Final = 6
STEP_SECONDS: Final = 30
# One step early and one late: telephones and servers differ by seconds, people type slowly.
DRIFT: Final = 1
RECOVERY_CODES: Final = 10
RECOVERY_CHARS: Final = 10
# No 0 and O, 1, I and L: the codes are copied from paper. 31 signs, ten of them: 49 bits.
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_secret() -> str:
    """Return a random secret of 160 bits in base32."""
    return pyotp.random_base32()


def address_for_app(secret: str, *, account: str, issuer: str) -> str:
    """Return the otpauth address that a QR code carries into the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def spelt(secret: str) -> str:
    """Return the secret in groups of four, for typing."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def step_of(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """Return the time step whose code this is, near ``at`` and later than ``after``; None if it is none of them."""
    now = int(at.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    # All are compared, whichever fits: how long it takes says nothing.
    fitting = [step for step in range(now - DRIFT, now + DRIFT + 1) if strings_equal(code, totp.generate_otp(step))]
    return next((step for step in fitting if step > after), None)


def clean_code(typed: str) -> str:
    """Return a code as it was meant: no spaces and dashes, plain width, capitals."""
    return re.sub(r"[\s\-–—]+", "", half_width(typed)).upper()


def is_passcode(code: str) -> bool:
    """Whether a cleaned code can come from the app."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def is_recovery_code(code: str) -> bool:
    """Whether a cleaned code can stand on the paper."""
    return len(code) == RECOVERY_CHARS and set(code) <= set(ALPHABET)


def new_recovery_codes() -> list[str]:
    """Return ten different random codes."""
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        codes.add("".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_CHARS)))
    return sorted(codes)


def on_paper(code: str) -> str:
    """Return a recovery code as it is printed: ABCDE-FGHJK."""
    return f"{code[:5]}-{code[5:]}"
