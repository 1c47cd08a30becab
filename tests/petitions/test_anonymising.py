"""What hangs on the public board holds no door and no neighbour by name; what says where the matter is may stay."""

import pytest

from petitions.anonymising import anonymous


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("3号楼2单元501室漏水", "3号楼■■漏水"),
        ("住5-2-301的老王说", "住■■的■■说"),
        ("王阿姨家在三单元四零一", "■■家在■■"),
        ("家住3栋402，楼上吵", "家住3栋■■，楼上吵"),
        ("三号楼501的灯", "三号楼■■的灯"),
        ("302的住户把柜子放在楼道", "■■的住户把柜子放在楼道"),
        ("1602室门口", "■■门口"),
        ("李师傅电话 0935-8210000", "■■电话 ■■"),
        ("张主任答应了，小李也在", "■■答应了，■■也在"),
        ("常小红打13800138000问过", "■■打■■问过"),
    ],
)
def test_doors_and_neighbours_go(words, left):
    assert anonymous(words, names=["常小红"]) == left
    assert anonymous(left) == left


@pytest.mark.parametrize(
    "words",
    [
        "龙集里小区3号楼前的垃圾桶满了两天，味道很大。",
        "2026-06-09 接到反映，当天清运，每天加一班。",
        "投入300元，更换路灯120盏，涉及502户。",
        "小高层外墙瓷砖掉了，小方块砖补齐。",
        "老年人说路面滑，老小区改造后已铺防滑砖。",
        "按2024年的标准，共1200米。",
        "公交305路改道，老师和家长都说方便。",
    ],
)
def test_what_names_nobody_stays(words):
    assert anonymous(words) == words
