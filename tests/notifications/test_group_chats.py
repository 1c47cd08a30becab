"""Group chats: one signed line, no name and no number, none inside our walls."""

import pytest

from notifications.models import Delivery, Webhook
from notifications.services import deliver_due, owe
from tests.notifications.mailing import AT
from tests.notifications.owing import MINUTE, NUMBER, chat, notice_in, notice_to, only, resident
from tests.notifications.posting import SECRET, Gateway

pytestmark = pytest.mark.django_db


def test_a_group_chat_gets_one_line_and_the_link_signed_with_its_own_secret(gateway, settings):
    settings.PUBLIC_URL, settings.WEBHOOK_SECRET = "https://linli.example.org", "another" * 6
    owe([notice_in(chat(gateway.url, language="en"))])

    assert deliver_due(at=AT) == 1

    (posted,) = gateway.posted
    assert posted.json == {
        "id": Delivery.objects.get().key,
        "kind": "petition_submitted",
        "msgtype": "text",
        "text": {"content": f"New matter: {NUMBER} https://linli.example.org/cases/{NUMBER}/"},
    }


def test_a_chat_put_out_of_use_meanwhile_gets_nothing_more(gateway):
    webhook = chat(gateway.url)
    owe([notice_in(webhook)])
    Webhook.objects.update(active=False)

    deliver_due(at=AT)

    assert only() == ("dead", 1, "not_configured")
    assert gateway.posted == []


def test_a_robot_that_says_no_in_its_answer_is_believed(gateway):
    owe([notice_in(chat(gateway.url))])
    gateway.said = b'{"errcode": 45009, "errmsg": "13800138000 api freq out of limit"}'

    assert deliver_due(at=AT) == 0
    assert only() == ("failed", 1, "robot_45009")

    gateway.said = b'{"errcode": 0, "errmsg": "ok"}'
    assert deliver_due(at=AT + 2 * MINUTE) == 1


@pytest.mark.parametrize("said", [b"", b"ok", b"[]", b'"x"', b'{"errcode": "45009"}', b"\xff", b"{" * 4096, b"null"])
def test_any_other_answer_of_a_chat_is_taken_as_it_is(gateway, said):
    owe([notice_in(chat(gateway.url))])
    gateway.said = said

    assert deliver_due(at=AT) == 1


def test_one_chat_that_is_down_does_not_hold_the_others(gateway):
    gone = Gateway()
    gone.server_close()
    down, fine = chat(gone.url), chat(gateway.url)
    owe([notice_in(down, dedupe_key=f"d{turn}") for turn in range(3)])
    owe([notice_in(fine, dedupe_key=f"f{turn}", at=AT + MINUTE) for turn in range(3)])

    assert deliver_due(at=AT + MINUTE) == 3

    assert Delivery.objects.filter(notice__webhook=down, attempts=1).count() == 1


def test_a_chat_inside_our_walls_is_not_connected_to(gateway, settings):
    owe([notice_in(chat(gateway.url.replace("http:", "https:")))])
    settings.NOTIFY_ALLOW_PRIVATE = False

    deliver_due(at=AT)

    assert only() == ("dead", 1, "forbidden_address")
    assert gateway.posted == []


def test_no_number_address_or_word_reaches_the_log_or_the_table(gateway, caplog):
    caplog.set_level("DEBUG")
    owe([notice_to(resident())])
    gateway.status, gateway.said = 400, b"13800138000 is unknown, key hush"

    deliver_due(at=AT)

    assert only() == ("dead", 1, "http_400")
    for word in ("13800138000", "hush", "127.0.0.1", SECRET):
        assert word not in caplog.text
