"""Roles and staffing rules from their file into the database; a re-load is a no-op, a change made here stays."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grids.enums import HeldBy, Level
from grids.models import GridRole, StaffingLine, StaffingRule
from people.errors import BadInput

STAFFING_FILE: Final = Path(__file__).parent / "data" / "staffing.json"
_WORDS = ("name_zh", "name_en", "source")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many roles and rules a load added, changed and found unchanged."""

    added: int
    changed: int
    unchanged: int


@transaction.atomic
def load_staffing(*, on: date, path: Path = STAFFING_FILE) -> Loaded:
    """Load roles and rules. A role that is there stays as it is: its titles and duties are edited here.

    A rule with a higher version closes its present lines with the day before ``on`` and opens new ones, unless it was
    changed here: then it stays too.

    :raises BadInput: naming the role or rule that cannot be; nothing is loaded then
    """
    data: Json = json.loads(path.read_text(encoding="utf-8"))
    roles = {role.key: role for role in GridRole.objects.all()}
    added = changed = unchanged = 0
    for entry in data["roles"]:
        if entry["key"] in roles:
            unchanged += 1
            continue
        role = GridRole(**{**entry, "level": Level[entry["level"].upper()], "held_by": HeldBy(entry["held_by"])})
        _check(role, entry["key"])
        role.save()
        roles[role.key] = role
        added += 1
    for entry in data["rules"]:
        rule = StaffingRule.objects.filter(key=entry["key"]).first()
        if rule is None:
            words = {name: entry[name] for name in _WORDS}
            rule = StaffingRule.objects.create(key=entry["key"], version=entry["version"], **words)
            _store_lines(rule, entry, roles, since=None)
            added += 1
        elif entry["version"] > rule.version and not rule.changed_locally:
            rule.version = entry["version"]
            for name in _WORDS:
                setattr(rule, name, entry[name])
            rule.save()
            rule.lines.filter(valid_from__gte=on).delete()
            rule.lines.filter(valid_to=None).update(valid_to=on - timedelta(days=1))
            _store_lines(rule, entry, roles, since=on)
            changed += 1
        else:
            unchanged += 1
    return Loaded(added=added, changed=changed, unchanged=unchanged)


def _store_lines(rule: StaffingRule, entry: Json, roles: dict[str, GridRole], *, since: date | None) -> None:
    for line in entry["lines"]:
        if line["role"] not in roles:
            raise BadInput(_("%(rule)s: “%(value)s” is unknown.") % {"rule": entry["key"], "value": line["role"]})
        row = StaffingLine(
            rule=rule,
            role=roles[line["role"]],
            least=line["least"],
            per=Level[line["per"].upper()],
            valid_from=since,
        )
        _check(row, entry["key"])
        row.save()


def _check(row: GridRole | StaffingLine, key: str) -> None:
    try:
        row.full_clean()
    except ValidationError as problem:
        raise BadInput(f"{key}: {' '.join(problem.messages)}") from problem
