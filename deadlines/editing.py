"""A policy's next version made here: what it would change shown first, running clocks touched only if asked."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines import recompute
from deadlines.enums import ClockState, Nature, RecomputeReason
from deadlines.errors import PolicyError
from deadlines.life import recompute as recompute_clock
from deadlines.loading import Json, as_data, succeed
from deadlines.models import Clock, Policy
from deadlines.registry import ClockFamily, families
from deadlines.timetable import SHANGHAI, shanghai_date, timetable

# stage code → (value, unit)
Limits = Mapping[str, tuple[int, str]]
CHUNK = 1000
DAY = timedelta(days=1)
_NEEDS = (
    "kind", "limit_value", "limit_unit", "started_at", "due_at", "life", "generation", "stage__code", "area__path",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edit:
    """What an editor may change: names, limits, the day from which it holds, extension and return, the ladders.

    ``rules`` and the stages left out of ``ladders`` stay as they are; a ladder is its rungs as ``loading.as_data`` has
    them, in order.
    """

    name_zh: str
    name_en: str
    valid_from: date
    limits: Limits
    rules: Json | None = None
    ladders: Mapping[str, Sequence[Json]] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """What was previewed, so that nothing else is saved than what was seen."""
        said = (
            self.valid_from.isoformat(),
            self.limits,
            self.rules,
            {code: list(self.ladders[code]) for code in self.ladders},
        )
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def applied_to(self, before: Json) -> Json:
        """Return a version's facts (``loading.as_data``) with this edit in them."""
        stages = []
        for stage in before["stages"]:
            value, unit = self.limits.get(stage["code"], (stage["limit_value"], stage["limit_unit"]))
            rungs = self.ladders.get(stage["code"], stage["rungs"])
            numbered = [{**rung, "position": place} for place, rung in enumerate(rungs)]
            stages.append({**stage, "limit_value": value, "limit_unit": unit, "rungs": numbered})
        rules = before["rules"] if self.rules is None else self.rules
        return {**before, "name_zh": self.name_zh, "name_en": self.name_en, "rules": rules, "stages": stages}


@dataclass(frozen=True, slots=True)
class Preview:
    """What new limits would do to the cases whose duties run now.

    ``late``: not late now, late at once; ``today``: not late yet, but due before midnight in Shanghai, which they are
    not now.
    """

    running: int = 0
    late: int = 0
    today: int = 0


def preview(policy: Policy, limits: Limits, *, at: datetime) -> Preview:
    """Return what ``limits`` would do to running clocks of any version of the policy at ``at``. Writes nothing."""
    midnight = datetime.combine(shanghai_date(at) + DAY, time(), SHANGHAI)
    table = timetable()
    running: set[tuple[str, int]] = set()
    late: set[tuple[str, int]] = set()
    today: set[tuple[str, int]] = set()
    for family in families():
        for clock, subject_id in _running(family, policy.key):
            case = (family.name, subject_id)
            running.add(case)
            clock.limit_value, clock.limit_unit = limits.get(clock.stage.code, (clock.limit_value, clock.limit_unit))
            before, after = clock.due_at, recompute_clock(clock, table=table).at
            if after <= at < before:
                late.add(case)
            elif at < after <= midnight < before:
                today.add(case)
    return Preview(running=len(running), late=len(late), today=len(today - late))


@transaction.atomic
def save(policy: Policy, edit: Edit, *, at: datetime, running_too: bool = False) -> Policy:
    """Store the next version and close this one. Only if ``running_too`` do running clocks get the new limits.

    :raises PolicyError: if this is not the present version, the day is not later than today and its own, or nothing
        changed
    """
    if policy.valid_to is not None:
        raise PolicyError(_("There is a newer version already. Please edit that one."))
    # today's cases stand under today's version; one day never has two
    if edit.valid_from <= max(shanghai_date(at), policy.valid_from):
        raise PolicyError(_("A new version begins tomorrow at the earliest, and after the version before it."))
    before = as_data(policy)
    built = edit.applied_to(before)
    if built == before:
        raise PolicyError(_("Nothing differs from the present version."))
    new = succeed(built, on=edit.valid_from, edited=True)
    if running_too:
        recompute.ask(reason=RecomputeReason.POLICY, at=at, policy=new)
    return new


def _running(family: ClockFamily, key: str) -> Iterator[tuple[Clock, int]]:
    """Stream the running duties of a policy, with what their arithmetic needs."""
    needs = [*_NEEDS, family.subject_field]
    rows = (
        family.clock._default_manager.filter(  # noqa: SLF001
            state=ClockState.RUNNING, stage__policy__key=key, stage__nature=Nature.DUTY
        )
        .select_related("stage", "area")
        .only(*needs)
    )
    for clock in rows.iterator(CHUNK):
        yield clock, getattr(clock, f"{family.subject_field}_id")
