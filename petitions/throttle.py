"""Counting what strangers do, in the cache: filing, uploading, following.

Every rule counts an address in a short and a long window, and most a subject: the number of a matter, a telephone.
Numbers are public, so strangers must not be able to shut one: past its limit a subject still answers to an address
that has hardly tried it. When the cache is gone, codes are tried by nobody (guessing must never become free) and
matters are taken from everybody (a broken cache must never silence a resident); the duty list hears of it.

Nothing here says who came: an address is kept as a keyed hash, for a day at most.
"""

import ipaddress
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from types import MappingProxyType
from typing import ClassVar

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis import Redis
from redis.exceptions import RedisError

from deadlines.timetable import shanghai_date
from grids.models import DutyMember
from notifications.services import NewNotice, owe
from people.crypto import blind
from people.errors import Refusal

logger = logging.getLogger(__name__)

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
MINUTES_UP_TO = 90 * MINUTE  # how long a wait is told in minutes
CACHE_GONE_SECONDS = 60
NEAR = 0.6  # how much of a limit is used up when a sum is asked (petitions.sums)
IPV6_HOME = 64  # one household or telephone has a whole /64
UNCOUNTED = "uncounted"  # the notice that filing is not being counted


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in so many seconds, from the first one on."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Rule:
    """What one address may do, what may be done about one subject, and what a new address may do about it even so."""

    address: tuple[Limit, ...]
    subject: tuple[Limit, ...] = ()
    even_so: int = 0


class Doing(StrEnum):
    """What is counted."""

    FOLLOW = "follow"
    FILE = "file"
    UPLOAD = "upload"
    KEEP = "keep"
    ANSWER = "answer"
    ASK_PHONE = "ask_phone"
    PROVE_PHONE = "prove_phone"
    OBJECT = "object"
    CALL = "call"


# A mobile carrier puts thousands behind one address: the long windows leave room for a whole community on one day.
RULES: Mapping[Doing, Rule] = MappingProxyType(
    {
        # wrong codes only: a right one is given back
        Doing.FOLLOW: Rule((Limit(10, HOUR), Limit(40, DAY)), (Limit(10, HOUR),), even_so=3),
        Doing.FILE: Rule((Limit(20, 10 * MINUTE), Limit(300, DAY)), (Limit(5, 10 * MINUTE), Limit(20, DAY)), even_so=1),
        # messages cost money and annoy: nobody sends more of them to one telephone from a new address either
        Doing.ASK_PHONE: Rule((Limit(20, HOUR), Limit(100, DAY)), (Limit(3, HOUR), Limit(6, DAY))),
        # wrong codes only; a code itself takes five
        Doing.PROVE_PHONE: Rule((Limit(20, HOUR), Limit(100, DAY))),
        Doing.OBJECT: Rule((Limit(5, HOUR), Limit(20, DAY)), (Limit(20, HOUR),), even_so=1),
        # answers to surveys: a community fills one in on one evening
        Doing.ANSWER: Rule((Limit(60, 10 * MINUTE), Limit(600, DAY))),
        # forms begun and kept unsent
        Doing.KEEP: Rule((Limit(60, 10 * MINUTE), Limit(600, DAY))),
        # a neighbour's system; each has a limit of its own (``take_of_client``)
        Doing.CALL: Rule((Limit(120, MINUTE),)),
        Doing.UPLOAD: Rule((Limit(60, 10 * MINUTE), Limit(600, DAY))),
    }
)


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


def take(doing: Doing, *, address: str, subject: str = "", amount: int = 1) -> Try:
    """Count one try (or ``amount``) of an address about a subject before it is made.

    Counting first means that a hundred tries sent at once are not a hundred tries.

    :raises TooManyTries: if the address has used up one of its limits, or if the subject has and so has the address
        for this subject
    :raises CannotCount: if the cache does not answer
    """
    rule = RULES[doing]
    taken: list[str] = []
    try:
        for limit, (used, ends_at) in _count(taken, doing, rule.address, f"address {address}", amount=amount):
            if used > limit.count * settings.ADDRESS_LIMITS_TIMES:
                raise TooManyTries(_seconds_until(ends_at))
        if not subject:
            return Try(tuple(taken))
        everybody = _count(taken, doing, rule.subject, f"subject {subject}", amount=amount)
        mine_too = _count(taken, doing, rule.subject, f"both {address} {subject}", amount=amount)
        for (limit, (used, ends_at)), (_same, (mine, _ends)) in zip(everybody, mine_too, strict=True):
            if used > limit.count and mine > rule.even_so:
                raise TooManyTries(_seconds_until(ends_at))
    except (RedisError, OSError) as error:
        raise CannotCount from error
    return Try(tuple(taken))


