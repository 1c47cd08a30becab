"""What higher apps tell this one in ``ready()``: the kinds of notice there are, and who keeps the outbox.

Kinds are announced so that a check can prove each has its words; a kind that nobody announced still reaches its
recipient, in general words (``rendering.render``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Q
from django.http import HttpRequest

_samples: dict[str, Mapping[str, object]] = {}


def register(kind: str, *, sample: Mapping[str, object]) -> None:
    """Announce a kind of notice with one example of its params; ``templates/notices/<kind>.txt`` holds its words.

    :raises ValueError: if the kind was announced before with other params
    """
    if _samples.setdefault(kind, sample) != sample:
        msg = f"The kind of notice {kind!r} is announced twice."
        raise ValueError(msg)


def samples() -> Mapping[str, Mapping[str, object]]:
    """Return the announced kinds, each with its example."""
    return MappingProxyType(_samples)


@dataclass(frozen=True)
class Keeper:
    """Somebody who looks after what did not arrive.

    ``scope``: which deliveries he sees and sends again. ``keeps_webhooks``: whether he also sets up group chats.
    """

    scope: Q
    keeps_webhooks: bool = False


def _superuser(request: HttpRequest) -> Keeper | None:
    user = request.user
    return Keeper(Q(), keeps_webhooks=True) if user.is_active and user.is_superuser else None


_keeper_rules: list[Callable[[HttpRequest], Keeper | None]] = [_superuser]


def set_keeper_rule(rule: Callable[[HttpRequest], Keeper | None]) -> None:
    """Say who keeps the outbox: posts are a matter of higher apps. Without a rule it is superusers alone."""
    _keeper_rules[:] = [rule]


def keeper_of(request: HttpRequest) -> Keeper | None:
    """Return what the signed-in person may do with undelivered messages; None if nothing."""
    return _keeper_rules[0](request)
