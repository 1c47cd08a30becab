"""What a word of alarm does not mean: "打我电话" asks for a call, "抢修" is a repair, "烟囱冒烟" is a chimney.

A false alarm costs a phone call, a missed one may cost a life: a word is taken for harmless only inside a phrase
that is plainly so, and never when the rest of the text speaks of somebody in danger now.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

_PHONE = r"(?:电话|手机|座机|固话|号码|热线|微信)"
_WHOSE = (
    r"(?:们|家里?|本人|自己|女儿|儿子|老婆|老公|爱人|妻子|丈夫|媳妇|妈妈?|爸爸?|母亲|父亲|邻居|单位|办公室|的"
    r"|这个|那个|上面|留的|登记的|预留的|一?个|一下)"
)
_ON = r"[^，。！？；,.!?;\n]"  # on in the same clause
_DETECTOR = r"(?:报警器|报警装置|检测|探测|保险|自查|阀)(?!" + _ON + r"{0,10}(?:响|叫|报警|不停))"

# Word → phrases with it that mean something else. Everything not named here is taken at its word.
PHRASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "打我": (
            rf"打我{_WHOSE}{{0,4}}{_PHONE}",
            r"打我(?:们|的)?[\s:：]*\d[\d*＊ -]{4,}",
            r"[敲拍捶吹刮淋]打我(?:们|家)",
            rf"打我{_ON}{{0,6}}(?:主意|差评|小报告)",
        ),
        "打老婆": (rf"打老婆{_WHOSE}{{0,2}}{_PHONE}",),
        "家暴": (r"反(?:对)?家暴", r"家暴(?:法|宣传|讲座|普法|知识|课)"),
        "家庭暴力": (r"反(?:对)?家庭暴力", r"家庭暴力(?:法|宣传|讲座|普法|知识|课)"),
        "偷": (
            r"偷(?:偷|懒|闲|排|倒|税|漏税|工减料|听|笑|着乐|梁换柱)",
            r"(?<!消)(?:防|防止|预防|怕|担心|以免|免得)(?:被|人|再|有人|东西){0,2}偷",
            r"防(?:小)?偷",
        ),
        "抢": (
            r"抢(?:修|险|通|种|购|票|课|单|答|先|眼|救性|工期|时间|进度|名额|红包|生意|着|注|栽|建|搭|道|号)",
            r"抢手(?!机|里|上|中|表|包|镯|链|提)|抢收(?!费|银|款)|抢跑(?!了)|抢行(?!人)",
            r"抢(?:占|到|不到|了|我|我家|我们|别人|人家|公共|充)?(?:的)?(?:公共)?(?:停?车位|车库|座位?|座|位置?|位子|充电桩?|充电|场地|球场|地方|楼道|通道)",
            r"抢(?:占|不到|不上|得到)",
            r"争抢(?:停?车位|名额|座位|场地|充电桩)",
            r"(?<!消)(?:防|防止|预防|怕|担心|以免|免得)(?:被|人|再|有人|东西){0,2}抢",
        ),
        "打架": (
            r"[猫狗犬鸡鸟鹅鸽](?:狗|猫)?(?:们|和|跟|与)?[猫狗犬]?(?:在|老|总|天天|半夜|夜里|经常|又){0,3}打架",
            r"(?:政策|文件|规定|数据|信号|眼皮|标准|通知)(?:互相|相互|自相)?打架",
            r"打架子",
        ),
        "诈骗": (
            r"(?:反|防|防范|预防|识破|谨防)(?:电信|网络|养老|电信网络)*诈骗",
            r"诈骗(?:宣传|讲座|知识|海报|培训|案例)",
        ),
        "被骗": (r"(?:防止?|怕|担心|以免|免得|谨防)(?:老人|再|有人)?被骗",),
        "转账": (
            r"(?:可以|能不能|能否|可不可以|是否支持|不?支持|不能|无法|怎么|对公|或者?|用)(?:微信|网上|手机|银行|直接)?转账",
            r"转账(?:缴|交|付费|支付|记录|凭证|截图|方式|码|功能)",
        ),
        "着火": (r"着火锅", r"[看坐追等赶拉听送接]着火车", r"着火(?:急火燎|腿|龙果)"),
        "起火": (r"(?:一|吃)起火(?:锅|车|化|葬|灾)", r"引起火"),
        "冒烟": (
            rf"(?:烧烤|烟囱|排烟口|排气管|尾气|香炉|炒菜|炸串|早点摊|油烟|烧纸){_ON}{{0,5}}冒烟",
            rf"(?:嗓子|喉咙|嗓子眼|气得|急得|渴得){_ON}{{0,4}}冒烟",
        ),
        **{
            gas: (gas + _DETECTOR,)
            for gas in ("燃气泄漏", "燃气泄露", "天然气泄漏", "天然气泄露", "煤气泄漏", "煤气泄露")
        },
        **{
            illness: (
                rf"(?:有|患有?|得过|得了|患|老|做过){_ON}{{0,4}}{illness}(?!{_ON}{{0,4}}(?:发作|犯|突发))",
                rf"{illness}(?:人|患者|病人|史|药|的药|复查|手术|专家|门诊|讲座|术后|后遗症)",
            )
            for illness in ("心脏病", "心梗")
        },
        "急救": (r"急救(?:培训|知识|箱|包|课|站|设备|证|讲座|技能|员|演练|药|通道|常识)",),
        "晕倒": (r"[熏臭气]得?(?:都|我|人)?(?:快要?|要|差点|险些)" + _ON + r"{0,2}晕倒",),
        "昏迷": (r"昏迷(?:评分|史)",),
        "蛇": (r"蛇(?:皮|形|年|口|瓜|精|纹)", r"(?:地头|长|排)蛇", r"牛鬼蛇神|画蛇添足|虎头蛇尾|打草惊蛇|蛇鼠一窝"),
        "马蜂": (r"马蜂酒",),
    },
)

# Said around any such word but those of violence at home, where fear and denial are no reason to look away.
_DENIED = (
    r"(?:(?<![有没])没有?|并未|未|并无|(?<!是)不是|不会|(?<!消)防|防止|预防|防范|避免|以免|免得|怕|担心|谨防|闻不到|看不到)"
    r"(?:再|被|会|发生|出现|发现|引起|引发|造成|什么|老人|孩子){0,3}"
)
# What might happen one day: "万一着火", "充电容易起火". "可能" and "好像" are how people report a fire.
_SUPPOSED = rf"(?:万一|一旦|要是|如果|假如|倘若|若是|哪天|早晚会|迟早会|会不会|容易|极易|易){_ON}{{0,8}}"
# What happened and is over; theft and fraud are for the police afterwards too.
_PAST = (
    r"(?:去年|前年|上个?月|上周|上星期|上次|上回|曾经|曾|以前|之前|前几天|前些天|前阵子|有一次|有一回|那次|几年前)"
    rf"{_ON}{{0,10}}"
)
OVER_ONCE_OVER = frozenset({"着火", "起火", "冒烟", "失火", "着了火", "困在电梯", "电梯困人", "被困电梯", "关在电梯"})
_ABOUT = r"(?:的)?(?:演练|演习|宣传|讲座|培训|知识|预案|应急预案|隐患|风险|警示)"
# An old illness matters at once when the text says that it is happening.
BODY = frozenset({"心脏病", "心梗", "急救", "晕倒", "昏迷"})
AT_HOME = frozenset({"家暴", "家庭暴力", "打我", "打老婆", "打媳妇"})
# Money lost to a shop one can walk into is a consumer's matter; lost to a voice or a link, it may still be stopped.
FRAUD = frozenset({"诈骗", "被骗", "骗走", "转账"})
_TRADE = re.compile(
    r"[办充退]卡|会员卡|年卡|次卡|预付|健身|理发|美容|养生|保健品|床垫|鸡蛋|讲座|门店|商家|店家|老板|房东|中介|开发商|物业"
    r"|装修公司|驾校|培训|机构|学费|押金|定金|工资"
)
_FAR = re.compile(
    r"电话|短信|陌生|链接|验证码|客服|公安|警察|安全账户|刷单|返利|网贷|网上|网络|app|平台|投资|中奖|冒充|扫码|微信|qq|银行"
    r"|对方"
)

# Somebody is in danger now, whatever else was said.
_NOW = re.compile(
    r"救命|快来人|快来救|叫不醒|没反应|没有反应|不省人事|没了?呼吸|没有呼吸|喘不上|喘不过|透不过气|胸口痛|胸口疼|胸痛"
    r"|倒在地|倒地|大出血|快不行|正在打|拿刀|持刀|砍人|火很大|火势|浓烟|火苗|明火|有人被困|出不来"
)


def is_meant(word: str, text: str) -> bool:
    """Tell whether an emergency word stands in ``text`` (in capitals or not) and is meant as one. Pure."""
    word, text = word.lower(), text.lower()
    if word not in text:
        return False
    in_danger = _NOW.search(text) is not None
    if in_danger and word in BODY:
        return True
    if word in FRAUD and _TRADE.search(text) and not _FAR.search(text):
        return False
    phrases = list(PHRASES.get(word, ()))
    if word not in AT_HOME and not in_danger:
        phrases += [_DENIED + re.escape(word), _SUPPOSED + re.escape(word), re.escape(word) + _ABOUT]
        if word in OVER_ONCE_OVER:
            phrases.append(_PAST + re.escape(word))
    return word in _without(phrases, text)


def _without(phrases: list[str], text: str) -> str:
    """Return the text with every such phrase blanked."""
    for phrase in phrases:
        text = re.sub(phrase, lambda found: "　" * len(found[0]), text)
    return text
