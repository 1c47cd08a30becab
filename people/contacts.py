"""Phone numbers, names and e-mail addresses as people write them, brought to one form. Pure."""

import re
import unicodedata
from collections.abc import Iterable

MOBILE = re.compile(r"1[3-9]\d{9}")
# Beijing and the 02x cities have three-digit area codes and eight-digit numbers, the rest four and seven or eight.
LANDLINE = re.compile(r"(?P<area>010|02\d)(?P<number>[2-9]\d{7})|(?P<area4>0[3-9]\d{2})(?P<number4>[2-9]\d{6,7})")
LOCAL = re.compile(r"[2-9]\d{6,7}")
_COUNTRY = re.compile(r"(?:\+|00)86|86(?=1[3-9]\d{9}$)")
_PUNCTUATION = re.compile(r"[\s()\[\]./·_\-‐‑‒–—―−\u200b-\u200d\ufeff]+")


def half_width(text: str) -> str:
    """Return ``text`` with full-width and compatibility characters in their plain form."""
    return unicodedata.normalize("NFKC", text)


def normalise_phone(text: str) -> str:
    """Return a Chinese number as digits alone: no +86, no spaces or dashes, a landline with its area code's 0.

    What is no Chinese number comes back stripped of punctuation; ``is_phone`` judges.
    """
    digits = _PUNCTUATION.sub("", half_width(text))
    national, had_country = _COUNTRY.subn("", digits, count=1) if _COUNTRY.match(digits) else (digits, 0)
    if had_country and not national.startswith("0") and not MOBILE.fullmatch(national):
        national = "0" + national
    if MOBILE.fullmatch(national[1:]) and national.startswith("0"):
        national = national[1:]  # the old habit of dialling 0 before a mobile of another city
    return national


def is_mobile(phone: str) -> bool:
    """Whether a normalised number is a mobile of the mainland."""
    return MOBILE.fullmatch(phone) is not None


def is_phone(phone: str) -> bool:
    """Whether a normalised number can be dialled: mobile, landline, or a local number of seven or eight digits."""
    return is_mobile(phone) or LANDLINE.fullmatch(phone) is not None or LOCAL.fullmatch(phone) is not None


def best_phone(found: Iterable[str]) -> str:
    """Return the number to call among what was lifted from a text: a mobile before a landline before a local number.

    Empty if none can be dialled (an identity number is digits too).
    """
    numbers = [normalise_phone(one) for one in found]
    for kind in (MOBILE, LANDLINE, LOCAL):
        for number in numbers:
            if kind.fullmatch(number):
                return number
    return ""


def normalise_name(text: str) -> str:
    """Return a name for comparing: plain width, without spaces, case folded, one middle dot."""
    plain = re.sub(r"[•・‧∙.]", "·", half_width(text))
    return re.sub(r"\s+", "", plain).casefold()


def clean_name(text: str) -> str:
    """Return a name for keeping: runs of white space as one space, control characters gone."""
    visible = "".join(char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join(visible.split())


def normalise_email(text: str) -> str:
    """Return an address without surrounding space, its domain in lower case."""
    local, at, domain = half_width(text).strip().rpartition("@")
    return f"{local}{at}{domain.lower()}"
