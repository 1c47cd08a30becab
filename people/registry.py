"""What higher apps tell this one in ``ready()``: which posts an account holds, and who listens to sign-ins."""

from collections.abc import Callable, Mapping
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
Listener = Callable[[SignInEvent], None]


def _no_posts(_user: User, _on: date) -> Tenure:
    return Tenure()


_tenure_rules: list[TenureRule] = [_no_posts]
_listeners: list[Listener] = []


def set_tenure_rule(rule: TenureRule) -> None:
    """Say which posts an account holds on a day: posts are a matter of a higher app."""
    _tenure_rules[:] = [rule]


def tenure_of(user: User, on: date) -> Tenure:
    """Return the posts of an account on a civil date in Shanghai."""
    return _tenure_rules[0](user, on)


def listen(listener: Listener) -> None:
    """Tell ``listener`` of everything at the door from now on, inside the transaction in which it happens."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(event: SignInEvent) -> None:
    """Tell every listener."""
    for listener in _listeners:
        listener(event)
