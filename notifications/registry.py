"""The kinds of notice that apps announce in ``ready()``, so that a check can prove each has its words.

A kind that nobody announced still reaches its recipient, in general words (``rendering.render``).
"""

from collections.abc import Mapping
from types import MappingProxyType

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
