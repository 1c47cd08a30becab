"""One signed JSON request to somebody else's server, and what each answer means.

Every request carries

    Content-Type: application/json; charset=utf-8
    Linli-Delivery: 4f0c….sms        the same at every attempt: a server that got two copies can tell
    Linli-Timestamp: 1780970400      seconds since 1970, UTC
    Linli-Signature: v1=…            hex of HMAC-SHA256(secret, timestamp + "." + body), over the bytes sent

The receiver computes the signature over what came in, compares in constant time, and refuses a timestamp more than
five minutes off. 2xx means taken. Redirects are never followed. What a server says in words is never logged: it may
quote the number or the text.
"""

import hmac
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from hashlib import sha256

from django.views.decorators.debug import sensitive_variables

from notifications import destinations
from notifications.destinations import Address, Destination
from notifications.errors import NotSent, Refused, TurnedAway, Unreachable

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
# However slowly the other side drips: after so long we hang up.
ALL_SECONDS = 20.0
ANSWER_BYTES = 4096
LONGEST_WAIT = timedelta(hours=24)

# RFC 9110 15.5 and 15.6. "Later" answers of the 4xx; those that mean our settings and not this message; and of the
# 5xx those that speak for the whole server.
LATER = frozenset({408, 425})
TOO_MANY = 429
OUR_SETTINGS = frozenset({401, 403, 404, 405, 407, 410})
SERVER_DOWN = frozenset({502, 503, 504})


@sensitive_variables("url", "payload", "secret", "body")
def post(url: str, payload: Mapping[str, object], *, secret: str, delivery_key: str, at: datetime) -> bytes:
    """Post ``payload`` as signed JSON; return the beginning of the answer, for the caller's eyes only.

    :raises TurnedAway: if the address is not one we connect to, or the server does not want us at all
    :raises Refused: if it will never take this message
    :raises Unreachable: if it cannot be reached, or wants us to wait
    :raises NotSent: if it may take the message later
    """
    destination = destinations.parse(url)
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Host": destination.authority,
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Linli",
        "Connection": "close",
        "Linli-Delivery": delivery_key,
        **signed(body, secret=secret, at=at),
    }
    status, retry_after, answer = _exchange(destination, body, headers, at=at)
    outcome = outcome_of_status(status, retry_after=retry_after)
    if outcome is not None:
        raise outcome
    return answer


@sensitive_variables("body", "secret")
def signed(body: bytes, *, secret: str, at: datetime) -> dict[str, str]:
    """Return the headers that sign these bytes at this moment."""
    stamp = str(int(at.timestamp()))
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()
    return {"Linli-Timestamp": stamp, "Linli-Signature": f"v1={signature}"}


def outcome_of_status(status: int, *, retry_after: timedelta | None = None) -> NotSent | None:
    """Return what an HTTP status means for one message; None if it was taken."""
    code = f"http_{status}"
    outcome: NotSent | None
    if 200 <= status < 300:  # noqa: PLR2004 - RFC 9110
        outcome = None
    elif status == TOO_MANY or status in SERVER_DOWN:
        outcome = Unreachable(code, retry_after=retry_after)
    elif status in LATER or status >= 500:  # noqa: PLR2004 - RFC 9110
        outcome = NotSent(code, retry_after=retry_after)
    elif status in OUR_SETTINGS or 300 <= status < 400:  # noqa: PLR2004 - RFC 9110
        outcome = TurnedAway(code)
    else:
        outcome = Refused(code)
    return outcome


def waiting_time(value: str | None, *, at: datetime) -> timedelta | None:
    """Read a Retry-After header (seconds, or a date); None if there is none that can be read. A day at most."""
    if not value:
        return None
    try:
        if value.strip().isdecimal():
            wait = timedelta(seconds=min(int(value), LONGEST_WAIT.total_seconds()))
        else:
            until = parsedate_to_datetime(value)
            wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - at
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta()), LONGEST_WAIT)


@sensitive_variables("body", "headers")
def _exchange(
    destination: Destination, body: bytes, headers: Mapping[str, str], *, at: datetime
) -> tuple[int, timedelta | None, bytes]:
    connection = http.client.HTTPConnection(destination.host, destination.port)
    try:
        # The socket is ours, to the judged address: the library resolves nothing and follows nothing.
        with _connected(destination) as connection.sock:
            connection.request("POST", destination.path, body=body, headers=dict(headers))
            response = connection.getresponse()
            return response.status, waiting_time(response.headers.get("Retry-After"), at=at), _beginning_of(response)
    except TimeoutError:
        raise Unreachable("timeout") from None
    except ssl.SSLError:
        raise Unreachable("tls") from None
    except (OSError, http.client.HTTPException):
        # Not chained: the words of an error may quote the address.
        raise Unreachable("disconnected") from None


def _beginning_of(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read(ANSWER_BYTES)
    except (OSError, http.client.HTTPException):
        # The status has come: that is the answer, and asking again would send the message twice.
        return b""


@contextmanager
def _connected(destination: Destination) -> Iterator[socket.socket]:
    line = _dial(destinations.resolve(destination))
    overdue = threading.Event()

    def hang_up() -> None:
        overdue.set()
        with suppress(OSError):  # it may have ended a moment before
            # Not TLS's own shutdown: that takes the cipher away from under whoever reads.
            socket.socket.shutdown(line, socket.SHUT_RDWR)

    watch = threading.Timer(ALL_SECONDS, hang_up)
    watch.daemon = True
    watch.start()
    try:
        if destination.is_tls:
            # In two steps, so that the watch holds the new socket while a slow server shakes hands.
            line = _trust().wrap_socket(line, server_hostname=destination.host, do_handshake_on_connect=False)
            line.do_handshake()
        yield line
    except (OSError, http.client.HTTPException):
        if overdue.is_set():
            raise Unreachable("timeout") from None
        raise
    finally:
        watch.cancel()
        line.close()


def _dial(addresses: list[Address]) -> socket.socket:
    for address in addresses:
        line = socket.socket(address.family, socket.SOCK_STREAM)
        try:
            line.settimeout(CONNECT_SECONDS)
            line.connect(address.sockaddr)
            line.settimeout(READ_SECONDS)
        except OSError:
            line.close()
        else:
            return line
    raise Unreachable("unreachable")


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
