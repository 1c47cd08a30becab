"""What goes out by SMS and into group chats: a number, a step, a link, and nothing about anybody."""

import uuid

import pytest
from django.conf import settings as live_settings
from django.utils import translation

from notifications.models import Notice
from notifications.rendering import render_short
from tests.notifications.mailing import AT
from tests.notifications.test_words import FACTS, KINDS

NUMBER = "PX2026060900017"
NAME, PHONE, WORDS = "常小红", "13800138000", "三号楼水管漏水三天了没有人管"
GSM_PART, UCS_PART = 153, 67
TO_RESIDENTS = [kind for kind in KINDS if kind.startswith("resident_")]
# every param that any kind is given today, and names that somebody might think of tomorrow
PARAMS = sorted(
    {*FACTS, "stage_zh", "stage_en", "rung", "level", "fell_due_at", "area", "escalations", "to_be_placed", "errors"}
    | {
        "name",
        "phone",
        "email",
        "words",
        "text",
        "title",
        "reason",
        "reply",
        "note",
        "petitioner",
        "place",
        "by",
        "lines",
    }
    | {"due_on", "count", "link", "about", "at"}
)


def short(kind, channel, language="zh-hans", **params):
    notice = Notice(
        id=uuid.UUID(int=7), kind=kind, url_path="/petitions/follow/", created_at=AT, params={**FACTS, **params}
    )
    return render_short(notice, language, channel)


@pytest.mark.parametrize(
    "leak",
    [
        NAME,
        PHONE,
        WORDS,
        f"{NAME} {PHONE} {WORDS}",
        f"PX{PHONE} {NAME}",
        int(PHONE),
        [NAME, PHONE],
        {"name": NAME, "phone": PHONE},
        [{"number": NAME, "stage_zh": WORDS, "phone": PHONE}],
        ["PX1", {"words": WORDS}],
    ],
    ids=str,
)
@pytest.mark.parametrize("channel", ["sms", "webhook"])
def test_no_name_number_or_word_in_any_param_gets_out_in_any_kind(channel, leak):
    for kind in [*KINDS, "nobody.wrote.this", "../registration/login"]:
        for language in ("zh-hans", "en"):
            everywhere = short(kind, channel, language, **dict.fromkeys(PARAMS, leak))
            one_by_one = [short(kind, channel, language, **{param: leak}) for param in PARAMS]

            for said in (everywhere, *one_by_one):
                assert said.endswith("/petitions/follow/"), kind
                for private in (NAME, PHONE, WORDS):
                    assert private not in said, (kind, language)


@pytest.mark.parametrize("kind", TO_RESIDENTS)
def test_an_sms_to_a_resident_says_the_number_and_fits_into_one_part(kind, settings):
    settings.PUBLIC_URL = "https://linli.example.cn"

    with translation.override("zh-hans"):
        chinese = short(kind, "sms")
    english = short(kind, "sms", "en")

    for said in (chinese, english):
        assert NUMBER in said
        assert said.endswith(" https://linli.example.cn/petitions/follow/")
    assert len(chinese) <= (GSM_PART if chinese.isascii() else UCS_PART)
    assert english.isascii()
    assert len(english) <= GSM_PART


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith(("resident_", "volunteer_"))])
def test_a_kind_without_sms_words_of_its_own_takes_general_ones(kind):
    assert short(kind, "sms", "en") == f"Linli has a message for you. {live_settings.PUBLIC_URL}/petitions/follow/"


@pytest.mark.parametrize(
    ("kind", "params", "said"),
    [
        ("petition_submitted", {}, f"New matter: {NUMBER}"),
        ("petition_dispatched", {}, f"Handed to you: {NUMBER}"),
        ("escalation", {}, f"Overdue: {NUMBER}, arrival, was due 10 Jun (Wed) 09:30"),
        ("escalation", {"late": False, "stage": "reply"}, f"Due soon: {NUMBER}, reply, due 10 Jun (Wed) 09:30"),
        ("escalation", {"stage": "made_up"}, f"Overdue: {NUMBER}, handling, was due 10 Jun (Wed) 09:30"),
        ("escalation", {"matters": 2}, "2 matters need you"),
        ("petitions_imported", {}, "Imported petitions: 3"),
        ("nobody.wrote.this", {}, "Linli has a message for you"),
        ("webhook_test", {}, "Linli can reach this group chat"),
    ],
)
def test_a_group_chat_hears_the_subject_or_words_of_its_own(kind, params, said):
    assert short(kind, "webhook", "en", **params) == f"{said} {live_settings.PUBLIC_URL}/petitions/follow/"


def test_every_kind_says_something_in_one_line():
    for kind in KINDS:
        for channel in ("sms", "webhook"):
            for language in ("zh-hans", "en"):
                said = short(kind, channel, language)

                assert len(said.splitlines()) == 1
                assert not {"%(", "{{", "{%", "None"} & {mark for mark in ("%(", "{{", "{%", "None") if mark in said}
