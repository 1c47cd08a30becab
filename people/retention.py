"""What each model holds about people, why, on which ground, and how long (architecture.md 3, row 13).

The declaration is data: a test walks all models and fails on one without it, and the retention
job of a later release reads the same rows.
"""

import re
from dataclasses import dataclass
from typing import Self

_KEEP = re.compile(r"(?P<count>[1-9]\d*) (?P<unit>days|months|years)")


@dataclass(frozen=True, kw_only=True)
class Personal:
    """The personal fields of one model.

    ``fields``: names of model fields. ``keep``: "180 days", "36 months" or "3 years", counted from
    the moment named by ``after`` ("closed", "created", "account closed"). ``purpose`` and
    ``legal_ground``: one sentence each, shown in the privacy notice (PIPL 13 and 17).

    :raises ValueError: if a part is missing or ``keep`` is not of that form
    """

    fields: tuple[str, ...] = ()
    keep: str = ""
    after: str = ""
    purpose: str = ""
    legal_ground: str = ""

    def __post_init__(self) -> None:
        reasons = (self.keep, self.after, self.purpose, self.legal_ground)
        if not self.fields:
            if any(reasons):
                msg = "A model without personal fields is declared by Personal.none()."
                raise ValueError(msg)
            return
        if not all(reason.strip() for reason in reasons):
            msg = f"Personal fields {self.fields} need keep, after, purpose and legal_ground."
            raise ValueError(msg)
        if not _KEEP.fullmatch(self.keep):
            msg = f"keep is a number and days, months or years, not {self.keep!r}."
            raise ValueError(msg)

    @classmethod
    def none(cls) -> Self:
        """Say that the model holds nothing personal."""
        return cls()
