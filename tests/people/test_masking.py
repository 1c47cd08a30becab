import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from people import masking
from people.masking import mask_text

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("name", "masked"),
    [("常小红", "常**"), ("王芳", "王**"), ("欧阳震华", "欧**"), ("Anna Ma", "A**"), ("", "")],
)
def test_a_name_shows_its_first_sign_and_not_its_length(name, masked):
    assert masking.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800138000", "138****8000"),
        ("138 0013 8000", "138****8000"),
        ("09358210345", "0935-****345"),
        ("0935-82103456", "0935-****3456"),
        ("01062345678", "010-****5678"),
        ("8210345", "****345"),
        ("123456789012", "****12"),
        ("", ""),
    ],
)
def test_a_phone_number_shows_where_it_belongs_and_its_end(phone, masked):
    assert masking.mask_phone(phone) == masked


@pytest.mark.parametrize(("email", "masked"), [("anna.ma@b.cn", "a***@b.cn"), ("a@b.cn", "a***@b.cn"), ("", "")])
def test_an_address_shows_its_first_sign_and_its_domain(email, masked):
    assert masking.mask_email(email) == masked


@pytest.mark.parametrize(
    ("text", "masked", "lifted"),
    [
        # mobile numbers
        ("请打13800138000找我", "请打138****8000找我", ["13800138000"]),
        ("138-0013-8000", "138****8000", ["13800138000"]),
        ("138 0013 8000", "138****8000", ["13800138000"]),
        ("138 001 38000", "138****8000", ["13800138000"]),
        ("1380 013 8000", "138****8000", ["13800138000"]),
        ("138.0013.8000", "138****8000", ["13800138000"]),
        ("138 – 0013 – 8000", "138****8000", ["13800138000"]),
        ("1 3 8 0 0 1 3 8 0 0 0", "138****8000", ["13800138000"]),
        ("１３８００１３８０００", "138****8000", ["13800138000"]),
        ("１３８－００１３－８０００", "138****8000", ["13800138000"]),
        ("138\u30000013\u30008000", "138****8000", ["13800138000"]),
        ("138\u200b0013\u200b8000", "138****8000", ["13800138000"]),
        ("٠١٣٨٠٠١٣٨٠٠٠", "٠138****8000", ["13800138000"]),
        ("+86 13800138000", "+86 138****8000", ["13800138000"]),
        ("+86-138-0013-8000", "+86-138****8000", ["13800138000"]),
        ("8613800138000", "86138****8000", ["13800138000"]),
        ("013800138000", "0138****8000", ["13800138000"]),
        ("①13800138000②", "①138****8000②", ["13800138000"]),
        ("**13800138000**", "**138****8000**", ["13800138000"]),
        ("tel13800138000x", "tel138****8000x", ["13800138000"]),
        ("3号楼5-2-13800138000", "3号楼5-2-138****8000", ["13800138000"]),
        ("13800138000/13900139000", "138****8000/139****9000", ["13800138000", "13900139000"]),
        ("1380013800013900139000", "138****8000 139****9000", ["13800138000", "13900139000"]),
        ("共3次 13800138000 2次", "共3次 138****8000 2次", ["13800138000"]),
        # landlines
        ("0935-8210345", "0935-****345", ["09358210345"]),
        ("0935 8210345", "0935-****345", ["09358210345"]),
        ("(0935)8210345", "0935-****345", ["09358210345"]),
        ("（０９３５）８２１０３４５", "0935-****345", ["09358210345"]),
        ("0935-821-0345", "0935-****345", ["09358210345"]),
        ("09358210345", "0935-****345", ["09358210345"]),
        ("010-62345678", "010-****5678", ["01062345678"]),
        ("电话8210345", "电话****345", ["8210345"]),
        ("联系电话：821-0345。", "联系电话：****345。", ["8210345"]),
        ("电话8805667、8805670", "电话****667、****670", ["8805667", "8805670"]),
        # identity numbers, bank cards
        ("身份证11010519491231002X", "身份证1101**********002X", ["11010519491231002X"]),
        ("身份证11010519491231002x。", "身份证1101**********002X。", ["11010519491231002X"]),
        ("110105 19491231 002X", "1101**********002X", ["11010519491231002X"]),
        ("110105-19491231-002X", "1101**********002X", ["11010519491231002X"]),
        ("１１０１０５１９４９１２３１００２Ｘ", "1101**********002X", ["11010519491231002X"]),
        ("620302490101123", "6203*******1123", ["620302490101123"]),
        ("卡号：6222 0219 9001 0112 345", "卡号：6222***********2345", ["6222021990010112345"]),
        # addresses and handles
        ("anna.ma@example.org", "a***@example.org", ["anna.ma@example.org"]),
        ("邮箱ａｎｎａ＠１６３．ｃｏｍ", "邮箱a***@163.com", ["anna@163.com"]),
        ("13800138000@163.com", "1***@163.com", ["13800138000@163.com"]),
        ("anna @ 163.com", "a***@163.com", ["anna@163.com"]),
        ("微信：abc_12345", "微信：a***", ["微信:abc_12345"]),
        ("微信号是 Zhang-San88", "微信号是 Z***", ["微信:Zhang-San88"]),
        ("加vx：zhangsan88", "加vx：z***", ["微信:zhangsan88"]),
        ("微信 13800138000", "微信 138****8000", ["13800138000"]),
        ("微信88123456", "微信8***", ["微信:88123456"]),
        ("QQ12345678", "QQ1***", ["QQ:12345678"]),
        ("ＱＱ：１２３４５６７８", "ＱＱ：1***", ["QQ:12345678"]),
        ("qq号 12345", "qq号 1***", ["QQ:12345"]),
        ("扣扣是1234567890", "扣扣是1***", ["QQ:1234567890"]),
        (
            "我叫常小红，电话138-0013-8000，邮箱a.b@qq.com，身份证11010519491231002X",
            "我叫常小红，电话138****8000，邮箱a***@qq.com，身份证1101**********002X",
            ["13800138000", "a.b@qq.com", "11010519491231002X"],
        ),
    ],
)
def test_ways_to_reach_or_identify_a_human_are_lifted_out(text, masked, lifted):
    assert mask_text(text) == (masked, lifted)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "楼道灯坏了三个月没人修",
        # dates and times
        "2026-06-09 10:00",
        "2026年6月9日10时",
        "2026/06/09-2026/06/15",
        "20260609",
        "10:00～17:00",
        "0830-20260609",
        "微信20230101",
        "130 20230101",
        # amounts and measures
        "15000元",
        "13800000000元",
        "13000-150000元",
        "15800-160000平",
        "微信转账15000元",
        "微信15000元",
        "QQ会员12000元",
        "1.38亿",
        # places
        "3号楼2单元1301室",
        "15-2-1301",
        "17-2-301 2024-01",
        "620302001001",
        "620302001001001",
        "620302001001001-3-2",
        # numbers of matters and orders
        "PX20260609000017",
        "PX2026060900017",
        "2023010112345",
        "DD20230101123456789",
        "订单号 123456789012",
        "DH-2023-0101-1380",
        "000000000000000000",
        "110105194913310021",
        # numbers everybody knows
        "12345",
        "110、119、120",
        "400-810-0000",
        "95598",
        "拨打12345热线",
        # already masked
        "138****8000",
        "0935-****345",
        "1101**********002X",
        "a***@163.com",
        "微信：a***",
        # words that only look like handles
        "微信公众号 jinchuan",
        "微信支付",
        "微信WeChat",
        "微信https://example.org",
        "via @ noon",
        "1 3 5 7 9 11",
    ],
)
def test_what_is_no_contact_stays_as_it_is(text):
    assert mask_text(text) == (text, [])


MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
GROUPS = st.sampled_from([(11,), (3, 4, 4), (3, 3, 5), (4, 3, 4), (4, 4, 3), (7, 4), (5, 6), (6, 5), (1,) * 11])
GAP = st.sampled_from(["-", " ", "－", "—", "\u3000", "\u00a0", ".", "·", " - "])
CHINESE = st.text(st.sampled_from("的一是楼道灯坏了请修找我，。：；！（）\n"), max_size=12)


@given(MOBILE, GROUPS, GAP, st.booleans(), st.tuples(CHINESE, CHINESE))
def test_a_mobile_number_is_lifted_however_it_is_grouped_and_wherever_it_stands(
    number, groups, gap, full_width, around
):
    before, after = around
    starts = [sum(groups[:i]) for i in range(len(groups))]
    written = gap.join(number[at : at + size] for at, size in zip(starts, groups, strict=True))
    written = written.translate(FULL_WIDTH) if full_width else written

    masked, lifted = mask_text(f"{before}{written}{after}")

    assert lifted == [number]
    assert masked == f"{before}{number[:3]}****{number[-4:]}{after}"


@given(st.text(st.sampled_from("0123456789１３８ -*.·/+()XQq@a微信电话卡号元月日，\n"), max_size=60))
@example("QQ12+8613800138000")
@example("138 0013 8000-13900139000")
@example("电话8805667,13800138000")
def test_masking_a_masked_text_changes_nothing(text):
    masked, _lifted = mask_text(text)

    assert mask_text(masked) == (masked, [])


@given(st.text(st.sampled_from("0123456789 -a@微信，"), max_size=40))
def test_no_free_standing_mobile_number_is_left(text):
    masked, _lifted = mask_text(text)

    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)(?! ?[元万亿])", masked)


@given(st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=60))
def test_a_text_without_digits_at_signs_and_handles_stays(text):
    assume("@" not in text and "＠" not in text and not re.search(r"[A-Za-zＡ-Ｚａ-ｚ]{2}", text))

    assert mask_text(text) == (text, [])


@given(
    st.dates(),
    st.times(),
    st.sampled_from(["%Y-%m-%d %H:%M", "%Y年%m月%d日", "%Y/%m/%d", "%Y.%m.%d %H:%M:%S", "%Y%m%d"]),
)
def test_a_moment_is_never_taken_for_a_number_of_a_human(day, time, form):
    written = f"{day.strftime(form)} {time.strftime('%H:%M')}"

    assert mask_text(f"于{written}报修") == (f"于{written}报修", [])


@given(st.integers(0, 10**9), st.sampled_from(["元", "万元", "块", "平方米", "㎡", "户"]))
def test_a_sum_is_never_taken_for_a_number_of_a_human(amount, unit):
    assert mask_text(f"共{amount}{unit}") == (f"共{amount}{unit}", [])


@given(st.dates(), st.integers(0, 99999), st.integers(0, 9))
def test_a_petition_number_is_never_taken_for_a_number_of_a_human(day, serial, check):
    number = f"PX{day:%Y%m%d}{serial:05}{check}"

    assert mask_text(f"见{number}号") == (f"见{number}号", [])


def test_a_long_text_is_masked_in_reasonable_time():
    text = "楼道灯坏了 1380 0138 " * 20_000 + "a" * 50_000 + "1 " * 20_000

    masked, lifted = mask_text(text)

    assert (masked, lifted) == (text, [])
