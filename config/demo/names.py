"""Invented names of people, and invented numbers to call them by."""

from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文辉玲建红春梅华国志玉兰海燕雪莹峰斌宁颖晨怡琳凯鑫倩睿佳"


def person(rng: Random) -> str:
    """Return a name of two or three characters."""
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))


def phone(rng: Random) -> str:
    """Return a well-formed mobile number; nothing is ever sent to it."""
    return f"1990000{rng.randrange(10_000):04d}"
