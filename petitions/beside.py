"""What a step on a petition must know beside its row: read in one trip, once the row is locked (ADR 23).

Read before the lock it could be old: whoever waited for the lock sees what was written meanwhile only in a statement
that begins after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from deadlines.clocks import policy_kept
from deadlines.models import Policy
from deadlines.timetable import Timetable, shanghai_date, stand, timetable, timetable_of
from people.keeping import Stamp
from people.prepared import Prepared
from petitions.enums import Decision, EventCode
from petitions.models import (
    ExtensionRequest,
    Petition,
    PetitionEvent,
    Recusal,
    ReturnRequest,
    Ruling,
    VerificationRule,
)

# Our own policies, of which a round begins because of what was done.
FEEDBACK: Final = "feedback"
VERIFICATION: Final = "verification"
OURS: Final = (FEEDBACK, VERIFICATION)
_RULES = Stamp(
    "(SELECT max(pgh_id) FROM petitions_verificationruleevent)", "(SELECT count(*) FROM petitions_verificationrule)"
)
# codes and instants of what happened, the oldest first
History = Sequence[tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one petition at an instant.

    ``recused``: who stays out of it, and why. ``events``: its history.
    """

    on: date
    recused: Mapping[int, str]
    events: History
    has_joined: bool
    returns_waiting: bool
    returns: int
    extensions_waiting: bool
    extensions_granted: int
    ruling_waits: bool
    has_check_rules: bool
    policies: Mapping[str, int]
    table: Timetable

    def with_event(self, code: str, at: datetime) -> History:
        """Return the history with the event that is about to be written."""
        new = (code, at.astimezone(UTC))
        return tuple(sorted((*self.events, new), key=lambda one: one[1]))

    def policy(self, key: str) -> int:
        """Return the id of one of our own policies (``OURS``).

        :raises NoPolicyInForce: if it is not in force that day
        """
        return self.policies[key] if key in self.policies else policy_kept(key, on=self.on)


def read(petition: Petition, *, at: datetime) -> Beside:
    """Read it for a petition that is locked. One query."""
    on = shanghai_date(at)
    row = _READ(petition.pk, on)[0]
    people, kinds, codes, instants, keys, ids, joined, returns, extensions, ruling, rules, *stood = row
    return Beside(
        on=on,
        recused=dict(zip(people, kinds, strict=True)),
        events=tuple(zip(codes, instants, strict=True)),
        has_joined=joined,
        returns_waiting=True in returns,
        returns=len(returns),
        extensions_waiting=Decision.WAITING in extensions,
        extensions_granted=extensions.count(Decision.GRANTED),
        ruling_waits=ruling,
        has_check_rules=rules,
        policies=dict(zip(keys, ids, strict=True)),
        table=timetable_of(stood),
    )


def of_new(*, at: datetime) -> Beside:
    """Return what stands beside a matter that is filed ``at`` this instant. No query where stamps were asked for."""
    on = shanghai_date(at)
    return Beside(
        on=on,
        recused={},
        events=((EventCode.SUBMITTED, at.astimezone(UTC)),),
        has_joined=False,
        returns_waiting=False,
        returns=0,
        extensions_waiting=False,
        extensions_granted=0,
        ruling_waits=False,
        has_check_rules=_has_check_rules(on, *_RULES.now()),
        policies={},
        table=timetable(),
    )


@lru_cache(maxsize=4)
def _has_check_rules(on: date, *_rules: int) -> bool:
    return VerificationRule.objects.in_force(on).exists()


def _ask(pk: int, on: date) -> Any:
    recusals = Recusal.objects.filter(petition=OuterRef("pk")).order_by("pk")
    events = PetitionEvent.objects.filter(petition=OuterRef("pk")).order_by("at", "pk")
    policies = Policy.objects.in_force(on).filter(key__in=OURS).order_by("pk")
    returns = ReturnRequest.objects.filter(petition=OuterRef("pk")).order_by("pk")
    extensions = ExtensionRequest.objects.filter(petition=OuterRef("pk")).order_by("pk")
    columns = {
        "people": ArraySubquery(recusals.values("user_id")),
        "kinds": ArraySubquery(recusals.values("kind")),
        "codes": ArraySubquery(events.values("code")),
        "instants": ArraySubquery(events.values("at")),
        "keys": ArraySubquery(policies.values("key")),
        "ids": ArraySubquery(policies.values("pk")),
        "has_joined": Exists(Petition.objects.filter(master=OuterRef("pk"))),
        "asked_back": ArraySubquery(returns.annotate(waits=Q(decided_at=None)).values("waits")),
        "longer": ArraySubquery(extensions.values("decision")),
        "ruling": Exists(Ruling.objects.waiting().filter(petition=OuterRef("pk"))),
        "rules": Exists(VerificationRule.objects.in_force(on)),
        **{f"stood_{place}": column for place, column in enumerate(stand())},
    }
    return Petition.objects.filter(pk=pk).order_by().annotate(**columns).values_list(*columns)


_READ: Prepared[tuple[Any, ...]] = Prepared(_ask, -1, date.max)
