"""One signed request, to a real server."""

import hmac
import ipaddress
import json
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from notifications import http
from notifications.errors import NotSent, NoWay, Refused, TurnedAway, Unreachable
from tests.notifications.mailing import AT
from tests.notifications.posting import SECRET, Gateway

PAYLOAD = {"id": "7.sms", "to": "13800138000", "text": "诉求已收到"}


def post(url, **facts):
    return http.post(url, PAYLOAD, **{"secret": SECRET, "delivery_key": "7.sms", "at": AT, **facts})


def test_a_message_is_posted_as_json_and_signed_over_its_timestamp_and_its_bytes(gateway):
    answer = post(gateway.url)

    (posted,) = gateway.posted
    assert posted.path == "/send?key=hush"
    assert posted.json == PAYLOAD
    assert "诉求已收到".encode() in posted.body
    assert posted.headers["Host"] == f"127.0.0.1:{gateway.server_port}"
    assert posted.headers["Content-Type"] == "application/json; charset=utf-8"
    assert posted.headers["Linli-Delivery"] == "7.sms"
    assert posted.headers["Linli-Timestamp"] == "1780970400"
    expected = hmac.new(SECRET.encode(), b"1780970400." + posted.body, sha256).hexdigest()
    assert posted.headers["Linli-Signature"] == f"v1={expected}"
    assert answer == b'{"ok": true}'


def test_another_secret_moment_or_body_signs_otherwise():
    signatures = {
        http.signed(body, secret=secret, at=at)["Linli-Signature"]
        for body, secret, at in (
            (b"{}", "one", AT),
            (b"{ }", "one", AT),
            (b"{}", "two", AT),
            (b"{}", "one", AT + timedelta(seconds=1)),
        )
    }

    assert len(signatures) == 4


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, None),
        (202, None),
        (204, None),
        (301, TurnedAway),
        (307, TurnedAway),
        (400, Refused),
        (401, TurnedAway),
        (403, TurnedAway),
        (404, TurnedAway),
        (408, NotSent),
        (409, Refused),
        (410, TurnedAway),
        (422, Refused),
        (425, NotSent),
        (429, Unreachable),
        (500, NotSent),
        (502, Unreachable),
        (503, Unreachable),
        (504, Unreachable),
        (599, NotSent),
    ],
)
def test_what_each_answer_means(gateway, status, outcome):
    gateway.status = status
    gateway.said = b""

    if outcome is None:
        assert post(gateway.url) == b""
    else:
        with pytest.raises(outcome) as refusal:
            post(gateway.url)
        assert type(refusal.value) is outcome
        assert refusal.value.code == f"http_{status}"
    assert len(gateway.posted) == 1


def test_which_outcomes_end_a_run_and_which_are_final():
    blocking = {kind for kind in (NotSent, Unreachable, Refused, TurnedAway, NoWay) if kind.blocks}
    final = {kind for kind in (NotSent, Unreachable, Refused, TurnedAway, NoWay) if issubclass(kind, Refused)}

    assert (blocking, final) == ({Unreachable, TurnedAway}, {Refused, TurnedAway})


