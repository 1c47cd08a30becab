"""Masks for screens, and the lifting of numbers out of free text. Pure: no query, no setting.

``mask_text`` looks for what looks like a way to reach or identify a human: e-mail addresses, identity
numbers, mobile and fixed-line numbers, bank cards, WeChat and QQ ids. It leaves dates, amounts, building
numbers, petition and order numbers alone. Where a number could be either, being a phone number wins.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from people import contacts

STARS = "****"


# -- one value whose kind is known


def mask_name(name: str) -> str:
    """常小红 → 常**. The stars do not tell how long the name is."""
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """13800138000 → 138****8000, 0935-8212345 → 0935-****345; what is neither keeps its last two digits."""
    if not phone:
        return ""
    digits = contacts.normalise_phone(phone)
    if contacts.is_mobile(digits):
        return f"{digits[:3]}{STARS}{digits[-4:]}"
    landline = contacts.LANDLINE.fullmatch(digits)
    if landline:
        area = landline["area"] or landline["area4"]
        return f"{area}-{STARS}{digits[len(area) + 4 :]}"
    if contacts.LOCAL.fullmatch(digits):
        return f"{STARS}{digits[4:]}"
    return f"{STARS}{digits[-2:]}"


def mask_email(email: str) -> str:
    """anna@b.cn → a***@b.cn."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}***@{domain}" if email else ""


def mask_id_number(number: str) -> str:
    """370402199001011234 → 3704**********1234; the middle goes, whatever the length."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


# -- free text


class _Plain(dict[int, str]):
    """Every character as its plain one-character form, so that positions stay those of the original."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if category == "Nd":
            plain = str(unicodedata.decimal(char))
        elif category == "Pd" or char == "−":
            plain = "-"
        elif char == "\n":
            plain = "\n"
        elif category in {"Zs", "Cf"} or char.isspace():
            plain = " "
        elif category == "No":
            plain = char  # ① before a number is no part of it
        else:
            folded = unicodedata.normalize("NFKC", char)
            plain = folded if len(folded) == 1 else char
        self[code] = plain
        return plain


_PLAIN = _Plain()

# What may stand between the groups of a number, and the ways people group a mobile number.
_GAP = r"[-. ·_/]{1,3}"
_GROUPINGS = ((3, 4, 4), (3, 3, 5), (4, 3, 4), (4, 4, 3), (3, 8), (7, 4), (5, 6), (6, 5), (3, 2, 2, 2, 2), (1,) * 11)
# Sums, areas and dates are followed by their unit, telephone numbers are not.
_NO_UNIT = r"(?! ?(?:元|块|万|亿|千|平|米|m|㎡|亩|吨|度|户|人|次|年|月|日|号楼|栋|幢|单元|室|层|%))"
# Nobody's telephone number is 8212-2023 or 20230101; a subscriber number that reads as a date is a date.
_NO_DATE = r"(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"


def _grouped_mobile() -> str:
    forms = []
    for groups in _GROUPINGS:
        starts = {0, *accumulate(groups)}
        digits = ["1", "[3-9]", *[r"\d"] * 9]
        date = _NO_DATE if groups == (3, 8) else ""
        forms.append("".join((_GAP + date if i in starts and i else "") + digit for i, digit in enumerate(digits)))
    return "|".join(forms)


def _spaced(pattern: list[str]) -> str:
    return "[- ]?".join(pattern)


# Province codes of GB/T 2260; a birth date follows. Old numbers have two digits of the year: before 1925 nobody is
# alive, and 15-digit grid codes (six digits of district, three of street, community, grid) mostly fall there.
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[1-3])"
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_ID_18 = rf"(?<!\d){_PROVINCE}\d{{4}}(?:19|20)\d\d{_DAY}\d{{3}}[\dXx](?![\dXx])"
_ID_15 = rf"(?<!\d){_PROVINCE}\d{{4}}(?:2[5-9]|[3-9]\d){_DAY}\d{{3}}(?!\d)"
_ID_SPACED = r"(?<!\d)(?<!\d[-.])" + _spaced([r"[1-9]", *[r"\d"] * 16, r"[\dXx]"]) + r"(?![\dXx])(?![-.]\d)"

