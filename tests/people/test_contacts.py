import pytest

from people import contacts
from people.masking import mask_text


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("+86-13800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("（+86）13800138000", "13800138000"),
        ("013800138000", "13800138000"),
        ("138\u200b0013\u200b8000", "13800138000"),
        ("0935-8210000", "09358210000"),
        ("(0935) 821 0000", "09358210000"),
        ("+86 935 8210000", "09358210000"),
        ("+86 0935 8210000", "09358210000"),
        ("010-62345678", "01062345678"),
        ("8210000", "8210000"),
        ("", ""),
    ],
)
def test_a_number_has_one_form_however_it_is_written(written, normal):
    assert contacts.normalise_phone(written) == normal
    assert contacts.normalise_phone(normal) == normal


@pytest.mark.parametrize(
    ("number", "dialable", "mobile"),
    [
        ("13800138000", True, True),
        ("19900138000", True, True),
        ("12800138000", False, False),
        ("1380013800", False, False),
        ("138001380001", False, False),
        ("09358210000", True, False),
        ("0935821000", False, False),
        ("01062345678", True, False),
        ("0106234567", False, False),
        ("8210000", True, False),
        ("1210000", False, False),
        ("12345", False, False),
        ("138OO138000", False, False),
        ("", False, False),
    ],
)
def test_what_can_be_dialled(number, dialable, mobile):
    assert contacts.is_phone(number) is dialable
    assert contacts.is_mobile(number) is mobile


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("常小红", " 常 小 红 "),
        ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
        ("Anna Ma", "ANNA MA"),
        ("Ａｎｎａ　Ｍａ", "anna ma"),
    ],
)
def test_a_name_is_compared_without_width_space_and_case(one, other):
    assert contacts.normalise_name(one) == contacts.normalise_name(other)


def test_a_name_is_kept_without_control_characters_and_double_spaces():
    assert contacts.clean_name("  Anna\u200b\u202e \n Ma\x00 ") == "Anna Ma"


def test_the_domain_of_an_address_is_lower_case_its_local_part_stays():
    assert contacts.normalise_email(" Anna.Ma@Example.ORG ") == "Anna.Ma@example.org"
    assert contacts.normalise_email("ａ＠ｂ．ｃｎ") == "a@b.cn"


@pytest.mark.parametrize(
    ("text", "to_call"),
    [
        ("电话8210345，或者138-0013-8000", "13800138000"),
        ("座机0935-8210345，办公室电话8210346", "09358210345"),
        ("电话8210345", "8210345"),
        ("QQ 8210345，微信 82103456，微信 13800138000x", "13800138000"),
        ("QQ 8210345，微信 82103456", ""),
        ("身份证11010519491231002X，卡号6222021990010112345", ""),
        ("没有电话", ""),
    ],
)
def test_the_number_to_call_is_a_telephone_number_and_a_mobile_first(text, to_call):
    _masked, lifted = mask_text(text)

    assert contacts.best_phone(lifted) == to_call
