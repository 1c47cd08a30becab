import smtplib
import socket
import ssl

import pytest

from notifications.errors import NotSent, Refused, Unreachable
from notifications.smtp import Mailer, outcome_of, outcome_of_code


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (421, Unreachable),
        (432, NotSent),
        (450, NotSent),
        (451, NotSent),
        (452, NotSent),
        (454, Unreachable),
        (500, Unreachable),
        (501, Refused),
        (502, Unreachable),
        (503, Unreachable),
        (530, Unreachable),
        (534, Unreachable),
        (535, Unreachable),
        (538, Unreachable),
        (550, Refused),
        (551, Refused),
        (552, NotSent),
        (553, Refused),
        (554, Refused),
    ],
)
def test_each_answer_of_a_mail_server_means_now_not_now_or_never(code, kind):
    outcome = outcome_of_code(code)

    assert type(outcome) is kind
    assert outcome.code == f"smtp_{code}"


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.cn": (550, b"no")}), Refused, "smtp_550"),
        (smtplib.SMTPRecipientsRefused({"a@b.cn": (451, b"later")}), NotSent, "smtp_451"),
        (smtplib.SMTPSenderRefused(550, b"not you", "linli@example.org"), Unreachable, "smtp_550"),
        (smtplib.SMTPAuthenticationError(535, b"no"), Unreachable, "smtp_535"),
        (smtplib.SMTPHeloError(550, b"no"), Unreachable, "smtp_550"),
        (smtplib.SMTPConnectError(554, b"no service"), Unreachable, "smtp_554"),
        (smtplib.SMTPDataError(554, b"spam"), Refused, "smtp_554"),
        (smtplib.SMTPDataError(452, b"full"), NotSent, "smtp_452"),
        (smtplib.SMTPServerDisconnected("gone"), Unreachable, "disconnected"),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), Refused, "smtp_unsupported"),
        (TimeoutError(), Unreachable, "timeout"),
        (ConnectionRefusedError(), Unreachable, "unreachable"),
        (ConnectionResetError(), Unreachable, "unreachable"),
        (socket.gaierror(-2, "no such host"), Unreachable, "unreachable"),
        (ssl.SSLCertVerificationError("expired"), Unreachable, "unreachable"),
        (smtplib.SMTPException("other"), Unreachable, "unreachable"),
        (UnicodeEncodeError("ascii", "ä", 0, 1, "no"), Refused, "bad_address"),
    ],
)
def test_each_failure_of_sending_has_its_meaning(error, kind, code):
    outcome = outcome_of(error)

    assert type(outcome) is kind
    assert outcome.code == code


def test_a_bug_is_no_failure_of_sending():
    assert outcome_of(AttributeError("x")) is None


def send(mailer, to="fang@example.org"):
    mailer.send(to=to, subject="邻里", body="您好\n", message_id="<1.email@linli>")


def test_chinese_words_arrive_whole(mail):
    with Mailer() as mailer:
        send(mailer)

    assert mail.messages[0]["Subject"] == "邻里"
    assert mail.messages[0].get_content().strip() == "您好"


def test_a_failure_says_a_code_and_not_what_the_server_said(mail):
    mail.answers["fang@example.org"] = "550 <fang@example.org> unknown"

    with Mailer() as mailer, pytest.raises(Refused) as refused:
        send(mailer)

    assert str(refused.value) == "smtp_550"
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_after_a_failure_the_next_message_gets_a_new_connection(mail):
    mail.answers["gone@example.org"] = "550 unknown"

    with Mailer() as mailer:
        send(mailer)
        with pytest.raises(Refused):
            send(mailer, to="gone@example.org")
        send(mailer)

    assert mail.taken_for == ["fang@example.org"] * 2
    assert mail.connections == 2


def test_a_server_that_ends_the_first_connection_at_once_is_not_asked_twice(mail):
    mail.answers["fang@example.org"] = "421 closing"

    with Mailer() as mailer, pytest.raises(Unreachable, match="smtp_421"):
        send(mailer)

    assert mail.connections == 1


def test_a_subject_with_a_line_break_is_a_bug_and_sends_nothing(mail):
    with Mailer() as mailer, pytest.raises(ValueError, match="newlines"):
        mailer.send(to="fang@example.org", subject="a\nBcc: b@c.cn", body="", message_id="<1@linli>")

    assert mail.messages == []
