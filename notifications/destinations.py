"""Whom we connect to when an address was typed by somebody: public servers over TLS, nothing inside our own walls.

A name is resolved once, every address it has is judged, and the connection goes to a judged address: a name that
answers otherwise a moment later (DNS rebinding) changes nothing. ``NOTIFY_ALLOW_PRIVATE=1`` opens private addresses
and plain HTTP, for a gateway in one's own network and for tests.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from notifications.errors import TurnedAway, Unreachable

# What answers inside a cloud though no flag of Python's says so: Azure's wire server, and Oracle's among the special
# ones of IANA. (169.254.169.254 is link-local, 100.100.100.200 shared, fd00:ec2::254 private.)
METADATA: Final = (IPv4Network("168.63.129.16/32"), IPv4Network("192.0.0.0/24"))
NAT64: Final = IPv6Network("64:ff9b::/96")
PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Destination:
    """A server and what is asked of it. ``path`` includes the query; both may hold a key, so neither is logged."""

    is_tls: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS["https" if self.is_tls else "http"] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Address:
    """One judged address, as ``socket`` wants it."""

    family: int
    sockaddr: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


def parse(url: str) -> Destination:
    """Return where an address leads; nothing is asked of the network.

    :raises TurnedAway: ``bad_url``, ``not_https``, or ``forbidden_address`` for a literal one inside our walls
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
        host = parts.hostname or ""
    except ValueError:
        raise TurnedAway("bad_url") from None
    if not host or not port or "@" in parts.netloc or not url.isascii() or any(c <= " " or c == "\x7f" for c in url):
        raise TurnedAway("bad_url")
    if parts.scheme != "https" and not settings.NOTIFY_ALLOW_PRIVATE:
        raise TurnedAway("not_https")
    literal = _literal(host)
    if literal is not None:
        _judge(literal)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return Destination(is_tls=parts.scheme == "https", host=host, port=port, path=path)


def resolve(destination: Destination) -> list[Address]:
    """Ask once which addresses the name has, judge them all, return them in the order of the answer.

    :raises Unreachable: if there is no such name, or nobody answers
    :raises TurnedAway: ``forbidden_address`` if any of them lies inside our walls
    """
    try:
        found = socket.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("no_such_host") from None
    addresses = []
    for family, _kind, _protocol, _name, sockaddr in found:
        _judge(ip_address(sockaddr[0]))
        addresses.append(Address(family, sockaddr))
    return addresses


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the open internet; an IPv4 address inside an IPv6 one is judged itself. Pure."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    if address.is_multicast or address.is_reserved or any(address in network for network in METADATA):
        return False
    return address.is_global


def _judge(address: IPv4Address | IPv6Address) -> None:
    if not settings.NOTIFY_ALLOW_PRIVATE and not is_public(address):
        raise TurnedAway("forbidden_address")


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