def take_if_counting(doing: Doing, *, at: datetime, address: str, subject: str = "", amount: int = 1) -> Try:
    """Count as ``take`` does; when the cache does not answer, let it pass and tell the duty list, once an hour.

    :raises TooManyTries: as ``take``
    """
    try:
        return take(doing, address=address, subject=subject, amount=amount)
    except CannotCount:
        logger.exception("The cache does not answer: what strangers send is not being counted.")
        _tell_duty(at=at)
        return Try()


def take_of_client(client: str, *, per_minute: int, at: datetime) -> None:
    """Count one request of a neighbour's system; when the cache does not answer, let it pass as ``take_if_counting``.

    :raises TooManyTries: if it has used up its minute
    """
    try:
        ((_limit, (used, ends_at)),) = _count([], Doing.CALL, (Limit(per_minute, MINUTE),), client, amount=1)
    except (RedisError, OSError):
        logger.exception("The cache does not answer: what neighbours' systems ask is not being counted.")
        _tell_duty(at=at)
        return
    if used > per_minute:
        raise TooManyTries(_seconds_until(ends_at))


def is_near(doing: Doing, *, address: str, subject: str = "") -> bool:
    """Tell whether an address, or what is done about a subject, has used up most of a limit; counts nothing."""
    rule = RULES[doing]
    times = settings.ADDRESS_LIMITS_TIMES
    watched = [(limit.count * times, _key(doing, limit, f"address {address}")) for limit in rule.address]
    watched += [(limit.count, _key(doing, limit, f"subject {subject}")) for limit in rule.subject if subject]
    try:
        used = _server().mget([cache.make_key(key) for _limit, key in watched])
    except (RedisError, OSError):
        return False
    return any(int(found or 0) >= count * NEAR for (count, _key), found in zip(watched, used, strict=True))


def _key(doing: Doing, limit: Limit, whom: str) -> str:
    return f"tries:{doing}:{limit.seconds}:{blind(whom, purpose='throttle').hex()[:32]}"


def _count(
    taken: list[str], doing: Doing, limits: Sequence[Limit], whom: str, *, amount: int
) -> list[tuple[Limit, tuple[int, int]]]:
    """Count; return for each limit how many there are in its window, and when that ends (seconds since 1970).

    One trip to the cache.
    """
    keys = [_key(doing, limit, whom) for limit in limits]
    together = _server().pipeline()
    for limit, key in zip(limits, keys, strict=True):
        stored = cache.make_key(key)
        together.set(stored, 0, ex=limit.seconds, nx=True)
        together.incrby(stored, amount)
        together.ttl(stored)
    answers = together.execute()
    taken += keys
    now = int(time.time())
    counted = zip(answers[1::3], answers[2::3], strict=True)
    return [(limit, (int(used), now + int(left))) for limit, (used, left) in zip(limits, counted, strict=True)]


def _server() -> Redis:
    return _server_at(settings.CACHES["default"]["LOCATION"])


@lru_cache(maxsize=4)
def _server_at(location: str) -> Redis:
    return Redis.from_url(location)


def wait_in_words(seconds: int) -> str:
    """Return how long to wait as people say it: minutes, or hours when there are many. Rounded up."""
    if seconds <= MINUTES_UP_TO:
        minutes = -(-seconds // MINUTE)
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = -(-seconds // HOUR)
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}


def _seconds_until(ends_at: int) -> int:
    return max(1, ends_at - int(time.time()))


def _tell_duty(*, at: datetime) -> int:
    return owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind=UNCOUNTED,
                params={},
                about="cache",
                url_path=reverse("notifications:inbox"),
                dedupe_key=f"{UNCOUNTED}:{at:%Y-%m-%dT%H}:{user_id}",
                at=at,
            )
            for user_id in DutyMember.objects.at(shanghai_date(at)).values_list("user_id", flat=True)
        ]
    )


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
