"""Policies from their file into the database: validated, versioned, a re-load a no-op."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from deadlines.calendar import RungAtError, parse_rung_at
from deadlines.enums import ClockKind, LimitUnit, Nature, RungAction, RungLevel
from deadlines.errors import PolicyError
from deadlines.ladder import POST_MAP
from deadlines.models import Policy, Rung, Stage

POLICIES_FILE = Path(__file__).parent / "data" / "sla_policies.json"
# History may be older than we are: the first version of a policy has always been in force.
ALWAYS = date(2000, 1, 1)
_CONDITION = re.compile(r'^(?P<fact>[a-z_]+)(?:\s*==\s*"(?P<value>[a-z_]+)")?$')

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many a load added, changed (a policy: by a new version) and found unchanged."""

    added: int
    changed: int
    unchanged: int


def condition_holds(applies_when: str, facts: Mapping[str, object]) -> bool:
    """Tell whether a stage applies: empty, ``fact`` (true) or ``fact == "value"``.

    :raises PolicyError: if the condition is neither
    """
    if not applies_when:
        return True
    match = _CONDITION.match(applies_when)
    if match is None:
        raise PolicyError(_("“%(text)s” is not a condition.") % {"text": applies_when})
    value = facts.get(match["fact"])
    return value == match["value"] if match["value"] else bool(value)


@transaction.atomic
def load_policies(*, on: date, path: Path = POLICIES_FILE) -> Loaded:
    """Load every policy of the file; a changed one gets a new version from ``on``, running clocks keep theirs.

    Changed is what differs from the last version loaded from the file: an edit made here stands until the file changes.

    :raises PolicyError: naming policy and field, if the file says something that cannot be; nothing is loaded then
    """
    data: Json = json.loads(path.read_text(encoding="utf-8"))
    _check_vocabulary(data)
    added = changed = unchanged = 0
    for entry in data["policies"]:
        built = _build(entry, data["default_ladder"])
        versions = Policy.objects.filter(key=entry["key"]).prefetch_related("stages__rungs").order_by("-version")
        last = versions.filter(edited=False).first()
        if last is None:
            store(built, version=1, valid_from=ALWAYS)
            added += 1
        elif as_data(last) != built:
            succeed(built, on=on, edited=False)
            changed += 1
        else:
            unchanged += 1
    return Loaded(added=added, changed=changed, unchanged=unchanged)


def succeed(built: Json, *, on: date, edited: bool) -> Policy:
    """Store the next version, valid from ``on`` or the day after the present one began, and close the present one."""
    present = Policy.objects.select_for_update().get(key=built["key"], valid_to=None)
    valid_from = max(on, present.valid_from + timedelta(days=1))
    Policy.objects.filter(pk=present.pk).update(valid_to=valid_from - timedelta(days=1))
    return store(built, version=next_version(built["key"]), valid_from=valid_from, edited=edited)


def default_rungs(key: str) -> list[Json]:
    """Return the ladder of a duty of policy ``key`` that names none of its own."""
    data: Json = json.loads(POLICIES_FILE.read_text(encoding="utf-8"))
    rungs = [_rung(key, rung, is_default=True) for rung in data["default_ladder"]["rungs"]]
    return [{**rung, "position": place} for place, rung in enumerate(rungs)]


def next_version(key: str) -> int:
    """Return the number the next version of policy ``key`` takes."""
    return (Policy.objects.filter(key=key).aggregate(last=Max("version"))["last"] or 0) + 1


def _check_vocabulary(data: Json) -> None:
    for name, (level, post) in data["post_map"].items():
        ours = POST_MAP.get(name)
        if ours is None:
            raise PolicyError(_("Post name “%(name)s” is unknown.") % {"name": name})
        # "grid_worker on duty, else grid_lead" names its posts among other words
        if not all(where == level and kind.value in post for where, kind in ours):
            raise PolicyError(_("Post name “%(name)s” means something else here.") % {"name": name})
    for action in data["rung_actions"]:
        if action not in RungAction.values:
            raise PolicyError(_("Action “%(name)s” is unknown.") % {"name": action})


