"""Who looks at a petition without an account: a browser session that proved number and follow-up code, or a telephone.

Or a neighbour's system. Values only, no query. Staff are ``grids.staff.Staff``; ``visible_to`` takes any of them.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

# Session keys. A proof ends with the session; the oldest falls out when there are more than KEPT.
PROVED = "petitions_proved"
FILED = "petitions_filed"
PHONE = "petitions_phone"
KEPT = 20
# keys that stand for those of a follower while SQL is prepared
EXAMPLES = tuple(range(-KEPT, 0))


@dataclass(frozen=True, slots=True)
class ProvedPhone:
    """Somebody who holds a telephone, by the blind index of its number, until an instant (seconds since 1970).

    ``elsewhere``: indexes of the same number in other contexts, by the name of the part that keeps it, in hex.
    """

    index: bytes
    until: int = 0
    elsewhere: tuple[tuple[str, str], ...] = ()

    def index_for(self, name: str) -> bytes | None:
        """Return the index of the number in another context; None if the proof brought none."""
        found = dict(self.elsewhere).get(name)
        return bytes.fromhex(found) if found else None

    @classmethod
    def of(cls, session: Mapping[str, Any], *, at: datetime) -> Self | None:
        """Return the telephone this session has proved; None if it has proved none, or too long ago."""
        kept = session.get(PHONE)
        if not kept or at.timestamp() >= kept["until"]:
            return None
        elsewhere = tuple(sorted(kept.get("elsewhere", {}).items()))
        return cls(bytes.fromhex(kept["index"]), kept["until"], elsewhere)


@dataclass(frozen=True, slots=True)
class Follower:
    """The petitions a session may see, newest proof first, those of them that were filed in it, and its telephone."""

    petition_ids: tuple[int, ...] = ()
    filed_ids: tuple[int, ...] = ()
    phone: ProvedPhone | None = None

    @property
    def twenty(self) -> tuple[int, ...]:
        """The petitions it may see, filled up to a constant number with a key that no row has: for prepared SQL."""
        return (*self.petition_ids, *(0,) * (KEPT - len(self.petition_ids)))

    @classmethod
    def of(cls, session: Mapping[str, Any], *, at: datetime | None = None) -> Self:
        """Return what this session has proved; a proved telephone counts only for who says ``at`` what instant.

        Reading changes nothing.
        """
        phone = ProvedPhone.of(session, at=at) if at is not None else None
        return cls(tuple(session.get(PROVED, ())), tuple(session.get(FILED, ())), phone)


@dataclass(frozen=True, slots=True)
class ApiClient:
    """A neighbour's system: it sees what it filed, and with ``reads_all`` what lies under ``path`` or with its unit.

    ``level``: of its area. Without ``sees_closed`` it sees nothing that is about staff, confidential or sensitive, not
    even if it filed it itself: that opens by number and follow-up code, as for everybody.
    """

    user_id: int
    path: str
    level: int
    organisation_id: int | None = None
    reads_all: bool = False
    sees_closed: bool = False


def remember(session: MutableMapping[str, Any], petition_id: int, *, filed: bool = False) -> None:
    """Note in the session that it may see a petition; ``filed``: that it is the one who filed it."""
    for key in (PROVED, FILED) if filed else (PROVED,):
        session[key] = [petition_id, *(kept for kept in session.get(key, ()) if kept != petition_id)][:KEPT]


def remember_phone(session: MutableMapping[str, Any], phone: ProvedPhone) -> None:
    """Note in the session that it holds a telephone."""
    kept = {"index": phone.index.hex(), "until": phone.until}
    session[PHONE] = {**kept, "elsewhere": dict(phone.elsewhere)} if phone.elsewhere else kept


def forget(session: MutableMapping[str, Any]) -> None:
    """Take back every proof, for a device that others use."""
    for key in (PROVED, FILED, PHONE):
        session.pop(key, None)
