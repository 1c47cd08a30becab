"""E-mail: one connection for a run of messages, and what each answer of a mail server means."""

import logging
import smtplib
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from notifications.errors import NotSent, Refused, Unreachable

logger = logging.getLogger(__name__)

# RFC 5321 4.2.1: 4xx is "not now", 5xx is "no". These answers are taken otherwise, each for its reason.
OTHERWISE: Mapping[int, type[NotSent]] = {
    421: Unreachable,  # the server is closing down or has had enough of this connection
    454: Unreachable,  # authentication is out of order there for the moment
    500: Unreachable,  # command not understood: we talk to the wrong kind of server
    502: Unreachable,  # command not implemented: as above
    503: Unreachable,  # bad sequence of commands: a server that wants STARTTLS or a sign-in first
    530: Unreachable,  # it wants a sign-in: our settings, not this message
    534: Unreachable,  # it wants a stronger sign-in: as above
    535: Unreachable,  # our name or password is wrong; somebody will mend that
    538: Unreachable,  # it wants encryption first: our settings
    552: NotSent,  # mailbox full; people do empty them (RFC 5321 4.5.3.1.10 lets us take it as 452)
}

# Servers take so many messages on one connection and then end it: a new one is all it needs.
WORN_OUT = frozenset({"disconnected", "smtp_421"})


def outcome_of_code(code: int) -> NotSent:
    """Return what an SMTP reply code means for one message."""
    kind = OTHERWISE.get(code) or (Refused if code >= 500 else NotSent)  # noqa: PLR2004 - RFC 5321
    return kind(f"smtp_{code}")


def outcome_of(error: Exception) -> NotSent | None:
    """Return what an exception raised while sending means, None if it is no failure of sending (a bug)."""
    outcome: NotSent | None = None
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            outcome = outcome_of_code(min(code for code, _reason in refused.values()))
        case smtplib.SMTPSenderRefused(smtp_code=code):
            # Our own address is refused: every message of ours would be.
            outcome = Unreachable(f"smtp_{code}")
        case smtplib.SMTPAuthenticationError() | smtplib.SMTPHeloError() | smtplib.SMTPConnectError():
            outcome = Unreachable(f"smtp_{error.smtp_code}")
        case smtplib.SMTPResponseException(smtp_code=code):
            outcome = outcome_of_code(code)
        case smtplib.SMTPServerDisconnected():
            outcome = Unreachable("disconnected")
        case smtplib.SMTPNotSupportedError():
            outcome = Refused("smtp_unsupported")
        case TimeoutError():
            outcome = Unreachable("timeout")
        case OSError():  # refused, no route, no such host, TLS; SMTPException is one too
            outcome = Unreachable("unreachable")
        case UnicodeError():
            outcome = Refused("bad_address")
        case _:
            pass
    return outcome


class Mailer:
    """Sends e-mails over one connection, opened with the first, and again after a failure."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._hang_up()

    def send(self, *, to: str, subject: str, body: str, message_id: str) -> None:
        """Hand one message to the mail server.

        :raises Refused: if it will never be taken
        :raises Unreachable: if the server cannot be used at all
        :raises NotSent: if it may be taken later
        """
        message = EmailMessage(
            subject=subject,
            body=body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[to],
            # RFC 3834: answering machines leave us alone.
            headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
        )
        used_before = self._connection is not None
        try:
            self._hand_over(message)
        except Unreachable as gone:
            if not used_before or gone.code not in WORN_OUT:
                raise
            self._hand_over(message)

    def _hand_over(self, message: EmailMessage) -> None:
        try:
            if self._connection is None:
                self._connection = get_connection()
                self._connection.open()
            self._connection.send_messages([message])
        except Exception as error:
            self._hang_up()
            outcome = outcome_of(error)
            if outcome is None:
                raise
            # Not chained: the server's words quote the address.
            raise outcome from None

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except (OSError, smtplib.SMTPException):
            logger.debug("The mail server had gone before we hung up.")