def _build(entry: Json, default_ladder: Json) -> Json:
    key = entry["key"]
    codes = [stage["code"] for stage in entry["stages"]]
    ladder: dict[str, list[Json]] = {code: [] for code in codes}
    for rung in entry["escalation"]:
        try:
            at = parse_rung_at(rung["at"])
        except RungAtError as error:
            raise PolicyError(_("%(key)s: rung “%(at)s” is no moment.") % {"key": key, "at": rung["at"]}) from error
        if at.stage not in ladder:
            raise PolicyError(_("%(key)s: rung “%(at)s” names no stage.") % {"key": key, "at": rung["at"]})
        ladder[at.stage].append(_rung(key, rung, is_default=False))
    stages = []
    for position, stage in enumerate(entry["stages"]):
        rungs = ladder[stage["code"]]
        if stage["nature"] == Nature.DUTY and not any(rung["at"].startswith("overdue") for rung in rungs):
            rungs = [*rungs, *(_rung(key, rung, is_default=True) for rung in default_ladder["rungs"])]
        stages.append(_stage(key, entry, stage, position, rungs))
    return {
        "key": key,
        "name_zh": entry["name_zh"],
        "name_en": entry["name_en"],
        "clock": _known(key, entry["clock"], ClockKind.values),
        "source": entry["source"],
        "source_status": entry["source_status"],
        "rules": {
            name: entry[name]
            for name in ("extension", "return_rule", "callback", "assumptions", "escalation_status", "note")
            if name in entry
        },
        "stages": stages,
    }


def _stage(key: str, entry: Json, stage: Json, position: int, rungs: list[Json]) -> Json:
    if not condition_holds(stage.get("applies_when", ""), {}) and not stage.get("applies_when"):
        raise PolicyError(_("%(key)s: a stage that never applies.") % {"key": key})
    return {
        "code": stage["code"],
        "position": position,
        "name_zh": stage["name_zh"],
        "name_en": stage.get("name_en") or stage["code"].replace("_", " "),
        "limit_value": stage["limit"]["value"],
        "limit_unit": _known(key, stage["limit"]["unit"], LimitUnit.values),
        "clock": _known(key, str(stage.get("clock", entry["clock"])), ClockKind.values),
        "anchor": str(stage["anchor"]),
        "stopped_by": stage["stopped_by"],
        "nature": _known(key, stage["nature"], Nature.values),
        "applies_when": stage.get("applies_when", ""),
        "actor": stage.get("actor", ""),
        "note": stage.get("note", ""),
        "rungs": [{**rung, "position": place} for place, rung in enumerate(rungs)],
    }


def _rung(key: str, rung: Json, *, is_default: bool) -> Json:
    for name in rung.get("notify", ()):
        _known(key, name, list(POST_MAP))
    return {
        "at": str(rung["at"]).rpartition(":")[2],
        "level": _known(key, rung["level"], RungLevel.values),
        "posts": list(rung.get("notify", ())),
        "action": _known(key, rung["action"], RungAction.values),
        "note": rung.get("action_note", ""),
        "is_default": is_default,
    }


def _known(key: str, word: str, words: list[str]) -> str:
    if word not in words:
        raise PolicyError(
            _("%(key)s: “%(word)s” is not one of %(words)s.")
            % {
                "key": key,
                "word": word,
                "words": ", ".join(words),
            }
        )
    return word


def store(built: Json, *, version: int, valid_from: date, edited: bool = False) -> Policy:
    """Store one version of a policy from its facts (as ``as_data`` gives them); ``edited``: here, not in the file."""
    facts = {name: value for name, value in built.items() if name != "stages"}
    policy = Policy.objects.create(version=version, valid_from=valid_from, edited=edited, **facts)
    for stage_facts in built["stages"]:
        stage = Stage.objects.create(
            policy=policy, **{name: value for name, value in stage_facts.items() if name != "rungs"}
        )
        Rung.objects.bulk_create(Rung(stage=stage, **rung) for rung in stage_facts["rungs"])
    return policy


_STAGE_FIELDS = (
    "code",
    "position",
    "name_zh",
    "name_en",
    "limit_value",
    "limit_unit",
    "clock",
    "anchor",
    "stopped_by",
    "nature",
    "applies_when",
    "actor",
    "note",
)
_RUNG_FIELDS = ("at", "level", "posts", "action", "note", "is_default", "position")
_POLICY_FIELDS = ("key", "name_zh", "name_en", "clock", "source", "source_status", "rules")


def as_data(policy: Policy) -> Json:
    """Return what a version says, in the shape it is stored from; stages and rungs in order."""
    facts: Json = {name: getattr(policy, name) for name in _POLICY_FIELDS}
    facts["stages"] = [
        {
            **{name: getattr(stage, name) for name in _STAGE_FIELDS},
            "rungs": [
                {name: getattr(rung, name) for name in _RUNG_FIELDS}
                for rung in sorted(stage.rungs.all(), key=lambda rung: rung.position)
            ],
        }
        for stage in sorted(policy.stages.all(), key=lambda stage: stage.position)
    ]
    return facts