_EMAIL = r"[A-Za-z0-9._%+-]{1,64}+ ?@ ?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}"
# Two numbers are now and then written without a space between them.
_MOBILES = r"(?:(?<!\d)|(?<=(?<!\d)86)|(?<=(?<!\d)0086))0?(?P<at>(?:1[3-9]\d{9}){1,3})(?!\d)(?! ?[元万亿])"
_MOBILE_GROUPED = rf"(?<!\d)(?<!\d[-.])(?:(?:00)?86[- ]{{1,2}})?(?P<at>{_grouped_mobile()})(?!\d)(?![-.]\d){_NO_UNIT}"
_LANDLINE = (
    rf"(?:(?<!\d)|(?<=(?<!\d)86))(?P<at>\(?(?:010|02\d)\)?[- ]{{0,3}}{_NO_DATE}[2-9]\d{{3}}[- ]?\d{{4}}"
    rf"|\(?0[3-9]\d\d\)?[- ]{{0,3}}{_NO_DATE}[2-9]\d{{2,3}}[- ]?\d{{4}})(?!\d)(?![-.]\d){_NO_UNIT}"
)
_SAID = r" ?(?:是|为)?[: ]{0,3}"
_LOCAL = (
    rf"(?:(?:电话|座机|固话|联系|致电|拨打|[Tt]el|TEL|[Pp]hone)(?:号码|方式|号)?{_SAID}"
    r"|\*{4}\d{3,4} ?(?:[,、;/]|或者?) ?)"
    rf"(?P<at>{_NO_DATE}[2-9]\d{{2,3}}[- ]?\d{{4}})(?!\d)(?![-.]\d){_NO_UNIT}"
)
_BANK_CARD = rf"(?:卡号|账号|帐号|账户|帐户|银行卡){_SAID}(?P<at>(?:\d[- ]?){{15,18}}\d)(?!\d)"
_WECHAT = (
    r"(?:(?:微信|薇信|威信)(?:号码|号|ID|id)?"
    r"|(?<![A-Za-z])(?:[Ww]e[Cc]hat|[Ww]ei[Xx]in|WX|wx|VX|vx)(?: ?ID| ?id)?(?:号|(?=[:是])))"
    rf"{_SAID}(?P<at>(?!(?:[Ww]e[Cc]hat|[Ww]eixin|http))[A-Za-z][-_A-Za-z0-9]{{5,19}}"
    rf"|{_NO_DATE}[1-9]\d{{4,10}}(?!\d){_NO_UNIT})"
)
_QQ = rf"(?:(?<![A-Za-z])[Qq]{{2}}|扣扣)(?:号码|号|群)?{_SAID}(?P<at>{_NO_DATE}[1-9]\d{{4,11}})(?!\d){_NO_UNIT}"


def _squeezed(written: str) -> str:
    return re.sub(r"[-. ·_/()]", "", written)


