"""The starter lists of service items, questions and reply templates; what was reviewed is never written over.

The rows are ours: common items of a community, marked as to be reviewed by the subdistrict, no official list.
"""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import BadInput
from petitions.models import Category, Faq, ReplyTemplate, ServiceItem
from petitions.reference import ALWAYS, Loaded

DATA = Path(__file__).parent / "data"
ITEMS_FILE = DATA / "service_items.csv"
FAQS_FILE = DATA / "faqs.csv"
REPLIES_FILE = DATA / "reply_templates.csv"


@transaction.atomic
def load_items(*, path: Path = ITEMS_FILE) -> Loaded:
    """Load the starter list of service items; a row that was reviewed or overridden by an area stays as it is."""
    known = {item.code: item for item in ServiceItem.objects.filter(area=None, valid_from=ALWAYS)}
    return _load(path, ServiceItem, known, _item)


@transaction.atomic
def load_faqs(*, path: Path = FAQS_FILE) -> Loaded:
    """Load the starter list of questions; a row that was reviewed stays as it is.

    :raises BadInput: naming the line, if it names a category that does not exist
    """
    categories = {category.code: category for category in Category.objects.all()}

    def facts(row: Mapping[str, str], line: int) -> dict[str, Any]:
        _check_category(row, categories, line)
        words = {name: row[name] for name in ("question_zh", "question_en", "answer_zh", "answer_en")}
        return {
            **words,
            "category_id": categories[row["category"]].pk if row["category"] else None,
            "keywords": _split(row["keywords"]),
            "position": int(row["position"]),
        }

    return _load(path, Faq, {faq.code: faq for faq in Faq.objects.all()}, facts)


@transaction.atomic
def load_replies(*, path: Path = REPLIES_FILE) -> Loaded:
    """Load the starter list of reply templates; a row that was reviewed stays as it is.

    :raises BadInput: naming the line, if it names a category that does not exist
    """
    categories = {category.code: category for category in Category.objects.all()}

    def facts(row: Mapping[str, str], line: int) -> dict[str, Any]:
        _check_category(row, categories, line)
        return {
            **{name: row[name] for name in ("use", "name_zh", "name_en", "text_zh", "text_en")},
            "category_id": categories[row["category"]].pk if row["category"] else None,
            "position": int(row["position"]),
        }

    known = {reply.code: reply for reply in ReplyTemplate.objects.filter(area=None, valid_from=ALWAYS)}
    return _load(path, ReplyTemplate, known, facts)


def _check_category(row: Mapping[str, str], categories: Mapping[str, Category], line: int) -> None:
    if row["category"] and row["category"] not in categories:
        raise BadInput(_("Line %(line)d: “%(value)s” is unknown.") % {"line": line, "value": row["category"]})


def _load(
    path: Path,
    model: type[Any],
    known: Mapping[str, Any],
    facts_of: Callable[[Mapping[str, str], int], dict[str, Any]],
) -> Loaded:
    added = changed = unchanged = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            facts, found = facts_of(row, line), known.get(row["code"])
            if found is None:
                model.objects.create(code=row["code"], valid_from=ALWAYS, to_review=True, **facts)
                added += 1
            elif found.to_review and any(getattr(found, name) != value for name, value in facts.items()):
                for name, value in facts.items():
                    setattr(found, name, value)
                found.save(update_fields=list(facts))
                changed += 1
            else:
                unchanged += 1
    return Loaded(added=added, changed=changed, unchanged=unchanged)


def _item(row: Mapping[str, str], _line: int) -> dict[str, Any]:
    taken_as_they_are = (
        "kind", "name_zh", "name_en", "who_zh", "who_en", "where_zh", "where_en", "limit_zh", "limit_en", "limit_unit",
        "fee_zh", "fee_en", "pledge_zh", "pledge_en", "pledge_unit",
    )  # fmt: skip
    return {
        **{name: row[name] for name in taken_as_they_are},
        "materials_zh": "\n".join(_split(row["materials_zh"])),
        "materials_en": "\n".join(_split(row["materials_en"])),
        "limit_value": int(row["limit_value"]) if row["limit_value"] else None,
        "pledge_value": int(row["pledge_value"]) if row["pledge_value"] else None,
        "keywords": _split(row["keywords"]),
        "everywhere": row["everywhere"] == "1",
    }


def _split(words: str) -> list[str]:
    return [word for word in words.split("|") if word]