def test_a_redirect_is_not_followed(gateway):
    gateway.status = 302
    gateway.headers = {"Location": gateway.url.replace("/send", "/elsewhere")}

    with pytest.raises(TurnedAway, match="http_302"):
        post(gateway.url)

    assert [posted.path for posted in gateway.posted] == ["/send?key=hush"]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_retry_after_comes_along(gateway, status):
    gateway.status = status
    gateway.headers = {"Retry-After": "120"}

    with pytest.raises(NotSent) as refusal:
        post(gateway.url)

    assert refusal.value.retry_after == timedelta(seconds=120)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120),
        (" 0 ", 0),
        ("-5", None),
        ("soon", None),
        ("99999999999999999999", 86400),
        ("Tue, 09 Jun 2026 02:10:00 GMT", 600),
        ("Tue, 09 Jun 2026 01:00:00 GMT", 0),
        ("Tue, 09 Jun 2099 01:00:00 GMT", 86400),
        ("Tue, 39 Jun 2026 01:00:00 GMT", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date_a_day_at_most(value, seconds):
    wait = http.waiting_time(value, at=AT)

    assert (wait and wait.total_seconds()) == seconds or wait == timedelta(seconds=seconds or 0)


def test_a_server_that_is_down_is_unreachable(gateway):
    gateway.stop()

    with pytest.raises(Unreachable, match="unreachable"):
        post(gateway.url)


def test_a_server_that_says_nothing_is_left_after_the_read_timeout(gateway, monkeypatch):
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    gateway.slow = 3
    started = time.monotonic()

    with pytest.raises(Unreachable, match="timeout"):
        post(gateway.url)

    assert time.monotonic() - started < 2


def test_a_server_that_drips_is_left_when_all_its_time_is_over(gateway, monkeypatch):
    monkeypatch.setattr(http, "ALL_SECONDS", 0.5)
    gateway.drips = True
    started = time.monotonic()

    with pytest.raises(Unreachable, match="timeout"):
        post(gateway.url)

    assert time.monotonic() - started < 3


def test_a_server_that_speaks_something_else_is_no_gateway(settings):
    settings.NOTIFY_ALLOW_PRIVATE = True
    with socket.create_server(("127.0.0.1", 0)) as server:

        def babble():
            line, _address = server.accept()
            with line:
                line.recv(4096)
                line.sendall(b"220 mail.example.org ESMTP\r\n")

        threading.Thread(target=babble, daemon=True).start()
        with pytest.raises(Unreachable, match="disconnected"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/")


def test_only_the_beginning_of_a_long_answer_is_read_and_nothing_of_it_is_logged(gateway, caplog):
    caplog.set_level("DEBUG")
    gateway.said = b"13800138000 " * 100_000

    assert len(post(gateway.url)) == 4096
    gateway.status = 500
    with pytest.raises(NotSent) as refusal:
        post(gateway.url)

    assert "13800138000" not in caplog.text
    assert "hush" not in caplog.text
    assert str(refusal.value) == "http_500"
    assert refusal.value.__cause__ is None


# -- TLS


def certificate(folder, names, *, days=1):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return chain, private


@pytest.fixture
def over_tls(settings, tmp_path, monkeypatch):
    """Serve over TLS with a certificate for these names, which this machine trusts."""
    settings.NOTIFY_ALLOW_PRIVATE = True
    opened = []

    def serve(*names, days=1, trusted=True):
        chain, private = certificate(tmp_path, names, days=days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, private)
        server = Gateway()
        server.socket = context.wrap_socket(server.socket, server_side=True)
        opened.append(server.start())
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(chain))
        http._trust.cache_clear()
        return server

    yield serve
    for server in opened:
        server.stop()
    http._trust.cache_clear()


LOOPBACK = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


def test_a_server_with_a_certificate_of_its_own_name_is_spoken_to(over_tls):
    server = over_tls(LOOPBACK)

    post(server.url.replace("http:", "https:"))

    assert len(server.posted) == 1


@pytest.mark.parametrize(
    ("names", "facts"),
    [
        ([LOOPBACK], {"trusted": False}),
        ([LOOPBACK], {"days": -1}),
        ([x509.DNSName("gateway.example.org")], {}),
    ],
)
def test_a_certificate_that_nobody_vouches_for_or_is_over_or_of_another_is_refused(over_tls, names, facts):
    server = over_tls(*names, **facts)

    with pytest.raises(Unreachable, match="tls"):
        post(server.url.replace("http:", "https:"))

    assert server.posted == []


def test_a_handshake_that_never_ends_is_left_when_all_its_time_is_over(settings, monkeypatch):
    settings.NOTIFY_ALLOW_PRIVATE = True
    monkeypatch.setattr(http, "ALL_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        started = time.monotonic()
        with pytest.raises(Unreachable, match="timeout"):
            post(f"https://127.0.0.1:{server.getsockname()[1]}/")

    assert time.monotonic() - started < 3


def test_a_payload_is_sent_without_spaces_and_in_utf_8(gateway):
    post(gateway.url)

    assert gateway.posted[0].body == json.dumps(PAYLOAD, ensure_ascii=False, separators=(",", ":")).encode()
