"""The category tree from its file into the database; a re-load changes only what differs."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.models import Policy
from people.errors import BadInput
from petitions.enums import Tier, Urgency
from petitions.models import Category

CATEGORIES_FILE = Path(__file__).parent / "data" / "categories.csv"
ALWAYS = date(2000, 1, 1)
_FIELDS = (
    "parent_id", "name_zh", "name_en", "tier", "policy_key", "urgency", "department_type", "department_zh",
    "emergency_numbers", "keywords", "sensitive", "reporter_hidden", "silent", "public_ok", "standard_ref",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many categories a load added, changed and found unchanged."""

    added: int
    changed: int
    unchanged: int


@transaction.atomic
def load_categories(*, path: Path = CATEGORIES_FILE) -> Loaded:
    """Load the category file; groups first, then what stands under them.

    :raises BadInput: naming the line, if it names a tier, urgency, policy or group that does not exist
    """
    policies = set(Policy.objects.values_list("key", flat=True))
    known = {category.code: category for category in Category.objects.all()}
    added = changed = unchanged = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(enumerate(csv.DictReader(file), start=2))
    for line, row in sorted(rows, key=lambda entry: (bool(entry[1]["parent"]), entry[0])):
        facts = _facts(line, row, known, policies)
        category = known.get(row["code"])
        if category is None:
            known[row["code"]] = Category.objects.create(code=row["code"], valid_from=ALWAYS, **facts)
            added += 1
        elif any(getattr(category, name) != facts[name] for name in _FIELDS):
            for name, value in facts.items():
                setattr(category, name, value)
            category.save(update_fields=[*(name.removesuffix("_id") for name in _FIELDS)])
            changed += 1
        else:
            unchanged += 1
    return Loaded(added=added, changed=changed, unchanged=unchanged)


def _facts(line: int, row: dict[str, str], known: dict[str, Category], policies: set[str]) -> dict[str, object]:
    tier = "" if row["default_tier"] == "none" else row["default_tier"]
    checks = (
        (row["parent"], {"", *known}),
        (tier, {"", *Tier.values}),
        (row["default_urgency"], set(Urgency.values)),
        (row["default_sla_policy"], {"", *policies}),
    )
    for value, words in checks:
        if value not in words:
            raise BadInput(_("Line %(line)d: “%(value)s” is unknown.") % {"line": line, "value": value})
    return {
        "parent_id": known[row["parent"]].pk if row["parent"] else None,
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "tier": tier,
        "policy_key": row["default_sla_policy"],
        "urgency": row["default_urgency"],
        "department_type": row["department_type"],
        "department_zh": row["department_zh"],
        "emergency_numbers": [number for number in row["emergency_handoff"].split("/") if number.isdigit()],
        "keywords": [word for word in row["keywords"].split("|") if word],
        "sensitive": row["sensitive"] == "1",
        "reporter_hidden": row["reporter_hidden"] == "1",
        "silent": row["silent"] == "1",
        "public_ok": row["public_ok"] == "1",
        "standard_ref": row["gb30428_ref"],
    }
