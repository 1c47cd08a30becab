"""Counting wrong tries in the cache. When the cache is gone nobody may try: guessing must never become free.

Nothing here says who came: an address is kept as a keyed hash, for an hour.
"""

import ipaddress
import time
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from people.crypto import blind
from people.errors import Refusal

TRIES = 10
WINDOW_SECONDS = 3600
CACHE_GONE_SECONDS = 60
IPV6_HOME = 64  # one household or telephone has a whole /64


class TooManyTries(Refusal):
    """The limit is reached; ``retry_after`` says in how many seconds to come again."""

    status: ClassVar[int] = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, retry_after: int) -> None:
        super().__init__(_("There were too many attempts. Please wait and try again."))
        self.retry_after = retry_after


class CannotCount(Refusal):
    """The cache does not answer, so tries cannot be counted and none is allowed."""

    status: ClassVar[int] = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after: ClassVar[int] = CACHE_GONE_SECONDS

    def __init__(self) -> None:
        super().__init__(_("We cannot check follow-up codes right now. Please try again in a minute."))


@dataclass(frozen=True, slots=True)
class Try:
    """One try that has been counted under several keys; a right one is given back."""

    keys: tuple[str, ...] = ()

    def give_back(self) -> None:
        """The try was right and does not count. Losing this only makes the limit stricter."""
        for key in self.keys:
            try:
                cache.decr(key)
            except (ValueError, RedisError, OSError):
                continue


def take(name: str, whom: Iterable[str]) -> Try:
    """Count one try of ``name`` for each of ``whom`` (a number, an address) before it is made.

    Counting first means that a hundred tries sent at once are not a hundred tries.

    :raises TooManyTries: if one of them has used up its tries of the hour
    :raises CannotCount: if the cache does not answer
    """
    taken: list[str] = []
    try:
        for one in whom:
            key = f"tries:{name}:{blind(one, purpose='throttle').hex()[:32]}"
            ends_at = _count(key)
            taken.append(key)
            if ends_at is not None:
                raise TooManyTries(max(1, ends_at - int(time.time())))
    except (RedisError, OSError) as error:
        raise CannotCount from error
    return Try(tuple(taken))


def _count(key: str) -> int | None:
    """Count one; return when the window ends (seconds since 1970) if that was one too many."""
    until = f"{key}:until"
    ends_at = int(time.time()) + WINDOW_SECONDS
    cache.add(key, 0, WINDOW_SECONDS)
    cache.add(until, ends_at, WINDOW_SECONDS)
    try:
        used = cache.incr(key)
    except ValueError:  # the window ended between the two lines
        cache.set(key, 1, WINDOW_SECONDS)
        cache.set(until, ends_at, WINDOW_SECONDS)
        used = 1
    return int(cache.get(until, ends_at)) if used > TRIES else None


def address_group(address: str) -> str:
    """Return what an address is counted as: itself, or its /64 for IPv6; unreadable ones count as one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, IPV6_HOME), strict=False))  # noqa: PLR2004
