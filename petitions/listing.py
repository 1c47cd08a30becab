"""Sorting matters into the three lists (004-28) by rules that are data; staff see why, and may correct it."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import PostKind
from grids.staff import Staff
from petitions.enums import Channel, IntakeList, TextKind
from petitions.errors import NotYours
from petitions.models import Category, ListEntry, ListRule, Petition, PetitionText

RULES_FILE = Path(__file__).parent / "data" / "list_rules.csv"
ALWAYS = date(2000, 1, 1)
LOOKS_BACK: Final = timedelta(days=30)
BATCH: Final = 500
# What other systems send is counted there.
NOT_COLLECTED: Final = (Channel.IMPORT, Channel.HOTLINE)
CORRECTS: Final = (
    PostKind.COMMUNITY_SECRETARY, PostKind.COMMUNITY_WORKER, PostKind.DISPATCHER, PostKind.STREET_LEADER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sorted:
    """Where a matter belongs, and which rule and word say so."""

    rule: ListRule
    word: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rules a load added, changed and found unchanged."""

    added: int
    changed: int
    unchanged: int


def decide(text: str, category: Category | None, rules: Iterable[ListRule]) -> Sorted | None:
    """Return the first rule that fits the words and the category of a matter; pure."""
    said = text.lower()
    for rule in rules:
        if rule.category_id is not None and (
            category is None or rule.category_id not in {category.pk, category.parent_id}
        ):
            continue
        word = next((word for word in rule.words if word and word.lower() in said), "")
        if word or not rule.words:
            return Sorted(rule, word)
    return None


@transaction.atomic
def sort_new(*, at: datetime) -> int:
    """Sort what was accepted since the last run, in one batch; return how many. What was looked at stays as it is.

    Protected matters are never listed: about staff, confidential, of a sensitive or silent category.
    """
    rules = list(ListRule.objects.in_force(shanghai_date(at)))
    found = (
        Petition.objects.filter(
            accepted_at__gte=at - LOOKS_BACK, accepted_at__lte=at, listed=None, barred_from=None, is_confidential=False,
            category__sensitive=False, category__silent=False, category__reporter_hidden=False,
        )
        .exclude(channel__in=NOT_COLLECTED)
        .select_related("category")
        .order_by("accepted_at", "pk")[:BATCH]
    )  # fmt: skip
    petitions = list(found)
    said = _said(petitions)
    entries = []
    for petition in petitions:
        fits = decide(f"{petition.title}\n{said.get(petition.pk, '')}", petition.category, rules)
        entries.append(
            ListEntry(
                petition=petition, kind=fits.rule.kind if fits else "", rule=fits.rule if fits else None,
                word=fits.word if fits else "", sorted_at=at,
            )
        )  # fmt: skip
    ListEntry.objects.bulk_create(entries, ignore_conflicts=True)
    return len(entries)


def counts(staff: Staff) -> dict[str, int]:
    """Return how many matters in scope stand on each of the three lists; one query."""
    rows = ListEntry.objects.visible_to(staff).listed().order_by().values_list("kind").annotate(Count("pk"))
    found = dict(rows)
    return {one.value: found.get(one.value, 0) for one in IntakeList}


def may_correct(by: Staff) -> bool:
    """Tell whether somebody corrects what the rules decided, within what he sees."""
    return by.holds(*CORRECTS)


@transaction.atomic
def correct(entry: ListEntry, *, to: IntakeList | None, by: Staff, at: datetime) -> ListEntry:
    """Put a matter on another list, or on none; the rules leave it alone from then on.

    :raises NotYours: if the post of ``by`` does not
    """
    row = ListEntry.objects.select_for_update(of=("self",)).select_related("petition").get(pk=entry.pk)
    if not by.holds(*CORRECTS, path=row.petition.area_path):
        raise NotYours(_("Your post does not correct the lists."))
    row.kind = to.value if to is not None else ""
    row.corrected_by, row.corrected_at = by.user, at
    row.save(update_fields=["kind", "corrected_by", "corrected_at"])
    return row


@transaction.atomic
def load_rules(*, path: Path = RULES_FILE) -> Loaded:
    """Load the rules that ship with the project; a rule that somebody has changed since stays as he made it."""
    known = set(ListRule.objects.values_list("code", flat=True))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    fresh = [
        ListRule(
            code=row["code"], position=int(row["position"]), kind=IntakeList(row["list"]),
            words=row["words"].split("|"), valid_from=ALWAYS,
        )
        for row in rows
        if row["code"] not in known
    ]  # fmt: skip
    for rule in fresh:
        rule.save(force_insert=True)
    return Loaded(added=len(fresh), changed=0, unchanged=len(rows) - len(fresh))


def _said(petitions: Iterable[Petition]) -> Mapping[int, str]:
    """Return the first words of each petition, masked; one query."""
    rows = PetitionText.objects.filter(petition__in=petitions, kind=TextKind.BODY).order_by("-created_at", "-pk")
    return dict(rows.values_list("petition", "masked"))