def _id_checks(number: str) -> bool:
    """Whether the last sign of an 18-digit identity number is the one GB 11643 computes."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True)) % 11
    return "10X98765432"[rest] == number[17].upper() and re.match(_ID_18, number) is not None


@dataclass(frozen=True)
class _Kind:
    """One thing to look for: how it is written, what counts as it, how it is shown."""

    pattern: re.Pattern[str]
    mask: Callable[[str], str]
    clean: Callable[[str], str] = _squeezed
    holds: Callable[[str], bool] = lambda _value: True
    values: Callable[[str], list[str]] = lambda value: [value]


def _mobiles(run: str) -> list[str]:
    return [run[i : i + 11] for i in range(0, len(run), 11)]


def _mask_handle(handle: str) -> str:
    return f"{handle[:1]}***"


# In this order: what is found first keeps its place.
_KINDS = (
    _Kind(re.compile(_EMAIL), mask_email, clean=lambda written: contacts.normalise_email(written.replace(" ", ""))),
    _Kind(re.compile(_ID_18), mask_id_number, clean=str.upper),
    _Kind(re.compile(_BANK_CARD), mask_id_number),
    _Kind(re.compile(_MOBILES), lambda run: " ".join(map(mask_phone, _mobiles(run))), values=_mobiles),
    _Kind(re.compile(_MOBILE_GROUPED), mask_phone),
    _Kind(re.compile(_ID_SPACED), mask_id_number, clean=lambda written: _squeezed(written).upper(), holds=_id_checks),
    _Kind(re.compile(_ID_15), mask_id_number),
    _Kind(re.compile(_LANDLINE), mask_phone),
    _Kind(re.compile(_LOCAL), mask_phone),
    _Kind(re.compile(_WECHAT), _mask_handle, clean=str, values=lambda handle: [f"微信:{handle}"]),
    _Kind(re.compile(_QQ), _mask_handle, values=lambda number: [f"QQ:{number}"]),
)
_WORTH_A_LOOK = re.compile(r"\d{4}|\d[^\n\d]{1,3}\d|@|[A-Za-z]{2}")


def _find(plain: str) -> Iterator[tuple[int, int, list[str], str]]:
    """Yield start, end, cleaned values and mask of each find, left to right, none overlapping another."""
    taken: dict[int, tuple[int, list[str], str]] = {}
    covered = bytearray(len(plain))
    for kind in _KINDS:
        for match in kind.pattern.finditer(plain):
            start, end = match.span("at" if "at" in kind.pattern.groupindex else 0)
            value = kind.clean(match[0] if "at" not in kind.pattern.groupindex else match["at"])
            if any(covered[start:end]) or not kind.holds(value):
                continue
            covered[start:end] = b"\1" * (end - start)
            taken[start] = (end, kind.values(value), kind.mask(value))
    for start in sorted(taken):
        yield start, *taken[start]


def mask_text(text: str) -> tuple[str, list[str]]:
    """Return ``text`` with every such number or address masked, and what was lifted out of it.

    The lifted values are in plain form (digits alone, half-width) and in reading order; a WeChat or QQ id
    keeps its name before it ("QQ:12345678"), so that nobody dials it. Masking a masked text changes nothing.
    """
    lifted: list[str] = []
    while True:
        plain = text.translate(_PLAIN)
        if not _WORTH_A_LOOK.search(plain):
            return text, lifted
        pieces: list[str] = []
        done = 0
        for start, end, values, mask in _find(plain):
            pieces += text[done:start], mask
            done = end
            lifted += values
        if not pieces:
            return text, lifted
        # A mask may lay bare a second number that hid in the first one's shadow. Every round takes digits away.
        text = "".join(pieces) + text[done:]


# -- free text whose time is over

GONE = "■■"
# The short names of the provinces, then the city's letter. I and O are never used; new-energy plates are one longer;
# trailers, learners, police and cars of Hong Kong and Macao end in a character.
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE_SIGN = "[A-HJ-NP-Za-hj-np-z0-9]"
_PLATE = re.compile(
    rf"[{_PROVINCES}] ?[A-HJ-NP-Za-hj-np-z][-. ·•]{{0,3}}"
    rf"(?=(?:[^0-9\n]{{0,3}}[0-9]){{2}})(?:{_PLATE_SIGN} ?){{4}}(?:{_PLATE_SIGN}[0-9A-Za-z]?|[挂学警港澳领使])"
    r"(?![A-Za-z0-9])"
)
# Cars of the armed police (WJ) and of embassies have another form.
_PLATE_OTHER = re.compile(rf"(?:WJ|wj)[ ·]?[{_PROVINCES}]?[ ·]?\d{{4}}[A-Za-z0-9](?![A-Za-z0-9])|使 ?\d{{6}}(?!\d)")
# What a mask has left of a number: 138****8000, 3704**********1234, 0935-****345, a***@b.cn, L***.
_LEFTOVER = re.compile(r"[\dA-Za-z-]{0,5}\*{3,}[@\dA-Za-z.-]*")


def scrub(text: str, *, names: Iterable[str] = ()) -> str:
    """Return ``text`` without anything that reaches or identifies a human, as far as a machine can see it.

    Beyond ``mask_text``: number plates go too, nothing of a number stays (not its last digits either, nor what an
    earlier mask has left of one), and so do the ``names`` given. Scrubbing a scrubbed text changes nothing.
    """
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, GONE)
    while True:
        plain = text.translate(_PLAIN)
        spans = [(start, end) for start, end, _values, _mask in _find(plain)]
        for pattern in (_PLATE, _PLATE_OTHER, _LEFTOVER):
            spans += [match.span() for match in pattern.finditer(plain)]
        if not spans:
            return text
        pieces: list[str] = []
        done = 0
        for start, end in sorted(spans):
            if start >= done:
                pieces += text[done:start], GONE
            done = max(done, end)
        text = "".join(pieces) + text[done:]
