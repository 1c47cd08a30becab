"""Names of places: short form, pinyin, initials, and what an official code says of the kind."""

import pytest

from grids.enums import DivisionType, Level
from grids.names import division_type_of, initials, short_name, sort_key


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("多福巷社区居委会", "多福巷社区"),
        ("工农社区居", "工农社区"),  # cut off like this in the source
        ("南漖社区居委会会", "南漖社区"),
        ("邵楼居委会", "邵楼社区"),
        ("胜利西村居委会", "胜利西村社区"),
        ("东潘安村委会", "东潘安村"),
        ("桃花村村委会", "桃花村"),
        ("北棠阴村民委员会", "北棠阴村"),
        ("居委会", "居委会"),
        ("虚拟社区", "虚拟社区"),
        ("圆梦苑社区居民委员会生活区", "圆梦苑社区居民委员会生活区"),
    ],
)
def test_a_committee_is_called_what_people_call_it(name, short):
    assert short_name(name, Level.COMMUNITY) == short


def test_only_communities_lose_their_suffix():
    assert short_name("坛山居委会", Level.STREET) == "坛山居委会"


@pytest.mark.parametrize(
    ("name", "key", "letters"),
    [
        ("坛山街道", "tan shan jie dao", "tsjd"),
        ("曾家社区", "zeng jia she qu", "zjsq"),  # a family's hamlet: not ceng
        ("单家村", "shan jia cun", "sjc"),
        ("朝阳社区", "chao yang she qu", "cysq"),
        ("长青乡", "chang qing xiang", "cqx"),
        ("重庆路", "chong qing lu", "cql"),
        ("莫𡐓村", "mo kang cun", "mkc"),  # outside the BMP
        ("ｅ时代社区", "e shi dai she qu", "esdsq"),  # full-width e
        ("〇五社区", "ling wu she qu", "lwsq"),
        ("祁丰蔵族乡", "qi feng zang zu xiang", "qfzzx"),
        ("12号楼", "12 hao lou", "12hl"),
    ],
)
def test_places_are_sorted_by_pinyin_and_found_by_initials(name, key, letters):
    assert sort_key(name) == key
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("code", "level", "kind"),
    [
        ("370404001", Level.STREET, DivisionType.SUBDISTRICT),
        ("370404100", Level.STREET, DivisionType.TOWN),
        ("370404200", Level.STREET, DivisionType.TOWNSHIP),
        ("370404400", Level.STREET, DivisionType.OTHER),
        ("370404001006", Level.COMMUNITY, DivisionType.RESIDENTS_COMMITTEE),
        ("370404001200", Level.COMMUNITY, DivisionType.VILLAGERS_COMMITTEE),
        ("370404001400", Level.COMMUNITY, DivisionType.QUASI_RESIDENTS),
        ("370404001500", Level.COMMUNITY, DivisionType.QUASI_VILLAGERS),
        ("370404001999", Level.COMMUNITY, DivisionType.QUASI_VILLAGERS),
        ("ours-1", Level.COMMUNITY, None),
        ("370404", Level.DISTRICT, None),
    ],
)
def test_the_last_three_digits_say_what_a_division_is(code, level, kind):
    assert division_type_of(code, level) == kind
