"""A sum in words, asked of strangers when a limit is near: read aloud by whoever cannot see it, no picture, no script.

It replaces no limit. Nothing is kept of who answered; a token serves once, for a quarter of an hour.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from redis.exceptions import RedisError

from people import contacts
from people.crypto import blind

SECONDS: Final = 15 * 60
LONGEST: Final = 200
NUMBERS: Final = (
    pgettext_lazy("number", "one"), pgettext_lazy("number", "two"), pgettext_lazy("number", "three"),
    pgettext_lazy("number", "four"), pgettext_lazy("number", "five"), pgettext_lazy("number", "six"),
    pgettext_lazy("number", "seven"), pgettext_lazy("number", "eight"), pgettext_lazy("number", "nine"),
    pgettext_lazy("number", "ten"), pgettext_lazy("number", "eleven"), pgettext_lazy("number", "twelve"),
    pgettext_lazy("number", "thirteen"), pgettext_lazy("number", "fourteen"), pgettext_lazy("number", "fifteen"),
    pgettext_lazy("number", "sixteen"), pgettext_lazy("number", "seventeen"), pgettext_lazy("number", "eighteen"),
)  # fmt: skip
_SIGNER: Final = TimestampSigner(salt="petitions.sums")


@dataclass(frozen=True, slots=True)
class Sum:
    """The question as it is read, and what proves the answer without saying it."""

    words: str
    token: str


def ask() -> Sum:
    """Return a new sum of two numbers from one to nine, in the language of the page."""
    first, second = secrets.randbelow(9) + 1, secrets.randbelow(9) + 1
    nonce = secrets.token_hex(8)
    words = pgettext("sum", "How much is %(first)s plus %(second)s?") % {
        "first": NUMBERS[first - 1],
        "second": NUMBERS[second - 1],
    }
    return Sum(words, _SIGNER.sign(f"{nonce}.{_proof(nonce, first + second)}"))


def is_right(*, token: str, answer: str) -> bool:
    """Tell whether ``answer``, in digits or in words, is right for this token, which serves once."""
    try:
        nonce, _dot, proof = _SIGNER.unsign(token[:LONGEST], max_age=SECONDS).partition(".")
    except BadSignature:
        return False
    said = _number(answer)
    if said is None or _proof(nonce, said) != proof:
        return False
    try:
        return bool(cache.add(f"sum:{nonce}", 1, SECONDS))
    except (RedisError, OSError):  # what counts tries says by itself what then
        return True


def refusal() -> str:
    """Return what is said to a wrong answer."""
    return _("That was not the answer. Here is a new one.")


def _number(answer: str) -> int | None:
    said = contacts.half_width(answer[:LONGEST]).strip().casefold()
    if said.isdecimal() and len(said) <= 2:  # noqa: PLR2004 - no sum has three digits
        return int(said)
    return next((at for at, word in enumerate(NUMBERS, start=1) if str(word).casefold() == said), None)


def _proof(nonce: str, number: int) -> str:
    return blind(f"{nonce}:{number}", purpose="sum").hex()[:24]
