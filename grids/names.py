"""Names of places: the short form people say, the pinyin they are sorted by, the initials they are found by. Pure.

Names of persons are never put through this module.
"""

import unicodedata
from typing import Final

from pypinyin import lazy_pinyin

from grids.enums import DivisionType, Level

# Longest first: "社区居委会" must not be read as "居委会". 社区居 is how the source cuts a long name off.
_COMMITTEES: Final = (
    ("社区居民委员会", "社区"), ("社区居委会会", "社区"), ("社区居委会", "社区"), ("社区居", "社区"),
    ("居民委员会", "社区"), ("居委会", "社区"), ("村民委员会", "村"), ("村委会", "村"),
)  # fmt: skip
# Family names that pypinyin reads as the common word, when a hamlet is named after the family (曾家 is Zeng's).
_FAMILIES: Final = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "任": "ren", "盖": "ge",
    "朴": "piao", "缪": "miao", "乐": "yue", "覃": "qin", "翟": "zhai", "冼": "xian", "员": "yun", "尉": "yu",
}  # fmt: skip
_HAMLETS: Final = frozenset("家庄村屯寨营店堡集沟湾桥楼坡塘厝巷坊")
_BANDS: Final = {
    Level.STREET: (9, (
        (100, DivisionType.SUBDISTRICT), (200, DivisionType.TOWN),
        (400, DivisionType.TOWNSHIP), (1000, DivisionType.OTHER),
    )),
    Level.COMMUNITY: (12, (
        (200, DivisionType.RESIDENTS_COMMITTEE), (400, DivisionType.VILLAGERS_COMMITTEE),
        (500, DivisionType.QUASI_RESIDENTS), (1000, DivisionType.QUASI_VILLAGERS),
    )),
}  # fmt: skip
_WORDS: Final = {"朝阳": ["chao", "yang"], "单县": ["shan", "xian"], "莘县": ["shen", "xian"]}


def short_name(name: str, level: Level) -> str:
    """A committee's name as people say it: 东潘安村委会 → 东潘安村, 邵楼居委会 → 邵楼社区; other names unchanged."""
    if level != Level.COMMUNITY:
        return name
    for ending, kept in _COMMITTEES:
        stem = name.removesuffix(ending)
        if stem and stem != name:
            return stem if stem.endswith(kept) else stem + kept
    return name


def division_type_of(code: str, level: Level) -> DivisionType | None:
    """What a street or community is, by the last three digits of its official code (rules.md f.1)."""
    bands = _BANDS.get(level)
    if bands is None or len(code) != bands[0] or not code.isdecimal():
        return None
    return next(kind for end, kind in bands[1] if int(code[-3:]) < end)


def syllables(name: str) -> list[str]:
    """Pinyin of each character, tones left out; what has no pinyin stands for itself, in lower case."""
    plain = unicodedata.normalize("NFKC", name).strip()
    read = []
    for word, pinyin in _WORDS.items():
        if plain.startswith(word):
            read, plain = list(pinyin), plain[len(word) :]
            break
    if not read and len(plain) > 1 and plain[0] in _FAMILIES and plain[1] in _HAMLETS:
        read, plain = [_FAMILIES[plain[0]]], plain[1:]
    return [part.strip().lower() for part in (*read, *lazy_pinyin(plain)) if part.strip()]


def sort_key(name: str) -> str:
    """The key that puts place names in pinyin order under the C collation."""
    return " ".join(syllables(name))[:400]


def initials(name: str) -> str:
    """First letters, to find a place by: 坛山街道 → tsjd. Digits and Latin words are kept whole."""
    return "".join(part if part.isdigit() else part[0] for part in syllables(name))[:100]
