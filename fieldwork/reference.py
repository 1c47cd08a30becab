"""Kinds of visits, how often they are asked for, and names of campaigns, from their file into the database.

What the sources do not say (the five kinds of 五必访, the lines of a campaign) is our proposal, to be changed here.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils.translation import get_language

from fieldwork.models import VisitDuty, VisitRule

FILE: Final = Path(__file__).parent / "data" / "visit_duties.json"
ALWAYS: Final = date(2000, 1, 1)
_WORDS: Final = ("name_zh", "name_en", "whom", "needs_consent", "ground_zh", "ground_en", "source")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many kinds a load added, changed and found unchanged."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Template:
    """A campaign of the sources: its name, how many households it wants, lines to begin with."""

    code: str
    name_zh: str
    name_en: str
    goal: int | None
    items: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@transaction.atomic
def load_visit_duties(*, path: Path = FILE) -> Loaded:
    """Add the kinds that are missing, each with a rule for everywhere. What is there is edited here and stays."""
    known = set(VisitDuty.objects.values_list("code", flat=True))
    added = 0
    entries = _read(path)["duties"]
    for position, entry in enumerate(entries, start=1):
        if entry["code"] in known:
            continue
        facts = {name: entry[name] for name in _WORDS}
        duty = VisitDuty.objects.create(code=entry["code"], position=position * 10, **facts)
        VisitRule.objects.create(
            duty=duty, cadence=entry["cadence"], modes=entry["modes"], valid_from=ALWAYS, source=entry["source"]
        )
        added += 1
    return Loaded(added=added, changed=0, unchanged=len(entries) - added)


@cache
def templates(path: Path = FILE) -> tuple[Template, ...]:
    """Return the campaigns of the sources, to begin one with."""
    return tuple(
        Template(one["code"], one["name_zh"], one["name_en"], one["goal"], tuple(one["items"]))
        for one in _read(path)["campaigns"]
    )


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
