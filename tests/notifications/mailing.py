"""A mail server on loopback, and short ways to owe a notice."""

import email
import email.policy
import itertools
import threading
from datetime import UTC, datetime
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.models import Delivery
from notifications.services import NewNotice, owe
from people.models import User

AT = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)
_serial = itertools.count(1)


class MailServer(Controller):
    """Takes messages and keeps them; ``answers`` says otherwise, by address, for as long as it stands there."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.at_data: dict[str, str] = {}
        self.connections = 0
        self.most_per_connection = 0
        self.hold = threading.Event()
        self.hold.set()
        self.holding = threading.Event()
        super().__init__(self, hostname="127.0.0.1", port=0, enable_SMTPUTF8=True)

    def _trigger_server(self) -> None:
        # The controller greets its own server once; port 0 became a real one meanwhile.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def stop(self, no_assert: bool = False) -> None:
        if self._thread is not None:
            super().stop(no_assert)

    async def handle_HELO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str) -> str:
        self.connections += 1
        session.host_name = hostname
        return "250 ready"

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        session.taken = 0
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if self.most_per_connection and session.taken >= self.most_per_connection:
            return "421 too many messages on this connection"
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        session.taken += 1
        if not self.hold.is_set():
            self.holding.set()
            await server.loop.run_in_executor(None, self.hold.wait, 30)
        if envelope.rcpt_tos[0] in self.at_data:
            return self.at_data[envelope.rcpt_tos[0]]
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 taken"

    @property
    def taken_for(self) -> list[str]:
        return [message["To"] for message in self.messages]


def make_user(name: str = "fang", **facts: object) -> User:
    username = f"{name}{next(_serial)}"
    return User.objects.create_user(username, **{"email": f"{username}@example.org", **facts})


def notice_for(user: User, **facts: object) -> NewNotice:
    return NewNotice(
        **{
            "recipient_id": user.pk,
            "kind": "test.kind",
            "dedupe_key": f"key-{next(_serial)}",
            "at": AT,
            "about": "petition:7",
            "url_path": "/grid/",
            **facts,
        }
    )


def owed_mail(user: User | None = None, **facts: object) -> Delivery:
    """Owe one notice; return its e-mail."""
    user = user or make_user()
    new = notice_for(user, **facts)
    assert owe([new]) == 1
    return Delivery.objects.get(notice__dedupe_key=new.dedupe_key)
