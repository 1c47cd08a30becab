"""How an act of a worker reached us: which sending it was, and whether it waited on the phone for a line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

# Header that tells a phone at which version a case stands by what it sent.
STANDS_AT: Final = "X-Linli-Version"


@dataclass(frozen=True, slots=True)
class Sent:
    """One sending. ``key``: the same again does nothing; ``typed_at``: when it was written, if it waited on the phone.

    The time limits count from when it reached us: a phone's clock proves nothing. Staff read both.
    """

    key: UUID | None = None
    typed_at: datetime | None = None

    @property
    def refs(self) -> dict[str, Any]:
        """What the event says of it."""
        return {} if self.typed_at is None else {"typed_at": self.typed_at.isoformat()}


HERE: Final = Sent()
