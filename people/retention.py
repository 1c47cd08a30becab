"""What each model holds about people, why, on which ground, and how long (architecture.md 3, row 13).

The declaration is data: a test walks all models and fails on one without it, the privacy notice is made from it,
and the nightly job (``people.expiry``) counts from it.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, Self
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

_KEEP = re.compile(r"(?P<count>[1-9]\d*) (?P<unit>days|months|years)")
_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# From when time runs, as the privacy notice says it; other moments are shown as the declaration names them.
AFTER: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "closed": _("after the matter has ended"),
        "created": _("after it was written"),
        "account closed": _("after the account was closed"),
        "expired": _("after it has run out"),
        "ends_on": _("after its last day"),
        "taken_on": _("after that day"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Personal:
    """The personal fields of one model.

    ``fields``: names of model fields. ``keep``: "180 days", "36 months" or "3 years", counted from
    the moment named by ``after`` ("closed", "created", "account closed"). ``purpose`` and
    ``legal_ground``: one sentence each, shown in the privacy notice (PIPL 13 and 17). ``subjects``: whose data it is.
    ``sensitive``: those of the fields that need a separate consent (PIPL 28-30). ``ends``: what happens when the time
    is over; "kept" is a ledger that only the database's owner may purge.

    :raises ValueError: if a part is missing or ``keep`` is not of that form
    """

    fields: tuple[str, ...] = ()
    keep: str = ""
    after: str = ""
    purpose: str | Promise = ""
    legal_ground: str | Promise = ""
    subjects: Literal["resident", "staff"] = "resident"
    sensitive: tuple[str, ...] = ()
    ends: Literal["blanked", "deleted", "kept"] = "blanked"

    def __post_init__(self) -> None:
        reasons = (self.keep, self.after, self.purpose, self.legal_ground)
        if not self.fields:
            if any(reasons):
                msg = "A model without personal fields is declared by Personal.none()."
                raise ValueError(msg)
            return
        if not all(str(reason).strip() for reason in reasons):
            msg = f"Personal fields {self.fields} need keep, after, purpose and legal_ground."
            raise ValueError(msg)
        if not _KEEP.fullmatch(self.keep):
            msg = f"keep is a number and days, months or years, not {self.keep!r}."
            raise ValueError(msg)
        if not set(self.sensitive) <= set(self.fields):
            msg = f"Sensitive fields are personal fields: {self.sensitive}."
            raise ValueError(msg)

    @classmethod
    def none(cls) -> Self:
        """Say that the model holds nothing personal."""
        return cls()

    def cutoff(self, at: datetime) -> datetime:
        """Return the instant before which a moment ``after`` must lie for the time to be over ``at``."""
        return before(at, self.keep)

    @property
    def keep_in_words(self) -> str:
        """How long, as people say it."""
        found = _KEEP.fullmatch(self.keep)
        if found is None:
            return ""
        count = int(found["count"])
        match found["unit"]:
            case "days":
                words = ngettext("%(count)d day", "%(count)d days", count)
            case "months":
                words = ngettext("%(count)d month", "%(count)d months", count)
            case _other:
                words = ngettext("%(count)d year", "%(count)d years", count)
        return words % {"count": count}

    @property
    def after_in_words(self) -> str:
        """From when, as people say it."""
        return str(AFTER.get(self.after, self.after))


def before(at: datetime, keep: str) -> datetime:
    """Return the instant that lies ``keep`` ("3 years") before ``at``, by the calendar of Shanghai.

    The 29th of February becomes the 28th where there is none.

    :raises ValueError: if ``keep`` is no such time
    """
    found = _KEEP.fullmatch(keep)
    if found is None:
        msg = f"Not a time to keep something: {keep!r}."
        raise ValueError(msg)
    count, local = int(found["count"]), at.astimezone(_SHANGHAI)
    if found["unit"] == "days":
        return local - timedelta(days=count)
    months = local.year * 12 + local.month - 1 - count * (12 if found["unit"] == "years" else 1)
    year, month = divmod(months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)
