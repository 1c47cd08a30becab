"""Words of alarm in sentences as people write them: what is meant calls for help, what is not does not."""

import pytest

from petitions.enums import Urgency
from petitions.models import Category
from petitions.suggestion import suggest
from tests.factories import TUESDAY
from tests.petitions.filing import check

pytestmark = pytest.mark.django_db

MEANT = {
    "他又喝酒打我和孩子，现在把门反锁了，别打电话回来他会听见。": "0903",
    "老公打我，手机也被他摔了。": "0903",
    "隔壁打老婆，天天听见哭。": "0903",
    "怕他晚上又家暴，孩子吓得不敢睡。": "0903",
    "他没有打我脸，是用脚踹。": "0903",
    "请打我电话13800138000，他昨晚又打我了。": "0903",
    "门口有人打架，还有一个拿着棍子。": "0806",
    "我的电动车在楼下被偷了。": "0806",
    "昨晚有人偷偷进了我家，偷走了金项链。": "0806",
    "刚才有人骑摩托抢手机，往东跑了。": "0806",
    "两个人抢行人的包。": "0806",
    "有人抢收费员的钱。": "0806",
    "工地的钢筋天天有人偷工地上的人不管。": "0806",
    "有人持刀在小区里转。": "0806",
    "3号楼着火了，快来人。": "0805",
    "消防着火了没人管，楼道里全是烟。": "0805",
    "五楼阳台冒烟，里面好像有人。": "0805",
    "是不是着火了？一股糊味，墙在冒烟。": "0805",
    "电动车在棚里起火。": "0805",
    "灭火器没有，着火了怎么办，火很大。": "0805",
    "一进门就是很浓的煤气味。": "0305",
    "燃气泄漏报警器一直响，没人在家。": "0305",
    "怀疑燃气泄漏，请马上派人。": "0305",
    "老人困在电梯里出不来了。": "0404",
    "2单元电梯困人。": "0404",
    "我妈心脏病发作，胸口疼。": "1104",
    "老人有心脏病，现在喘不上气。": "1104",
    "有人晕倒在花坛边。": "1104",
    "没人会急救，他昏迷了。": "1104",
    "我妈刚被骗了两万块。": "0809",
    "对方让我转账到安全账户，我转了。": "0809",
    "楼道里有一条蛇。": "0811",
}
NOT_MEANT = [
    "有结果请打我电话。",
    "有事打我13800138000，谢谢。",
    "请打我 138****8000 联系。",
    "麻烦打我老婆手机，我上班接不了。",
    "打我们家座机也行。",
    "上门前请打我这个号码。",
    "雨水拍打我家窗户，窗框漏水。",
    "楼上的打我主意，想占我的车位。",
    "社区什么时候办反家暴宣传？",
    "水管爆了，请尽快抢修。",
    "抢险队把路挖开以后没填平。",
    "每天回来都要抢车位。",
    "有人抢占公共楼道堆杂物。",
    "充电桩太少，大家抢充电桩。",
    "报名抢名额的链接打不开。",
    "活动室的票太抢手，老人抢不到座位。",
    "隔壁晚上偷偷施工。",
    "工程偷工减料，墙皮又掉了。",
    "餐馆往下水道偷排油污。",
    "半夜有车偷倒渣土。",
    "门锁坏了，怕被偷，请装个门禁。",
    "建议装监控防小偷。",
    "野猫天天打架，吵得睡不着。",
    "两份文件打架，不知道按哪个办。",
    "社区能不能办一次防诈骗讲座？",
    "老人多，怕老人被骗，希望多宣传。",
    "物业费能不能转账？",
    "交了钱，转账记录也有，还说没交。",
    "楼下饭店吃着火锅到半夜，很吵。",
    "电线乱拉，有着火隐患。",
    "楼道堆满纸箱，怕着火。",
    "没有着火，只是灯坏了。",
    "楼下烧烤摊天天冒烟。",
    "食堂的烟囱一直冒烟，衣服没法晾。",
    "等了三天没人理，气得嗓子冒烟。",
    "燃气泄漏报警器谁来换？",
    "检查过了，没有煤气味。",
    "电梯老停，怕被困在电梯里。",
    "建议搞一次电梯困人演练。",
    "我有心脏病，广场舞太吵睡不着。",
    "心脏病人爬不了楼，请修电梯。",
    "想报名学急救知识。",
    "急救通道被私家车堵了。",
    "垃圾臭得快晕倒了。",
    "门口排长蛇队。",
    "蛇皮袋装的建筑垃圾没人清。",
]
ALARMS = {"0305", "0404", "0805", "0806", "0809", "0811", "0903", "1104"}


@pytest.mark.parametrize(("text", "code"), MEANT.items())
def test_who_is_in_danger_is_shown_whom_to_call(text, code):
    found = suggest(text, on=TUESDAY.date())

    assert code in [one.category.code for one in found if one.category.emergency_numbers]
    assert found[0].category.emergency_numbers


@pytest.mark.parametrize("text", NOT_MEANT)
def test_a_word_that_means_something_else_calls_nobody(text):
    alarms = Category.objects.in_force(TUESDAY.date()).exclude(emergency_numbers=[])
    assert alarms.named_in(text).exists(), "the sentence has no word of alarm: it proves nothing"

    found = suggest(text, on=TUESDAY.date(), limit=20)

    assert [one.category.code for one in found if one.category.code in ALARMS] == []


def test_asking_for_a_call_makes_no_emergency_of_a_broken_pipe(client, district):
    petition = district.petition(text="水管爆了请尽快抢修，有结果请打我电话。")

    page = check(client, text="水管爆了请尽快抢修，有结果请打我电话。")

    assert petition.urgency == Urgency.NORMAL
    assert page.context["numbers"] == []


def test_a_beaten_wife_is_an_emergency_and_her_category_is_not_spelt_out(client, district):
    text = "他又喝酒打我，请打我电话。"
    petition = district.petition(text=text)

    page = check(client, text=text)

    assert petition.urgency == Urgency.EMERGENCY
    assert page.context["numbers"] == ["110"]
    assert page.context["suggestion"] is None
