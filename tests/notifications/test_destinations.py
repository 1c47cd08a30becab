"""Whom we connect to."""

import socket
from ipaddress import ip_address

import pytest

from notifications import destinations, http
from notifications.errors import TurnedAway, Unreachable
from tests.notifications.mailing import AT
from tests.notifications.posting import SECRET


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "::",  # ourselves
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1",  # private
        "169.254.169.254", "169.254.0.23", "fe80::1", "fec0::1",  # link-local, site-local, metadata
        "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254",  # metadata of clouds
        "224.0.0.1", "239.255.255.255", "ff02::1", "255.255.255.255", "240.0.0.1",  # multicast, broadcast, reserved
        "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1",  # documentation, benchmarks
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1",  # in disguise
        "64:ff9b::a00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::",
    ],
)  # fmt: skip
def test_nothing_inside_our_walls_is_public(address):
    assert destinations.is_public(ip_address(address)) is False


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "114.114.114.114",
        "172.32.0.1",
        "2400:3200::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::",
    ],
)
def test_the_open_internet_is_public(address):
    assert destinations.is_public(ip_address(address)) is True


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://sms.example.org/", "not_https"),
        ("ftp://sms.example.org:21/", "not_https"),
        ("file:///etc/passwd", "bad_url"),
        ("sms.example.org/send", "bad_url"),
        ("https://", "bad_url"),
        ("https://user:word@sms.example.org/", "bad_url"),
        ("https://sms.example.org:99999/", "bad_url"),
        ("https://sms.example.org/a b", "bad_url"),
        ("https://sms.example.org/\r\nX-Evil: 1", "bad_url"),
        ("https://短信.example.org/", "bad_url"),
        ("https://[::1", "bad_url"),
        ("https://127.0.0.1/", "forbidden_address"),
        ("https://[::1]/", "forbidden_address"),
        ("https://169.254.169.254/latest/meta-data/", "forbidden_address"),
        ("https://10.0.0.1:8443/", "forbidden_address"),
    ],
)
def test_addresses_we_do_not_connect_to(url, code):
    with pytest.raises(TurnedAway) as refusal:
        destinations.parse(url)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://sms.example.org/send?key=1", (True, "sms.example.org", 443, "/send?key=1", "sms.example.org")),
        ("https://sms.example.org", (True, "sms.example.org", 443, "/", "sms.example.org")),
        ("https://SMS.example.org:8443/a#b", (True, "sms.example.org", 8443, "/a", "sms.example.org:8443")),
        ("https://[2400:3200::1]:8443/", (True, "2400:3200::1", 8443, "/", "[2400:3200::1]:8443")),
    ],
)
def test_where_an_address_leads(url, parts):
    there = destinations.parse(url)

    assert (there.is_tls, there.host, there.port, there.path, there.authority) == parts


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/", "https://10.0.0.1/", "http://gateway.internal/"])
def test_one_setting_opens_private_addresses_and_plain_http(settings, url):
    settings.NOTIFY_ALLOW_PRIVATE = True

    destinations.parse(url)


# -- names


@pytest.fixture
def names(monkeypatch):
    """What the name servers of the world answer, in turn."""
    answers: list[list[str]] = []
    asked = []

    def answer(host, port, *_rest, **_more):
        asked.append(host)
        found = answers.pop(0) if answers else []
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "",
             (one, port, 0, 0) if ":" in one else (one, port))
            for one in found
        ]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    answer.answers, answer.asked = answers, asked
    return answer


def post(url):
    return http.post(url, {}, secret=SECRET, delivery_key="7.sms", at=AT)


@pytest.mark.parametrize(
    "answer",
    [["127.0.0.1"], ["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["fe80::1%lo"], ["::ffff:192.168.0.1"]],
)
def test_a_name_with_any_address_inside_our_walls_is_refused(names, answer):
    names.answers.append(answer)

    with pytest.raises(TurnedAway, match="forbidden_address"):
        post("https://sms.example.org/")


@pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f000001", "2130706433"])
def test_other_spellings_of_ourselves_are_refused(host):
    with pytest.raises(TurnedAway, match="forbidden_address"):
        post(f"https://{host}/")


def test_a_name_is_resolved_once_and_the_judged_address_is_the_one_connected_to(names, gateway):
    # the second answer, that an attacker's name server would give to the connection itself, is never asked for
    names.answers.extend([["127.0.0.1"], ["127.0.0.2"]])

    post(gateway.url.replace("127.0.0.1", "rebinding.example.org"))

    assert names.asked == ["rebinding.example.org"]
    assert gateway.posted[0].headers["Host"] == f"rebinding.example.org:{gateway.server_port}"


def test_a_name_nobody_knows_is_tried_again(names):
    with pytest.raises(Unreachable, match="no_such_host"):
        post("https://sms.example.org/")


def test_the_next_address_is_tried_where_the_first_does_not_answer(names, gateway):
    names.answers.append(["127.0.0.9", "127.0.0.1"])

    post(gateway.url.replace("127.0.0.1", "two.example.org"))

    assert len(gateway.posted) == 1


def test_a_redirect_into_our_walls_goes_nowhere(gateway):
    gateway.status, gateway.headers = 307, {"Location": "http://169.254.169.254/"}

    with pytest.raises(TurnedAway, match="http_307"):
        post(gateway.url)
