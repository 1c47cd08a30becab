"""Counting what strangers do, in the cache: filing, uploading, following.

Every rule counts an address in a short and a long window, and most a subject: the number of a matter, a telephone.
Numbers are public, so strangers must not be able to shut one: past its limit a subject still answers to an address
that has hardly tried it. When the cache is gone, codes are tried by nobody (guessing must never become free) and
matters are taken from everybody (a broken cache must never silence a resident); the duty list hears of it.

Nothing here says who came: an address is kept as a keyed hash, for a day at most.
"""

import ipaddress
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar, Final

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
NEVER: Final = 10**12  # more than anybody does
# Counts in windows (KEYS) in one trip; where those of the address are full, the others are left alone. ARGV: how much,
# how many windows are the address's, and of each its seconds, its limit, and from what on nothing is counted at all.
COUNT: Final = """
for i, key in ipairs(KEYS) do
    if tonumber(redis.call('GET', key) or 0) >= tonumber(ARGV[3 * i + 2]) then return {} end
end
local counted, first, full = {}, tonumber(ARGV[2]), false
for i, key in ipairs(KEYS) do
    if i > first and full then break end
    redis.call('SET', key, 0, 'EX', ARGV[3 * i], 'NX')
    local used = redis.call('INCRBY', key, ARGV[1])
    counted[i] = {used, redis.call('TTL', key)}
    full = full or (i <= first and used > tonumber(ARGV[3 * i + 1]))
end
return counted
"""


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


class NearLimit(Exception):
    """A limit is near and nothing was counted: a sum is asked first (``petitions.sums``)."""


@dataclass(frozen=True, slots=True)
class _Window:
    """One window of somebody's: where it is counted, and what of it is too many."""

    key: str
    seconds: int
    most: int
    near: float = NEVER


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


def take(doing: Doing, *, address: str, subject: str = "", amount: int = 1, unless_near: bool = False) -> Try:
    """Count one try (or ``amount``) of an address about a subject before it is made. One trip to the cache.

    Counting first means that a hundred tries sent at once are not a hundred tries. ``unless_near``: count nothing where
    most of a limit is used up.

    :raises TooManyTries: if the address has used up one of its limits, or if the subject has and so has the address
        for this subject
    :raises NearLimit: if so asked
    :raises CannotCount: if the cache does not answer
    """
    rule = RULES[doing]
    mine, everybody = _watched(doing, address=address, subject=subject)
    both = f"both {address} {subject}"
    mine_too = [_Window(_key(doing, limit, both), limit.seconds, rule.even_so) for limit in rule.subject if subject]
    windows = [*mine, *everybody, *mine_too]
    try:
        counted = _count(windows, amount=amount, first=len(mine), unless_near=unless_near)
    except (RedisError, OSError) as error:
        raise CannotCount from error
    if windows and not counted:
        raise NearLimit
    for window, (used, seconds) in zip(mine, counted, strict=False):
        if used > window.most:
            raise TooManyTries(seconds)
    of_all, of_mine = counted[len(mine) :], counted[len(mine) + len(everybody) :]
    for window, (used, seconds), (own, _seconds) in zip(everybody, of_all, of_mine, strict=False):
        if used > window.most and own > rule.even_so:
            raise TooManyTries(seconds)
    return Try(tuple(window.key for window in windows))


def take_if_counting(
    doing: Doing, *, at: datetime, address: str, subject: str = "", amount: int = 1, unless_near: bool = False
) -> Try:
    """Count as ``take`` does; when the cache does not answer, let it pass and tell the duty list, once an hour.

    :raises TooManyTries: as ``take``
    :raises NearLimit: as ``take``
    """
    try:
        return take(doing, address=address, subject=subject, amount=amount, unless_near=unless_near)
    except CannotCount:
        logger.exception("The cache does not answer: what strangers send is not being counted.")
        _tell_duty(at=at)
        return Try()


def take_of_client(client: str, *, per_minute: int, at: datetime) -> None:
    """Count one request of a neighbour's system; when the cache does not answer, let it pass as ``take_if_counting``.

    :raises TooManyTries: if it has used up its minute
    """
    window = _Window(_key(Doing.CALL, Limit(per_minute, MINUTE), client), MINUTE, per_minute)
    try:
        [(used, seconds)] = _count([window], amount=1, first=1)
    except (RedisError, OSError):
        logger.exception("The cache does not answer: what neighbours' systems ask is not being counted.")
        _tell_duty(at=at)
        return
    if used > per_minute:
        raise TooManyTries(seconds)


def is_near(doing: Doing, *, address: str, subject: str = "") -> bool:
    """Tell whether an address, or what is done about a subject, has used up most of a limit; counts nothing."""
    mine, everybody = _watched(doing, address=address, subject=subject)
    watched = [*mine, *everybody]
    try:
        used = _server().mget([cache.make_key(window.key) for window in watched])
    except (RedisError, OSError):
        return False
    return any(int(found or 0) >= window.near for window, found in zip(watched, used, strict=True))


def _watched(doing: Doing, *, address: str, subject: str) -> tuple[list[_Window], list[_Window]]:
    """Return the windows of an address, and those of a subject if there is one."""
    rule, times = RULES[doing], settings.ADDRESS_LIMITS_TIMES
    mine = [(limit, limit.count * times, f"address {address}") for limit in rule.address]
    everybody = [(limit, limit.count, f"subject {subject}") for limit in rule.subject if subject]
    first, then = (
        [_Window(_key(doing, limit, whom), limit.seconds, most, most * NEAR) for limit, most, whom in rows]
        for rows in (mine, everybody)
    )
    return first, then


def _key(doing: Doing, limit: Limit, whom: str) -> str:
    return f"tries:{doing}:{limit.seconds}:{blind(whom, purpose='throttle').hex()[:32]}"


def _count(windows: Sequence[_Window], *, amount: int, first: int, unless_near: bool = False) -> list[tuple[int, int]]:
    """Count; return of each window how many are in it, and for how many seconds more (one at least).

    Nothing behind the ``first`` ones if one of these is full; nothing at all if that was asked for. One trip.
    """
    told: list[float] = [amount, first]
    for window in windows:
        told += window.seconds, window.most, window.near if unless_near else NEVER
    answers: Any = _server().eval(COUNT, len(windows), *[cache.make_key(window.key) for window in windows], *told)
    return [(int(used), max(1, int(left))) for used, left in answers]


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
