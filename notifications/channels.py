"""The ways out of the house: who is reached by each, with which words, and how often it is tried."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self, TypeVar

from django.conf import settings

from notifications import http, texting
from notifications.enums import Channel
from notifications.errors import NotSent, NoWay, Refused
from notifications.models import Delivery, Notice, Webhook
from notifications.rendering import render, render_short
from notifications.smtp import Mailer
from people.contacts import is_mobile
from people.enums import Language
from people.models import Person

T = TypeVar("T")
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
# How long after each failed attempt the next one waits; after the last a delivery is given up. Mail: over two days
# in all, so that a server down for a weekend costs nobody a notice; greylisting lets us in on the second try. An SMS
# of the day before yesterday only puzzles; a group chat is read today or not at all.
BACKOFF: Final[Mapping[Channel, tuple[timedelta, ...]]] = {
    Channel.EMAIL: (
        _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR, 8 * _HOUR, 16 * _HOUR, 24 * _HOUR,
    ),
    Channel.SMS: (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR, 8 * _HOUR, 12 * _HOUR),
    Channel.WEBHOOK: (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR),
}  # fmt: skip


class Ways:
    """Everything that sends, for one run of messages."""

    def __init__(self) -> None:
        self._mailer = Mailer()

    def __enter__(self) -> Self:
        self._mailer.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._mailer.__exit__(kind, error, at)

    def send(self, delivery: Delivery, *, at: datetime) -> None:
        """Send one delivery by its channel.

        :raises NoWay: if it cannot or must not be sent this way
        :raises NotSent: or what stands below it, as the channel says
        """
        notice = delivery.notice
        if notice.silent and notice.person_id is not None:
            raise NoWay("silent")
        if delivery.attempts > len(BACKOFF[Channel(delivery.channel)]) + 1:
            # Its last attempt never came back to say how it ended.
            raise Refused("no_answer")
        match delivery.channel:
            case Channel.SMS:
                _send_sms(delivery, _present(notice.person), at=at)
            case Channel.WEBHOOK:
                _send_webhook(delivery, _present(notice.webhook), at=at)
            case _:
                self._send_mail(delivery)

    def _send_mail(self, delivery: Delivery) -> None:
        address, language = _mailbox(delivery.notice)
        if not address:
            raise Refused("no_address")
        words = render(delivery.notice, language, together=_together(delivery.notice))
        self._mailer.send(to=address, subject=words.subject, body=words.body, message_id=delivery.message_id)


def _present(recipient: T | None) -> T:
    if recipient is None:
        raise Refused("no_address")
    return recipient


def _together(head: Notice) -> list[Notice]:
    """Return all that goes out in this e-mail, if it is a digest."""
    return list(Notice.objects.in_digest(head)) if head.digest is not None else []


def _mailbox(notice: Notice) -> tuple[str, str]:
    """Return address and language of the recipient as they are now; no address if the account was closed."""
    if notice.recipient is not None:
        return notice.recipient.email if notice.recipient.is_active else "", notice.recipient.language
    if notice.person is not None:
        return notice.person.email, notice.person.language
    return "", Language.CHINESE


def _send_sms(delivery: Delivery, person: Person, *, at: datetime) -> None:
    phone = person.phone
    if not phone:
        raise Refused("no_address")
    if not is_mobile(phone):
        raise NoWay("landline")
    text = render_short(delivery.notice, person.language, Channel.SMS)
    texting.send(phone=phone, text=text, key=delivery.key, at=at)


def _send_webhook(delivery: Delivery, webhook: Webhook, *, at: datetime) -> None:
    secret = webhook.secret or settings.WEBHOOK_SECRET
    if not webhook.active or not secret:
        raise Refused("not_configured")
    text = render_short(delivery.notice, webhook.language, Channel.WEBHOOK)
    answer = http.post(
        webhook.url,
        # "msgtype" and "text" are what the robots of WeCom and DingTalk read; others take what they need.
        {"id": delivery.key, "kind": delivery.notice.kind, "msgtype": "text", "text": {"content": text}},
        secret=secret,
        delivery_key=delivery.key,
        at=at,
    )
    # Those robots say 200 to everything, and what they mean by a number.
    if code := _robot_code(answer):
        raise NotSent(f"robot_{code}")


def _robot_code(answer: bytes) -> int:
    try:
        said = json.loads(answer)
    except ValueError:
        return 0
    code = said.get("errcode") if isinstance(said, dict) else 0
    return code if isinstance(code, int) and abs(code) < 10**9 else 0
