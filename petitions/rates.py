"""The rates that are shown: which count over which, in words, and which list of cases each count opens (rules.md a.2).

Each rate carries both its counts, is None out of nothing, and is cut off, not rounded: 1612 of 1613 is 99.9.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# out of fewer cases than this a rate says little, and is said to
SMALL: Final = 10


@dataclass(frozen=True, slots=True)
class Rate:
    """A share that can be opened to its two counts."""

    numerator: int
    denominator: int

    @property
    def rate(self) -> float | None:
        """The share, None out of nothing."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def percent(self) -> float | None:
        """The share in percent to one decimal, cut off and not rounded: 1612 of 1613 is 99.9, never 100."""
        return self.numerator * 1000 // self.denominator / 10 if self.denominator else None

    @property
    def is_small(self) -> bool:
        """Whether it is out of so few that it says little."""
        return 0 < self.denominator < SMALL


@dataclass(frozen=True, slots=True)
class Kind:
    """One rate: ``over`` are the counts whose sum it is out of; ``opens`` and ``opens_all`` name lists of ``LISTS``.

    ``rest`` names the list of the cases that are missing from it.
    """

    key: str
    name: Promise
    formula: Promise
    count: str
    over: tuple[str, ...]
    opens: str
    opens_all: str
    rest: str

    def of(self, counts: Mapping[str, int]) -> Rate:
        """Return the rate out of a row of counts."""
        return Rate(counts.get(self.count, 0), sum(counts.get(name, 0) for name in self.over))


def _kind(
    key: str, name: Any, formula: Any, count: str, over: tuple[str, ...], *, opens_all: str = "", rest: str = ""
) -> Kind:
    return Kind(key, name, formula, count, over, count, opens_all or over[0], rest or f"not_{count}")


RATES: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            _kind(
                "acceptance",
                _("Acceptance rate"),
                _("accepted ÷ received, by the day of filing"),
                "admitted",
                ("received",),
            ),
            _kind(
                "response",
                _("Response rate"),
                _("petitioner contacted in time ÷ contacts made or already overdue"),
                "contacted",
                ("contact_decided", "contact_owed"),
                opens_all="contact_known",
            ),
            _kind(
                "closure",
                _("Closure rate"),
                _("completed ÷ accepted; withdrawn and merged matters are left out and shown apart"),
                "completed",
                ("completed", "pending"),
                opens_all="to_complete",
            ),
            _kind(
                "on_time",
                _("On-time rate"),
                _("completed before due, approved extensions included ÷ completed under a time limit, late ones too"),
                "on_time",
                ("judged",),
                rest="too_late",
            ),
            _kind(
                "resolution",
                _("Resolution rate"),
                _("petitioner says it is solved ÷ petitioners who said whether it is"),
                "solved",
                ("asked",),
            ),
            _kind(
                "satisfaction",
                _("Satisfaction rate"),
                _("satisfied and basically satisfied ÷ rated; how many did not rate stands beside it"),
                "satisfied",
                ("rated",),
            ),
            _kind(
                "return",
                _("Return rate"),
                _("given back by who was sent it, with consent ÷ dispatched"),
                "returned",
                ("dispatched",),
            ),
            _kind(
                "rework",
                _("Rework rate"),
                _("sent back or re-opened after it was called resolved ÷ resolved at least once"),
                "reworked",
                ("handled",),
            ),
            _kind(
                "extension",
                _("Extension rate"),
                _("granted more time ÷ accepted"),
                "extended",
                ("accepted",),
            ),
        )
    }
)

# Small matters stay in the grid, big ones in the community: where what is completed was completed (000-51, 002-37).
LEVELS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            Kind(
                key,
                name,
                _("completed by a post of that level ÷ completed by a post whose level is known"),
                key,
                ("levelled",),
                key,
                "levelled",
                "",
            )
            for key, name in (
                ("at_grid", pgettext_lazy("resolved at", "In the grid")),
                ("at_community", pgettext_lazy("resolved at", "In the community")),
                ("at_street", pgettext_lazy("resolved at", "In the subdistrict")),
                ("at_district", pgettext_lazy("resolved at", "In the district")),
            )
        )
    }
)

COUNTS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "received": pgettext_lazy("figure", "Filed"),
        "waiting": _("Not decided on yet"),
        "declined": _("Not accepted"),
        "accepted": _("Accepted"),
        "completed": _("Completed"),
        "pending": _("Still open"),
        "late": _("Open and overdue"),
        "unrated": _("Completed, not rated"),
        "reopened": _("Re-opened"),
        "withdrawn": _("Withdrawn"),
        "merged": _("Merged"),
    }
)

# Lists behind the counts: a name in words, and what a fact must say. What is late is asked of the petition, live.
_MORE: Final[Mapping[str, tuple[Any, Q]]] = MappingProxyType(
    {
        "admitted": (_("Received and accepted"), Q(admitted=True)),
        "not_admitted": (_("Received, not accepted (yet)"), Q(admitted=False)),
        "to_complete": (_("Accepted, neither withdrawn nor merged"), Q(completed=True) | Q(pending=True)),
        "not_completed": (_("Accepted and still open"), Q(pending=True)),
        "contacted": (_("Petitioner contacted in time"), Q(contacted=True)),
        "judged": (_("Completed under a time limit"), Q(judged=True)),
        "on_time": (_("Completed on time"), Q(on_time=True)),
        "too_late": (_("Completed too late"), Q(judged=True, on_time=False)),
        "asked": (_("Said whether it is solved"), Q(asked=True)),
        "solved": (_("Said it is solved"), Q(solved=True)),
        "not_solved": (_("Said it is not solved"), Q(asked=True, solved=False)),
        "rated": (_("Rated"), Q(rated=True)),
        "satisfied": (_("Satisfied or basically satisfied"), Q(satisfied=True)),
        "not_satisfied": (_("Dissatisfied"), Q(rated=True, satisfied=False)),
        "dispatched": (_("Dispatched"), Q(dispatched=True)),
        "returned": (_("Returned"), Q(returned=True)),
        "not_returned": (_("Dispatched and not returned"), Q(dispatched=True, returned=False)),
        "handled": (_("Resolved at least once"), Q(handled=True)),
        "reworked": (_("Sent back or re-opened"), Q(reworked=True)),
        "not_reworked": (_("Resolved and left so"), Q(handled=True, reworked=False)),
        "extended": (_("Extended"), Q(extended=True)),
        "not_extended": (_("Not extended"), Q(extended=False)),
        "levelled": (_("Completed at a known level"), Q(levelled=True)),
        "near": (_("Completed in the grid or in the community"), Q(at_grid=True) | Q(at_community=True)),
        "turned": (_("Not accepted at first, completed after an appeal"), Q(turned=True)),
    }
)
LISTS: Final[Mapping[str, tuple[Any, Q]]] = MappingProxyType(
    {
        **{name: (label, Q(**{name: True})) for name, label in COUNTS.items() if name not in {"received", "accepted"}},
        **_MORE,
        **{key: (kind.name, Q(**{key: True})) for key, kind in LEVELS.items()},
        "received": (COUNTS["received"], Q()),
        "accepted": (COUNTS["accepted"], Q()),
        "late": (COUNTS["late"], Q()),
        "contact_known": (_("Contact made, or overdue"), Q(contact_decided=True)),
        "not_contacted": (_("Petitioner not contacted in time"), Q(contact_decided=True, contacted=False)),
    }
)
BY_RECEIPT: Final = frozenset({"received", "admitted", "not_admitted", "declined", "waiting"})
# lists that hold what is late now as well
LIVE: Final = frozenset({"late", "contact_known", "not_contacted"})
