"""What is left of free text when its time is over: nothing that reaches or identifies a human."""

import pytest

from people.masking import GONE, scrub


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # telephone numbers, identity numbers, addresses, cards: nothing stays of them, not the last digits either
        ("电话13800138000，找常小红", "电话■■，找常小红"),
        ("电话１３８００１３８０００", "电话■■"),
        ("138 0013 8000", "■■"),
        ("0935-8212345 转 2", "■■ 转 2"),
        ("身份证370402199001011234", "身份证■■"),
        ("3704021990 0101 123X", "3704021990 0101 123X"),  # no valid number: its check digit is wrong
        ("邮箱 anna@b.cn", "邮箱 ■■"),
        ("银行卡6222020200112233445", "银行卡■■"),
        ("微信lao_wang88", "微信■■"),
        # number plates in every form people write them
        ("鲁D12345占道", "■■占道"),
        ("鲁D·12345", "■■"),
        ("鲁D 12345", "■■"),
        ("鲁 D 1 2 3 4 5", "■■"),
        ("鲁D-A1B23停在消防通道", "■■停在消防通道"),
        ("车牌号为甘c8k999的白车", "车牌号为■■的白车"),
        ("鲁Ｄ１２３４５", "■■"),
        ("粤BD12345", "■■"),  # new energy, small
        ("粤B·D12345", "■■"),
        ("粤B12345D", "■■"),  # new energy, large
        ("京Ａ Ｄ１２３４５", "■■"),
        ("甘C1234学", "■■"),
        ("甘C1234警来过", "■■来过"),
        ("粤Z1234港", "■■"),
        ("WJ甘12345", "■■"),
        # what an earlier mask has left
        ("请打 138****8000 或 0935-****345", "请打 ■■ 或 ■■"),
        ("3704**********1234", "■■"),
        ("a***@b.cn", "■■"),
        # and what is no data of anybody
        ("3号楼2单元501室漏水", "3号楼2单元501室漏水"),
        ("2026年6月9日10:30", "2026年6月9日10:30"),
        ("新A区12号，云A座", "新A区12号，云A座"),
        ("花了12345元", "花了12345元"),
        ("", ""),
    ],
)
def test_numbers_plates_and_addresses_go_and_the_rest_stays(text, left):
    assert scrub(text) == left


def test_the_persons_own_name_goes_wherever_it_stands():
    assert scrub("常小红家漏水，请联系常小红", names=["常小红", "", "常"]) == f"{GONE}家漏水，请联系{GONE}"


def test_a_scrubbed_text_stays_as_it_is():
    once = scrub("常小红 13800138000 鲁D12345 a@b.cn", names=["常小红"])

    assert once == f"{GONE} {GONE} {GONE} {GONE}"
    assert scrub(once, names=["常小红"]) == once
