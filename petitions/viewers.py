"""Who looks at a petition without an account: a browser session that proved number and follow-up code.

Values only, no query. Staff are ``grids.staff.Staff``; ``visible_to`` of the querysets takes either.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Self

# Session keys. A proof ends with the session; the oldest falls out when there are more than KEPT.
PROVED = "petitions_proved"
FILED = "petitions_filed"
KEPT = 20


@dataclass(frozen=True, slots=True)
class Follower:
    """The petitions a session may see, newest proof first, and those of them that were filed in it."""

    petition_ids: tuple[int, ...] = ()
    filed_ids: tuple[int, ...] = ()

    @classmethod
    def of(cls, session: Mapping[str, Any]) -> Self:
        """Return what this session has proved. Reading changes nothing."""
        return cls(tuple(session.get(PROVED, ())), tuple(session.get(FILED, ())))


def remember(session: MutableMapping[str, Any], petition_id: int, *, filed: bool = False) -> None:
    """Note in the session that it may see a petition; ``filed``: that it is the one who filed it."""
    for key in (PROVED, FILED) if filed else (PROVED,):
        session[key] = [petition_id, *(kept for kept in session.get(key, ()) if kept != petition_id)][:KEPT]


def forget(session: MutableMapping[str, Any]) -> None:
    """Take back every proof, for a device that others use."""
    for key in (PROVED, FILED):
        session.pop(key, None)
