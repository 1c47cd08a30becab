"""Words for everybody's eyes: beyond ``people.masking.scrub``, no door, no neighbour by what he is called. Pure.

Compound and building may stay, for that is where the matter is. A machine sees doors and forms of address, not every
name: a person reads the words before they hang.
"""

import re
from collections.abc import Iterable
from typing import Final

from people.masking import GONE, scrub

_COUNT: Final = "一二三四五六七八九十〇零两"
_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘袁董余叶杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪"
    "陆金贾韦夏邱熊孟秦阎薛侯雷段郝孔邵毛常万顾赖武康贺严尹钱施龚"
)
_CALLED: Final = (
    "阿姨|大爷|大妈|大叔|大娘|大姐|大哥|奶奶|爷爷|叔叔?|师傅|先生|女士|老师|主任|书记|医生|大夫|老板|经理"
    "|婶|伯伯?|嫂|姐|某某?"
)
# Said behind a name that would else be a word: 老王家, 小李说; not 老高层, 小方块.
_BEHIND: Final = r"(?=[家的说反住和跟与在也，。、；：！？ ]|$)"
_DOOR: Final = re.compile(
    "|".join(
        (
            # 2单元501室, 二单元五零一, 三单元
            rf"(?:\d{{1,2}}|[{_COUNT}]{{1,3}}) ?单元[- ]?(?:(?:\d{{3,4}}|[{_COUNT}]{{2,5}})(?!\d)[室号户]?)?",
            # 5-2-301, 12#-301
            r"(?<![\d-])\d{1,3}[-#]{1,2}(?:\d{1,2}-)?\d{3,4}(?![\d-])[室号户]?",
            # 3号楼501, 三栋402室: the building stays
            rf"(?<=[楼栋幢座])[- ]?(?:\d{{3,4}}|[{_COUNT}]{{3,4}})(?!\d)[室号户]?",
            # 501室, 1602号房, 302的住户, 住302
            rf"(?<![\d-])(?:\d{{3,4}}|[{_COUNT}]{{3,4}})(?:室|号房|住户|业主|家(?![电具属长]))",
            r"(?<![\d-])\d{3,4}(?=的?(?:住户|业主|邻居|人家|老|小孩))",
            r"(?<=住)在?\d{3,4}(?![\d年月天元块户])",
        )
    )
)
_NEIGHBOUR: Final = re.compile(
    rf"[{_SURNAMES}](?:{_CALLED})|[老小阿][{_SURNAMES}]{_BEHIND}|[{_SURNAMES}][\u4e00-\u9fff]?(?:{_CALLED}){_BEHIND}"
)


def anonymous(text: str, *, names: Iterable[str] = ()) -> str:
    """Return ``text`` without numbers, plates, the ``names`` given, doors, and neighbours called by their name.

    Doing it again changes nothing.
    """
    text = scrub(text, names=names)
    for pattern in (_DOOR, _NEIGHBOUR):
        text = pattern.sub(GONE, text)
    return text
