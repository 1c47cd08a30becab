"""What higher apps tell this one in ``ready()``: which posts an account holds, who watches over accounts, who listens.

Posts are a matter of a higher app; the door asks for them here.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from people.enums import SignInKind
from people.models import User


@dataclass(frozen=True, slots=True)
class Tenure:
    """The posts of an account on one day: their kinds, and the last day on which all of them are still held."""

    kinds: frozenset[str] = frozenset()
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInEvent:
    """One thing that happened at the door.

    ``user`` is whose account it is about (None: a name nobody has), ``by`` who did it when that is somebody else.
    ``network`` is a shortened address, ``details`` hold codes and counts, never words about a person.
    """

    kind: SignInKind
    at: datetime
    user: User | None = None
    by: User | None = None
    network: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


TenureRule = Callable[[User, date], Tenure]
WatchersRule = Callable[[date, Collection[int]], Collection[int]]
Listener = Callable[[SignInEvent], None]


def _no_posts(_user: User, _on: date) -> Tenure:
    return Tenure()


def _nobody(_on: date, _without: Collection[int]) -> Collection[int]:
    return ()


_tenure_rules: list[TenureRule] = [_no_posts]
_watchers_rules: list[WatchersRule] = [_nobody]
_listeners: list[Listener] = []


def set_tenure_rule(rule: TenureRule) -> None:
    """Say which posts an account holds on a day: posts are a matter of a higher app."""
    _tenure_rules[:] = [rule]


def tenure_of(user: User, on: date) -> Tenure:
    """Return the posts of an account on a civil date in Shanghai."""
    return _tenure_rules[0](user, on)


def set_watchers_rule(rule: WatchersRule) -> None:
    """Say who watches over accounts by his post."""
    _watchers_rules[:] = [rule]


def watchers(on: date, *, without: Collection[int]) -> frozenset[int]:
    """Return the ids of who watches over accounts on a civil date in Shanghai, by his post, but for ``without``."""
    return frozenset(_watchers_rules[0](on, without))


def listen(listener: Listener) -> None:
    """Tell ``listener`` of everything at the door from now on, inside the transaction in which it happens."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(event: SignInEvent) -> None:
    """Tell every listener."""
    for listener in _listeners:
        listener(event)
